//! A target and its calls: paced, bounded in time, and repeated while throttled.
//!
//! Judges no response. The entry points are [`Target::call`] and [`Target::call_as`].

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::access::Access;
use super::address::is_loopback;
use super::alias::{Alias, Aliases};
use super::call_record::{CallRecord, is_transient};
use super::call_result::CallResult;
use super::capture::{Capture, RawResponse};
use super::credentials::{CredentialsInfo, CredentialsSource};
use super::egress::MAX_RESPONSE_BYTES;
use super::error::CallFailure;
use super::exchange::{Exchange, Request, Response, SdkView};
use super::serialize::{HttpForm, response_json};
use super::signer::{SessionCredentials, Signer};
use super::{generic, glue};
use crate::journal::JournalFile;
use crate::model::{Operation, ServiceModel, Specs};

/// An operation in the specs, with its service.
type ModelledOperation<'s> = (&'s ServiceModel, &'s Operation);

/// Attempts of a throttled call.
const THROTTLE_ATTEMPTS: u32 = 6;
/// The pause before the second attempt; every further pause is twice as long.
const FIRST_THROTTLE_PAUSE: Duration = Duration::from_millis(200);

/// Repetitions of a call after a server error or a lost connection, as SDKs make them.
const TRANSIENT_RETRIES: u32 = 2;
/// The pause before the first repetition; every further pause is twice as long.
const FIRST_TRANSIENT_PAUSE: Duration = Duration::from_millis(50);
/// The poll timeout for targets on this machine, which start a job within seconds.
const LOOPBACK_POLL_TIMEOUT: Duration = Duration::from_secs(20);
/// The poll timeout for other targets.
const REMOTE_POLL_TIMEOUT: Duration = Duration::from_mins(15);

/// The limits of calls to a target.
#[derive(Debug, Clone)]
pub struct CallLimits {
    /// The time for one call, from connecting to the last byte.
    pub timeout: Duration,
    /// The maximum number of calls a second, if bounded.
    pub rate: Option<f64>,
    /// Error codes of throttling.
    pub throttling: BTreeSet<String>,
    /// The time for asynchronous work of the target, by default 20 seconds on this machine and 15 minutes elsewhere.
    pub poll_timeout: Option<Duration>,
}

impl Default for CallLimits {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(10), rate: None, throttling: BTreeSet::new(), poll_timeout: None }
    }
}

/// The types of target, as reports and journals name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TargetType {
    /// The embedded fake.
    Fake,
    /// An endpoint at a URL.
    Endpoint,
    /// AWS itself.
    Aws,
}

impl TargetType {
    /// Returns the word used in reports and journals.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fake => "fake",
            Self::Endpoint => "endpoint",
            Self::Aws => "aws",
        }
    }
}

/// The settings of a target that do not depend on its kind.
#[derive(Debug, Clone)]
pub struct TargetSetup<'s> {
    /// The name in reports.
    pub name: &'s str,
    /// The specs of the operations that can be called.
    pub specs: &'s Specs,
    /// The limits of calls.
    pub limits: CallLimits,
}

/// The system under test. Clones are the same target.
#[derive(Debug, Clone)]
pub struct Target {
    /// The type of target.
    pub kind: TargetType,
    /// The name in reports.
    pub name: String,
    /// The URL, unless the target runs in this process.
    pub url: Option<String>,
    /// The region in signatures.
    pub region: String,
    /// True if the credentials are placeholders.
    pub dummy_credentials: bool,
    glue: aws_sdk_glue::Client,
    access: Arc<Access>,
    services: Arc<BTreeMap<String, Arc<ServiceModel>>>,
    aliases: Arc<Aliases>,
    limits: CallLimits,
    next_call_at: Arc<Mutex<Option<Instant>>>,
    calls: Arc<AtomicU64>,
    /// The shortest time, in nanoseconds, in which a call was answered.
    shortest_nanos: Arc<AtomicU64>,
    record: Arc<CallRecord>,
    journal: Option<Arc<JournalFile>>,
}

impl Target {
    pub(super) fn assemble(
        kind: TargetType,
        setup: TargetSetup<'_>,
        url: Option<String>,
        access: Access,
        aliases: Aliases,
    ) -> Self {
        let TargetSetup { name, specs, limits } = setup;
        let services = specs.services.iter().map(|model| (model.name.clone(), Arc::clone(model)));
        Self {
            kind,
            name: name.to_owned(),
            url,
            glue: access.glue(),
            region: access.region.clone(),
            dummy_credentials: access.credentials_info.source == CredentialsSource::Placeholder,
            access: Arc::new(access),
            services: Arc::new(services.collect()),
            aliases: Arc::new(aliases),
            limits,
            next_call_at: Arc::default(),
            calls: Arc::default(),
            shortest_nanos: Arc::new(AtomicU64::new(u64::MAX)),
            record: Arc::default(),
            journal: None,
        }
    }

    /// Sets the journal of the run, in which every resource is recorded before it is created.
    #[must_use]
    pub fn with_journal(mut self, journal: Arc<JournalFile>) -> Self {
        self.journal = Some(journal);
        self
    }

    /// Returns the same target in another region, without a journal. AWS itself is called in the region of the run only.
    #[must_use]
    pub fn in_region(&self, region: &str) -> Option<Self> {
        let access = self.access.in_region(region).filter(|_| !self.is_real_account())?;
        let (glue, region) = (access.glue(), region.to_owned());
        Some(Self { glue, region, access: Arc::new(access), journal: None, ..self.clone() })
    }

    /// Returns the journal of the run.
    #[must_use]
    pub fn journal(&self) -> Option<&Arc<JournalFile>> {
        self.journal.as_ref()
    }

    /// Returns true for a real AWS account, which a run must leave unchanged.
    #[must_use]
    pub fn is_real_account(&self) -> bool {
        self.kind == TargetType::Aws
    }

    /// Returns the model of a service.
    #[must_use]
    pub fn service(&self, name: &str) -> Option<&Arc<ServiceModel>> {
        self.services.get(name)
    }

    /// Returns the time for asynchronous work of the target.
    #[must_use]
    pub fn poll_timeout(&self) -> Duration {
        let usual = if self.is_loopback() { LOOPBACK_POLL_TIMEOUT } else { REMOTE_POLL_TIMEOUT };
        self.limits.poll_timeout.unwrap_or(usual)
    }

    /// Returns true if calls stay on this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let is_local = |url: &String| url.parse().is_ok_and(|uri| is_loopback(&uri));
        !self.is_real_account() && self.url.as_ref().is_none_or(is_local)
    }

    /// Returns the names for one execution of a case.
    #[must_use]
    pub fn alias(&self) -> Alias {
        self.aliases.next()
    }

    /// Returns an alias that changes nothing, for calls that belong to no case.
    #[must_use]
    pub fn identity_alias() -> Alias {
        Aliases::identity()
    }

    /// Returns the account of the caller.
    #[must_use]
    pub fn account(&self) -> &str {
        self.aliases.account()
    }

    /// Returns the file with the certificates that are trusted, if the target has TLS and they are not those of the system.
    #[must_use]
    pub fn ca_bundle(&self) -> Option<&Path> {
        let has_tls = |url: &str| url.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:"));
        self.access.ca_bundle.as_deref().filter(|_| self.url.as_deref().is_none_or(has_tls))
    }

    /// Returns the credentials of the run in words.
    #[must_use]
    pub fn credentials_info(&self) -> &CredentialsInfo {
        &self.access.credentials_info
    }

    /// Returns the number of responses that refused the run's own caller or reported an internal error.
    #[must_use]
    pub fn refusals_of_caller(&self) -> u64 {
        self.record.refusals()
    }

    /// Returns true if the target has accepted a call of the run's own caller to this operation.
    #[must_use]
    pub fn has_accepted(&self, service: &str, operation: &str) -> bool {
        self.record.has_accepted(service, operation)
    }

    /// Returns whether waiting can make the target accept a call of the run's own caller: the target has accepted the
    /// operation before, or no earlier wait was in vain.
    pub(crate) fn may_still_accept(&self, service: &str, operation: &str) -> bool {
        self.record.may_still_accept(service, operation)
    }

    /// Records that the target refused the run's own caller until the end of the longest wait.
    pub(crate) fn record_futile_wait(&self, service: &str, operation: &str) {
        self.record.record_futile_wait(service, operation);
    }

    /// Returns the number of calls made so far.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Returns the shortest time in which the target answered a call; `None` before the first response.
    #[must_use]
    pub fn shortest_response_time(&self) -> Option<Duration> {
        let nanos = self.shortest_nanos.load(Ordering::Relaxed);
        (nanos < u64::MAX).then(|| Duration::from_nanos(nanos))
    }

    /// Sends a request as the run's own caller. The alias translates names in the request and in the response.
    pub async fn call(&self, alias: &Alias, request: Request) -> Exchange {
        self.call_as(alias, request, &Signer::Own).await
    }

    /// Sends a request with another signature.
    pub async fn call_as(&self, alias: &Alias, request: Request, signer: &Signer) -> Exchange {
        let body = alias.to_real_names(request.body.clone());
        let (mut throttled, mut retries) = (0, 0);
        loop {
            let outcome = self.attempt(alias, &request, body.clone(), signer).await;
            if let (true, Ok(response)) = (signer.is_own(), &outcome) {
                self.record.record_response(&request, response);
            }
            if outcome.as_ref().is_ok_and(|response| self.is_throttled(response)) {
                throttled += 1;
                if throttled == THROTTLE_ATTEMPTS {
                    return Exchange { request, outcome: Err(CallFailure::Throttled(throttled)), retries };
                }
                tokio::time::sleep(FIRST_THROTTLE_PAUSE * 2_u32.pow(throttled - 1)).await;
                continue;
            }
            let transient = is_transient(&outcome);
            if transient && retries < TRANSIENT_RETRIES && self.record.may_be_repeated(&request) {
                tokio::time::sleep(FIRST_TRANSIENT_PAUSE * 2_u32.pow(retries)).await;
                retries += 1;
                continue;
            }
            if retries > 0 {
                self.record.record_retries(&request, !transient);
            }
            return Exchange { request, outcome, retries };
        }
    }

    fn is_throttled(&self, response: &Response) -> bool {
        let is_throttling = |code: &str| self.limits.throttling.contains(code);
        response.status == 429 || response.error_code().is_some_and(is_throttling)
    }

    async fn attempt(
        &self,
        alias: &Alias,
        request: &Request,
        body: bytes::Bytes,
        signer: &Signer,
    ) -> Result<Response, CallFailure> {
        self.wait_for_rate().await;
        self.calls.fetch_add(1, Ordering::Relaxed);
        let begin = Instant::now();
        let outcome = self.send(alias, request, body, signer).await;
        if outcome.is_ok() {
            let nanos = u64::try_from(begin.elapsed().as_nanos()).unwrap_or(u64::MAX);
            self.shortest_nanos.fetch_min(nanos, Ordering::Relaxed);
        }
        outcome
    }

    async fn send(
        &self,
        alias: &Alias,
        request: &Request,
        body: bytes::Bytes,
        signer: &Signer,
    ) -> Result<Response, CallFailure> {
        let (capture, raw) = Capture::new(request, body.clone());
        let typed = match request.service.as_str() {
            "glue" if signer.is_own() => glue::send(&self.glue, &request.operation, capture).await,
            _ => Err(capture),
        };
        match typed {
            Ok(result) => self.join_result(alias, result, raw.get(), None),
            Err(capture) => {
                let operation = self.operation_of(request)?;
                let result = self.send_generic(operation, &body, capture, signer).await?;
                self.join_result(alias, result, raw.get(), Some(operation))
            }
        }
    }

    /// Returns the operation of a request in the specs.
    fn operation_of(&self, request: &Request) -> Result<ModelledOperation<'_>, CallFailure> {
        let model = self.services.get(&request.service);
        let modelled =
            model.and_then(|model| Some((model.as_ref(), model.operations.get(&request.operation)?)));
        modelled.ok_or_else(|| {
            CallFailure::Harness(format!("no client for {} {}", request.service, request.operation))
        })
    }

    async fn send_generic(
        &self,
        (model, operation): ModelledOperation<'_>,
        body: &bytes::Bytes,
        capture: Capture,
        signer: &Signer,
    ) -> Result<CallResult, CallFailure> {
        let form = HttpForm::new(model, operation, body);
        let form = form.map_err(|error| CallFailure::Harness(error.to_string()))?;
        let capture = capture.with_body(form.body.clone());
        let signature = signer.signature(&self.access).await?;
        Ok(generic::send(&self.access, signature, model, &operation.name, form, capture).await)
    }

    /// Joins the SDK's view and the raw response.
    fn join_result(
        &self,
        alias: &Alias,
        result: CallResult,
        raw: Option<&RawResponse>,
        operation: Option<ModelledOperation<'_>>,
    ) -> Result<Response, CallFailure> {
        match (result, raw) {
            (CallResult::Received(sdk_view), Some(raw)) => Ok(join_views(alias, sdk_view, raw, operation)),
            // A received response without raw bytes exceeded the limit on bodies.
            (CallResult::Received(SdkView::Unreadable(why)), None)
                if why.contains("length limit exceeded") =>
            {
                Err(CallFailure::TooLarge(MAX_RESPONSE_BYTES))
            }
            (CallResult::Received(SdkView::Unreadable(why)) | CallResult::Disconnected(why), _) => {
                Err(CallFailure::Connection(why))
            }
            (CallResult::Received(_), None) => {
                Err(CallFailure::Harness("the SDK returned a response without its raw bytes".to_owned()))
            }
            (CallResult::TimedOut, _) => Err(CallFailure::Timeout(self.limits.timeout)),
            (CallResult::NotSent(why), _) => Err(CallFailure::Harness(why)),
        }
    }

    /// Waits until the rate allows another call.
    async fn wait_for_rate(&self) {
        let Some(rate) = self.limits.rate else { return };
        let moment = {
            let mut next = self.next_call_at.lock().await;
            let moment = next.unwrap_or_else(Instant::now).max(Instant::now());
            *next = Some(moment + Duration::from_secs_f64(1.0 / rate));
            moment
        };
        tokio::time::sleep_until(moment.into()).await;
    }
}

/// Creates a response with the placeholder names of cases, and without secrets.
fn join_views(
    alias: &Alias,
    sdk_view: SdkView,
    raw: &RawResponse,
    operation: Option<ModelledOperation<'_>>,
) -> Response {
    let body = alias.to_placeholders(raw.body.clone());
    let headers =
        raw.headers.iter().map(|(name, value)| (name.clone(), header_to_placeholders(alias, value)));
    let raw = RawResponse { body: body.clone(), headers: headers.collect(), status: raw.status };
    let mut json = match operation {
        Some((model, operation)) => response_json(model, operation, &raw),
        None => serde_json::from_slice(&body).ok(),
    };
    let session = json.as_mut().and_then(SessionCredentials::extract);
    let body = SessionCredentials::redact_body(body, json.as_ref(), session.as_ref());
    let sdk_view = sdk_view.map_text(|text| header_to_placeholders(alias, &text));
    Response { status: raw.status, headers: raw.headers, body, json, sdk_view, session }
}

/// Replaces real names in a text by placeholders.
fn header_to_placeholders(alias: &Alias, text: &str) -> String {
    String::from_utf8_lossy(&alias.to_placeholders(bytes::Bytes::copy_from_slice(text.as_bytes())))
        .into_owned()
}
