//! Carries out a step that follows pages: call after call, as long as a page says how to go on and another
//! one can tell more. Judges nothing itself.

use serde_json::Value;

use crate::case::{Body, Follow, Step};
use crate::check::{Followed, NextPage, Transcript, Unresolved, joined, next_page};
use crate::model::ServiceModel;

use super::context::CaseContext;

/// Adds the step to the transcript, all its pages as one.
pub(super) async fn follow(
    context: &CaseContext,
    model: &ServiceModel,
    (index, how): (usize, &Follow),
    transcript: &mut Transcript,
) -> Result<(), Unresolved> {
    let step = &context.case.steps[index];
    let mut followed = Followed::default();
    let mut token = None;
    loop {
        let page = context.perform(index, &with_token(step, how, token.as_ref()), transcript).await?;
        followed.pages.push(page);
        let first = followed.pages.len() == 1;
        transcript.extend(joined(how, followed));
        token = match next_page(model, &context.case, transcript) {
            NextPage::With(token) => Some(token),
            NextPage::Over => return Ok(()),
        };
        followed = transcript.pop().and_then(|so_far| so_far.followed).map(|all| *all).unwrap_or_default();
        if first {
            for between in &how.between {
                followed.between.push(context.perform(index, between, transcript).await?);
            }
        }
    }
}

/// The same call for the page that the token leads to. Only the first page is asked for in a layout of its own.
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
