//! The layer around Glue's own handlers: edits a call before the correct handler runs, and what Glue has stored
//! afterwards. Must not change a handler.
//! [`run`] is the entry point.

use std::ops::Bound;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::glue::{EncryptionSettings, LIST_CONFIGURATIONS, ResourcePolicy, policy_hash};
use crate::page_token;
use crate::wire::json_text;

/// The members of a request.
type Members = Map<String, Value>;
/// The text of an output, or a refusal.
type HandlerResult = Result<Vec<u8>, ServiceError>;
/// A handler, or a handler with the remaining faults around it.
pub type WrappedHandler<'h> = &'h dyn Fn(&mut Cloud, Members) -> HandlerResult;

/// A wrong treatment of the resource policy, the encryption settings or the security configurations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GlueStoreFault {
    /// Every policy has the same hash.
    HashConstant,
    /// Every put stores a new hash, whatever the policy.
    HashRandom,
    /// The hash is that of the policy before.
    HashOfFormer,
    /// A condition holds for every hash of the same length.
    HashByLength,
    /// A condition holds if it and the hash in force begin alike.
    HashByPrefix,
    /// A condition holds if it begins with the first eight characters of the hash in force.
    HashByFirstEight,
    /// A condition holds for the hash in force in either case.
    HashWithoutCase,
    /// A condition holds for the hash in force with spaces around it.
    HashTrimmed,
    /// A condition of 200 characters or more holds.
    HashUnlessLong,
    /// A put moves the time of creation.
    CreateTimeMoves,
    /// A put keeps the time of the update.
    UpdateTimeStays,
    /// A condition that does not hold moves the time of the update.
    RefusalMovesTime,
    /// A read moves the time of the update.
    ReadMovesTime,
    /// The policy is stored as it was sent.
    PolicyAsSent,
    /// A half of the settings that a put disables keeps its former values.
    SettingsMerge,
    /// A half of the settings that a put omits keeps its former values.
    SettingsKeepOmitted,
    /// Passwords keep the key of the first settings that named one.
    FirstPasswordKey,
    /// A create replaces the configuration of the same name.
    CreateReplaces,
    /// Names that agree in their first 128 characters are one name.
    NamesByFirst128,
    /// Names are one name if they agree after percent-decoding.
    NamesPercentDecoded,
    /// Names are one name if they agree with a plus read as a space.
    NamesPlusDecoded,
    /// A delete also deletes the configuration of the next name.
    DeletesNext,
    /// A read returns the first configuration, whatever the name.
    GetsFirst,
    /// A page begins with the last item of the page before.
    PageOverlaps,
    /// A page omits its first item.
    PageSkips,
    /// A token contains the number of items before the page, not a name.
    TokenCounts,
    /// The last page has a token that leads to the first page.
    TokenEndless,
    /// An unknown token leads to the first page.
    TokenAny,
    /// A token that is used with another page size than the page before omits an item.
    OtherSizeSkips,
}

/// Runs a handler with the faults around it, the first one outermost.
pub fn run(
    faults: &[GlueStoreFault],
    cloud: &mut Cloud,
    caller: &Caller,
    members: Members,
    handler: WrappedHandler<'_>,
) -> HandlerResult {
    match faults.split_first() {
        None => handler(cloud, members),
        Some((first, rest)) => {
            first.wrap(cloud, caller, members, &|cloud, members| run(rest, cloud, caller, members, handler))
        }
    }
}

impl GlueStoreFault {
    fn wrap(
        self,
        cloud: &mut Cloud,
        caller: &Caller,
        members: Members,
        handler: WrappedHandler<'_>,
    ) -> HandlerResult {
        match self {
            Self::HashConstant
            | Self::HashRandom
            | Self::HashOfFormer
            | Self::HashByLength
            | Self::HashByPrefix
            | Self::HashByFirstEight
            | Self::HashWithoutCase
            | Self::HashTrimmed
            | Self::HashUnlessLong
            | Self::CreateTimeMoves
            | Self::UpdateTimeStays
            | Self::RefusalMovesTime
            | Self::ReadMovesTime
            | Self::PolicyAsSent => self.wrap_policy(cloud, caller, members, handler),
            Self::SettingsMerge | Self::SettingsKeepOmitted | Self::FirstPasswordKey => {
                self.wrap_settings(cloud, caller, members, handler)
            }
            Self::CreateReplaces
            | Self::DeletesNext
            | Self::GetsFirst
            | Self::NamesByFirst128
            | Self::NamesPercentDecoded
            | Self::NamesPlusDecoded => self.wrap_configuration(cloud, caller, members, handler),
            Self::PageOverlaps
            | Self::PageSkips
            | Self::TokenCounts
            | Self::TokenEndless
            | Self::TokenAny
            | Self::OtherSizeSkips => self.wrap_page(cloud, caller, members, handler),
        }
    }

    fn wrap_policy(
        self,
        cloud: &mut Cloud,
        caller: &Caller,
        mut members: Members,
        handler: WrappedHandler<'_>,
    ) -> HandlerResult {
        let former = cloud.region(caller).glue.policy.clone();
        if let Some(former) = &former {
            self.match_condition(&mut members, former);
        }
        let sent = text(&members, "PolicyInJson").map(str::to_owned);
        let outcome = handler(cloud, members);
        let (now, random) = (cloud.now(), (self == Self::HashRandom).then(|| cloud.random.uuid()));
        let Some(policy) = cloud.region(caller).glue.policy.as_mut() else { return outcome };
        match (self, &outcome, former) {
            (Self::RefusalMovesTime, Err(error), _) if error.code == "ConditionCheckFailureException" => {
                policy.update_time = now;
            }
            (_, Err(_), _) => return outcome,
            (Self::HashConstant, ..) => policy.policy_hash = policy_hash(""),
            (Self::HashRandom, ..) => policy.policy_hash = policy_hash(&random.unwrap_or_default()),
            (Self::HashOfFormer, _, Some(former)) => {
                policy.policy_hash = policy_hash(&former.policy_in_json);
            }
            (Self::CreateTimeMoves, ..) => policy.create_time = now,
            (Self::ReadMovesTime, ..) => policy.update_time = now,
            (Self::UpdateTimeStays, _, Some(former)) => policy.update_time = former.update_time,
            (Self::PolicyAsSent, ..) => {
                policy.policy_in_json = sent.unwrap_or_default();
                policy.policy_hash = policy_hash(&policy.policy_in_json);
            }
            _ => {}
        }
        let hash = policy.policy_hash.clone();
        with_member(outcome?, "PolicyHash", &hash)
    }

    /// Replaces a condition on a hash with the hash in force, if the fault takes both for equal.
    fn match_condition(self, members: &mut Members, current: &ResourcePolicy) {
        let hash = current.policy_hash.as_str();
        let Some(wanted) = text(members, "PolicyHashCondition").filter(|wanted| !wanted.is_empty()) else {
            return;
        };
        let matches = match self {
            Self::HashByLength => wanted.len() == hash.len(),
            Self::HashByPrefix => hash.starts_with(wanted) || wanted.starts_with(hash),
            Self::HashByFirstEight => hash.get(..8).is_some_and(|start| wanted.starts_with(start)),
            Self::HashWithoutCase => wanted.eq_ignore_ascii_case(hash),
            Self::HashTrimmed => wanted.trim() == hash,
            Self::HashUnlessLong => wanted.chars().count() >= 200,
            _ => false,
        };
        if matches {
            members.insert("PolicyHashCondition".to_owned(), json!(hash));
        }
    }

    /// Returns the stored name that the fault takes for the same name.
    fn same_name<'n>(self, mut known: impl Iterator<Item = &'n String>, name: &str) -> Option<String> {
        let first_128 = |name: &str| name.chars().take(128).collect::<String>();
        let same = |other: &str| match self {
            Self::NamesByFirst128 => name.chars().count() > 128 && first_128(other) == first_128(name),
            Self::NamesPercentDecoded => percent_decoded(other) == percent_decoded(name),
            Self::NamesPlusDecoded => other.replace('+', " ") == name.replace('+', " "),
            _ => false,
        };
        known.find(|other| same(other)).cloned()
    }

    fn wrap_settings(
        self,
        cloud: &mut Cloud,
        caller: &Caller,
        members: Members,
        handler: WrappedHandler<'_>,
    ) -> HandlerResult {
        let former = cloud.region(caller).glue.encryption.clone();
        let omits =
            |half: &str| members.get("DataCatalogEncryptionSettings").is_some_and(|s| s.get(half).is_none());
        let (omits_catalog, omits_passwords) =
            (omits("EncryptionAtRest"), omits("ConnectionPasswordEncryption"));
        let output = handler(cloud, members)?;
        let settings = &mut cloud.region(caller).glue.encryption;
        if self == Self::SettingsMerge {
            keep_disabled_halves(settings, former);
        } else if self == Self::SettingsKeepOmitted {
            if omits_catalog {
                settings.encryption_at_rest = former.encryption_at_rest;
            }
            if omits_passwords {
                settings.connection_password_encryption = former.connection_password_encryption;
            }
        } else {
            let key = &mut settings.connection_password_encryption.aws_kms_key_id;
            *key = former.connection_password_encryption.aws_kms_key_id.or(key.take());
        }
        Ok(output)
    }

    fn wrap_configuration(
        self,
        cloud: &mut Cloud,
        caller: &Caller,
        mut members: Members,
        handler: WrappedHandler<'_>,
    ) -> HandlerResult {
        let name = text(&members, "Name").unwrap_or_default().to_owned();
        if let Some(known) =
            self.same_name(cloud.region(caller).glue.security_configurations.by_name.keys(), &name)
        {
            members.insert("Name".to_owned(), json!(known));
        }
        if self == Self::GetsFirst {
            let all = &cloud.region(caller).glue.security_configurations.by_name;
            if let Some(first) = all.keys().next() {
                members.insert("Name".to_owned(), json!(first));
            }
        }
        let outcome = handler(cloud, members.clone());
        let all = &mut cloud.region(caller).glue.security_configurations.by_name;
        match (self, &outcome) {
            (Self::CreateReplaces, Err(error)) if error.code == "AlreadyExistsException" => {
                all.remove(&name);
                handler(cloud, members)
            }
            (Self::DeletesNext, Ok(_)) => {
                let next = all.range(name..).next().map(|(name, _)| name.clone());
                next.and_then(|name| all.remove(&name));
                outcome
            }
            _ => outcome,
        }
    }

    fn wrap_page(
        self,
        cloud: &mut Cloud,
        caller: &Caller,
        mut members: Members,
        handler: WrappedHandler<'_>,
    ) -> HandlerResult {
        let seal = |cursor: &str| page_token::seal(LIST_CONFIGURATIONS, caller, cursor);
        let size = members.get("MaxResults").and_then(Value::as_u64).unwrap_or_default();
        let sealed_size = (self == Self::OtherSizeSkips).then(|| take_sealed_size(&mut members)).flatten();
        let skips = sealed_size.is_some_and(|sealed| sealed != size);
        let token = text(&members, "NextToken").map(str::to_owned);
        let cursor = token.as_deref().and_then(|token| page_token::open(LIST_CONFIGURATIONS, caller, token));
        let before: usize = cursor.as_deref().and_then(|count| count.parse().ok()).unwrap_or_default();
        let all = &cloud.region(caller).glue.security_configurations.by_name;
        let start = match (self, &token, &cursor) {
            (Self::PageOverlaps, _, Some(last)) => {
                let former = all.range::<str, _>((Bound::Unbounded, Bound::Excluded(last.as_str())));
                Some(former.last().map(|(name, _)| seal(name)))
            }
            (Self::PageSkips, Some(token), _) if cursor.is_some() || token.is_empty() => {
                let behind = Bound::Excluded(cursor.as_deref().unwrap_or_default());
                let next = all.range::<str, _>((behind, Bound::Unbounded)).next();
                next.map(|(name, _)| Some(seal(name)))
            }
            (Self::TokenCounts, _, Some(_)) if before > 0 => {
                let last = all.keys().nth(before.min(all.len()).wrapping_sub(1));
                Some(last.map(|name| seal(name)))
            }
            (Self::OtherSizeSkips, _, Some(last)) if skips => {
                let behind = (Bound::Excluded(last.as_str()), Bound::Unbounded);
                all.range::<str, _>(behind).next().map(|(name, _)| Some(seal(name)))
            }
            (Self::TokenAny, Some(_), None) => Some(None),
            _ => None,
        };
        match start {
            Some(Some(token)) => drop(members.insert("NextToken".to_owned(), json!(token))),
            Some(None) => drop(members.shift_remove("NextToken")),
            None => {}
        }
        let output = handler(cloud, members)?;
        let page: Value = serde_json::from_slice(&output).unwrap_or_default();
        let items = page["SecurityConfigurations"].as_array().map_or(0, Vec::len);
        let is_last = page["NextToken"].as_str().is_none_or(str::is_empty);
        match self {
            Self::TokenCounts if !is_last => {
                with_member(output, "NextToken", &seal(&(before + items).to_string()))
            }
            Self::OtherSizeSkips if !is_last => {
                let token = page["NextToken"].as_str().unwrap_or_default();
                with_member(output, "NextToken", &format!("{token}{SIZE_MARK}{size}"))
            }
            Self::TokenEndless if is_last && items > 0 => with_member(output, "NextToken", &seal("")),
            _ => Ok(output),
        }
    }
}

/// Separates a token from the page size that it was returned for.
const SIZE_MARK: char = '~';

/// Removes the page size from the token of a request, and returns it.
fn take_sealed_size(members: &mut Members) -> Option<u64> {
    let (token, size) = text(members, "NextToken")?.rsplit_once(SIZE_MARK)?;
    let (token, size) = (json!(token), size.parse().ok()?);
    members.insert("NextToken".to_owned(), token);
    Some(size)
}

/// Decodes percent-escapes, and nothing else.
fn percent_decoded(name: &str) -> String {
    let plain = name.replace('+', "%2B");
    let pairs = form_urlencoded::parse(plain.as_bytes());
    pairs.fold(String::new(), |all, (name, value)| all + &name + "=" + &value + "&")
}

fn keep_disabled_halves(settings: &mut EncryptionSettings, former: EncryptionSettings) {
    if settings.encryption_at_rest.is_disabled() {
        settings.encryption_at_rest = former.encryption_at_rest;
    }
    if !settings.connection_password_encryption.return_connection_password_encrypted {
        settings.connection_password_encryption = former.connection_password_encryption;
    }
}

fn text<'m>(members: &'m Members, name: &str) -> Option<&'m str> {
    members.get(name)?.as_str()
}

/// Returns the output with another value of one member, if the output has that member.
fn with_member(output: Vec<u8>, name: &str, value: &str) -> HandlerResult {
    let unreadable = |error: serde_json::Error| ServiceError::internal(error.to_string());
    let mut members: Members = serde_json::from_slice(&output).map_err(unreadable)?;
    if !members.contains_key(name) {
        return Ok(output);
    }
    members.insert(name.to_owned(), json!(value));
    json_text::sorted(&members).map_err(unreadable)
}
