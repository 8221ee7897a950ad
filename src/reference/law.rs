//! The promises the reference enforces. Each is a behavior of the specs, which holds its evidence: nothing
//! is required here that no spec requires, and who says so is written once, there.

use crate::model::Evidence;

/// An answer that no legal state explains.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, but it was {actual}")]
pub struct Mismatch {
    /// Rule or table cell that is violated, as an id below the service.
    pub law: String,
    /// Who says so.
    pub evidence: Box<Evidence>,
    /// What had to come.
    pub expected: String,
    /// What came.
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
