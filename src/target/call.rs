//! A target and the one way to call it: at its pace, bounded in time, throttling waited out. Judges
//! nothing and remembers nothing but a count.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use super::alias::{Alias, Aliases};
use super::connect::Access;
use super::exchange::{Answer, CallFailure, Exchange, Request};
use super::glue::{self, Ended};
use super::pipeline::{ANSWER_LIMIT, Raw, Tap};

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
}

impl Default for Limits {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(10), rate: None, throttling: BTreeSet::new() }
    }
}

/// What is tested. Clones are the same target.
#[derive(Debug, Clone)]
pub struct Target {
    /// `fake` or `endpoint`.
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
    aliases: Arc<Aliases>,
    limits: Limits,
    pace: Arc<Mutex<Option<Instant>>>,
    calls: Arc<AtomicU64>,
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
            region: access.region,
            dummy_credentials,
            aliases: Arc::new(aliases),
            limits,
            pace: Arc::default(),
            calls: Arc::default(),
        }
    }

    /// Names for one execution of a case.
    #[must_use]
    pub fn alias(&self) -> Alias {
        self.aliases.next()
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
        let body = alias.outward(request.body.clone());
        for attempt in 0..THROTTLE_ATTEMPTS {
            if attempt > 0 {
                tokio::time::sleep(THROTTLE_WAIT * 2_u32.pow(attempt - 1)).await;
            }
            let outcome = self.attempt(alias, &request, body.clone()).await;
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
    ) -> Result<Answer, CallFailure> {
        self.keep_pace().await;
        self.calls.fetch_add(1, Ordering::Relaxed);
        let (tap, seen) = Tap::new(request, body);
        let ended = match request.service.as_str() {
            "glue" => glue::send(&self.glue, &request.operation, tap).await,
            _ => None,
        };
        let ended = ended.ok_or_else(|| {
            CallFailure::Harness(format!("no client for {} {}", request.service, request.operation))
        })?;
        self.join(alias, ended, seen.get())
    }

    fn join(&self, alias: &Alias, ended: Ended, raw: Option<&Raw>) -> Result<Answer, CallFailure> {
        match (ended, raw) {
            (Ended::Read(reading), Some(raw)) => {
                let body = alias.inward(raw.body.clone());
                let json = serde_json::from_slice(&body).ok();
                let reading = reading.map_text(|text| {
                    String::from_utf8_lossy(&alias.inward(bytes::Bytes::from(text))).into_owned()
                });
                Ok(Answer { status: raw.status, headers: raw.headers.clone(), body, json, reading })
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
