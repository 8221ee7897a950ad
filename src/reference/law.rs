//! The promises that the reference enforces, with their evidence, and the outcomes that a situation allows. Each promise
//! is a behavior of the specs: the reference requires nothing that no spec requires.
//! Must not know the state of a service.
//! The entry point is [`Reference::new`].

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::model::{ConditionTable, Evidence, Level, ServiceModel};

use super::call::{Call, Operation};

/// An answer that no legal state explains.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, but it was {actual}")]
pub struct Mismatch {
    /// Rule or table cell that is violated, as an id below the service.
    pub law: String,
    /// The evidence.
    pub evidence: Box<Evidence>,
    /// The expected response.
    pub expected: String,
    /// The actual response.
    pub actual: String,
}

macro_rules! laws {
    ($($name:ident => $behavior:literal,)*) => {
        /// A promise the reference enforces.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(super) enum Law { $($name,)* }

        impl Law {
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Id, below the service, of the behavior that states it.
            pub fn behavior(self) -> &'static str {
                match self { $(Self::$name => $behavior,)* }
            }
        }
    };
}

laws! {
    PolicySet => "PutResourcePolicy/valid/hash-is-returned",
    PolicyRead => "GetResourcePolicy/valid/policy-is-the-last-one-set",
    PolicyAbsent => "GetResourcePolicy/errors/EntityNotFoundException",
    PolicyHash => "GetResourcePolicy/valid/hash-is-the-one-put-returned",
    OtherPolicyOtherHash => "PutResourcePolicy/valid/hash-differs-with-the-policy",
    SamePolicySameHash => "PutResourcePolicy/valid/same-policy-again",
    UpdatedForward => "GetResourcePolicy/valid/update-time-moves-forward",
    UpdatedAfterCreated => "GetResourcePolicy/valid/updated-not-before-created",
    FirstPutTimes => "GetResourcePolicy/valid/times-of-a-first-put",
    CreatedKept => "GetResourcePolicy/valid/create-time-is-kept",
    TimesKept => "PutResourcePolicy/metamorphic/refused-put-keeps-the-times",
    PoliciesListed => "GetResourcePolicies/valid/lists-the-catalog-policy",
    PoliciesAgree => "GetResourcePolicies/metamorphic/list-agrees-with-get",
    PoliciesText => "GetResourcePolicies/valid/policy-text",
    PoliciesEmpty => "GetResourcePolicies/valid/without-a-policy",
    PoliciesGone => "GetResourcePolicies/sequence/deleted-policy-is-not-listed",
    PoliciesPage => "GetResourcePolicies/pagination/MaxResults",
    Created => "CreateSecurityConfiguration/valid/creates",
    CreatedName => "CreateSecurityConfiguration/valid/name-is-the-one-sent",
    CreatedTime => "CreateSecurityConfiguration/valid/time-agrees-with-get",
    NameTaken => "CreateSecurityConfiguration/errors/AlreadyExistsException",
    NameFreed => "DeleteSecurityConfiguration/sequence/create-after-delete",
    Deleted => "DeleteSecurityConfiguration/sequence/delete-leaves-the-others",
    DeletedAbsent => "DeleteSecurityConfiguration/errors/EntityNotFoundException",
    Read => "GetSecurityConfiguration/valid/read-back",
    ReadAgain => "GetSecurityConfiguration/metamorphic/reading-changes-nothing",
    ReadName => "GetSecurityConfiguration/valid/the-one-asked-for",
    ReadAbsent => "GetSecurityConfiguration/errors/EntityNotFoundException",
    Listed => "GetSecurityConfigurations/valid/lists-what-was-made",
    ListAgrees => "GetSecurityConfigurations/metamorphic/list-agrees-with-get",
    ListGone => "GetSecurityConfigurations/sequence/deleted-is-not-listed",
    ListEmpty => "GetSecurityConfigurations/valid/a-list-even-when-empty",
    ListOnce => "GetSecurityConfigurations/pagination/no-item-twice",
    ListPage => "GetSecurityConfigurations/pagination/MaxResults",
    SettingsSet => "PutDataCatalogEncryptionSettings/valid/sets",
    SettingsRead => "PutDataCatalogEncryptionSettings/valid/the-last-put-counts",
    KeyVerbatim => "PutDataCatalogEncryptionSettings/valid/key-verbatim-arn",
    CatalogReplaced => "PutDataCatalogEncryptionSettings/valid/replaces-the-catalog-half",
    PasswordReplaced => "PutDataCatalogEncryptionSettings/valid/replaces-the-password-half",
    SettingsPresent => "GetDataCatalogEncryptionSettings/valid/everything-promised-is-there",
    BothHalves => "GetDataCatalogEncryptionSettings/valid/both-halves-are-there",
    SettingsStable => "GetDataCatalogEncryptionSettings/metamorphic/reading-changes-nothing",
}

/// The allowed outcomes of a call in a state.
#[derive(Debug, Clone)]
pub(super) struct AllowedOutcomes {
    pub accepted: bool,
    pub codes: BTreeSet<String>,
    /// Rule or cell that says so, and its evidence.
    pub law: String,
    pub evidence: Evidence,
    /// The situation in words: `there is no policy`.
    pub because: String,
}

impl AllowedOutcomes {
    /// As before, or with these codes as well.
    pub fn or_refused(mut self, codes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.codes.extend(codes.into_iter().map(Into::into));
        self
    }

    /// Returns true if a refusal with that code may come.
    pub fn refuses_with(&self, code: Option<&str>) -> bool {
        code.is_some_and(|code| self.codes.contains(code))
    }
}

impl std::fmt::Display for AllowedOutcomes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let codes: Vec<&str> = self.codes.iter().map(String::as_str).collect();
        let codes = codes.join(" or ");
        match (self.accepted, codes.is_empty()) {
            (true, true) => write!(f, "the call is accepted")?,
            (true, false) => write!(f, "the call is accepted, or refused with {codes}")?,
            (false, _) => write!(f, "the call is refused with {codes}")?,
        }
        write!(f, ", because {}", self.because)
    }
}

/// The specs lack what the reference enforces.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the reference enforces `{0}`, which the specs do not have")]
pub struct NoEvidence(pub String);

/// The state machine: which promises count, and what conditional calls may answer.
#[derive(Debug, Clone)]
pub struct Reference {
    floor: Level,
    evidence: BTreeMap<Law, Evidence>,
    tables: BTreeMap<String, ConditionTable>,
    errors: BTreeMap<String, Vec<String>>,
}

impl Reference {
    /// The reference that enforces promises of this level and better, and leaves the rest open.
    ///
    /// # Errors
    /// Returns an error if the specs do not state one of its promises on an operation they have, or lack a table.
    pub fn new(model: &ServiceModel, floor: Level) -> Result<Self, NoEvidence> {
        let exists = |id: &str| model.operations.contains_key(id.split('/').next().unwrap_or_default());
        let mut evidence = BTreeMap::new();
        for law in Law::ALL.iter().filter(|law| exists(law.behavior())) {
            let id = format!("{}/{}", model.name, law.behavior());
            match model.behaviors.iter().find(|behavior| behavior.id == id) {
                Some(behavior) => evidence.insert(*law, behavior.evidence.clone()),
                None => return Err(NoEvidence(id)),
            };
        }
        for operation in [Operation::PutResourcePolicy, Operation::DeleteResourcePolicy] {
            if !model.tables.contains_key(operation.name()) {
                return Err(NoEvidence(format!("tables/{}", operation.name())));
            }
        }
        let errors = model.operations.iter().map(|(name, o)| (name.clone(), o.errors.clone())).collect();
        Ok(Self { floor, evidence, tables: model.tables.clone(), errors })
    }

    pub(super) fn table(&self, operation: Operation) -> Option<&ConditionTable> {
        self.tables.get(operation.name())
    }

    /// Codes the operation declares.
    pub(super) fn declared(&self, operation: Operation) -> &[String] {
        self.errors.get(operation.name()).map_or(&[], Vec::as_slice)
    }

    /// Returns true if a promise of that evidence counts.
    pub(super) fn counts(&self, evidence: &Evidence) -> bool {
        evidence.level >= self.floor
    }

    /// Returns true if the promise counts.
    pub(super) fn enforces(&self, law: Law) -> bool {
        self.evidence.get(&law).is_some_and(|evidence| self.counts(evidence))
    }

    pub(super) fn evidence(&self, law: Law) -> Evidence {
        let unstated = || Evidence { level: Level::Assumed, sources: Vec::new(), note: None };
        self.evidence.get(&law).cloned().unwrap_or_else(unstated)
    }

    /// The call must be accepted, because of that promise.
    pub(super) fn accepted(&self, law: Law, because: impl Into<String>) -> AllowedOutcomes {
        let (law, evidence) = (law.behavior().to_owned(), self.evidence(law));
        AllowedOutcomes { accepted: true, codes: [].into(), law, evidence, because: because.into() }
    }

    /// The call must be refused with that code, because of that promise.
    pub(super) fn refused(&self, law: Law, code: &str, because: impl Into<String>) -> AllowedOutcomes {
        AllowedOutcomes { accepted: false, ..self.accepted(law, because) }.or_refused([code])
    }

    /// A mismatch, unless the promise holds or does not count.
    pub(super) fn require(
        &self,
        law: Law,
        holds: bool,
        words: impl FnOnce() -> (String, String),
    ) -> Result<(), Mismatch> {
        if holds || !self.enforces(law) {
            return Ok(());
        }
        let (expected, actual) = words();
        let evidence = Box::new(self.evidence(law));
        Err(Mismatch { law: law.behavior().to_owned(), evidence, expected, actual })
    }
}

/// One page.
pub(super) struct ListPage {
    pub items: Vec<Value>,
    /// It is the first page and the last.
    pub is_whole: bool,
}

/// The page in that body, with its items under that member.
pub(super) fn page(
    reference: &Reference,
    call: &Call,
    body: &Value,
    member: &str,
    (is_list, size): (Law, Law),
) -> Result<ListPage, Mismatch> {
    let items = body.get(member).and_then(Value::as_array);
    reference.require(is_list, items.is_some(), || (format!("a list as {member}"), body.to_string()))?;
    let items = items.cloned().unwrap_or_default();
    let most = call.member("MaxResults").and_then(Value::as_u64);
    reference.require(size, most.is_none_or(|most| items.len() as u64 <= most), || {
        (format!("at most {} items", most.unwrap_or_default()), format!("{} items", items.len()))
    })?;
    Ok(ListPage { items, is_whole: !continues(&call.input) && !continues(body) })
}

/// Returns true if a call or an answer goes on from, or to, another page. An empty token is none.
pub(super) fn continues(holder: &Value) -> bool {
    holder.get("NextToken").is_some_and(|token| !token.is_null() && token != "")
}
