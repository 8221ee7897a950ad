//! Where a case is carried out, and the one way to carry out a step: references filled in, sent, timed. Judges
//! nothing.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use serde_json::Value;

use crate::case::{Body, Case, Step};
use crate::check::{Performed, Span, Unresolved, resolve, session};
use crate::model::By;
use crate::target::{Alias, Request, Signer, Target};

/// A target, the names one execution has there, and its clock. Clones share all of it.
#[derive(Debug, Clone)]
pub(super) struct Scene {
    pub target: Target,
    pub alias: Alias,
    pub case: Arc<Case>,
    clock: Instant,
}

impl Scene {
    /// A scene whose clock begins now.
    pub fn new(target: &Target, case: &Case) -> Self {
        let (target, alias) = (target.clone(), target.alias());
        Self { target, alias, case: Arc::new(case.clone()), clock: Instant::now() }
    }

    /// Carries out the step of that index, or one that stands for it, after those in the transcript.
    pub async fn perform(
        &self,
        index: usize,
        step: &Step,
        transcript: &[Performed],
    ) -> Result<Performed, Unresolved> {
        let (request, sent) = self.prepare(step, transcript)?;
        let invoked = self.now();
        let signer = self.signer(step, transcript)?;
        let exchange = self.target.call_as(&self.alias, request, &signer).await;
        let span = Span { invoked, returned: self.now() };
        Ok(Performed { step: index, sent, exchange, span, followed: None, earlier: 0 })
    }

    /// Whose call a step is; who was lent credentials has them in the transcript and nowhere else.
    fn signer(&self, step: &Step, transcript: &[Performed]) -> Result<Signer, Unresolved> {
        Ok(match &step.by {
            None => Signer::Own,
            Some(By::Unsigned) => Signer::Unsigned,
            Some(By::WrongSecret) => Signer::WrongSecret,
            Some(By::UnknownKey) => Signer::UnknownKey,
            Some(By::Late) => Signer::Late,
            Some(By::Session(lender)) => {
                let lent = session(lender, &self.case, transcript).cloned();
                let lacking =
                    || Unresolved { what: "answer", step: lender.clone(), at: "credentials".to_owned() };
                Signer::Session(lent.ok_or_else(lacking)?)
            }
        })
    }

    fn now(&self) -> u64 {
        u64::try_from(self.clock.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// The request of a step, and its input as JSON.
    fn prepare(&self, step: &Step, transcript: &[Performed]) -> Result<(Request, Option<Value>), Unresolved> {
        let (body, sent) = match &step.body {
            Body::Json(template) => {
                let input = resolve(template, &self.case, transcript)?;
                (Bytes::from(input.to_string()), Some(input))
            }
            Body::Text(text) => (Bytes::from(text.clone()), first_value(text)),
        };
        let request = Request {
            service: step.service.clone(),
            operation: step.operation.clone(),
            body,
            headers: step.headers.clone(),
        };
        Ok((request, sent))
    }
}

/// What a lenient reader makes of a text: the JSON value it starts with.
fn first_value(text: &str) -> Option<Value> {
    serde_json::Deserializer::from_str(text).into_iter().next()?.ok()
}
