//! Secrets Manager as a service: its names, and a row for each operation. Must not decide anything about an operation.

use std::sync::LazyLock;

use super::secret;
use crate::error::ServiceError;
use crate::member_limit;
use crate::service::{Members, Operation, OperationTable, Service};
use crate::wire::json11::Dialect;

/// AWS Secrets Manager.
pub struct SecretsManager;

const DIALECT: Dialect = Dialect {
    service: "secretsmanager",
    prefix: "secretsmanager",
    message: "Message",
    faults: &["InternalServiceError", "InternalServiceException"],
};

impl Service for SecretsManager {
    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }

    fn operations(&self) -> &'static OperationTable {
        static OPERATIONS: LazyLock<OperationTable> = LazyLock::new(|| {
            OperationTable::new([
                Operation::new("CreateSecret", secret::create).requires(&["Name"]),
                Operation::new("GetSecretValue", secret::get_value).requires(&["SecretId"]),
            ])
        });
        &OPERATIONS
    }

    fn unimplemented_code(&self) -> &'static str {
        "InvalidParameterException"
    }

    fn check_input(&self, operation: &Operation, members: &Members) -> Result<(), ServiceError> {
        match member_limit::violations(operation.required, members, |_| None) {
            Some(text) => Err(ServiceError::with("ValidationException", text)),
            None => Ok(()),
        }
    }
}
