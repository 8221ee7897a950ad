//! The wrong turns that handlers take when they are told to: each is asked after at one place. Does nothing itself.

use serde::Deserialize;

/// A wrong turn of a handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wrong {
    /// Every policy has the same hash.
    HashConstant,
    /// Every put makes another hash, whatever the policy.
    HashRandom,
    /// The hash is of the policy that was there before.
    HashOfAnother,
    /// A condition holds for whatever is as long as the hash in force.
    HashByItsLength,
    /// A policy that is put again counts as created then.
    CreateTimeMoves,
    /// A policy that is put again keeps the time of its update.
    UpdateTimeStays,
    /// Conditions that do not hold count as an update all the same.
    RefusalMovesTime,
    /// The policy is read back as it was sent.
    PolicyAsSent,
    /// What is no legal policy is taken for one.
    PolicyUnchecked,
    /// What is left out of new settings stays as it was.
    SettingsMerge,
    /// A password keeps the key of the first settings that named one.
    FirstPasswordKey,
    /// A name that is taken is given again.
    CreateReplaces,
    /// The configuration of the next name is deleted too.
    DeletesTheNext,
    /// Whatever is asked for, the first configuration there is comes back.
    GetsTheFirst,
    /// A page begins with the last item of the one before.
    PageOverlaps,
    /// A page leaves out the item after the last one of the page before.
    PageSkips,
    /// Tokens count items instead of naming one.
    TokenCounts,
    /// The last page has a token that leads to the first.
    TokenEndless,
    /// A token that nobody handed out leads to the first page.
    TokenAny,
    /// Who does not sign is the account itself.
    UnsignedIsRoot,
    /// An access key that nobody has is the account's own.
    UnknownIsRoot,
    /// Signatures are taken for right.
    SignatureUnchecked,
    /// The time of signing is not looked at.
    TimeUnchecked,
    /// Everybody may do everything.
    Unguarded,
    /// What a service asks for a caller is not asked of the caller's policies.
    UnguardedThroughServices,
    /// Policies of sessions are not looked at.
    SessionPolicyIgnored,
    /// Policies of resources are not looked at.
    ResourcePolicyIgnored,
    /// Policies of resources need not leave anything to the account.
    ResourcePolicyNeedless,
    /// Workloads use keys that are disabled.
    DisabledKeysWork,
    /// A configuration counts in jobs that are not initialised, too.
    InitUnneeded,
    /// Jobs are never taken for initialised.
    InitUnseen,
    /// The parameter for SSE-S3 counts beside a configuration.
    SseS3Obeyed,
    /// Objects are encrypted as the bucket does by itself, whatever a configuration says.
    ObjectsAsTheBucket,
    /// Objects are under keys of S3, whatever a configuration says.
    ObjectsSseS3,
    /// The parameter for SSE-S3 counts nowhere.
    SseS3Unheeded,
    /// Bookmarks lie plain, whatever a configuration says.
    BookmarksPlain,
    /// Groups of logs get no key, whatever a configuration says.
    LogsPlain,
    /// A job's own configuration counts over that of a run.
    RunConfigurationIgnored,
    /// Workloads reach KMS from every network.
    EveryWayToKms,
}

/// The wrong turns of one call.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wrongs(u64);

impl Wrongs {
    /// Whether this one is to be taken.
    pub fn has(self, wrong: Wrong) -> bool {
        self.0 & bit(wrong) != 0
    }
}

impl FromIterator<Wrong> for Wrongs {
    fn from_iter<I: IntoIterator<Item = Wrong>>(wrongs: I) -> Self {
        Self(wrongs.into_iter().fold(0, |bits, wrong| bits | bit(wrong)))
    }
}

fn bit(wrong: Wrong) -> u64 {
    1 << (wrong as u64)
}
