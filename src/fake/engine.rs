//! The way of a call through the fake: bytes in, to the service they are for, bytes out. Must not know what
//! any operation means.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use serde_json::Value;

use super::builder::{BuildError, FakeCloudBuilder, Settings};
use super::caller::Caller;
use super::cloud::Cloud;
use super::fault::{Faults, Injection};
use super::wire::json11::{self, Dialect, Refusal, Service};
use super::wire::{Protocol, query};
use super::{Clock, glue, iam, kms, validate, wire};
use crate::model::ServiceModel;

/// The fake cloud. Clones are handles to the same cloud.
#[derive(Debug, Clone)]
pub struct FakeCloud {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    glue: Arc<ServiceModel>,
    clock: Clock,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    cloud: Cloud,
    faults: Faults,
}

impl FakeCloud {
    /// A fake with every default: account 123456789012, region us-east-1, the current edition.
    ///
    /// # Errors
    /// When the specs compiled into the binary cannot be used.
    pub fn new() -> Result<Self, BuildError> {
        Self::builder().build()
    }

    /// A fake to be set up.
    #[must_use]
    pub fn builder() -> FakeCloudBuilder {
        FakeCloudBuilder::default()
    }

    pub(super) fn assemble(glue: Arc<ServiceModel>, settings: Settings) -> Self {
        let clock = settings.clock.clone();
        let inner = Mutex::new(Inner { cloud: Cloud::new(settings), faults: Faults::default() });
        Self { shared: Arc::new(Shared { glue, clock, inner }) }
    }

    /// Answers one request. Any bytes get an answer.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "the engine's contract: a request goes in whole")]
    pub fn handle(&self, request: http::Request<Bytes>) -> http::Response<Bytes> {
        let request_id = self.lock().cloud.random.uuid();
        match wire::protocol(&request) {
            Protocol::Query => self.query(&request_id, &request),
            Protocol::Json11(dialect) => {
                json11::response(&self.shared.glue, dialect, &request_id, self.answer(dialect, &request))
            }
        }
    }

    /// Makes the fake misbehave from the next call on.
    pub fn inject(&self, injection: Injection) {
        self.lock().faults.inject(injection);
    }

    /// Makes the fake behave again.
    pub fn clear_faults(&self) {
        self.lock().faults.clear();
    }

    /// The clock it lives by.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// The routing table: every service finds its operation, reads the input and lets its handler answer.
    fn answer(&self, dialect: &Dialect, request: &http::Request<Bytes>) -> Result<Value, Refusal> {
        let name = json11::operation(dialect, request)?;
        match dialect.service {
            Service::Glue => self.glue(name, request),
            Service::Kms => self.kms(name, request),
        }
    }

    fn glue(&self, name: &str, request: &http::Request<Bytes>) -> Result<Value, Refusal> {
        let operation = self.shared.glue.operations.get(name).ok_or(Refusal::UnknownOperation)?;
        self.intercept(name)?;
        let caller = self.caller(Service::Glue, request)?;
        let given = json11::body(request.body())?;
        let input = validate::input(&self.shared.glue, &operation.input, given)?;
        let mut inner = self.lock();
        Ok(glue::dispatch(name, &mut inner.cloud, &caller, input)?)
    }

    fn kms(&self, name: &str, request: &http::Request<Bytes>) -> Result<Value, Refusal> {
        let operation = kms::operation(name).ok_or(Refusal::UnknownOperation)?;
        self.intercept(name)?;
        let caller = self.caller(Service::Kms, request)?;
        let given = json11::body(request.body())?;
        let mut inner = self.lock();
        Ok(operation(&mut inner.cloud, &caller, given)?)
    }

    /// The fault that is on for this operation, if any.
    fn intercept(&self, operation: &str) -> Result<(), Refusal> {
        self.lock().faults.intercept(operation).map_or(Ok(()), |error| Err(error.into()))
    }

    fn caller(&self, service: Service, request: &http::Request<Bytes>) -> Result<Caller, Refusal> {
        Ok(iam::authenticate(&self.lock().cloud, service.name(), request).map_err(|no| no.in_json())?)
    }

    fn query(&self, request_id: &str, request: &http::Request<Bytes>) -> http::Response<Bytes> {
        let query = match query::read(request) {
            Ok(query) => query,
            Err(error) => return query::response(iam::service(""), "", request_id, Err(error)),
        };
        let (action, service) = (query.action.clone(), iam::service(&query.action));
        let inner = &mut *self.lock();
        let outcome = match inner.faults.intercept(&action) {
            Some(fault) => Err(fault),
            None => iam::authenticate(&inner.cloud, service.name, request)
                .map_err(|no| no.in_query())
                .and_then(|caller| iam::dispatch(&mut inner.cloud, &caller, query)),
        };
        query::response(service, &action, request_id, outcome)
    }

    /// Every change is made in one go, so state behind a poisoned lock is whole.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.shared.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
