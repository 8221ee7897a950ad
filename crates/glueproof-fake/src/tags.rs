//! Tags of resources, for every service: the rules for keys, values and numbers, and how tags are added and removed.
//! Must not know a service: each service maps a [`TagProblem`] to an error of its own.
//! [`check`], [`add`] and [`remove`] are the entry points. A service that compares keys in its own way uses
//! [`check_lengths`] and [`is_reserved`].

use std::collections::BTreeMap;

/// The tags of a resource: values by key.
pub type Tags = BTreeMap<String, String>;

/// The largest number of tags of a resource.
pub const MAX_TAGS: usize = 50;
const MAX_KEY_LENGTH: usize = 128;
const MAX_VALUE_LENGTH: usize = 256;
const RESERVED_PREFIX: &str = "aws:";

/// A rule that tags violate. The first two texts are those of KMS (E227, E228).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TagProblem {
    /// The resource would have more than [`MAX_TAGS`] tags.
    #[error("Too many tags")]
    TooMany,
    /// A key begins with `aws:`, in capitals or small letters.
    #[error("Tags beginning with aws: are reserved")]
    Reserved,
    /// A call names a key twice.
    #[error("The tag key {0} appears more than once")]
    Repeated(String),
    /// A key is empty or too long.
    #[error("The tag key {0} must have 1 to {MAX_KEY_LENGTH} characters")]
    KeyLength(String),
    /// A value is too long.
    #[error("The value of the tag {0} must have at most {MAX_VALUE_LENGTH} characters")]
    ValueLength(String),
}

/// Returns the tags of a new resource.
///
/// # Errors
/// Returns an error if the tags violate a rule.
pub fn check(tags: impl IntoIterator<Item = (String, String)>) -> Result<Tags, TagProblem> {
    add(&Tags::new(), tags)
}

/// Returns the present tags with the new ones, which replace tags of the same key.
///
/// # Errors
/// Returns an error if the new tags violate a rule, or if there would be too many.
pub fn add(present: &Tags, new: impl IntoIterator<Item = (String, String)>) -> Result<Tags, TagProblem> {
    let mut added = Tags::new();
    for (key, value) in new {
        check_lengths(&key, &value)?;
        if is_reserved(&key) {
            return Err(TagProblem::Reserved);
        }
        if added.contains_key(&key) {
            return Err(TagProblem::Repeated(key));
        }
        added.insert(key, value);
    }
    let mut merged = present.clone();
    merged.extend(added);
    if merged.len() > MAX_TAGS { Err(TagProblem::TooMany) } else { Ok(merged) }
}

/// Checks the lengths of one tag.
///
/// # Errors
/// Returns an error if the key is empty or too long, or the value is too long.
pub fn check_lengths(key: &str, value: &str) -> Result<(), TagProblem> {
    if !(1..=MAX_KEY_LENGTH).contains(&key.chars().count()) {
        return Err(TagProblem::KeyLength(key.to_owned()));
    }
    if value.chars().count() > MAX_VALUE_LENGTH {
        return Err(TagProblem::ValueLength(key.to_owned()));
    }
    Ok(())
}

/// Returns true if the key begins with `aws:`, in capitals or small letters.
pub fn is_reserved(key: &str) -> bool {
    key.to_ascii_lowercase().starts_with(RESERVED_PREFIX)
}

/// Removes the tags with these keys. Keys without a tag are ignored.
pub fn remove(tags: &mut Tags, keys: &[String]) {
    tags.retain(|key, _| !keys.contains(key));
}
