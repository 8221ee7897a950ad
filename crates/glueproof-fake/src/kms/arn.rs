//! The names of keys and aliases: parsed and written. Must not know if they exist.

use glueproof_spec::partition;

/// The meaning of a `KeyId` of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyName<'n> {
    Key {
        id: &'n str,
        location: Option<KeyLocation<'n>>,
    },
    Alias {
        alias: &'n str,
        location: Option<KeyLocation<'n>>,
    },
    /// An ARN that is not an ARN of KMS.
    InvalidArn,
    /// A text that is no id, no alias and no ARN.
    Unknown,
}

/// The account and region of an ARN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyLocation<'n> {
    pub account: &'n str,
    pub region: &'n str,
}

/// Parses an id, an alias, or the ARN of either.
pub fn parse(text: &str) -> KeyName<'_> {
    let (location, resource) = match text.strip_prefix("arn:") {
        None => (None, text),
        Some(rest) => match located(rest) {
            Some((location, resource)) => (Some(location), resource),
            None => return KeyName::InvalidArn,
        },
    };
    if resource.starts_with("alias/") {
        return KeyName::Alias { alias: resource, location };
    }
    let id = if location.is_some() { resource.strip_prefix("key/") } else { Some(resource) };
    match id {
        Some(id) if is_id(id) => KeyName::Key { id, location },
        None => KeyName::InvalidArn,
        Some(_) => KeyName::Unknown,
    }
}

fn located(rest: &str) -> Option<(KeyLocation<'_>, &str)> {
    let mut parts = rest.splitn(5, ':');
    let (partition, service) = (parts.next()?, parts.next()?);
    let (region, account, resource) = (parts.next()?, parts.next()?, parts.next()?);
    let whole = partition.starts_with("aws") && service == "kms" && !region.is_empty() && !account.is_empty();
    whole.then_some((KeyLocation { account, region }, resource))
}

/// Returns true for a UUID, and for the id of a multi-Region key.
fn is_id(text: &str) -> bool {
    let hex = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    match text.strip_prefix("mrk-") {
        Some(rest) => rest.len() == 32 && hex(rest),
        None => text.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && text.split('-').all(hex),
    }
}

/// Returns the ARN of a resource, such as `key/…` or `alias/…`.
pub fn of(account: &str, region: &str, resource: &str) -> String {
    format!("arn:{}:kms:{region}:{account}:{resource}", partition(region))
}
