//! Listings in pages: `MaxItems` and `Marker`. A marker is the name of what came last, so it says nothing
//! secret and never goes stale.

use serde::{Deserialize, Serialize};

use super::parameter;
use crate::error::ServiceError;

const USUAL: u32 = 100;

/// Which part of a listing is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Asked {
    marker: Option<String>,
    max_items: Option<String>,
}

/// What follows the listed things in an answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Rest {
    is_truncated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    marker: Option<String>,
}

/// The part of the things, sorted by name, that is asked for.
pub fn page<'n, T>(
    things: impl Iterator<Item = (&'n String, T)>,
    asked: &Asked,
) -> Result<(Vec<T>, Rest), ServiceError> {
    let most = parameter::number(asked.max_items.as_deref(), "maxItems", 1..=1000)?.unwrap_or(USUAL);
    let mut behind =
        things.filter(|(name, _)| asked.marker.as_ref().is_none_or(|marker| *name > marker)).peekable();
    let (mut part, mut last) = (Vec::new(), None);
    while part.len() < most as usize
        && let Some((name, thing)) = behind.next()
    {
        part.push(thing);
        last = Some(name.clone());
    }
    let is_truncated = behind.peek().is_some();
    Ok((part, Rest { is_truncated, marker: last.filter(|_| is_truncated) }))
}
