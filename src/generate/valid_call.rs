//! Valid calls, with the calls around them.
//! Must not know a rule.
//! The entry points are [`accepted`] and [`answered`].

use proptest::prelude::*;
use serde_json::Value;

use crate::model::{Expect, Role};

use super::context::{GeneratorContext, Steps};
use super::distinct_state::DistinctState;
use super::lifecycle::LifecycleSteps;
use super::value::{self, FixedMember};

/// A valid call that must be accepted, with its effect observed.
pub(crate) fn accepted(context: GeneratorContext<'_>, operation: &str) -> Steps {
    accepted_with(context, operation, value::input(context, operation, FixedMember::default()))
}

/// A valid call that must be accepted. Its effect is the subject of another rule.
pub(crate) fn answered(context: GeneratorContext<'_>, operation: &str) -> Steps {
    accepted(context, operation)
        .prop_map(|mut steps| {
            let end = steps.iter().position(|s| s.role == Role::Act).map_or(steps.len(), |at| at + 1);
            steps.truncate(end);
            steps.retain(|s| s.role != Role::Context);
            if let Some(act) = steps.last_mut() {
                act.expect = Expect::ok();
                act.follow = None;
            }
            steps
        })
        .boxed()
}

/// A call with one of these inputs that must be accepted, with its effect observed.
pub(crate) fn accepted_with(
    context: GeneratorContext<'_>,
    operation: &str,
    input: BoxedStrategy<Value>,
) -> Steps {
    let lifecycle = LifecycleSteps::new(context, operation);
    let calls = (input, maker_input(context, lifecycle.needs()));
    let Some(distinct) = DistinctState::of(&lifecycle) else {
        return calls.prop_map(move |(input, made)| lifecycle.accepted(&input, made)).boxed();
    };
    let states = distinct.beside(context, calls, |(input, made)| made.as_ref().unwrap_or(input));
    states
        .prop_map(move |((input, made), other)| {
            lifecycle.accepted(&input, made).into_iter().chain(distinct.steps(&other)).collect()
        })
        .boxed()
}

/// A valid input of the operation that makes what a call needs; nothing if the call needs nothing.
pub(crate) fn maker_input(
    context: GeneratorContext<'_>,
    maker: Option<&str>,
) -> BoxedStrategy<Option<Value>> {
    match maker {
        Some(maker) => value::input(context, maker, FixedMember::default()).prop_map(Some).boxed(),
        None => Just(None).boxed(),
    }
}
