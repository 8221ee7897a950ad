//! One page of a list: its items, how many there may be, and whether it is the whole list. Tokens are
//! opaque, and what stands in an item is for others to judge.

use serde_json::Value;

use super::call::Call;
use super::law::{Law, Mismatch};
use super::machine::Reference;

/// One page.
pub(super) struct Page {
    pub items: Vec<Value>,
    /// It is the first page and the last.
    pub is_whole: bool,
}

/// The page in that body, with its items under that member.
pub(super) fn of(
    reference: &Reference,
    call: &Call,
    body: &Value,
    member: &str,
    (is_list, size): (Law, Law),
) -> Result<Page, Mismatch> {
    let items = body.get(member).and_then(Value::as_array);
    reference.require(is_list, items.is_some(), || (format!("a list as {member}"), body.to_string()))?;
    let items = items.cloned().unwrap_or_default();
    let most = call.member("MaxResults").and_then(Value::as_u64);
    reference.require(size, most.is_none_or(|most| items.len() as u64 <= most), || {
        (format!("at most {} items", most.unwrap_or_default()), format!("{} items", items.len()))
    })?;
    Ok(Page { items, is_whole: !continues(&call.input) && !continues(body) })
}

/// Whether a call or an answer goes on from, or to, another page. An empty token is none.
pub(super) fn continues(holder: &Value) -> bool {
    holder.get("NextToken").is_some_and(|token| !token.is_null() && token != "")
}
