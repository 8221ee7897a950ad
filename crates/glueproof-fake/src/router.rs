//! The router: finds the service and the operation of a request, runs it, and writes the response. Must not know
//! what any operation means. [`FakeCloud::handle`] is the entry point; [`SERVICES`] lists the services.

use std::sync::MutexGuard;

use bytes::Bytes;
use serde_json::{Map, Value};

use super::caller::Caller;
use super::cloud::Cloud;
use super::engine::{FakeCloud, Inner};
use super::error::ServiceError;
use super::fault::{CallFaults, HandlerCall};
use super::service::{InputSource, Operation, Service};
use super::state_file::StateFileError;
use super::wire::json11::{self, Dialect, OperationTarget, Refusal};
use super::wire::query::{self, Query};
use super::wire::{Protocol, Said};
use super::{glue, iam, kms, logs, s3, secrets_manager, tagging, validate, wire};
use glueproof_spec::ServiceModel;

/// The services that speak AWS JSON 1.1. S3, IAM and STS speak protocols of their own.
pub(super) const SERVICES: [&dyn Service; 5] =
    [&glue::Glue, &kms::Kms, &logs::Logs, &tagging::Tagging, &secrets_manager::SecretsManager];

/// The id of a response, and the output or the refusal in it.
type Answered = (String, Result<Vec<u8>, Refusal>);

/// Returns the service with that prefix in `X-Amz-Target`.
fn service(prefix: &str) -> Option<&'static dyn Service> {
    SERVICES.into_iter().find(|service| service.dialect().prefix == prefix)
}

/// Returns the dialect to answer in: that of Glue if no service has the prefix.
fn dialect(prefix: &str) -> &'static Dialect {
    service(prefix).map_or(&glue::DIALECT, Service::dialect)
}

impl FakeCloud {
    /// Returns the response to one request, whatever its bytes are.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use glueproof_fake::FakeCloud;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let request = http::Request::post("/")
    ///     .header("content-type", "application/x-amz-json-1.1")
    ///     .header("x-amz-target", "AWSGlue.GetSecurityConfiguration")
    ///     .body(Bytes::from(r#"{"Name":"missing"}"#))?;
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
            Protocol::Json11(target) => self.json11(target, &request),
        }
    }

    /// Returns the refusal of a body larger than [`BODY_LIMIT`](super::BODY_LIMIT) or
    /// [`OBJECT_LIMIT`](super::OBJECT_LIMIT). The body need not have been read.
    #[cfg(feature = "server")]
    pub(super) fn refuse_body(&self, head: http::request::Parts) -> http::Response<Bytes> {
        let request = http::Request::from_parts(head, Bytes::new());
        let request_id = self.lock().begin();
        let dialect = match wire::protocol(&request) {
            Protocol::Rest => return s3::respond(self, Err(s3::too_large()), &request_id, &request),
            Protocol::Json11(target) => dialect(target.prefix),
            Protocol::Query => &glue::DIALECT,
        };
        json11::response(self.model(), dialect, &request_id, Err(Refusal::TooLarge))
    }

    /// Returns the refusal of a request of a web page, or for a host of another name, in the protocol of the service.
    #[cfg(feature = "server")]
    pub(super) fn refuse_access(&self, request: &http::Request<Bytes>, text: &str) -> http::Response<Bytes> {
        let error = |code| ServiceError::with(code, text.to_owned());
        let request_id = self.lock().begin();
        let mut response = match wire::protocol(request) {
            Protocol::Rest => s3::respond(self, Err(error("AccessDenied")), &request_id, request),
            Protocol::Query => {
                query::response(iam::default_names(), "", &request_id, Err(error("AccessDenied")))
            }
            Protocol::Json11(target) => {
                let refusal = Err(error("AccessDeniedException").into());
                json11::response(self.model(), dialect(target.prefix), &request_id, refusal)
            }
        };
        *response.status_mut() = http::StatusCode::FORBIDDEN;
        response
    }

    /// Returns the refusal of a request whose head alone shows that the caller may not call. Faults are left to
    /// [`handle`](Self::handle).
    #[cfg(feature = "server")]
    pub(super) fn refuse_unread<B>(&self, request: &http::Request<B>) -> Option<http::Response<Bytes>> {
        if !self.reads_heads_first() {
            return None;
        }
        let mut inner = self.lock();
        let checked = |service| iam::check_head(&inner.cloud, service, request);
        match wire::protocol(request) {
            Protocol::Rest if !matches!(&*wire::said(request).service, "" | "s3") => None,
            Protocol::Rest => {
                let error = checked(Some("s3")).err()?.in_rest();
                let request_id = inner.begin();
                drop(inner);
                let head = http::Request::builder().method(request.method()).uri(request.uri());
                Some(s3::respond(self, Err(error), &request_id, &head.body(Bytes::new()).ok()?))
            }
            Protocol::Query => {
                // The action, and with it the service, stand in the body.
                let error = checked(None).err()?.in_query();
                Some(query::response(iam::default_names(), "", &inner.begin(), Err(error)))
            }
            Protocol::Json11(target) => {
                let found =
                    json11::check_request(request).and_then(|()| find_operation(self.model(), target));
                let refusal = match found {
                    Ok((service, _)) => checked(Some(service.dialect().service)).err()?.in_json().into(),
                    Err(refusal) => refusal,
                };
                Some(json11::response(self.model(), dialect(target.prefix), &inner.begin(), Err(refusal)))
            }
        }
    }

    /// Returns true if the answer can take longer than the reading of a small request.
    #[cfg(feature = "server")]
    pub(super) fn can_take_long(request: &http::Request<Bytes>) -> bool {
        match wire::protocol(request) {
            Protocol::Json11(target) => kms::can_generate_rsa_key(target.operation, request.body()),
            Protocol::Rest | Protocol::Query => false,
        }
    }

    fn json11(&self, target: OperationTarget<'_>, request: &http::Request<Bytes>) -> http::Response<Bytes> {
        let faults = self.faults(target.operation);
        let (request_id, outcome) = self.run_json11(target, request, &faults);
        self.respond(dialect(target.prefix), target.operation, request, &request_id, outcome, &faults)
    }

    /// Finds the operation and reads the members of the body, then runs the handler under one lock.
    fn run_json11(
        &self,
        target: OperationTarget<'_>,
        request: &http::Request<Bytes>,
        faults: &CallFaults,
    ) -> Answered {
        let found = json11::check_request(request).and_then(|()| find_operation(self.model(), target));
        let call = found.map(|(service, operation)| {
            (service, operation, read_members(self.model(), operation, request.body(), faults))
        });
        let said = wire::said(request);
        let prepared = match &call {
            Ok((service, operation, Ok(members))) => service.prepare(operation, members),
            _ => None,
        };
        let mut inner = self.lock_for(faults);
        let request_id = inner.begin();
        inner.cloud.prepared = prepared;
        let outcome = call.and_then(|(service, operation, members)| {
            let caller = inner.caller(service.dialect(), request, &said, faults)?;
            let call = HandlerCall { operation: operation.name, caller: &caller, body: request.body() };
            inner.run_handler(call, faults, members, &|cloud, members| {
                service.run(operation, cloud, &caller, members)
            })
        });
        (request_id, self.persist(inner, outcome))
    }

    /// Answers a request in the protocol of S3.
    fn objects(&self, request: &http::Request<Bytes>) -> http::Response<Bytes> {
        let said = wire::said(request);
        let mut inner = self.lock();
        let request_id = inner.begin();
        if !matches!(&*said.service, "" | "s3") {
            return not_implemented(&said.service, request, &request_id);
        }
        inner.set_failpoints(&CallFaults::default());
        let caller = iam::authenticate(&inner.cloud, "s3", request, &said).map_err(|no| no.in_rest());
        drop(inner);
        s3::respond(self, caller, &request_id, request)
    }

    /// Runs a handler of S3, which has a router of its own, and persists its change.
    pub(super) fn with<T>(
        &self,
        call: impl FnOnce(&mut Cloud) -> Result<T, ServiceError>,
    ) -> Result<T, ServiceError> {
        let mut inner = self.lock();
        let outcome = call(&mut inner.cloud);
        self.persist(inner, outcome)
    }

    /// Releases the lock, and waits until everything that the call has changed or seen is on the disk.
    fn persist<T, E: From<ServiceError>>(
        &self,
        mut inner: MutexGuard<'_, Inner>,
        outcome: Result<T, E>,
    ) -> Result<T, E> {
        let internal = |error: StateFileError| E::from(ServiceError::internal(error.to_string()));
        let staged = match &outcome {
            Ok(_) => self.stage(&mut inner).map_err(internal)?,
            Err(_) => self.pending_change(),
        };
        drop(inner);
        self.flush(staged).map_err(internal)?;
        outcome
    }

    /// Answers a request in the query protocol, which IAM and STS speak.
    fn query(&self, request: &http::Request<Bytes>) -> http::Response<Bytes> {
        let read = query::read(request);
        let mut inner = self.lock();
        let request_id = inner.begin();
        let query = match read {
            Ok(query) => query,
            Err(error) => return query::response(iam::default_names(), "", &request_id, Err(error)),
        };
        let action = query.action.clone();
        let Some((names, service, operation)) = iam::find(&action) else {
            let said = wire::said(request).service;
            let service = if said.is_empty() { iam::default_names().name } else { &said };
            let text = format!("glueproof does not implement {service}:{action}");
            let error = ServiceError::with("InvalidAction", text);
            return query::response(iam::default_names(), &action, &request_id, Err(error));
        };
        let outcome = inner.run_query(service, operation, request, query);
        let outcome = self.persist(inner, outcome);
        query::response(names, &action, &request_id, outcome)
    }
}

/// Returns the refusal of a request for a service of another protocol, as REST services of AWS write errors.
fn not_implemented(service: &str, request: &http::Request<Bytes>, request_id: &str) -> http::Response<Bytes> {
    let text =
        format!("glueproof does not implement {service}: {} {}", request.method(), request.uri().path());
    let body = Bytes::from(serde_json::json!({ "message": text, "Message": text }).to_string());
    let mut response = http::Response::new(body);
    *response.status_mut() = http::StatusCode::NOT_IMPLEMENTED;
    let headers = response.headers_mut();
    headers.insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
    headers.insert("x-amzn-errortype", http::HeaderValue::from_static("NotImplemented"));
    headers.extend(
        http::HeaderValue::from_str(request_id)
            .ok()
            .map(|id| (http::HeaderName::from_static("x-amzn-requestid"), id)),
    );
    response
}

/// Returns the operation that a request names. An operation of the specs exists only in editions that have it.
fn find_operation(
    model: &ServiceModel,
    target: OperationTarget<'_>,
) -> Result<(&'static dyn Service, &'static Operation), Refusal> {
    let unknown = || match target {
        OperationTarget { prefix: "", .. } | OperationTarget { operation: "", .. } => {
            Refusal::UnknownOperation
        }
        _ => Refusal::NotImplemented(target.to_string()),
    };
    let service = service(target.prefix).ok_or_else(unknown)?;
    let operation = service.operations().get(target.operation).ok_or_else(unknown)?;
    let in_edition = operation.input == InputSource::Handler || model.operations.contains_key(operation.name);
    if in_edition { Ok((service, operation)) } else { Err(unknown()) }
}

/// Returns the members of the body, validated if the specs define the input of the operation.
fn read_members(
    model: &ServiceModel,
    operation: &Operation,
    body: &[u8],
    faults: &CallFaults,
) -> Result<Map<String, Value>, Refusal> {
    let members = faults.edit_request(json11::body(body)?);
    if operation.input == InputSource::Handler {
        return Ok(members);
    }
    let Some(shape) = model.operations.get(operation.name) else { return Ok(members) };
    let shapes = faults.shapes(&model.shapes, &shape.input);
    let members = faults.without_ignored(&model.shapes, &shape.input, members);
    Ok(validate::input(&shapes, &shape.input, members)?)
}

impl Inner {
    /// Runs the work that is due, and returns the id of the next request.
    fn begin(&mut self) -> String {
        self.calls += 1;
        self.settle();
        self.cloud.random.uuid()
    }

    /// Authenticates the caller. Returns the error of a fault if one is on for the operation.
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

    fn run_query(
        &mut self,
        service: &dyn Service,
        operation: &Operation,
        request: &http::Request<Bytes>,
        query: Query,
    ) -> Result<Value, ServiceError> {
        let faults = self.faults.of_call(&query.action);
        if let Some(error) = faults.error() {
            return Err(error);
        }
        self.set_failpoints(&faults);
        let said = wire::said(request);
        let name = service.dialect().service;
        let caller = iam::authenticate(&self.cloud, name, request, &said).map_err(|no| no.in_query())?;
        let output = service.run(operation, &mut self.cloud, &caller, query.parameters);
        let output = output.map_err(|error| match &*error.code {
            "SerializationException" => {
                ServiceError::with("MalformedInput", "A parameter of the request has the wrong form")
            }
            _ => error,
        })?;
        if output.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&output).map_err(|error| ServiceError::internal(error.to_string()))
    }
}
