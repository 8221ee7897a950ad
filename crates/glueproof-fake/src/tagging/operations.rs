//! The Resource Groups Tagging API as a service: its names, and a row for each operation. Must not decide anything
//! about an operation.

use std::sync::LazyLock;

use super::get_resources;
use crate::service::{Operation, OperationTable, Service};
use crate::wire::json11::Dialect;

/// The Resource Groups Tagging API.
pub struct Tagging;

const DIALECT: Dialect = Dialect {
    service: "tagging",
    prefix: "ResourceGroupsTaggingAPI_20170126",
    message: "Message",
    faults: &["InternalServiceException"],
};

impl Service for Tagging {
    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }

    fn operations(&self) -> &'static OperationTable {
        static OPERATIONS: LazyLock<OperationTable> = LazyLock::new(|| {
            OperationTable::new([Operation::new("GetResources", get_resources::get).refuses(&[
                "TagsPerPage",
                "IncludeComplianceDetails",
                "ExcludeCompliantResources",
            ])])
        });
        &OPERATIONS
    }

    fn unimplemented_code(&self) -> &'static str {
        "InvalidParameterException"
    }
}
