//! Hides the items of others in lists: a finding shows what its own case created, and the number of all other items.
//!
//! Must not judge. The entry point is [`without_foreign_items`].

use serde_json::{Value, json};

use crate::case::RUN;
use crate::model::{Lifecycle, ServiceModel};

/// Returns the member of a response that contains the items, if the operation lists resources with names.
pub(super) fn listed_member<'m>(model: &'m ServiceModel, operation: &str) -> Option<&'m str> {
    let (resource, role) = model.resource_of(operation)?;
    let pages = model.operations.get(operation)?.paginated.as_ref()?;
    let is_named_list = role == Lifecycle::List && !resource.is_account_wide();
    is_named_list.then_some(pages.items.as_str())
}

/// Returns the response of a list without the items of other cases and other users. Other responses stay the same.
pub(crate) fn without_foreign_items(model: &ServiceModel, operation: &str, mut body: Value) -> Value {
    if let Some(items) = listed_member(model, operation).and_then(|member| body.get_mut(member)) {
        hide_foreign(items);
    }
    body
}

/// Replaces the items of a list that do not name the case with their number.
pub(super) fn hide_foreign(items: &mut Value) {
    let Value::Array(items) = items else { return };
    let all = items.len();
    items.retain(|item| item.to_string().contains(RUN));
    match all - items.len() {
        0 => {}
        1 => items.push(json!("[1 item of another case or user]")),
        others => items.push(json!(format!("[{others} items of other cases or users]"))),
    }
}
