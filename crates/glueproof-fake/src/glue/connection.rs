//! Connections: made, read, listed, replaced and removed. Passwords in them go under the key of the settings
//! before the connection itself is stored. Must not know how items lie at rest.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::encryption_settings::own_catalog;
use super::listing::{self, Asked};
use super::stored::Stored;
use super::{connection_password as password, tag};
use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// A connection as it is made. `Debug` shows no properties.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ConnectionInput {
    #[serde(skip_serializing_if = "Option::is_none")]
    athena_properties: Option<Properties>,
    pub connection_properties: Properties,
    connection_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    match_criteria: Option<Vec<String>>,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    physical_connection_requirements: Option<Physical>,
    #[serde(skip_serializing_if = "Option::is_none")]
    python_properties: Option<Properties>,
    #[serde(skip_serializing_if = "Option::is_none")]
    spark_properties: Option<Properties>,
}

type Properties = BTreeMap<String, String>;

/// Where in a private network it starts.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Physical {
    #[serde(skip_serializing_if = "Option::is_none")]
    availability_zone: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub security_group_id_list: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subnet_id: Option<String>,
}

/// A connection as it is kept and read.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Connection {
    #[serde(flatten)]
    what: ConnectionInput,
    creation_time: Timestamp,
    last_updated_by: String,
    last_updated_time: Timestamp,
}

impl fmt::Debug for ConnectionInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ConnectionInput({:?})", self.name)
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateInput {
    catalog_id: Option<String>,
    connection_input: ConnectionInput,
    #[serde(default)]
    tags: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateInput {
    catalog_id: Option<String>,
    connection_input: ConnectionInput,
    name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetInput {
    catalog_id: Option<String>,
    #[serde(default)]
    hide_password: bool,
    name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListInput {
    catalog_id: Option<String>,
    #[serde(default)]
    filter: Filter,
    #[serde(default)]
    hide_password: bool,
    max_results: Option<usize>,
    next_token: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Filter {
    connection_schema_version: Option<u8>,
    connection_type: Option<String>,
    #[serde(default)]
    match_criteria: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DeleteInput {
    catalog_id: Option<String>,
    connection_name: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetOutput {
    connection: Connection,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListOutput {
    connection_list: Vec<Connection>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

type Nothing = Result<Map<String, Value>, ServiceError>;

/// A new one, unless the name is taken.
pub fn create(cloud: &mut Cloud, caller: &Caller, input: CreateInput) -> Nothing {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let name = input.connection_input.name.clone();
    if cloud.region(caller).glue.catalog.connections.contains_key(&name) {
        return Err(ServiceError::bare("AlreadyExistsException"));
    }
    let now = cloud.now();
    put(cloud, caller, input.connection_input, now)?;
    tag::set(cloud, caller, &format!("connection/{name}"), input.tags);
    Ok(Map::new())
}

/// Another in its place. Its name may change, unless the new one is taken.
pub fn update(cloud: &mut Cloud, caller: &Caller, input: UpdateInput) -> Nothing {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let new_name = input.connection_input.name.clone();
    let connections = &cloud.region(caller).glue.catalog.connections;
    if new_name != input.name && connections.contains_key(&new_name) {
        return Err(ServiceError::bare("AlreadyExistsException"));
    }
    let created = open(cloud, caller, &input.name)?.creation_time;
    put(cloud, caller, input.connection_input, created)?;
    if new_name != input.name {
        cloud.region(caller).glue.catalog.connections.remove(&input.name);
    }
    Ok(Map::new())
}

fn put(
    cloud: &mut Cloud,
    caller: &Caller,
    mut what: ConnectionInput,
    created: Timestamp,
) -> Result<(), ServiceError> {
    password::hide(cloud, caller, &mut what.connection_properties)?;
    let name = what.name.clone();
    let now = cloud.now();
    let connection = Connection {
        what,
        creation_time: created,
        last_updated_by: caller.principal.clone(),
        last_updated_time: now,
    };
    let stored = Stored::write(cloud, caller, &label(&name), &connection)?;
    cloud.region(caller).glue.catalog.connections.insert(name, stored);
    Ok(())
}

/// The one of that name (E083 to E087).
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(cloud: &mut Cloud, caller: &Caller, input: GetInput) -> Result<GetOutput, ServiceError> {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let mut connection = open(cloud, caller, &input.name)?;
    password::show(cloud, caller, &mut connection.what.connection_properties, input.hide_password)?;
    Ok(GetOutput { connection })
}

/// A page of those that are wanted, in the order of names.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let asked =
        Asked { operation: "GetConnections", token: input.next_token.as_deref(), size: input.max_results };
    let names: Vec<String> = cloud.region(caller).glue.catalog.connections.keys().cloned().collect();
    let mut wanted = BTreeMap::new();
    for name in names {
        let connection = open(cloud, caller, &name)?;
        if input.filter.admits(&connection.what) {
            wanted.insert(name, connection);
        }
    }
    let (page, next_token) = listing::page(caller, &asked, wanted.keys())?;
    let mut connection_list: Vec<Connection> = page.iter().filter_map(|name| wanted.remove(name)).collect();
    for connection in &mut connection_list {
        password::show(cloud, caller, &mut connection.what.connection_properties, input.hide_password)?;
    }
    Ok(ListOutput { connection_list, next_token })
}

impl Filter {
    fn admits(&self, connection: &ConnectionInput) -> bool {
        let of_type =
            self.connection_type.as_ref().is_none_or(|wanted| *wanted == connection.connection_type);
        // Those that are made here are of the first; nobody has shown what makes one of the second.
        let of_version = self.connection_schema_version.is_none_or(|wanted| wanted == 1);
        let criteria = connection.match_criteria.as_deref().unwrap_or_default();
        of_type && of_version && self.match_criteria.iter().all(|wanted| criteria.contains(wanted))
    }
}

/// Gone; what is not there cannot be removed.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn delete(cloud: &mut Cloud, caller: &Caller, input: DeleteInput) -> Nothing {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let name = &input.connection_name;
    cloud.region(caller).glue.catalog.connections.remove(name).ok_or_else(not_found)?;
    tag::forget(cloud, caller, &format!("connection/{name}"));
    Ok(Map::new())
}

/// Where the connection of that name starts, for who connects through it and so must be able to open its
/// password (E094).
pub fn enter(cloud: &mut Cloud, caller: &Caller, name: &str) -> Result<Physical, ServiceError> {
    let mut what = open(cloud, caller, name)?.what;
    password::open(cloud, caller, &mut what.connection_properties)?;
    Ok(what.physical_connection_requirements.unwrap_or_default())
}

fn open(cloud: &mut Cloud, caller: &Caller, name: &str) -> Result<Connection, ServiceError> {
    let stored = cloud.region(caller).glue.catalog.connections.get(name).cloned().ok_or_else(not_found)?;
    stored.read(cloud, caller, &label(name))
}

fn label(name: &str) -> String {
    format!("connection/{name}")
}

/// The type is certain; nobody has recorded the text.
fn not_found() -> ServiceError {
    ServiceError::bare("EntityNotFoundException")
}
