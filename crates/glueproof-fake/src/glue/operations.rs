//! Glue as a service: its names, and a row for each operation. Must not decide anything about an operation.

use std::sync::LazyLock;

use super::{
    authorize, batch, catalog, connection, crawler, dev_endpoint, encryption_settings as settings, job,
    job_run, partition, presence, resource_policy as policy, security_configuration as security, tag,
};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::service::{Members, Operation, OperationTable, Service};
use crate::wire::json11::Dialect;

/// AWS Glue.
pub struct Glue;

/// The names of Glue (E057).
pub const DIALECT: Dialect = Dialect { service: "glue", prefix: "AWSGlue", message: "Message", faults: &[] };

impl Service for Glue {
    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }

    fn operations(&self) -> &'static OperationTable {
        static OPERATIONS: LazyLock<OperationTable> = LazyLock::new(operations);
        &OPERATIONS
    }

    fn unimplemented_code(&self) -> &'static str {
        "InvalidInputException"
    }

    fn check_input(&self, operation: &Operation, members: &Members) -> Result<(), ServiceError> {
        presence::check(operation.required, members)
    }

    fn authorize(
        &self,
        cloud: &mut Cloud,
        caller: &Caller,
        operation: &Operation,
        members: &Members,
    ) -> Result<(), ServiceError> {
        authorize::check(cloud, caller, operation.name, members)
    }
}

fn operations() -> OperationTable {
    let all = [
        security_operations(),
        catalog_operations(),
        crawler_operations(),
        job_operations(),
        endpoint_operations(),
    ];
    OperationTable::new(all.into_iter().flatten())
}

/// The operations that the specs describe.
fn security_operations() -> Vec<Operation> {
    vec![
        Operation::new("PutResourcePolicy", policy::put).in_specs(),
        Operation::new("GetResourcePolicy", policy::get).in_specs(),
        Operation::new("GetResourcePolicies", policy::list).in_specs(),
        Operation::new("DeleteResourcePolicy", policy::delete).in_specs(),
        Operation::new("PutDataCatalogEncryptionSettings", settings::put).in_specs(),
        Operation::new("GetDataCatalogEncryptionSettings", settings::get).in_specs(),
        Operation::new("CreateSecurityConfiguration", security::create).in_specs(),
        Operation::new("GetSecurityConfiguration", security::get).in_specs(),
        Operation::new("GetSecurityConfigurations", security::list).in_specs(),
        Operation::new("CreateConnection", connection::create).in_specs(),
        Operation::new("GetConnection", connection::get).in_specs(),
        Operation::new("GetConnections", connection::list).in_specs(),
        Operation::new("UpdateConnection", connection::update).in_specs(),
        Operation::new("DeleteConnection", connection::delete).in_specs(),
        Operation::new("DeleteSecurityConfiguration", security::delete).in_specs(),
    ]
}

fn catalog_operations() -> Vec<Operation> {
    vec![
        Operation::new("CreateDatabase", catalog::create_database).requires(&["DatabaseInput.Name"]),
        Operation::new("GetDatabase", catalog::get_database).requires(&["Name"]),
        Operation::new("GetDatabases", catalog::list_databases)
            .refuses(&["ResourceShareType", "AttributesToGet"]),
        Operation::new("DeleteDatabase", catalog::delete_database).requires(&["Name"]),
        Operation::new("CreateTable", catalog::create_table)
            .refuses(&["Name", "PartitionIndexes", "TransactionId", "OpenTableFormatInput"])
            .without_effect_of(&["VersionId", "SkipArchive"])
            .requires(&["DatabaseName", "TableInput.Name"]),
        Operation::new("GetTable", catalog::get_table)
            .refuses(&["TransactionId", "QueryAsOfTime", "IncludeStatusDetails", "AttributesToGet"])
            .without_effect_of(&["AuditContext"])
            .requires(&["DatabaseName", "Name"]),
        Operation::new("GetTables", catalog::list_tables)
            .refuses(&[
                "TransactionId",
                "QueryAsOfTime",
                "ResourceShareType",
                "IncludeStatusDetails",
                "AttributesToGet",
            ])
            .without_effect_of(&["AuditContext"])
            .requires(&["DatabaseName"]),
        Operation::new("UpdateTable", catalog::update_table)
            .refuses(&["Name", "TransactionId", "ViewUpdateAction", "Force", "UpdateOpenTableFormatInput"])
            .requires(&["DatabaseName", "TableInput.Name"]),
        Operation::new("DeleteTable", catalog::delete_table)
            .refuses(&["TransactionId"])
            .requires(&["DatabaseName", "Name"]),
        Operation::new("UpdateDatabase", catalog::update_database).requires(&["Name", "DatabaseInput.Name"]),
        Operation::new("GetTableVersions", catalog::list_versions)
            .without_effect_of(&["AuditContext"])
            .requires(&["DatabaseName", "TableName"]),
        Operation::new("GetTableVersion", catalog::get_version)
            .without_effect_of(&["AuditContext"])
            .requires(&["DatabaseName", "TableName"]),
        Operation::new("BatchDeleteTable", batch::delete_tables)
            .refuses(&["TransactionId"])
            .requires(&["DatabaseName", "TablesToDelete"]),
        Operation::new("SearchTables", batch::search_tables).refuses(&[
            "Filters",
            "SortCriteria",
            "ResourceShareType",
            "IncludeStatusDetails",
        ]),
        Operation::new("CreatePartition", partition::create).requires(&[
            "DatabaseName",
            "TableName",
            "PartitionInput",
        ]),
        Operation::new("BatchCreatePartition", partition::batch_create).requires(&[
            "DatabaseName",
            "TableName",
            "PartitionInputList",
        ]),
        Operation::new("GetPartition", partition::get).without_effect_of(&["AuditContext"]).requires(&[
            "DatabaseName",
            "TableName",
            "PartitionValues",
        ]),
        Operation::new("GetPartitions", partition::list)
            .refuses(&["TransactionId", "QueryAsOfTime"])
            .without_effect_of(&["AuditContext"])
            .requires(&["DatabaseName", "TableName"]),
        Operation::new("BatchGetPartition", partition::batch_get)
            .refuses(&["QuerySessionContext"])
            .without_effect_of(&["AuditContext"])
            .requires(&["DatabaseName", "TableName", "PartitionsToGet"]),
        Operation::new("UpdatePartition", partition::update).requires(&[
            "DatabaseName",
            "TableName",
            "PartitionValueList",
            "PartitionInput",
        ]),
        Operation::new("DeletePartition", partition::delete).requires(&[
            "DatabaseName",
            "TableName",
            "PartitionValues",
        ]),
        Operation::new("BatchDeletePartition", partition::batch_delete).requires(&[
            "DatabaseName",
            "TableName",
            "PartitionsToDelete",
        ]),
        Operation::new("TagResource", tag::add).requires(&["ResourceArn", "TagsToAdd"]),
        Operation::new("UntagResource", tag::remove).requires(&["ResourceArn", "TagsToRemove"]),
        Operation::new("GetTags", tag::get).requires(&["ResourceArn"]),
    ]
}

fn crawler_operations() -> Vec<Operation> {
    vec![
        Operation::new("CreateCrawler", crawler::create).requires(&["Name", "Role", "Targets"]),
        Operation::new("GetCrawler", crawler::get).requires(&["Name"]),
        Operation::new("GetCrawlers", crawler::crawlers),
        Operation::new("ListCrawlers", crawler::names),
        Operation::new("UpdateCrawler", crawler::update).requires(&["Name"]),
        Operation::new("DeleteCrawler", crawler::delete).requires(&["Name"]),
        Operation::new("StartCrawler", crawler::start).requires(&["Name"]),
        Operation::new("BatchGetCrawlers", batch::crawlers).requires(&["CrawlerNames"]),
        Operation::new("ListCrawls", batch::crawls)
            .refuses(&["Filters", "MaxResults", "NextToken"])
            .requires(&["CrawlerName"]),
        Operation::new("StopCrawler", crawler::stop).requires(&["Name"]),
    ]
}

fn job_operations() -> Vec<Operation> {
    vec![
        Operation::new("CreateJob", job::create).requires(&["Name", "Role", "Command"]),
        Operation::new("GetJob", job::get).requires(&["JobName"]),
        Operation::new("GetJobs", job::jobs),
        Operation::new("BatchGetJobs", batch::jobs).requires(&["JobNames"]),
        Operation::new("GetMLTransforms", batch::transforms).without_effect_of(&[
            "NextToken",
            "MaxResults",
            "Filter",
            "Sort",
        ]),
        Operation::new("ListJobs", job::names),
        Operation::new("UpdateJob", job::update).requires(&["JobName", "JobUpdate"]),
        Operation::new("DeleteJob", job::delete).requires(&["JobName"]),
        Operation::new("StartJobRun", job_run::start)
            .refuses(&[
                "ExecutionClass",
                "ExecutionRoleSessionPolicy",
                "JobRunId",
                "JobRunQueuingEnabled",
                "NotificationProperty",
            ])
            .requires(&["JobName"]),
        Operation::new("GetJobRun", job_run::get)
            .without_effect_of(&["PredecessorsIncluded"])
            .requires(&["JobName", "RunId"]),
        Operation::new("GetJobRuns", job_run::list).requires(&["JobName"]),
        Operation::new("BatchStopJobRun", job_run::stop).requires(&["JobName", "JobRunIds"]),
        Operation::new("GetJobBookmark", job::get_bookmark).refuses(&["RunId"]).requires(&["JobName"]),
        Operation::new("ResetJobBookmark", job::reset_bookmark).refuses(&["RunId"]).requires(&["JobName"]),
    ]
}

fn endpoint_operations() -> Vec<Operation> {
    vec![
        Operation::new("CreateDevEndpoint", dev_endpoint::create).requires(&["EndpointName", "RoleArn"]),
        Operation::new("GetDevEndpoint", dev_endpoint::get).requires(&["EndpointName"]),
        Operation::new("GetDevEndpoints", dev_endpoint::endpoints),
        Operation::new("ListDevEndpoints", dev_endpoint::names),
        Operation::new("DeleteDevEndpoint", dev_endpoint::delete).requires(&["EndpointName"]),
    ]
}
