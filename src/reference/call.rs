//! A call and its outcome, as plain data. Must not judge either.

use serde_json::Value;

/// The ten operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are those of the API")]
pub enum Operation {
    CreateSecurityConfiguration,
    DeleteResourcePolicy,
    DeleteSecurityConfiguration,
    GetDataCatalogEncryptionSettings,
    GetResourcePolicies,
    GetResourcePolicy,
    GetSecurityConfiguration,
    GetSecurityConfigurations,
    PutDataCatalogEncryptionSettings,
    PutResourcePolicy,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::CreateSecurityConfiguration,
        Self::DeleteResourcePolicy,
        Self::DeleteSecurityConfiguration,
        Self::GetDataCatalogEncryptionSettings,
        Self::GetResourcePolicies,
        Self::GetResourcePolicy,
        Self::GetSecurityConfiguration,
        Self::GetSecurityConfigurations,
        Self::PutDataCatalogEncryptionSettings,
        Self::PutResourcePolicy,
    ];

    /// The API's name for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CreateSecurityConfiguration => "CreateSecurityConfiguration",
            Self::DeleteResourcePolicy => "DeleteResourcePolicy",
            Self::DeleteSecurityConfiguration => "DeleteSecurityConfiguration",
            Self::GetDataCatalogEncryptionSettings => "GetDataCatalogEncryptionSettings",
            Self::GetResourcePolicies => "GetResourcePolicies",
            Self::GetResourcePolicy => "GetResourcePolicy",
            Self::GetSecurityConfiguration => "GetSecurityConfiguration",
            Self::GetSecurityConfigurations => "GetSecurityConfigurations",
            Self::PutDataCatalogEncryptionSettings => "PutDataCatalogEncryptionSettings",
            Self::PutResourcePolicy => "PutResourcePolicy",
        }
    }

    /// Returns true if it only looks, and so changes nothing whatever comes of it.
    #[must_use]
    pub fn reads(self) -> bool {
        self.name().starts_with("Get")
    }
}

/// An operation the reference does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the reference knows no operation `{0}`")]
pub struct UnknownOperation(pub String);

/// One call.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The operation.
    pub operation: Operation,
    /// The input.
    pub input: Value,
}

impl Call {
    /// A call of the operation of that name.
    ///
    /// # Errors
    /// Returns an error if there is no such operation.
    pub fn new(operation: &str, input: Value) -> Result<Self, UnknownOperation> {
        let known = Operation::ALL.into_iter().find(|known| known.name() == operation);
        let operation = known.ok_or_else(|| UnknownOperation(operation.to_owned()))?;
        Ok(Self { operation, input })
    }

    /// A member of the input; nothing where it is null.
    pub(super) fn member(&self, name: &str) -> Option<&Value> {
        self.input.get(name).filter(|value| !value.is_null())
    }

    /// A member of the input that is text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.member(name)?.as_str()
    }
}

/// The outcome of a call.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// An answer came.
    Answered(Answer),
    /// None came: the call may have taken effect or not.
    Unanswered,
}

impl Outcome {
    /// Returns true if it says if the call took effect. No answer does not, and neither does one in which the
    /// service reports its own failure.
    #[must_use]
    pub fn settles(&self) -> bool {
        matches!(self, Self::Answered(answer) if !answer.is_service_failure())
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Error code, where it is an error.
    pub code: Option<String>,
    /// Body; null where it was no JSON.
    pub body: Value,
}

/// Codes with which every operation may report that the service failed.
const FAILURES: [&str; 2] = ["InternalServiceException", "OperationTimeoutException"];

impl Answer {
    /// A success.
    #[must_use]
    pub fn ok(body: Value) -> Self {
        Self { status: 200, code: None, body }
    }

    /// An error of the caller's.
    #[must_use]
    pub fn refused(code: &str) -> Self {
        Self { status: 400, code: Some(code.to_owned()), body: Value::Null }
    }

    /// Returns true if the status is 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Returns true if the service says that it failed, and leaves open what it did before.
    #[must_use]
    pub fn is_service_failure(&self) -> bool {
        let declared = || self.code.as_deref().is_some_and(|code| FAILURES.contains(&code));
        !self.is_success() && (self.status >= 500 || declared())
    }

    /// In words, for reports.
    #[must_use]
    pub fn in_words(&self) -> String {
        match &self.code {
            _ if self.is_success() => format!("accepted with {}", self.body),
            Some(code) => format!("refused with {code} ({})", self.status),
            None => format!("refused without a code ({})", self.status),
        }
    }
}
