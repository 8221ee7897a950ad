//! A target and the one way to call it: at its pace, bounded in time, throttling waited out. Judges
//! nothing and remembers nothing but a count.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use super::alias::{Alias, Aliases};
use super::connect::{AWS, Access, is_loopback};
use super::ended::Ended;
use super::exchange::{Answer, CallFailure, Exchange, Request};
use super::pipeline::{ANSWER_LIMIT, Raw, Tap};
use super::session::Session;
use super::signer::Signer;
use super::wire_form::{self, WireForm};
use super::{glue, untyped};
use crate::journal::JournalFile;
use crate::model::{Operation, ServiceModel, Specs};

/// An operation as the specs have it.
type Described<'s> = (&'s ServiceModel, &'s Operation);

/// How often a throttled call is tried, and how long the first wait is; each next one is twice as long.
const THROTTLE_ATTEMPTS: u32 = 6;
const THROTTLE_WAIT: Duration = Duration::from_millis(200);

/// How a target may be used.
#[derive(Debug, Clone)]
pub struct Limits {
    /// For one call, from connecting to the last byte.
    pub timeout: Duration,
    /// Calls a second, if bounded.
    pub rate: Option<f64>,
    /// Codes that mean "not done, try again".
    pub throttling: BTreeSet<String>,
    /// How long what takes time is waited for.
    pub patience: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(10),
            rate: None,
            throttling: BTreeSet::new(),
            patience: Duration::from_secs(20),
        }
    }
}

/// What is tested. Clones are the same target.
#[derive(Debug, Clone)]
pub struct Target {
    /// `fake`, `endpoint` or `aws`.
    pub kind: String,
    /// Name for reports.
    pub name: String,
    /// Address, if it has one.
    pub url: Option<String>,
    /// Region calls are signed for.
    pub region: String,
    /// Whether made-up credentials are in use.
    pub dummy_credentials: bool,
    glue: aws_sdk_glue::Client,
    access: Arc<Access>,
    services: Arc<BTreeMap<String, Arc<ServiceModel>>>,
    aliases: Arc<Aliases>,
    limits: Limits,
    pace: Arc<Mutex<Option<Instant>>>,
    calls: Arc<AtomicU64>,
    journal: Option<Arc<JournalFile>>,
}

impl Target {
    pub(super) fn assemble(
        kind: &str,
        name: &str,
        url: Option<String>,
        access: Access,
        aliases: Aliases,
        limits: Limits,
        dummy_credentials: bool,
    ) -> Self {
        Self {
            kind: kind.to_owned(),
            name: name.to_owned(),
            url,
            glue: access.glue(),
            region: access.region.clone(),
            access: Arc::new(access),
            services: Arc::default(),
            dummy_credentials,
            aliases: Arc::new(aliases),
            limits,
            pace: Arc::default(),
            calls: Arc::default(),
            journal: None,
        }
    }

    /// The same target, which can be called by whatever these specs describe.
    #[must_use]
    pub fn described_by(mut self, specs: &Specs) -> Self {
        let services = specs.services.iter().map(|model| (model.name.clone(), Arc::clone(model)));
        self.services = Arc::new(services.collect());
        self
    }

    /// The same target under the name that the user has for it.
    #[must_use]
    pub fn called(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// The same target, of which everything that is made there is written down first.
    #[must_use]
    pub fn journaled(mut self, journal: Arc<JournalFile>) -> Self {
        self.journal = Some(journal);
        self
    }

    /// Where what is made is written down.
    #[must_use]
    pub fn journal(&self) -> Option<&Arc<JournalFile>> {
        self.journal.as_ref()
    }

    /// Whether it is somebody's real account, which must be left as it was found.
    #[must_use]
    pub fn is_precious(&self) -> bool {
        self.kind == AWS
    }

    /// What the specs describe of a service.
    #[must_use]
    pub fn service(&self, name: &str) -> Option<&Arc<ServiceModel>> {
        self.services.get(name)
    }

    /// How long what takes time is waited for.
    #[must_use]
    pub fn patience(&self) -> Duration {
        self.limits.patience
    }

    /// The same target, waited for so long.
    #[must_use]
    pub fn waiting(mut self, patience: Duration) -> Self {
        self.limits.patience = patience;
        self
    }

    /// Whether calls stay on this machine.
    #[must_use]
    pub fn is_here(&self) -> bool {
        let here = |url: &String| url.parse().is_ok_and(|uri| is_loopback(&uri));
        !self.is_precious() && self.url.as_ref().is_none_or(here)
    }

    /// Names for one execution of a case.
    #[must_use]
    pub fn alias(&self) -> Alias {
        self.aliases.next()
    }

    /// Names as they really are, for calls that are no case's.
    #[must_use]
    pub fn plain() -> Alias {
        Aliases::plain()
    }

    /// The account calls are made for.
    #[must_use]
    pub fn account(&self) -> &str {
        self.aliases.account()
    }

    /// Calls made so far.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Sends one request, with real names, and gives back what came, with canonical ones.
    pub async fn call(&self, alias: &Alias, request: Request) -> Exchange {
        self.call_as(alias, request, &Signer::Own).await
    }

    /// The same for a request of somebody else's.
    pub async fn call_as(&self, alias: &Alias, request: Request, signer: &Signer) -> Exchange {
        let body = alias.outward(request.body.clone());
        for attempt in 0..THROTTLE_ATTEMPTS {
            if attempt > 0 {
                tokio::time::sleep(THROTTLE_WAIT * 2_u32.pow(attempt - 1)).await;
            }
            let outcome = self.attempt(alias, &request, body.clone(), signer).await;
            if !outcome.as_ref().is_ok_and(|answer| self.is_throttled(answer)) {
                return Exchange { request, outcome };
            }
        }
        Exchange { request, outcome: Err(CallFailure::Throttled(THROTTLE_ATTEMPTS)) }
    }

    fn is_throttled(&self, answer: &Answer) -> bool {
        answer.status == 429 || answer.error_code().is_some_and(|code| self.limits.throttling.contains(code))
    }

    async fn attempt(
        &self,
        alias: &Alias,
        request: &Request,
        body: bytes::Bytes,
        signer: &Signer,
    ) -> Result<Answer, CallFailure> {
        self.keep_pace().await;
        self.calls.fetch_add(1, Ordering::Relaxed);
        let (tap, seen) = Tap::new(request, body.clone());
        let typed = match request.service.as_str() {
            "glue" if signer.is_own() => glue::send(&self.glue, &request.operation, tap).await,
            _ => Err(tap),
        };
        match typed {
            Ok(ended) => self.join(alias, ended, seen.get(), None),
            Err(tap) => {
                let described = self.described(request)?;
                let ended = self.send_untyped(described, &body, tap, signer).await?;
                self.join(alias, ended, seen.get(), Some(described))
            }
        }
    }

    /// What the specs say of the operation that is called.
    fn described(&self, request: &Request) -> Result<Described<'_>, CallFailure> {
        let model = self.services.get(&request.service);
        model.and_then(|model| Some((model.as_ref(), model.operations.get(&request.operation)?))).ok_or_else(
            || CallFailure::Harness(format!("no client for {} {}", request.service, request.operation)),
        )
    }

    async fn send_untyped(
        &self,
        (model, operation): Described<'_>,
        body: &bytes::Bytes,
        tap: Tap,
        signer: &Signer,
    ) -> Result<Ended, CallFailure> {
        let form = WireForm::new(model, operation, body);
        let form = form.map_err(|unsendable| CallFailure::Harness(unsendable.to_string()))?;
        let tap = tap.carrying(form.body.clone());
        let signature = signer.signature(&self.access).await?;
        Ok(untyped::send(&self.access, signature, model, &operation.name, form, tap).await)
    }

    fn join(
        &self,
        alias: &Alias,
        ended: Ended,
        raw: Option<&Raw>,
        described: Option<Described<'_>>,
    ) -> Result<Answer, CallFailure> {
        match (ended, raw) {
            (Ended::Read(reading), Some(raw)) => {
                let body = alias.inward(raw.body.clone());
                let headers = raw.headers.iter().map(|(name, value)| (name.clone(), inward(alias, value)));
                let raw = Raw { body: body.clone(), headers: headers.collect(), status: raw.status };
                let mut json = match described {
                    Some((model, operation)) => wire_form::json(model, operation, &raw),
                    None => serde_json::from_slice(&body).ok(),
                };
                let session = json.as_mut().and_then(Session::take_out);
                let body = Session::shown(body, json.as_ref(), session.as_ref());
                let reading = reading.map_text(|text| inward(alias, &text));
                Ok(Answer { status: raw.status, headers: raw.headers, body, json, reading, session })
            }
            // Only the limit on answers keeps an answered call from having its bytes.
            (Ended::Read(super::Reading::Unreadable(why)), None) if why.contains("length limit exceeded") => {
                Err(CallFailure::TooLarge(ANSWER_LIMIT))
            }
            (Ended::Read(super::Reading::Unreadable(why)) | Ended::Broken(why), _) => {
                Err(CallFailure::Connection(why))
            }
            (Ended::Read(_), None) => {
                Err(CallFailure::Harness("the answer was read, but not by us".to_owned()))
            }
            (Ended::TimedOut, _) => Err(CallFailure::Timeout(self.limits.timeout)),
            (Ended::NotSent(why), _) => Err(CallFailure::Harness(why)),
        }
    }

    /// Waits for this call's turn, when the rate is bounded.
    async fn keep_pace(&self) {
        let Some(rate) = self.limits.rate else { return };
        let turn = {
            let mut next = self.pace.lock().await;
            let turn = next.unwrap_or_else(Instant::now).max(Instant::now());
            *next = Some(turn + Duration::from_secs_f64(1.0 / rate));
            turn
        };
        tokio::time::sleep_until(turn.into()).await;
    }
}

/// A text with canonical names.
fn inward(alias: &Alias, text: &str) -> String {
    String::from_utf8_lossy(&alias.inward(bytes::Bytes::copy_from_slice(text.as_bytes()))).into_owned()
}
