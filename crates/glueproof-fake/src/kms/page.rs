//! The pages of KMS: `Limit` and `Marker` in, `Truncated` and `NextMarker` out. Must not know what is listed.

use serde::{Deserialize, Serialize};

use crate::caller::Caller;
use crate::error::ServiceError;
use crate::pagination::{PageRequest, paginate};

/// The members of an input that select a page.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct MarkerInput {
    limit: Option<usize>,
    marker: Option<String>,
}

/// The members of an output that lead to the next page.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct MarkerOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    next_marker: Option<String>,
    truncated: bool,
}

/// The default and the greatest number of items of a page.
#[derive(Debug, Clone, Copy)]
pub struct PageSize {
    default: usize,
    max: usize,
}

/// The page size of keys, policies and rotations.
pub const KEYS_PER_PAGE: PageSize = PageSize { default: 100, max: 1000 };
/// The page size of aliases and grants.
pub const GRANTS_PER_PAGE: PageSize = PageSize { default: 50, max: 100 };
/// The page size of tags.
pub const TAGS_PER_PAGE: PageSize = PageSize { default: 50, max: 50 };

/// Returns one page of items with ascending cursors. A marker is valid for one listing alone.
pub fn page<T>(
    listing: &str,
    caller: &Caller,
    input: &MarkerInput,
    size: PageSize,
    items: impl IntoIterator<Item = (String, T)>,
) -> Result<(Vec<T>, MarkerOutput), ServiceError> {
    let size = input.limit.unwrap_or(size.default).min(size.max);
    let request = PageRequest { listing, token: input.marker.as_deref(), size };
    let page = paginate(caller, &request, items).map_err(|_| {
        ServiceError::with("InvalidMarkerException", "The marker was not issued for this list.")
    })?;
    Ok((page.items, MarkerOutput { truncated: page.next.is_some(), next_marker: page.next }))
}
