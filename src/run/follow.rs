//! Carries out a step that follows pages: call after call, as long as a page says how to go on and another
//! one can tell more. Judges nothing itself.

use serde_json::Value;

use crate::case::{Body, Case, Follow, Step};
use crate::check::{Followed, Onward, Performed, Transcript, Unresolved, joined, onward};
use crate::model::ServiceModel;
use crate::target::{Alias, Target};

use super::execute::prepare;

/// Where a case is carried out.
#[derive(Clone, Copy)]
pub(super) struct Scene<'s> {
    pub target: &'s Target,
    pub model: &'s ServiceModel,
    pub alias: &'s Alias,
    pub case: &'s Case,
}

/// Adds the step to the transcript, all its pages as one.
pub(super) async fn follow(
    scene: Scene<'_>,
    step: &Step,
    how: &Follow,
    transcript: &mut Transcript,
) -> Result<(), Unresolved> {
    let mut followed = Followed::default();
    let mut token = None;
    loop {
        let page = call(scene, &with_token(step, how, token.as_ref()), transcript).await?;
        followed.pages.push(page);
        let first = followed.pages.len() == 1;
        transcript.extend(joined(how, followed));
        token = match onward(scene.model, scene.case, transcript) {
            Onward::With(token) => Some(token),
            Onward::Over => return Ok(()),
        };
        followed = transcript.pop().and_then(|so_far| so_far.followed).map(|all| *all).unwrap_or_default();
        if first {
            for step in &how.between {
                followed.between.push(call(scene, step, transcript).await?);
            }
        }
    }
}

async fn call(scene: Scene<'_>, step: &Step, transcript: &[Performed]) -> Result<Performed, Unresolved> {
    let (request, sent) = prepare(step, scene.case, transcript)?;
    Ok(Performed::once(sent, scene.target.call(scene.alias, request).await))
}

/// The same call for the page that the token leads to.
fn with_token(step: &Step, how: &Follow, token: Option<&Value>) -> Step {
    let mut step = step.clone();
    if let (Some(token), Body::Json(Value::Object(input))) = (token, &mut step.body) {
        input.insert(how.token.clone(), token.clone());
    }
    step
}
