//! The way of a call through the fake: bytes in, to the service they are for, bytes out. Must not know what
//! any operation means.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use serde_json::{Map, Value};

use super::at_rest::AtRest;
use super::builder::{BuildError, FakeCloudBuilder, Settings};
use super::caller::Caller;
use super::cloud::Cloud;
use super::error::ServiceError;
use super::fault::{Faults, Injection};
use super::wire::json11::{self, Dialect, Refusal};
use super::wire::{Protocol, query};
use super::{Clock, Vpc, glue, iam, kms, logs, s3, validate, wire};
use crate::model::ServiceModel;

/// One operation, from the members of the body to those of the answer.
type Operation = fn(&mut Cloud, &Caller, Map<String, Value>) -> Result<Value, ServiceError>;

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
        let request_id = self.begin();
        match wire::protocol(&request) {
            Protocol::Rest => self.objects(&request_id, &request),
            Protocol::Query => self.query(&request_id, &request),
            Protocol::Json11(dialect) => {
                json11::response(&self.shared.glue, dialect, &request_id, self.answer(dialect, &request))
            }
        }
    }

    /// Lets happen what is due, whatever the call is for, and gives the call its id.
    fn begin(&self) -> String {
        let cloud = &mut self.lock().cloud;
        glue::settle(cloud);
        cloud.random.uuid()
    }

    /// Adds a private network, or changes the one of that id.
    pub fn set_vpc(&self, vpc: Vpc) {
        let cloud = &mut self.lock().cloud;
        // What was due before the change has met the network as it was.
        glue::settle(cloud);
        cloud.network.set(vpc);
    }

    /// Makes the fake misbehave from the next call on.
    pub fn inject(&self, injection: Injection) {
        self.lock().faults.inject(injection);
    }

    /// Makes the fake behave again.
    pub fn clear_faults(&self) {
        self.lock().faults.clear();
    }

    /// The bytes that lie at rest, item by item: what a thief of the disk would have.
    #[must_use]
    pub fn at_rest(&self) -> Vec<AtRest> {
        self.lock().cloud.at_rest()
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
            "kms" => self.plain(kms::operation(name), dialect, name, request),
            "logs" => self.plain(logs::operation(name), dialect, name, request),
            _ => self.glue(dialect, name, request),
        }
    }

    fn glue(&self, dialect: &Dialect, name: &str, request: &http::Request<Bytes>) -> Result<Value, Refusal> {
        let operation = self.shared.glue.operations.get(name);
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

    /// Lends the cloud to the one service whose handlers are not called from here.
    pub(super) fn with<T>(&self, call: impl FnOnce(&mut Cloud) -> T) -> T {
        call(&mut self.lock().cloud)
    }

    /// A service that checks its input itself.
    fn plain(
        &self,
        operation: Option<Operation>,
        dialect: &Dialect,
        name: &str,
        request: &http::Request<Bytes>,
    ) -> Result<Value, Refusal> {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SECRET: &str = "sesame-seeds-are-secret";

    fn ask(cloud: &FakeCloud, target: &str, input: &Value) -> Value {
        let request = http::Request::post("http://localhost/")
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", target)
            .body(Bytes::from(input.to_string()));
        let answer = cloud.handle(request.unwrap());
        assert_eq!(answer.status(), 200, "{target}");
        serde_json::from_slice(answer.body()).unwrap()
    }

    /// The state of Glue as it would be saved, with what is base64 in it decoded as well.
    fn at_rest(cloud: &FakeCloud) -> Vec<String> {
        use base64::Engine;
        let inner = cloud.lock();
        let texts = inner.cloud.regions().map(|(.., held)| serde_json::to_string(&held.glue).unwrap());
        let texts: Vec<String> = texts.collect();
        let decoded = texts.iter().flat_map(|text| text.split('"')).filter_map(|part| {
            let bytes = base64::engine::general_purpose::STANDARD.decode(part).ok()?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        });
        let decoded: Vec<String> = decoded.collect();
        texts.into_iter().chain(decoded).collect()
    }

    #[test]
    fn what_the_catalog_encrypts_is_nowhere_in_the_state() {
        let cloud = FakeCloud::new().unwrap();
        let write = |name: &str| {
            let properties = json!({ "PASSWORD": SECRET, "HOST": SECRET });
            let connection =
                json!({ "Name": name, "ConnectionType": "JDBC", "ConnectionProperties": properties });
            ask(&cloud, "AWSGlue.CreateConnection", &json!({ "ConnectionInput": connection }));
            let database = json!({ "DatabaseInput": { "Name": name, "Description": SECRET } });
            ask(&cloud, "AWSGlue.CreateDatabase", &database);
            let table = json!({ "Name": "t", "Parameters": { "of": SECRET } });
            ask(&cloud, "AWSGlue.CreateTable", &json!({ "DatabaseName": name, "TableInput": table }));
        };
        let settings = json!({
            "EncryptionAtRest": { "CatalogEncryptionMode": "SSE-KMS" },
            "ConnectionPasswordEncryption": { "ReturnConnectionPasswordEncrypted": true },
        });
        let put = json!({ "DataCatalogEncryptionSettings": settings });
        ask(&cloud, "AWSGlue.PutDataCatalogEncryptionSettings", &put);
        write("sealed");
        let found = |cloud: &FakeCloud| at_rest(cloud).iter().filter(|text| text.contains(SECRET)).count();
        assert_eq!(found(&cloud), 0);
        // The search finds what is not encrypted.
        ask(
            &cloud,
            "AWSGlue.PutDataCatalogEncryptionSettings",
            &json!({ "DataCatalogEncryptionSettings": {} }),
        );
        write("plain");
        assert_eq!(found(&cloud), 3);
    }
}
