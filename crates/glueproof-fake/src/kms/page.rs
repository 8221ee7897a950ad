//! Lists in pages: `Limit` and `Marker` in, `Truncated` and `NextMarker` out. A page goes on behind the last
//! item of the one before, whether that still exists or not. Must not know what is listed.

use serde::{Deserialize, Serialize};

use crate::caller::Caller;
use crate::error::ServiceError;
use crate::page_token;

/// Which page is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Asked {
    limit: Option<usize>,
    marker: Option<String>,
}

/// Whether there is more, and what to ask for it with.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct End {
    #[serde(skip_serializing_if = "Option::is_none")]
    next_marker: Option<String>,
    truncated: bool,
}

/// How many items a page has, if nobody says, and at most.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    usual: usize,
    most: usize,
}

/// Keys, policies and rotations.
pub const LONG: Size = Size { usual: 100, most: 1000 };
/// Aliases and grants.
pub const MIDDLE: Size = Size { usual: 50, most: 100 };
/// Tags.
pub const SHORT: Size = Size { usual: 50, most: 50 };

/// One page of items that come in the order of their cursors. A marker is only good for the listing it was
/// handed out by.
pub fn of<T>(
    listing: &str,
    caller: &Caller,
    asked: &Asked,
    size: Size,
    items: impl IntoIterator<Item = (String, T)>,
) -> Result<(Vec<T>, End), ServiceError> {
    let invalid = || ServiceError::bare("InvalidMarkerException");
    let behind = match &asked.marker {
        Some(marker) => Some(page_token::open(listing, caller, marker).ok_or_else(invalid)?),
        None => None,
    };
    let limit = asked.limit.unwrap_or(size.usual).min(size.most);
    let mut rest =
        items.into_iter().skip_while(|(cursor, _)| behind.as_ref().is_some_and(|behind| cursor <= behind));
    let (mut page, mut last) = (Vec::new(), None);
    for (cursor, item) in rest.by_ref().take(limit) {
        last = Some(cursor);
        page.push(item);
    }
    let more = rest.next().is_some();
    let next_marker = last.filter(|_| more).map(|last| page_token::seal(listing, caller, &last));
    Ok((page, End { truncated: next_marker.is_some(), next_marker }))
}
