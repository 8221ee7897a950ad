//! Pages of names in order.
//! Must not know the resources.
//! [`page`] is the entry point.

use crate::caller::Caller;
use crate::error::ServiceError;
use crate::pagination::{PageRequest, paginate};

/// The default size of a page. No recording shows the real number.
const DEFAULT_PAGE: usize = 100;

/// The request of one page.
#[derive(Debug)]
pub struct Asked<'a> {
    /// The operation. Tokens of other operations are invalid.
    pub operation: &'static str,
    /// The token of the page before.
    pub token: Option<&'a str>,
    /// The largest number of names.
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
