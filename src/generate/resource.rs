//! Resources as calls see them: members that read back, pages to follow.
//! Must not make values.
//! The entry point is [`read_back`].

use serde_json::{Value, json};

use crate::case::Follow;
use crate::model::{Assertion, Predicate, Resource, ServiceModel};

/// Name of the step that a rule is about.
pub(crate) const ACT: &str = "act";
/// The maximum number of pages: more than the service keeps of anything in one account, with one item a page.
const MAX_PAGES: usize = 300;
/// The number of consecutive pages that may contain no new item: others may delete items meanwhile.
const MAX_IDLE_PAGES: usize = 3;

/// Follows the pages of an operation to the end, if it has pages.
pub(super) fn all_pages(model: &ServiceModel, operation: &str) -> Option<Follow> {
    let paginated = model.operations.get(operation)?.paginated.as_ref()?;
    Some(Follow {
        token: paginated.input_token.clone(),
        next: paginated.output_token.clone(),
        items: paginated.items.clone(),
        each: Vec::new(),
        must_end: false,
        idle: MAX_IDLE_PAGES,
        most: MAX_PAGES,
        between: Vec::new(),
    })
}

/// For every member that was written and can be read: the value that is read contains what was written.
pub(crate) fn read_back(
    model: &ServiceModel,
    resource: &Resource,
    maker: &str,
    input: &Value,
    writer: &str,
) -> Vec<Assertion> {
    let Some(viewed) = model.viewed(resource) else { return Vec::new() };
    let written = model.members(&model.operations[maker].input).filter(|m| input.get(&m.name).is_some());
    written
        .filter_map(|member| {
            let seen = model.member(viewed, &member.name)?;
            let sent = json!({ "$sent": writer, "at": format!("/{}", member.name) });
            let holds = if seen.traits.is_json_text() {
                Predicate::JsonEquals(sent)
            } else {
                Predicate::Contains(sent)
            };
            Some(Assertion { at: format!("{}/{}", resource.view.read, member.name), holds })
        })
        .collect()
}
