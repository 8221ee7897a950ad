//! All state of the fake, one struct an account and region, and the way of a call through the fake.
//! Must not know what any operation means, nor how bytes are read and written.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use serde_json::Value;

use super::builder::{BuildError, FakeCloudBuilder, Settings};
use super::clock::Timestamp;
use super::error::ServiceError;
use super::fault::{Faults, Injection};
use super::glue::{EncryptionSettings, ResourcePolicy, SecurityConfigurations, dispatch};
use super::random::Random;
use super::wire::{self, Caller};
use super::{Clock, validate};
use crate::model::ServiceModel;

/// The fake cloud. Clones are handles to the same cloud.
#[derive(Debug, Clone)]
pub struct FakeCloud {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    model: Arc<ServiceModel>,
    settings: Settings,
    cloud: Mutex<Cloud>,
}

/// Everything that changes.
#[derive(Debug)]
struct Cloud {
    accounts: HashMap<Caller, AccountState>,
    faults: Faults,
    random: Random,
}

/// What one account has in one region.
#[derive(Debug, Default)]
pub struct AccountState {
    /// The resource policy of its Data Catalog, if one is set.
    pub policy: Option<ResourcePolicy>,
    /// The encryption settings of its Data Catalog.
    pub encryption: EncryptionSettings,
    /// Its security configurations.
    pub security_configurations: SecurityConfigurations,
}

/// Who calls, when, and within which limits.
#[derive(Debug)]
pub struct Context<'a> {
    /// Account and region of the call.
    pub caller: Caller,
    /// The moment of the call.
    pub now: Timestamp,
    /// How many security configurations the account may have.
    pub security_configuration_quota: usize,
    /// ARNs of the users and roles that exist.
    pub principals: &'a [String],
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

    pub(super) fn assemble(model: Arc<ServiceModel>, settings: Settings) -> Self {
        let random = Random::new(settings.seed);
        let cloud = Mutex::new(Cloud { accounts: HashMap::new(), faults: Faults::default(), random });
        Self { shared: Arc::new(Shared { model, settings, cloud }) }
    }

    /// Answers one request. Any bytes get an answer.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "the engine's contract: a request goes in whole")]
    pub fn handle(&self, request: http::Request<Bytes>) -> http::Response<Bytes> {
        let request_id = self.lock().random.uuid();
        wire::json11::response(&self.shared.model, &request_id, self.answer(&request))
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
        &self.shared.settings.clock
    }

    fn answer(&self, request: &http::Request<Bytes>) -> Result<Value, wire::Refusal> {
        let model = &self.shared.model;
        let operation = wire::json11::operation(model, request)?;
        if let Some(error) = self.lock().faults.intercept(&operation.name) {
            return Err(error.into());
        }
        let given = wire::json11::body(request.body())?;
        let input = validate::input(model, &operation.input, given)?;
        Ok(self.call(&operation.name, wire::caller(request, &self.shared.settings), input)?)
    }

    fn call(&self, operation: &str, caller: Caller, input: validate::Input) -> Result<Value, ServiceError> {
        let mut cloud = self.lock();
        let settings = &self.shared.settings;
        let context = Context {
            caller,
            now: settings.clock.now(),
            security_configuration_quota: settings.security_configuration_quota,
            principals: &settings.principals,
        };
        let state = cloud.accounts.entry(context.caller.clone()).or_default();
        dispatch(operation, state, &context, input)
    }

    /// Every change is made in one go, so state behind a poisoned lock is whole.
    fn lock(&self) -> MutexGuard<'_, Cloud> {
        self.shared.cloud.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
