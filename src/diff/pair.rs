//! Two targets, and one case carried out on both. Compares nothing.

use std::sync::Arc;

use crate::case::Case;
use crate::client::Target;
use crate::model::ServiceModel;
use crate::rule::Rule;
use crate::run::{CancelToken, CaseVerdict, Execution, execute, retry};

/// Two targets, and the service that is compared.
#[derive(Clone, Copy)]
pub(super) struct Pair<'p> {
    pub a: &'p Target,
    pub b: &'p Target,
    pub model: &'p Arc<ServiceModel>,
}

/// The results of one case on both targets.
pub(super) struct BothExecutions {
    pub a: Execution,
    pub b: Execution,
}

impl BothExecutions {
    pub fn calls(&self) -> usize {
        self.a.calls + self.b.calls
    }

    /// Set if one of them was polled to its time limit: that it will not answer otherwise the
    /// next time has been seen.
    pub fn waited(&self) -> bool {
        let polled_in_vain = |execution: &Execution| {
            let held = matches!(execution.verdict, CaseVerdict::Held);
            !held && execution.transcript.last().is_some_and(|last| last.poll_attempts > 0)
        };
        polled_in_vain(&self.a) || polled_in_vain(&self.b)
    }

    pub fn leftovers(&self) -> impl Iterator<Item = &String> {
        self.a.leftovers.iter().chain(&self.b.leftovers)
    }
}

impl Pair<'_> {
    /// Carries a case out on both at the same time.
    pub async fn execute(self, rule: &Rule, case: &Case) -> BothExecutions {
        let (a, b) = futures::join!(
            Box::pin(self.execute_on(self.a, rule, case)),
            Box::pin(self.execute_on(self.b, rule, case))
        );
        BothExecutions { a, b }
    }

    async fn execute_on(self, target: &Target, rule: &Rule, case: &Case) -> Execution {
        let case = case.clone().in_region(&target.region);
        retry(Execution::is_transient, async || {
            execute(target, self.model, rule, &case, &CancelToken::default()).await
        })
        .await
    }
}
