//! Tags of keys. Must not know what they are used for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::fake::error::ServiceError;

/// How many a key may have.
const MOST: usize = 50;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tag {
    pub tag_key: String,
    pub tag_value: String,
}

/// The tags a key has once these are added: a key said twice is a mistake, a key said again replaces.
pub fn merged(
    present: &BTreeMap<String, String>,
    added: Vec<Tag>,
) -> Result<BTreeMap<String, String>, ServiceError> {
    let mut own = BTreeMap::new();
    for tag in added {
        let reserved = tag.tag_key.to_ascii_lowercase().starts_with("aws:");
        if reserved || own.insert(tag.tag_key, tag.tag_value).is_some() {
            return Err(ServiceError::bare("TagException"));
        }
    }
    let mut merged = present.clone();
    merged.extend(own);
    if merged.len() > MOST {
        return Err(ServiceError::bare("LimitExceededException"));
    }
    Ok(merged)
}
