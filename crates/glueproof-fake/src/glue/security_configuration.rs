//! Security configurations: made, read, listed and removed by name, never changed (E046). Must not look
//! inside an encryption configuration.

use std::collections::BTreeMap;
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
use crate::wire::json_text;

/// How many a page holds when the caller does not say; nobody has recorded the real number.
const DEFAULT_PAGE: usize = 100;

/// The operation whose tokens [`list`] returns.
pub const LIST_CONFIGURATIONS: &str = "GetSecurityConfigurations";

/// All of them by name, shared with answers because they never change; listings are in that order, which E034
/// does not contradict.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecurityConfigurations {
    /// The configurations by name.
    pub by_name: BTreeMap<String, Shared>,
}

impl SecurityConfigurations {
    /// All, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Shared)> {
        self.by_name.iter()
    }

    /// What the configuration of that name says of encryption.
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

/// One of them, in the state and in answers at once.
#[derive(Debug, Clone)]
pub struct Shared(Arc<Item>);

#[derive(Debug)]
struct Item {
    configuration: SecurityConfiguration,
    /// As answers have it. What never changes need not be written anew for each.
    text: Box<RawValue>,
}

impl Shared {
    fn new(configuration: SecurityConfiguration) -> serde_json::Result<Self> {
        let text = json_text::raw(&configuration)?;
        Ok(Self(Arc::new(Item { configuration, text })))
    }

    fn answered<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.text.serialize(serializer)
    }
}

impl Serialize for Shared {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.configuration.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Shared {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        SecurityConfiguration::deserialize(deserializer)
            .and_then(|item| Self::new(item).map_err(D::Error::custom))
    }
}

/// One of them in an answer.
#[derive(Debug, Serialize)]
#[serde(transparent)]
struct Answered(#[serde(serialize_with = "Shared::answered")] Shared);

impl Answered {
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
    security_configuration: Answered,
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
    security_configurations: Vec<Answered>,
}

/// A new one, unless the name is taken (E049) or the quota is used up (E047, E048). No key is looked at
/// (E042, E045).
pub fn create(cloud: &mut Cloud, caller: &Caller, input: CreateInput) -> Result<CreateOutput, ServiceError> {
    let (now, quota) = (cloud.now(), cloud.settings.security_configuration_quota);
    let configurations = &mut cloud.region(caller).glue.security_configurations;
    let existing = configurations.by_name.len();
    let Entry::Vacant(free) = configurations.by_name.entry(input.name) else {
        return Err(ServiceError::bare("AlreadyExistsException"));
    };
    if existing >= quota {
        return Err(ServiceError::bare("ResourceNumberLimitExceededException"));
    }
    let name = free.key().clone();
    let configuration = SecurityConfiguration {
        created_time_stamp: now,
        encryption_configuration: input.encryption_configuration,
        name: name.clone(),
    };
    free.insert(Shared::new(configuration).map_err(|e| ServiceError::internal(e.to_string()))?);
    Ok(CreateOutput { created_timestamp: now, name })
}

/// The one of that name, as it was made (E037, E038, E050).
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Result<GetOutput, ServiceError> {
    let all = &cloud.region(caller).glue.security_configurations.by_name;
    let found = all.get(&input.name).ok_or_else(not_found)?;
    Ok(GetOutput { security_configuration: Answered(found.clone()) })
}

/// Gone, with an answer of `{}` (E051); a second time it is not found (E052).
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn delete(
    cloud: &mut Cloud,
    caller: &Caller,
    input: NameInput,
) -> Result<Map<String, Value>, ServiceError> {
    let all = &mut cloud.region(caller).glue.security_configurations.by_name;
    all.remove(&input.name).ok_or_else(not_found)?;
    Ok(Map::new())
}

/// The type is certain, the text was never recorded (E050).
fn not_found() -> ServiceError {
    ServiceError::bare("EntityNotFoundException")
}

/// A page, in the order of names. The last one carries an empty token (E032), also when there is nothing
/// to list (E033). A page goes on behind the last name of the one before, whether that still exists or
/// not, so no change between pages loses or repeats another item.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    let behind = match input.next_token.as_deref() {
        // The empty token of a last page starts over.
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
    let page: Vec<_> = rest.by_ref().take(size).map(|(_, item)| Answered(item.clone())).collect();
    let next_token = match (page.last(), rest.next()) {
        (Some(last), Some(_)) => page_token::seal(LIST_CONFIGURATIONS, caller, last.name()),
        _ => String::new(),
    };
    Ok(ListOutput { next_token, security_configurations: page })
}
