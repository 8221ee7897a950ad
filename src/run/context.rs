//! The context in which a case is executed, and the one way to execute a step: references are filled in, the request is
//! sent and timed.
//!
//! Must not judge. The entry point is [`CaseContext::perform`].

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use serde_json::Value;

use crate::case::{Body, Case, RUN, Step};
use crate::check::{CallInterval, PerformedStep, Unresolved, resolve, session};
use crate::client::{Alias, CallFailure, Exchange, Request, Signer, Target};
use crate::model::{Lifecycle, Principal};

use super::case_journal::CaseJournal;
use super::ownership::refuse_foreign_name;

/// A target, the names of one execution on it, and a clock. Clones share all of it.
#[derive(Debug, Clone)]
pub(super) struct CaseContext {
    pub target: Target,
    pub alias: Alias,
    pub case: Arc<Case>,
    pub journal: Arc<CaseJournal>,
    pub clock: Instant,
}

impl CaseContext {
    /// Creates a context whose clock begins now.
    pub fn new(target: &Target, case: &Case) -> Self {
        let (target, alias) = (target.clone(), target.alias());
        let journal = Arc::new(CaseJournal::new(&target, &alias));
        Self { target, alias, case: Arc::new(case.clone()), journal, clock: Instant::now() }
    }

    /// Executes the step with this index, or a variant of it, after the steps in the transcript.
    pub async fn perform(
        &self,
        index: usize,
        step: &Step,
        transcript: &[PerformedStep],
    ) -> Result<PerformedStep, Unresolved> {
        let (request, sent) = self.prepare(step, transcript)?;
        let invoked = self.now();
        let signer = self.signer(step, transcript)?;
        let exchange = self.send(request, sent.as_ref(), &signer).await;
        let interval = CallInterval { invoked, returned: self.now() };
        Ok(PerformedStep { step: index, sent, exchange, interval, followed: None, poll_attempts: 0 })
    }

    /// Records in the journal what a call may create, and sends it. A call that cannot be recorded is not sent.
    async fn send(&self, request: Request, sent: Option<&Value>, signer: &Signer) -> Exchange {
        let note = match self.record_intent(&request, sent).await {
            Ok(note) => note,
            Err(why) => return Exchange { request, outcome: Err(CallFailure::Withheld(why)), retries: 0 },
        };
        let exchange = self.target.call_as(&self.alias, request, signer).await;
        self.journal.record_response(note, sent, &exchange);
        exchange
    }

    async fn record_intent(&self, request: &Request, sent: Option<&Value>) -> Result<Option<u64>, String> {
        if let Some(sent) = sent.filter(|_| self.target.is_real_account())
            && let Some(why) =
                refuse_foreign_name(&self.target, request, sent, &self.journal.to_real_names(sent)).await
        {
            return Err(why);
        }
        self.journal.record_call(request, sent).map_err(|error| format!("not called: {error}"))
    }

    /// Returns the signer of a step. Credentials of an assumed role are in the transcript and nowhere else.
    fn signer(&self, step: &Step, transcript: &[PerformedStep]) -> Result<Signer, Unresolved> {
        Ok(match &step.by {
            None => Signer::Own,
            Some(Principal::Unsigned) => Signer::Unsigned,
            Some(Principal::WrongSecret) => Signer::WrongSecret,
            Some(Principal::UnknownKey) => Signer::UnknownKey,
            Some(Principal::Late) => Signer::Expired,
            Some(Principal::Session(lender)) => {
                let credentials = session(lender, &self.case, transcript).cloned();
                let lacking =
                    || Unresolved { what: "answer", step: lender.clone(), at: "credentials".to_owned() };
                Signer::Session(credentials.ok_or_else(lacking)?)
            }
        })
    }

    /// Marks a resource whose name only the response will have, so that it can be found.
    fn with_tag(&self, step: &Step, mut input: Value) -> Value {
        let model = self.target.service(&step.service);
        let made = model.and_then(|model| model.resource_of(&step.operation));
        let removal =
            made.filter(|(_, role)| *role == Lifecycle::Create).and_then(|(r, _)| r.removal.as_ref());
        if let (Some(tag), Value::Object(members)) = (removal.and_then(|r| r.mark.as_ref()), &mut input) {
            let own = members.get(tag).and_then(Value::as_str).unwrap_or_default();
            if !own.contains(RUN) {
                let text = format!("{own} {RUN}");
                members.insert(tag.clone(), Value::from(text.trim_start()));
            }
        }
        input
    }

    fn now(&self) -> u64 {
        u64::try_from(self.clock.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// The request of a step, and its input as JSON.
    fn prepare(
        &self,
        step: &Step,
        transcript: &[PerformedStep],
    ) -> Result<(Request, Option<Value>), Unresolved> {
        let (body, sent) = match &step.body {
            Body::Json(template) => {
                let input = self.with_tag(step, resolve(template, &self.case, transcript)?);
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

/// Returns the JSON value with which a text begins.
fn first_value(text: &str) -> Option<Value> {
    serde_json::Deserializer::from_str(text).into_iter().next()?.ok()
}
