//! Security configurations: created, read, listed and deleted by name, and never changed (E046).
//! Must not read an encryption configuration.
//! [`create`], [`get`], [`list`] and [`delete`] are the entry points.

use std::collections::btree_map::Entry;
use std::ops::Bound;
use std::sync::Arc;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::page_token;
use crate::store::Table;
use crate::wire::json_text;

/// The default size of a page. No recording shows the real number.
const DEFAULT_PAGE: usize = 100;

/// The operation whose tokens [`list`] returns.
pub const LIST_CONFIGURATIONS: &str = "GetSecurityConfigurations";

/// The configurations by name, shared with responses because they never change. Lists have that order, which E034 does
/// not contradict.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecurityConfigurations {
    /// The configurations by name.
    pub by_name: Table<String, SharedConfiguration>,
}

impl SecurityConfigurations {
    /// Returns all configurations by name.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &SharedConfiguration)> {
        self.by_name.iter()
    }

    /// Returns the encryption configuration of a name.
    pub fn encryption(&self, name: &str) -> Option<&Value> {
        self.by_name.get(name).map(|shared| &shared.0.configuration.encryption_configuration)
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SecurityConfiguration {
    created_time_stamp: Timestamp,
    encryption_configuration: Value,
    name: String,
}

/// A configuration that the state and responses share.
#[derive(Debug, Clone)]
pub struct SharedConfiguration(Arc<Item>);

#[derive(Debug)]
struct Item {
    configuration: SecurityConfiguration,
    /// The text in responses, which never changes.
    text: Box<RawValue>,
}

impl SharedConfiguration {
    fn new(configuration: SecurityConfiguration) -> serde_json::Result<Self> {
        let text = json_text::raw(&configuration)?;
        Ok(Self(Arc::new(Item { configuration, text })))
    }

    fn serialize_text<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.text.serialize(serializer)
    }
}

impl Serialize for SharedConfiguration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.configuration.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SharedConfiguration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        SecurityConfiguration::deserialize(deserializer)
            .and_then(|item| Self::new(item).map_err(D::Error::custom))
    }
}

/// A configuration in a response.
#[derive(Debug, Serialize)]
#[serde(transparent)]
struct ConfigurationView(
    #[serde(serialize_with = "SharedConfiguration::serialize_text")] SharedConfiguration,
);

impl ConfigurationView {
    fn name(&self) -> &str {
        &self.0.0.configuration.name
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateInput {
    encryption_configuration: Value,
    name: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateOutput {
    created_timestamp: Timestamp,
    name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct NameInput {
    name: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetOutput {
    security_configuration: ConfigurationView,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListInput {
    max_results: Option<usize>,
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListOutput {
    next_token: String,
    security_configurations: Vec<ConfigurationView>,
}

/// Creates a configuration, unless the name is taken (E049) or the quota is reached (E047, E048). Keys are not verified
/// (E042, E045).
pub fn create(cloud: &mut Cloud, caller: &Caller, input: CreateInput) -> Result<CreateOutput, ServiceError> {
    let (now, quota) = (cloud.now(), cloud.settings.security_configuration_quota);
    let configurations = &mut cloud.region(caller).glue.security_configurations;
    let existing = configurations.by_name.len();
    let free = match configurations.by_name.entry(input.name) {
        Entry::Vacant(free) => free,
        Entry::Occupied(taken) => {
            let text = format!("A security configuration named {} already exists.", taken.key());
            return Err(ServiceError::with("AlreadyExistsException", text));
        }
    };
    if existing >= quota {
        let text = format!("The account has {existing} security configurations, and {quota} are allowed.");
        return Err(ServiceError::with("ResourceNumberLimitExceededException", text));
    }
    let name = free.key().clone();
    let configuration = SecurityConfiguration {
        created_time_stamp: now,
        encryption_configuration: input.encryption_configuration,
        name: name.clone(),
    };
    free.insert(SharedConfiguration::new(configuration).map_err(|e| ServiceError::internal(e.to_string()))?);
    Ok(CreateOutput { created_timestamp: now, name })
}

/// Returns a configuration as it was created (E037, E038, E050).
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Result<GetOutput, ServiceError> {
    let all = &cloud.region(caller).glue.security_configurations.by_name;
    let found = all.get(&input.name).ok_or_else(|| not_found(&input.name))?;
    Ok(GetOutput { security_configuration: ConfigurationView(found.clone()) })
}

/// Deletes a configuration and returns `{}` (E051). A second delete does not find it (E052).
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn delete(
    cloud: &mut Cloud,
    caller: &Caller,
    input: NameInput,
) -> Result<Map<String, Value>, ServiceError> {
    let all = &mut cloud.region(caller).glue.security_configurations.by_name;
    all.remove(&input.name).ok_or_else(|| not_found(&input.name))?;
    Ok(Map::new())
}

/// The code is recorded (E050). No recording shows the text, so that no rule compares it.
fn not_found(name: &str) -> ServiceError {
    ServiceError::with("EntityNotFoundException", format!("Security configuration {name} not found."))
}

/// Lists configurations in the order of names. The last page has an empty token (E032), and so has an empty list (E033).
/// A page continues after the last name of the page before, even if that was deleted. So no change between pages loses or
/// repeats another item.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    let behind = match input.next_token.as_deref() {
        // The empty token of the last page leads to the first page.
        None | Some("") => Bound::Unbounded,
        Some(token) => match page_token::open(LIST_CONFIGURATIONS, caller, token) {
            Some(last) => Bound::Excluded(last),
            None => return Err(ServiceError::invalid_input("The continuation token is invalid")),
        },
    };
    let size = input.max_results.unwrap_or(DEFAULT_PAGE);
    let mut rest = cloud
        .region(caller)
        .glue
        .security_configurations
        .by_name
        .range::<String, _>((behind, Bound::Unbounded));
    let page: Vec<_> = rest.by_ref().take(size).map(|(_, item)| ConfigurationView(item.clone())).collect();
    let next_token = match (page.last(), rest.next()) {
        (Some(last), Some(_)) => page_token::seal(LIST_CONFIGURATIONS, caller, last.name()),
        _ => String::new(),
    };
    Ok(ListOutput { next_token, security_configurations: page })
}
