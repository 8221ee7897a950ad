//! Executes a step that reads pages, until there is no token or further pages prove nothing. Must not judge.

use serde_json::Value;

use crate::case::{Body, Follow, Step};
use crate::check::{FollowedPages, NextPage, Transcript, Unresolved, join_pages, next_page};
use crate::model::{Predicate, ServiceModel};

use super::context::CaseContext;

/// Small pages after which a list is read in the largest ones.
const SMALL_PAGES: usize = 40;

/// Adds the step to the transcript, all its pages as one.
pub(super) async fn follow_pages(
    context: &CaseContext,
    model: &ServiceModel,
    (index, how): (usize, &Follow),
    transcript: &mut Transcript,
) -> Result<(), Unresolved> {
    let step = &context.case.steps[index];
    let mut followed = FollowedPages::default();
    let mut token = None;
    let larger = larger_pages(model, how, step);
    let mut step = step.clone();
    loop {
        // A list with many items of other users is read again in the largest pages.
        if let Some(larger) = larger.as_ref().filter(|_| followed.pages.len() == SMALL_PAGES) {
            step = larger.clone();
            if how.between.is_empty() {
                (followed, token) = (FollowedPages::default(), None);
            }
        }
        let page = context.perform(index, &with_token(&step, how, token.as_ref()), transcript).await?;
        followed.pages.push(page);
        let first = followed.pages.len() == 1;
        transcript.extend(join_pages(how, followed));
        token = match next_page(model, &context.case, transcript) {
            NextPage::Token(token) => Some(token),
            NextPage::Last => return Ok(()),
        };
        followed = transcript.pop().and_then(|so_far| so_far.followed).map(|all| *all).unwrap_or_default();
        if first {
            for between in &how.between {
                followed.between.push(context.perform(index, between, transcript).await?);
            }
        }
    }
}

/// Returns the step with the largest pages that the operation allows, if its pages may be larger.
fn larger_pages(model: &ServiceModel, how: &Follow, step: &Step) -> Option<Step> {
    let Body::Json(Value::Object(input)) = &step.body else { return None };
    let operation = model.service(&step.service)?.operations.get(&step.operation)?;
    let size = &operation.paginated.as_ref()?.page_size;
    let most = model.service(&step.service)?.member(&operation.input, size)?.traits.certain_range()?.max?;
    let given = input.get(size)?.as_u64()?;
    let fixed = how.each.iter().any(|assertion| matches!(assertion.holds, Predicate::MaxItems(_)));
    let most = u64::try_from(most).ok().filter(|most| *most > given && !fixed)?;
    let mut larger = step.clone();
    if let Body::Json(Value::Object(input)) = &mut larger.body {
        input.insert(size.clone(), Value::from(most));
    }
    Some(larger)
}

/// Returns the step for the page of a token. Only the request for the first page keeps the formatting of the case.
fn with_token(step: &Step, how: &Follow, token: Option<&Value>) -> Step {
    let mut step = step.clone();
    let Some(token) = token else { return step };
    let mut input = match step.body {
        Body::Json(input) => input,
        Body::Text(text) => serde_json::from_str(&text).unwrap_or_default(),
    };
    if let Value::Object(members) = &mut input {
        members.insert(how.token.clone(), token.clone());
    }
    step.body = Body::Json(input);
    step
}
