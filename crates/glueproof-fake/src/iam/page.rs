//! The pages of IAM: `MaxItems` and `Marker` in, `IsTruncated` and `Marker` out. A marker is the name of the last item,
//! which is no secret and never goes stale. Must not know what is listed.

use serde::{Deserialize, Serialize};

use super::parameter;
use crate::error::ServiceError;
use crate::pagination::page_after;

const DEFAULT_ITEMS_PER_PAGE: u32 = 100;

/// The parameters that select a page.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct NameMarkerInput {
    marker: Option<String>,
    max_items: Option<String>,
}

/// The elements of a response that lead to the next page.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct NameMarkerOutput {
    is_truncated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    marker: Option<String>,
}

/// The parameters that select a page of users or roles.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PathPrefixInput {
    path_prefix: Option<String>,
    #[serde(flatten)]
    asked: NameMarkerInput,
}

impl PathPrefixInput {
    /// Returns one page of the items whose path begins as asked. Items have name and path, and are sorted by name.
    pub fn page_of<'n, T>(
        &self,
        items: impl Iterator<Item = (&'n String, &'n str, T)>,
    ) -> Result<(Vec<T>, NameMarkerOutput), ServiceError> {
        let prefix = self.path_prefix.as_deref().unwrap_or("/");
        let items = items.filter(|(_, path, _)| path.starts_with(prefix));
        page(items.map(|(name, _, item)| (name, item)), &self.asked)
    }
}

/// Returns one page of items sorted by name.
pub fn page<'n, T>(
    items: impl Iterator<Item = (&'n String, T)>,
    input: &NameMarkerInput,
) -> Result<(Vec<T>, NameMarkerOutput), ServiceError> {
    let size = parameter::number(input.max_items.as_deref(), "maxItems", 1..=1000)?;
    let size = size.unwrap_or(DEFAULT_ITEMS_PER_PAGE) as usize;
    let page = page_after(input.marker.as_deref(), size, items);
    Ok((page.items, NameMarkerOutput { is_truncated: page.next.is_some(), marker: page.next }))
}
