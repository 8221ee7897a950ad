//! What the editions have and what tells them apart: lists written by hand, to the last member.

use std::collections::BTreeSet;

use glueproof::model::{Edition, Kind, ServiceModel};

use super::{in_both, specs};

/// Connections, all of whose specs are of the current edition.
const CONNECTIONS: &[&str] = &[
    "AWSManagedClientApplicationReference",
    "AuthenticationConfiguration",
    "AuthenticationConfiguration.AuthenticationType",
    "AuthenticationConfiguration.KmsKeyArn",
    "AuthenticationConfiguration.OAuth2Properties",
    "AuthenticationConfiguration.SecretArn",
    "AuthenticationType",
    "AuthenticationType=BASIC",
    "AuthenticationType=CUSTOM",
    "AuthenticationType=IAM",
    "AuthenticationType=OAUTH2",
    "ComputeEnvironment",
    "ComputeEnvironment=ATHENA",
    "ComputeEnvironment=PYTHON",
    "ComputeEnvironment=SPARK",
    "ComputeEnvironmentList",
    "Connection.AthenaProperties",
    "Connection.AuthenticationConfiguration",
    "Connection.CompatibleComputeEnvironments",
    "Connection.ConnectionSchemaVersion",
    "Connection.LastConnectionValidationTime",
    "Connection.PythonProperties",
    "Connection.SparkProperties",
    "Connection.StatusReason",
    "ConnectionInput.AthenaProperties",
    "ConnectionInput.PythonProperties",
    "ConnectionInput.SparkProperties",
    "ConnectionInput.ValidateCredentials",
    "ConnectionInput.ValidateForComputeEnvironments",
    "ConnectionSchemaVersion",
    "ConnectionType=ADOBEANALYTICS",
    "ConnectionType=ASANA",
    "ConnectionType=AZURECOSMOS",
    "ConnectionType=AZURESQL",
    "ConnectionType=BIGQUERY",
    "ConnectionType=BLACKBAUD",
    "ConnectionType=BLACKBAUDRAISEREDGENXT",
    "ConnectionType=CIRCLECI",
    "ConnectionType=CLOUDERAHIVE",
    "ConnectionType=CLOUDERAIMPALA",
    "ConnectionType=CLOUDWATCH",
    "ConnectionType=CLOUDWATCHMETRICS",
    "ConnectionType=CMDB",
    "ConnectionType=DATADOG",
    "ConnectionType=DATALAKEGEN2",
    "ConnectionType=DB2",
    "ConnectionType=DB2AS400",
    "ConnectionType=DOCUMENTDB",
    "ConnectionType=DOCUSIGNMONITOR",
    "ConnectionType=DOMO",
    "ConnectionType=DYNAMODB",
    "ConnectionType=DYNATRACE",
    "ConnectionType=FACEBOOKPAGEINSIGHTS",
    "ConnectionType=FRESHDESK",
    "ConnectionType=FRESHSALES",
    "ConnectionType=GITLAB",
    "ConnectionType=GOOGLECLOUDSTORAGE",
    "ConnectionType=GOOGLESEARCHCONSOLE",
    "ConnectionType=HBASE",
    "ConnectionType=KUSTOMER",
    "ConnectionType=LINKEDIN",
    "ConnectionType=MAILCHIMP",
    "ConnectionType=MICROSOFTDYNAMIC365FINANCEANDOPS",
    "ConnectionType=MICROSOFTDYNAMICS365CRM",
    "ConnectionType=MICROSOFTTEAMS",
    "ConnectionType=MIXPANEL",
    "ConnectionType=MONDAY",
    "ConnectionType=MYSQL",
    "ConnectionType=OKTA",
    "ConnectionType=OPENSEARCH",
    "ConnectionType=ORACLE",
    "ConnectionType=PAYPAL",
    "ConnectionType=PENDO",
    "ConnectionType=PIPEDIVE",
    "ConnectionType=PIPEDRIVE",
    "ConnectionType=POSTGRESQL",
    "ConnectionType=PRODUCTBOARD",
    "ConnectionType=QUICKBOOKS",
    "ConnectionType=SALESFORCECOMMERCECLOUD",
    "ConnectionType=SAPCONCUR",
    "ConnectionType=SAPHANA",
    "ConnectionType=SENDGRID",
    "ConnectionType=SMARTSHEET",
    "ConnectionType=SQLSERVER",
    "ConnectionType=SYNAPSE",
    "ConnectionType=TERADATA",
    "ConnectionType=TERADATANOS",
    "ConnectionType=TIMESTREAM",
    "ConnectionType=TPCDS",
    "ConnectionType=TWILIO",
    "ConnectionType=VERTICA",
    "ConnectionType=WOOCOMMERCE",
    "ConnectionType=ZOOM",
    "GetConnectionRequest.ApplyOverrideForComputeEnvironment",
    "GetConnectionsFilter.ConnectionSchemaVersion",
    "LongValueString",
    "OAuth2ClientApplication",
    "OAuth2ClientApplication.AWSManagedClientApplicationReference",
    "OAuth2ClientApplication.UserManagedClientApplicationClientId",
    "OAuth2GrantType",
    "OAuth2GrantType=AUTHORIZATION_CODE",
    "OAuth2GrantType=CLIENT_CREDENTIALS",
    "OAuth2GrantType=JWT_BEARER",
    "OAuth2GrantType=REFRESH_TOKEN",
    "OAuth2Properties",
    "OAuth2Properties.OAuth2ClientApplication",
    "OAuth2Properties.OAuth2GrantType",
    "OAuth2Properties.TokenUrl",
    "OAuth2Properties.TokenUrlParametersMap",
    "PropertyKey",
    "PropertyMap",
    "PropertyValue",
    "SecretArn",
    "TokenUrl",
    "TokenUrlParameterKey",
    "TokenUrlParameterValue",
    "TokenUrlParametersMap",
    "UserManagedClientApplicationClientId",
    "operation CreateConnection",
    "CreateConnectionRequest",
    "CreateConnectionRequest.CatalogId",
    "CreateConnectionRequest.ConnectionInput",
    "CreateConnectionRequest.Tags",
    "CreateConnectionResponse",
    "CreateConnectionResponse.CreateConnectionStatus",
    "operation GetConnection",
    "GetConnectionRequest",
    "GetConnectionRequest.CatalogId",
    "GetConnectionRequest.Name",
    "GetConnectionRequest.HidePassword",
    "GetConnectionResponse",
    "GetConnectionResponse.Connection",
    "operation GetConnections",
    "GetConnectionsRequest",
    "GetConnectionsRequest.CatalogId",
    "GetConnectionsRequest.Filter",
    "GetConnectionsRequest.HidePassword",
    "GetConnectionsRequest.NextToken",
    "GetConnectionsRequest.MaxResults",
    "GetConnectionsResponse",
    "GetConnectionsResponse.ConnectionList",
    "GetConnectionsResponse.NextToken",
    "operation UpdateConnection",
    "UpdateConnectionRequest",
    "UpdateConnectionRequest.CatalogId",
    "UpdateConnectionRequest.Name",
    "UpdateConnectionRequest.ConnectionInput",
    "UpdateConnectionResponse",
    "operation DeleteConnection",
    "DeleteConnectionRequest",
    "DeleteConnectionRequest.CatalogId",
    "DeleteConnectionRequest.ConnectionName",
    "DeleteConnectionResponse",
    "Connection",
    "Connection.Name",
    "Connection.Description",
    "Connection.ConnectionType",
    "Connection.MatchCriteria",
    "Connection.ConnectionProperties",
    "Connection.PhysicalConnectionRequirements",
    "Connection.CreationTime",
    "Connection.LastUpdatedTime",
    "Connection.LastUpdatedBy",
    "Connection.Status",
    "ConnectionList",
    "ConnectionStatus",
    "ConnectionStatus=READY",
    "ConnectionStatus=IN_PROGRESS",
    "ConnectionStatus=FAILED",
    "ConnectionInput",
    "ConnectionInput.Name",
    "ConnectionInput.Description",
    "ConnectionInput.ConnectionType",
    "ConnectionInput.MatchCriteria",
    "ConnectionInput.ConnectionProperties",
    "ConnectionInput.PhysicalConnectionRequirements",
    "DescriptionString",
    "ConnectionType",
    "ConnectionType=JDBC",
    "ConnectionType=SFTP",
    "ConnectionType=MONGODB",
    "ConnectionType=KAFKA",
    "ConnectionType=NETWORK",
    "ConnectionType=MARKETPLACE",
    "ConnectionType=CUSTOM",
    "ConnectionType=SALESFORCE",
    "ConnectionType=VIEW_VALIDATION_REDSHIFT",
    "ConnectionType=VIEW_VALIDATION_ATHENA",
    "ConnectionType=GOOGLEADS",
    "ConnectionType=GOOGLESHEETS",
    "ConnectionType=GOOGLEANALYTICS4",
    "ConnectionType=SERVICENOW",
    "ConnectionType=MARKETO",
    "ConnectionType=SAPODATA",
    "ConnectionType=ZENDESK",
    "ConnectionType=JIRACLOUD",
    "ConnectionType=NETSUITEERP",
    "ConnectionType=HUBSPOT",
    "ConnectionType=FACEBOOKADS",
    "ConnectionType=INSTAGRAMADS",
    "ConnectionType=ZOHOCRM",
    "ConnectionType=SALESFORCEPARDOT",
    "ConnectionType=SALESFORCEMARKETINGCLOUD",
    "ConnectionType=SLACK",
    "ConnectionType=STRIPE",
    "ConnectionType=INTERCOM",
    "ConnectionType=SNAPCHATADS",
    "MatchCriteria",
    "ConnectionProperties",
    "ConnectionPropertyKey",
    "ConnectionPropertyKey=HOST",
    "ConnectionPropertyKey=PORT",
    "ConnectionPropertyKey=USERNAME",
    "ConnectionPropertyKey=PASSWORD",
    "ConnectionPropertyKey=ENCRYPTED_PASSWORD",
    "ConnectionPropertyKey=JDBC_DRIVER_JAR_URI",
    "ConnectionPropertyKey=JDBC_DRIVER_CLASS_NAME",
    "ConnectionPropertyKey=JDBC_ENGINE",
    "ConnectionPropertyKey=JDBC_ENGINE_VERSION",
    "ConnectionPropertyKey=CONFIG_FILES",
    "ConnectionPropertyKey=INSTANCE_ID",
    "ConnectionPropertyKey=JDBC_CONNECTION_URL",
    "ConnectionPropertyKey=JDBC_ENFORCE_SSL",
    "ConnectionPropertyKey=CUSTOM_JDBC_CERT",
    "ConnectionPropertyKey=SKIP_CUSTOM_JDBC_CERT_VALIDATION",
    "ConnectionPropertyKey=CUSTOM_JDBC_CERT_STRING",
    "ConnectionPropertyKey=CONNECTION_URL",
    "ConnectionPropertyKey=KAFKA_BOOTSTRAP_SERVERS",
    "ConnectionPropertyKey=KAFKA_SSL_ENABLED",
    "ConnectionPropertyKey=KAFKA_CUSTOM_CERT",
    "ConnectionPropertyKey=KAFKA_SKIP_CUSTOM_CERT_VALIDATION",
    "ConnectionPropertyKey=KAFKA_CLIENT_KEYSTORE",
    "ConnectionPropertyKey=KAFKA_CLIENT_KEYSTORE_PASSWORD",
    "ConnectionPropertyKey=KAFKA_CLIENT_KEY_PASSWORD",
    "ConnectionPropertyKey=ENCRYPTED_KAFKA_CLIENT_KEYSTORE_PASSWORD",
    "ConnectionPropertyKey=ENCRYPTED_KAFKA_CLIENT_KEY_PASSWORD",
    "ConnectionPropertyKey=KAFKA_SASL_MECHANISM",
    "ConnectionPropertyKey=KAFKA_SASL_PLAIN_USERNAME",
    "ConnectionPropertyKey=KAFKA_SASL_PLAIN_PASSWORD",
    "ConnectionPropertyKey=ENCRYPTED_KAFKA_SASL_PLAIN_PASSWORD",
    "ConnectionPropertyKey=KAFKA_SASL_SCRAM_USERNAME",
    "ConnectionPropertyKey=KAFKA_SASL_SCRAM_PASSWORD",
    "ConnectionPropertyKey=KAFKA_SASL_SCRAM_SECRETS_ARN",
    "ConnectionPropertyKey=ENCRYPTED_KAFKA_SASL_SCRAM_PASSWORD",
    "ConnectionPropertyKey=KAFKA_SASL_GSSAPI_KEYTAB",
    "ConnectionPropertyKey=KAFKA_SASL_GSSAPI_KRB5_CONF",
    "ConnectionPropertyKey=KAFKA_SASL_GSSAPI_SERVICE",
    "ConnectionPropertyKey=KAFKA_SASL_GSSAPI_PRINCIPAL",
    "ConnectionPropertyKey=SECRET_ID",
    "ConnectionPropertyKey=CONNECTOR_URL",
    "ConnectionPropertyKey=CONNECTOR_TYPE",
    "ConnectionPropertyKey=CONNECTOR_CLASS_NAME",
    "ConnectionPropertyKey=ENDPOINT",
    "ConnectionPropertyKey=ENDPOINT_TYPE",
    "ConnectionPropertyKey=ROLE_ARN",
    "ConnectionPropertyKey=REGION",
    "ConnectionPropertyKey=WORKGROUP_NAME",
    "ConnectionPropertyKey=CLUSTER_IDENTIFIER",
    "ConnectionPropertyKey=DATABASE",
    "ValueString",
    "GetConnectionsFilter",
    "GetConnectionsFilter.MatchCriteria",
    "GetConnectionsFilter.ConnectionType",
    "PhysicalConnectionRequirements",
    "PhysicalConnectionRequirements.SubnetId",
    "PhysicalConnectionRequirements.SecurityGroupIdList",
    "PhysicalConnectionRequirements.AvailabilityZone",
    "SecurityGroupIdList",
    "TagsMap",
    "TagKey",
    "TagValue",
];

/// Every operation, shape, member and value, one line each.
fn everything(edition: Edition) -> BTreeSet<String> {
    let specs = specs(edition);
    let model: &ServiceModel = specs.service("glue").unwrap();
    let operations = model.operations.keys().map(|name| format!("operation {name}"));
    let shapes = model.shapes.values().flat_map(|shape| {
        let inner: Vec<String> = match &shape.kind {
            Kind::Structure(members) => members.keys().map(|m| format!("{}.{m}", shape.name)).collect(),
            Kind::Enum(values) => values.iter().map(|v| format!("{}={v}", shape.name)).collect(),
            _ => Vec::new(),
        };
        inner.into_iter().chain([shape.name.clone()])
    });
    operations.chain(shapes).collect()
}

#[test]
fn current_adds_what_was_published_since_and_nothing_else() {
    let added = [
        "operation GetResourcePolicies",
        "GetResourcePoliciesRequest",
        "GetResourcePoliciesRequest.MaxResults",
        "GetResourcePoliciesRequest.NextToken",
        "GetResourcePoliciesResponse",
        "GetResourcePoliciesResponse.GetResourcePoliciesResponseList",
        "GetResourcePoliciesResponse.NextToken",
        "GetResourcePoliciesResponseList",
        "GluePolicy",
        "GluePolicy.CreateTime",
        "GluePolicy.PolicyHash",
        "GluePolicy.PolicyInJson",
        "GluePolicy.UpdateTime",
        "Token",
        "GlueEncryptionException",
        "GlueEncryptionException.Message",
        "GlueResourceArn",
        "PutResourcePolicyRequest.ResourceArn",
        "GetResourcePolicyRequest.ResourceArn",
        "DeleteResourcePolicyRequest.ResourceArn",
        "PutResourcePolicyRequest.EnableHybrid",
        "EnableHybridValues",
        "EnableHybridValues=TRUE",
        "EnableHybridValues=FALSE",
        "EncryptionConfiguration.DataQualityEncryption",
        "DataQualityEncryption",
        "DataQualityEncryption.DataQualityEncryptionMode",
        "DataQualityEncryption.KmsKeyArn",
        "DataQualityEncryptionMode",
        "DataQualityEncryptionMode=DISABLED",
        "DataQualityEncryptionMode=SSE-KMS",
        "CatalogEncryptionMode=SSE-KMS-WITH-SERVICE-ROLE",
        "EncryptionAtRest.CatalogEncryptionServiceRole",
        "IAMRoleArn",
        "EntityNotFoundException.FromFederationSource",
        "InvalidInputException.FromFederationSource",
        "NullableBoolean",
    ];
    let added: Vec<&str> = added.into_iter().chain(CONNECTIONS.iter().copied()).collect();
    let (old, new) = (everything(Edition::E2018), everything(Edition::Current));
    assert_eq!(old.difference(&new).next(), None, "an edition keeps what the one before had");
    let difference: BTreeSet<&str> = new.difference(&old).map(String::as_str).collect();
    assert_eq!(difference, added.into_iter().collect());
}

#[test]
fn only_2018_limits_the_length_of_a_policy() {
    for (edition, max) in [(Edition::E2018, Some(10240)), (Edition::Current, None)] {
        let specs = specs(edition);
        let model = specs.service("glue").unwrap();
        for (structure, member) in
            [("PutResourcePolicyRequest", "PolicyInJson"), ("GetResourcePolicyResponse", "PolicyInJson")]
        {
            let length = model.member(structure, member).unwrap().traits.length.unwrap();
            assert_eq!((length.min, length.max), (Some(2), max), "{structure} of {edition}");
        }
    }
}

#[test]
fn the_pattern_of_key_arns_differs() {
    let admitted = |edition: Edition, text: &str| {
        let specs = specs(edition);
        let member = specs.service("glue").unwrap().member("S3Encryption", "KmsKeyArn").cloned().unwrap();
        member.traits.pattern.unwrap().admits(text)
    };
    let cases = [
        ("arn:aws:kms:us-east-1:123456789012:key/a", true, true),
        ("arn:aws-cn:kms:cn-north-1:123456789012:key/a", false, true),
        ("arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/a", false, true),
        ("", false, true),
        ("alias/a", false, false),
        ("arn:aws:s3:::bucket", false, false),
    ];
    for (text, old, new) in cases {
        assert_eq!(admitted(Edition::E2018, text), old, "{text:?} of 2018");
        assert_eq!(admitted(Edition::Current, text), new, "{text:?} of current");
    }
}

#[test]
fn the_service_keeps_the_names_others_call_it_by() {
    in_both(|model| {
        if model.name != "glue" {
            return;
        }
        assert_eq!((model.target_prefix.as_str(), model.signing_name.as_str()), ("AWSGlue", "glue"));
        assert_eq!((model.version.as_str(), model.names.sdk_id.as_str()), ("2017-03-31", "Glue"));
        assert_eq!(model.names.endpoint_prefix, "glue");
        assert_eq!(model.amz_target("GetResourcePolicy"), "AWSGlue.GetResourcePolicy");
    });
}

#[test]
fn errors_without_a_status_get_the_one_of_their_fault() {
    in_both(|model| {
        // Those of the other services say theirs.
        for (name, error) in model.errors.iter().filter(|_| model.name == "glue") {
            let wanted = if name == "InternalServiceException" { 500 } else { 400 };
            assert_eq!(error.status, wanted, "{name}");
        }
    });
}

#[test]
fn the_digest_is_of_the_files_and_not_of_the_edition() {
    let digests = Edition::ALL.map(|edition| specs(edition).digest);
    assert_eq!(digests[0], digests[1]);
    assert_eq!(digests[0].len(), 64);
}
