//! Decides whether a call failed because the target refused the run's own caller, which says nothing about the target.
//!
//! Sends nothing. The entry point is [`missing_permission`].

use crate::client::{Target, TargetType};

use super::shrink::FailingCase;

/// Returns the IAM action that the own caller of the run lacks, if the missing permission explains the result of the
/// case.
///
/// A permission counts as missing if the target has accepted no call of the run's own caller to the operation so far: a
/// target that accepts some calls of an operation and refuses others decides by something else than the permission. The
/// embedded fake gives its caller every permission.
pub(super) fn missing_permission(target: &Target, failing: &FailingCase) -> Option<String> {
    if target.kind == TargetType::Fake {
        return None;
    }
    let calls = failing.execution.transcript.iter().rev().flat_map(crate::check::PerformedStep::calls);
    let own = calls.filter(|call| failing.case.steps.get(call.step).is_some_and(|step| step.by.is_none()));
    own.filter_map(|call| Some((&call.exchange.request, call.exchange.outcome.as_ref().ok()?))).find_map(
        |(request, response)| {
            if target.has_accepted(&request.service, &request.operation) {
                return None;
            }
            let model = target.service(&request.service)?;
            response.missing_action(request, &model.signing_name)
        },
    )
}
