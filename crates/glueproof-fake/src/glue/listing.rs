//! Pages of names in order: where one ends and the next begins. Must not know what the names are of.

use crate::caller::Caller;
use crate::error::ServiceError;
use crate::pagination::{PageRequest, paginate};

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

/// Returns the names of one page, and the token of the next page.
pub fn page<'n>(
    caller: &Caller,
    asked: &Asked<'_>,
    names: impl Iterator<Item = &'n String>,
) -> Result<(Vec<String>, Option<String>), ServiceError> {
    // An empty token is that of a last page, and starts over.
    let token = asked.token.filter(|token| !token.is_empty());
    let request = PageRequest { listing: asked.operation, token, size: asked.size.unwrap_or(DEFAULT_PAGE) };
    let page = paginate(caller, &request, names.map(|name| (name, name.clone())))
        .map_err(|_| ServiceError::invalid_input("The continuation token is invalid"))?;
    Ok((page.items, page.next))
}
