//! Lists in pages: `limit` and `nextToken` in, `nextToken` out. Must not know what is listed.

use serde::Deserialize;

use crate::caller::Caller;
use crate::error::ServiceError;
use crate::page_token;

/// Which page is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Asked {
    limit: Option<usize>,
    next_token: Option<String>,
}

/// One page of items in the order of their cursors, and the token for what is behind it. A token is only good
/// for the listing it was handed out by.
pub fn of<T>(
    listing: &str,
    caller: &Caller,
    asked: &Asked,
    usual: usize,
    items: impl IntoIterator<Item = (String, T)>,
) -> Result<(Vec<T>, Option<String>), ServiceError> {
    let mut rest = items.into_iter().peekable();
    if let Some(token) = &asked.next_token {
        let behind = page_token::open(listing, caller, token).ok_or_else(invalid)?;
        while rest.next_if(|(cursor, _)| *cursor <= behind).is_some() {}
    }
    let (mut page, mut last) = (Vec::new(), None);
    for (cursor, item) in rest.by_ref().take(asked.limit.unwrap_or(usual)) {
        last = Some(cursor);
        page.push(item);
    }
    let more = rest.peek().is_some();
    let token = last.filter(|_| more).map(|last| page_token::seal(listing, caller, &last));
    Ok((page, token))
}

/// A token that nobody handed out.
pub fn invalid() -> ServiceError {
    ServiceError::with("InvalidParameterException", "The specified nextToken is invalid.")
}
