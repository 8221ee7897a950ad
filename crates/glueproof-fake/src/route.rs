//! The way of a call through the fake: bytes in, to the service they are for, bytes out. Must not know what
//! any operation means.

use bytes::Bytes;
use serde_json::{Map, Value};

use super::caller::Caller;
use super::cloud::Cloud;
use super::engine::{FakeCloud, Inner};
use super::error::ServiceError;
use super::fault::{CallFaults, HandlerCall};
use super::wire::json11::{self, Dialect, Named, Refusal};
use super::wire::query::{self, Query};
use super::wire::{Protocol, Said};
use super::{glue, iam, kms, logs, s3, tagging, validate, wire};
use glueproof_spec::ServiceModel;

/// One operation, from the members of the body to the text of the answer.
type Operation = fn(&mut Cloud, &Caller, Map<String, Value>) -> Result<Vec<u8>, ServiceError>;

/// What a call is answered, and the id it is answered under.
type Answered = (String, Result<Vec<u8>, Refusal>);

impl FakeCloud {
    /// Answers one request. Any bytes get an answer.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use glueproof_fake::FakeCloud;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let request = http::Request::post("/")
    ///     .header("content-type", "application/x-amz-json-1.1")
    ///     .header("x-amz-target", "AWSGlue.GetSecurityConfiguration")
    ///     .body(Bytes::from(r#"{"Name":"nobody"}"#))?;
    /// let response = FakeCloud::new()?.handle(request);
    /// assert_eq!(response.status(), 400);
    /// assert!(response.body().starts_with(br#"{"__type":"EntityNotFoundException""#));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "the engine's contract: a request goes in whole")]
    pub fn handle(&self, request: http::Request<Bytes>) -> http::Response<Bytes> {
        match wire::protocol(&request) {
            Protocol::Rest => self.objects(&request),
            Protocol::Query => self.query(&request),
            Protocol::Json11(named) => self.json11(named, &request),
        }
    }

    /// The answer to a request whose body is larger than [`BODY_LIMIT`](super::BODY_LIMIT) or
    /// [`OBJECT_LIMIT`](super::OBJECT_LIMIT), without the body.
    #[cfg(feature = "server")]
    pub(super) fn refuse_body(&self, head: http::request::Parts) -> http::Response<Bytes> {
        let request = http::Request::from_parts(head, Bytes::new());
        let request_id = self.lock().begin();
        let dialect = match wire::protocol(&request) {
            Protocol::Rest => return s3::answer(self, Err(s3::too_large()), &request_id, &request),
            Protocol::Json11(named) => named.dialect(),
            Protocol::Query => &json11::GLUE,
        };
        json11::response(self.model(), dialect, &request_id, Err(Refusal::TooLarge))
    }

    fn json11(&self, named: Named<'_>, request: &http::Request<Bytes>) -> http::Response<Bytes> {
        let faults = self.faults(named.operation);
        let (request_id, outcome) = self.answer(named, request, &faults);
        self.respond(named, request, &request_id, outcome, &faults)
    }

    /// Finds the operation and reads the input, then lets the handler answer, all it does behind one lock.
    fn answer(&self, named: Named<'_>, request: &http::Request<Bytes>, faults: &CallFaults) -> Answered {
        let dialect = named.dialect();
        let call = json11::operation(named, request).and_then(|name| {
            let handler = handler(self.model(), dialect, name)?;
            Ok((name, handler, given(self.model(), dialect, name, request.body(), faults)))
        });
        let said = wire::said(request);
        let mut inner = self.lock_for(faults);
        let request_id = inner.begin();
        let outcome = call.and_then(|(name, handler, given)| {
            let caller = inner.caller(dialect, request, &said, faults)?;
            let call = HandlerCall { operation: name, caller: &caller, body: request.body() };
            let output = inner.run_handler(call, faults, given, &|cloud, members| {
                handler.run(name, cloud, &caller, members)
            })?;
            inner.promise()?;
            Ok(output)
        });
        (request_id, outcome)
    }

    /// S3, which has a protocol of its own.
    fn objects(&self, request: &http::Request<Bytes>) -> http::Response<Bytes> {
        let said = wire::said(request);
        let mut inner = self.lock();
        let request_id = inner.begin();
        inner.set_failpoints(&CallFaults::default());
        let caller = iam::authenticate(&inner.cloud, "s3", request, &said).map_err(|no| no.in_rest());
        drop(inner);
        s3::answer(self, caller, &request_id, request)
    }

    /// Lends the cloud to the one service whose handlers are not called from here, and keeps what it changed.
    pub(super) fn with<T>(
        &self,
        call: impl FnOnce(&mut Cloud) -> Result<T, ServiceError>,
    ) -> Result<T, ServiceError> {
        let mut inner = self.lock();
        let output = call(&mut inner.cloud)?;
        inner.promise()?;
        Ok(output)
    }

    /// IAM and STS.
    fn query(&self, request: &http::Request<Bytes>) -> http::Response<Bytes> {
        let read = query::read(request);
        let mut inner = self.lock();
        let request_id = inner.begin();
        let query = match read {
            Ok(query) => query,
            Err(error) => return query::response(iam::service(""), "", &request_id, Err(error)),
        };
        let (action, service) = (query.action.clone(), iam::service(&query.action));
        let outcome = inner.answer_query(service.name, request, query);
        query::response(service, &action, &request_id, outcome)
    }
}

/// Who answers an operation.
enum Handler {
    /// By its name.
    Glue,
    /// A service that checks its input itself.
    Plain(Operation),
}

impl Handler {
    /// Lets it answer.
    fn run(
        &self,
        name: &str,
        cloud: &mut Cloud,
        caller: &Caller,
        given: Map<String, Value>,
    ) -> Result<Vec<u8>, ServiceError> {
        match self {
            Self::Glue => glue::dispatch(name, cloud, caller, given),
            Self::Plain(operation) => operation(cloud, caller, given),
        }
    }
}

/// The routing table.
fn handler(model: &ServiceModel, dialect: &Dialect, name: &str) -> Result<Handler, Refusal> {
    let plain = match dialect.service {
        "kms" => kms::operation(name),
        "logs" => logs::operation(name),
        "tagging" => tagging::operation(name),
        _ if model.operations.contains_key(name) || glue::needs_no_spec(name) => return Ok(Handler::Glue),
        _ => None,
    };
    plain.map(Handler::Plain).ok_or(Refusal::UnknownOperation)
}

/// The members of the body, held against the specs where there are any.
fn given(
    model: &ServiceModel,
    dialect: &Dialect,
    name: &str,
    body: &[u8],
    faults: &CallFaults,
) -> Result<Map<String, Value>, Refusal> {
    let given = faults.edit_request(json11::body(body)?);
    // What does not need a spec is not held against one that describes only a part of it.
    let described = dialect.service == json11::GLUE.service && !glue::needs_no_spec(name);
    match model.operations.get(name).filter(|_| described) {
        Some(operation) => {
            let shapes = faults.shapes(&model.shapes, &operation.input);
            let given = faults.without_ignored(&model.shapes, &operation.input, given);
            Ok(validate::input(&shapes, &operation.input, given)?)
        }
        None => Ok(given),
    }
}

impl Inner {
    /// Lets happen what is due, whatever the call is for, and gives the call its id.
    fn begin(&mut self) -> String {
        self.calls += 1;
        self.settle();
        self.cloud.random.uuid()
    }

    /// Who calls, unless a fault is on for the operation or they are not who they say.
    fn caller(
        &mut self,
        dialect: &Dialect,
        request: &http::Request<Bytes>,
        said: &Said,
        faults: &CallFaults,
    ) -> Result<Caller, Refusal> {
        if let Some(error) = faults.error() {
            return Err(error.into());
        }
        self.set_failpoints(faults);
        Ok(iam::authenticate(&self.cloud, dialect.service, request, said).map_err(|no| no.in_json())?)
    }

    fn answer_query(
        &mut self,
        service: &str,
        request: &http::Request<Bytes>,
        query: Query,
    ) -> Result<Value, ServiceError> {
        let faults = self.faults.of_call(&query.action);
        if let Some(error) = faults.error() {
            return Err(error);
        }
        self.set_failpoints(&faults);
        let said = wire::said(request);
        let caller = iam::authenticate(&self.cloud, service, request, &said).map_err(|no| no.in_query())?;
        let output = iam::dispatch(&mut self.cloud, &caller, query)?;
        self.promise()?;
        Ok(output)
    }

    /// What the state file could not take is not promised to the caller.
    fn promise(&mut self) -> Result<(), ServiceError> {
        self.keep().map_err(|error| ServiceError::internal(error.to_string()))
    }
}
