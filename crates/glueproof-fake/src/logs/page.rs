//! The pages of CloudWatch Logs: `limit` and `nextToken` in, `nextToken` out. Must not know what is listed.

use serde::Deserialize;

use crate::caller::Caller;
use crate::error::ServiceError;
use crate::pagination::{PageRequest, paginate};

/// The members of an input that select a page.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenInput {
    limit: Option<usize>,
    next_token: Option<String>,
}

/// Returns one page of items with ascending cursors, and the token of the next page. A token is valid for one
/// listing alone.
pub fn page<T>(
    listing: &str,
    caller: &Caller,
    input: &TokenInput,
    default_size: usize,
    items: impl IntoIterator<Item = (String, T)>,
) -> Result<(Vec<T>, Option<String>), ServiceError> {
    let size = input.limit.unwrap_or(default_size);
    let request = PageRequest { listing, token: input.next_token.as_deref(), size };
    let page = paginate(caller, &request, items).map_err(|_| invalid_token())?;
    Ok((page.items, page.next))
}

/// Returns the refusal of a token that was not issued by this listing (E240).
pub fn invalid_token() -> ServiceError {
    ServiceError::with("InvalidParameterException", "The specified nextToken is invalid.")
}
