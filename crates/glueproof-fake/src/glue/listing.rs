//! Pages of names in order: where one ends and the next begins. Must not know what the names are of.

use crate::caller::Caller;
use crate::error::ServiceError;
use crate::page_token;

/// How many a page holds when the caller does not say; nobody has recorded the real number.
const DEFAULT_PAGE: usize = 100;

/// What a caller asks of a list.
#[derive(Debug)]
pub struct Asked<'a> {
    /// The operation, whose tokens no other takes.
    pub operation: &'static str,
    /// From the page before.
    pub token: Option<&'a str>,
    /// How many at most.
    pub size: Option<usize>,
}

/// The names of the page, and the token of the next one, if there is more. A page goes on behind the last
/// name of the one before, whether that still exists or not.
pub fn page<'n>(
    caller: &Caller,
    asked: &Asked<'_>,
    names: impl Iterator<Item = &'n String>,
) -> Result<(Vec<String>, Option<String>), ServiceError> {
    let behind = match asked.token {
        None | Some("") => None,
        Some(token) => Some(
            page_token::open(asked.operation, caller, token)
                .ok_or_else(|| ServiceError::invalid_input("The continuation token is invalid"))?,
        ),
    };
    let mut rest = names.filter(|name| behind.as_ref().is_none_or(|last| *name > last));
    let page: Vec<String> = rest.by_ref().take(asked.size.unwrap_or(DEFAULT_PAGE)).cloned().collect();
    let more = rest.next().is_some();
    let token = page.last().filter(|_| more).map(|last| page_token::seal(asked.operation, caller, last));
    Ok((page, token))
}
