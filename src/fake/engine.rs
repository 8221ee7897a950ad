//! The way of a call through the fake: bytes in, to the service they are for, bytes out. Must not know what
//! any operation means.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use serde_json::{Map, Value};

use super::at_rest::AtRest;
use super::builder::{BuildError, FakeCloudBuilder, Settings};
use super::caller::Caller;
use super::cloud::Cloud;
use super::error::ServiceError;
use super::fault::{Faults, Injection};
use super::snapshot::Snapshot;
use super::state_file::{StateFile, StateFileError};
use super::wire::Protocol;
use super::wire::json11::{self, Dialect, Refusal};
use super::wire::query::{self, Query};
use super::{Clock, Vpc, glue, iam, kms, logs, s3, validate, wire};
use crate::model::ServiceModel;

/// One operation, from the members of the body to those of the answer.
type Operation = fn(&mut Cloud, &Caller, Map<String, Value>) -> Result<Vec<u8>, ServiceError>;

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
    file: Option<StateFile>,
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
        let inner = Mutex::new(Inner { cloud: Cloud::new(settings), faults: Faults::default(), file: None });
        Self { shared: Arc::new(Shared { glue, clock, inner }) }
    }

    /// Answers one request. Any bytes get an answer.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "the engine's contract: a request goes in whole")]
    pub fn handle(&self, request: http::Request<Bytes>) -> http::Response<Bytes> {
        let request_id = self.begin();
        match wire::protocol(&request) {
            Protocol::Rest => self.objects(&request_id, &request),
            Protocol::Query => self.query(&request_id, &request),
            Protocol::Json11(dialect) => {
                let outcome = self.answer(dialect, &request).and_then(|output| {
                    self.promise()?;
                    Ok(output)
                });
                json11::response(&self.shared.glue, dialect, &request_id, outcome)
            }
        }
    }

    /// What the state file could not take is not promised to the caller.
    fn promise(&self) -> Result<(), ServiceError> {
        self.lock().keep().map_err(|error| ServiceError::internal(error.to_string()))
    }

    /// The answer to a request whose body is larger than [`BODY_LIMIT`](super::BODY_LIMIT) or
    /// [`OBJECT_LIMIT`](super::OBJECT_LIMIT), without the body.
    #[cfg(feature = "server")]
    pub(super) fn refuse_body(&self, head: http::request::Parts) -> http::Response<Bytes> {
        let request = http::Request::from_parts(head, Bytes::new());
        let request_id = self.lock().cloud.random.uuid();
        if matches!(wire::protocol(&request), Protocol::Rest) {
            return s3::answer(self, Err(s3::too_large()), &request_id, &request);
        }
        json11::response(&self.shared.glue, json11::dialect(&request), &request_id, Err(Refusal::TooLarge))
    }

    /// Lets happen what is due, whatever the call is for, and gives the call its id.
    fn begin(&self) -> String {
        let cloud = &mut self.lock().cloud;
        glue::settle(cloud);
        cloud.random.uuid()
    }

    /// Adds a private network, or changes the one of that id.
    ///
    /// # Errors
    /// When the cloud is kept in a file and that cannot be written.
    pub fn set_vpc(&self, vpc: Vpc) -> Result<(), StateFileError> {
        let mut inner = self.lock();
        // What was due before the change has met the network as it was.
        glue::settle(&mut inner.cloud);
        inner.cloud.state.network.set(vpc);
        inner.keep()
    }

    /// Makes the fake misbehave from the next call on.
    pub fn inject(&self, injection: Injection) {
        self.lock().faults.inject(injection);
    }

    /// Makes the fake behave again.
    pub fn clear_faults(&self) {
        self.lock().faults.clear();
    }

    /// The faults that are on, in the order of their injection.
    #[must_use]
    pub fn injections(&self) -> Vec<Injection> {
        self.lock().faults.on().to_vec()
    }

    /// Takes away everything that callers have made, in every account and region. The clock and the faults
    /// stay as they are.
    ///
    /// # Errors
    /// When the cloud is kept in a file and that cannot be written.
    pub fn reset(&self) -> Result<(), StateFileError> {
        let mut inner = self.lock();
        inner.cloud.reset();
        inner.keep()
    }

    /// All state at this moment. It holds secrets if the cloud does.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::of(&self.lock().cloud)
    }

    /// Goes back to that state, clock included; the faults stay as they are.
    ///
    /// # Errors
    /// When the cloud is kept in a file and that cannot be written.
    pub fn restore(&self, snapshot: Snapshot) -> Result<(), StateFileError> {
        let mut inner = self.lock();
        snapshot.put_into(&mut inner.cloud);
        inner.keep()
    }

    /// The bytes that lie at rest, item by item: what a thief of the disk would have.
    #[must_use]
    pub fn at_rest(&self) -> Vec<AtRest> {
        let mut inner = self.lock();
        glue::settle(&mut inner.cloud);
        inner.cloud.state.at_rest()
    }

    /// Takes over what the file holds, and keeps it up to date from then on.
    pub(super) fn keep_in(&self, path: &Path) -> Result<(), StateFileError> {
        let mut inner = self.lock();
        inner.file = Some(StateFile::open(path, &mut inner.cloud)?);
        Ok(())
    }

    /// Writes the state file, where there is one, after a change that no call has made.
    #[cfg(feature = "server")]
    pub(super) fn keep(&self) -> Result<(), StateFileError> {
        self.lock().keep()
    }

    /// The clock it lives by.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// The routing table: every service finds its operation, reads the input and lets its handler answer.
    fn answer(&self, dialect: &Dialect, request: &http::Request<Bytes>) -> Result<Vec<u8>, Refusal> {
        let name = json11::operation(dialect, request)?;
        match dialect.service {
            "kms" => self.plain(kms::operation(name), dialect, name, request),
            "logs" => self.plain(logs::operation(name), dialect, name, request),
            _ => self.glue(dialect, name, request),
        }
    }

    fn glue(
        &self,
        dialect: &Dialect,
        name: &str,
        request: &http::Request<Bytes>,
    ) -> Result<Vec<u8>, Refusal> {
        // What does not need a spec is not held against one that describes only a part of it.
        let operation = self.shared.glue.operations.get(name).filter(|_| !glue::needs_no_spec(name));
        if operation.is_none() && !glue::needs_no_spec(name) {
            return Err(Refusal::UnknownOperation);
        }
        let caller = self.caller(dialect, name, request)?;
        let given = json11::body(request.body())?;
        let input = match operation {
            Some(operation) => validate::input(&self.shared.glue, &operation.input, given)?,
            None => given,
        };
        let mut inner = self.lock();
        Ok(glue::dispatch(name, &mut inner.cloud, &caller, input)?)
    }

    /// S3, which has a protocol of its own.
    fn objects(&self, request_id: &str, request: &http::Request<Bytes>) -> http::Response<Bytes> {
        let caller = iam::authenticate(&self.lock().cloud, "s3", request).map_err(|no| no.in_rest());
        s3::answer(self, caller, request_id, request)
    }

    /// Lends the cloud to the one service whose handlers are not called from here, and keeps what it changed.
    pub(super) fn with<T>(
        &self,
        call: impl FnOnce(&mut Cloud) -> Result<T, ServiceError>,
    ) -> Result<T, ServiceError> {
        let output = call(&mut self.lock().cloud)?;
        self.promise()?;
        Ok(output)
    }

    /// A service that checks its input itself.
    fn plain(
        &self,
        operation: Option<Operation>,
        dialect: &Dialect,
        name: &str,
        request: &http::Request<Bytes>,
    ) -> Result<Vec<u8>, Refusal> {
        let operation = operation.ok_or(Refusal::UnknownOperation)?;
        let caller = self.caller(dialect, name, request)?;
        let given = json11::body(request.body())?;
        let mut inner = self.lock();
        Ok(operation(&mut inner.cloud, &caller, given)?)
    }

    /// Who calls, unless a fault is on for the operation or they are not who they say.
    fn caller(
        &self,
        dialect: &Dialect,
        operation: &str,
        request: &http::Request<Bytes>,
    ) -> Result<Caller, Refusal> {
        let mut inner = self.lock();
        if let Some(error) = inner.faults.intercept(operation) {
            return Err(error.into());
        }
        Ok(iam::authenticate(&inner.cloud, dialect.service, request).map_err(|no| no.in_json())?)
    }

    fn query(&self, request_id: &str, request: &http::Request<Bytes>) -> http::Response<Bytes> {
        let query = match query::read(request) {
            Ok(query) => query,
            Err(error) => return query::response(iam::service(""), "", request_id, Err(error)),
        };
        let (action, service) = (query.action.clone(), iam::service(&query.action));
        let outcome = self.answer_query(service.name, request, query).and_then(|output| {
            self.promise()?;
            Ok(output)
        });
        query::response(service, &action, request_id, outcome)
    }

    fn answer_query(
        &self,
        service: &str,
        request: &http::Request<Bytes>,
        query: Query,
    ) -> Result<Value, ServiceError> {
        let inner = &mut *self.lock();
        if let Some(fault) = inner.faults.intercept(&query.action) {
            return Err(fault);
        }
        let caller = iam::authenticate(&inner.cloud, service, request).map_err(|no| no.in_query())?;
        iam::dispatch(&mut inner.cloud, &caller, query)
    }

    /// Every change is made in one go, so state behind a poisoned lock is whole.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.shared.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn keep(&mut self) -> Result<(), StateFileError> {
        self.file.as_mut().map_or(Ok(()), |file| file.keep(&self.cloud))
    }
}
