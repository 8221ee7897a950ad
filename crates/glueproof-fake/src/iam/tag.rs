//! Tags of users, roles, policies and sessions (IAM User Guide, "Tagging IAM resources").
//! Must not know conditions.
//! [`read`] checks the tags of a request; [`view`] returns those of a response.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::ServiceError;
use crate::tags::{self, MAX_TAGS, Tags};

/// A tag in requests and responses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tag {
    /// The key.
    pub key: String,
    /// The value; empty if it is left out.
    #[serde(default)]
    pub value: String,
}

/// Returns the tags of a request.
///
/// # Errors
/// Returns an error if a key or value is too long, a key is given twice, or there are too many tags.
pub fn read(given: Vec<Tag>) -> Result<Tags, ServiceError> {
    let mut read = Tags::new();
    for Tag { key, value } in given {
        if tags::check_lengths(&key, &value).is_err() {
            let text = format!(
                "The tag {key:?} is not valid: a key has 1 to 128 characters, and a value at most 256"
            );
            return Err(ServiceError::with("ValidationError", text));
        }
        if tags::is_reserved(&key) {
            let text = "User-defined tag keys can't start with the reserved prefix aws:";
            return Err(ServiceError::with("InvalidInput", text));
        }
        if read.keys().any(|known| known.eq_ignore_ascii_case(&key)) {
            let text = "Duplicate tag keys found. Please note that Tag keys are case insensitive.";
            return Err(ServiceError::with("InvalidInput", text));
        }
        read.insert(key, value);
    }
    within_limit(&read)?;
    Ok(read)
}

/// Checks the number of tags.
pub fn within_limit(tags: &Tags) -> Result<(), ServiceError> {
    if tags.len() <= MAX_TAGS {
        return Ok(());
    }
    Err(ServiceError::with("LimitExceeded", format!("Cannot exceed quota for TagsPerResource: {MAX_TAGS}")))
}

/// Returns tags as responses have them.
pub fn view(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag { key: key.clone(), value: value.clone() }).collect()
}

/// Returns the keys and values of a list of tags in a request, as far as they can be read.
pub fn pairs(tags: &Value) -> impl Iterator<Item = (&str, &str)> {
    let list = tags.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(|tag| Some((tag["Key"].as_str()?, tag["Value"].as_str().unwrap_or_default())))
}
