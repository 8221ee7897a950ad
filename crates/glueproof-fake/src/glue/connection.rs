//! Connections and their passwords. Passwords are encrypted under the key of the settings before the connection itself is
//! stored. Must not know how an item is encrypted at rest: `stored` does.
//! The operations are the entry points; [`enter`] is for jobs that use a connection.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::delegation::glue_error;
use super::encryption_settings::own_catalog;
use super::listing::{self, Asked};
use super::stored::Stored;
use super::tag;
use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::kms::{self, Context};
use crate::tags::Tags;

/// A connection as it was sent. `Debug` shows no properties.
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
    physical_connection_requirements: Option<PhysicalRequirements>,
    #[serde(skip_serializing_if = "Option::is_none")]
    python_properties: Option<Properties>,
    #[serde(skip_serializing_if = "Option::is_none")]
    spark_properties: Option<Properties>,
}

type Properties = BTreeMap<String, String>;

/// The place of a connection in a private network.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PhysicalRequirements {
    #[serde(skip_serializing_if = "Option::is_none")]
    availability_zone: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub security_group_id_list: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subnet_id: Option<String>,
}

/// A connection as it is stored and returned.
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
    tags: Tags,
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

/// Creates a connection, unless the name is taken.
pub fn create(cloud: &mut Cloud, caller: &Caller, input: CreateInput) -> Nothing {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let name = input.connection_input.name.clone();
    if cloud.region(caller).glue.catalog.connections.contains_key(&name) {
        return Err(ServiceError::with(
            "AlreadyExistsException",
            format!("Connection {name} already exists."),
        ));
    }
    let now = cloud.now();
    put(cloud, caller, input.connection_input, now)?;
    tag::set(cloud, caller, &format!("connection/{name}"), input.tags)?;
    Ok(Map::new())
}

/// Replaces a connection. Its name can change, unless the new name is taken.
pub fn update(cloud: &mut Cloud, caller: &Caller, input: UpdateInput) -> Nothing {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let new_name = input.connection_input.name.clone();
    let connections = &cloud.region(caller).glue.catalog.connections;
    if new_name != input.name && connections.contains_key(&new_name) {
        return Err(ServiceError::with(
            "AlreadyExistsException",
            format!("Connection {new_name} already exists."),
        ));
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
    encrypt_passwords(cloud, caller, &mut what.connection_properties)?;
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

/// Returns a connection (E083 to E087).
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(cloud: &mut Cloud, caller: &Caller, input: GetInput) -> Result<GetOutput, ServiceError> {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let mut connection = open(cloud, caller, &input.name)?;
    show_passwords(cloud, caller, &mut connection.what.connection_properties, input.hide_password)?;
    Ok(GetOutput { connection })
}

/// Lists the connections that the filter admits, in the order of names.
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
        show_passwords(cloud, caller, &mut connection.what.connection_properties, input.hide_password)?;
    }
    Ok(ListOutput { connection_list, next_token })
}

impl Filter {
    fn admits(&self, connection: &ConnectionInput) -> bool {
        let of_type =
            self.connection_type.as_ref().is_none_or(|wanted| *wanted == connection.connection_type);
        // Connections of the fake have version 1. No recording shows a connection of version 2.
        let of_version = self.connection_schema_version.is_none_or(|wanted| wanted == 1);
        let criteria = connection.match_criteria.as_deref().unwrap_or_default();
        of_type && of_version && self.match_criteria.iter().all(|wanted| criteria.contains(wanted))
    }
}

/// Deletes a connection, which must exist.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn delete(cloud: &mut Cloud, caller: &Caller, input: DeleteInput) -> Nothing {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let name = &input.connection_name;
    cloud.region(caller).glue.catalog.connections.remove(name).ok_or_else(|| not_found(name))?;
    tag::forget(cloud, caller, &format!("connection/{name}"));
    Ok(Map::new())
}

/// Returns the network of a connection to a caller who uses it. The caller must be able to decrypt the password (E094).
pub fn enter(cloud: &mut Cloud, caller: &Caller, name: &str) -> Result<PhysicalRequirements, ServiceError> {
    let mut what = open(cloud, caller, name)?.what;
    decrypt_passwords(cloud, caller, &mut what.connection_properties)?;
    Ok(what.physical_connection_requirements.unwrap_or_default())
}

fn open(cloud: &mut Cloud, caller: &Caller, name: &str) -> Result<Connection, ServiceError> {
    let stored =
        cloud.region(caller).glue.catalog.connections.get(name).cloned().ok_or_else(|| not_found(name))?;
    stored.read(cloud, caller, &label(name))
}

fn label(name: &str) -> String {
    format!("connection/{name}")
}

/// The code is certain. No recording shows the text.
fn not_found(name: &str) -> ServiceError {
    ServiceError::with("EntityNotFoundException", format!("Connection {name} not found."))
}

/// The properties with a password. Encrypted passwords have another name.
const PASSWORD_PROPERTIES: [&str; 5] = [
    "PASSWORD",
    "KAFKA_CLIENT_KEYSTORE_PASSWORD",
    "KAFKA_CLIENT_KEY_PASSWORD",
    "KAFKA_SASL_PLAIN_PASSWORD",
    "KAFKA_SASL_SCRAM_PASSWORD",
];

fn encrypted_name(name: &str) -> String {
    format!("ENCRYPTED_{name}")
}

/// Encrypts passwords as the caller, if the settings name a key. A principal with `kms:Decrypt` on the key can decrypt the
/// result with KMS alone, because there is no encryption context (E085).
fn encrypt_passwords(
    cloud: &mut Cloud,
    caller: &Caller,
    properties: &mut Properties,
) -> Result<(), ServiceError> {
    let Some(key) = cloud.region(caller).glue.encryption.password_key().map(str::to_owned) else {
        return Ok(());
    };
    for name in PASSWORD_PROPERTIES {
        let Some(password) = properties.get(name) else { continue };
        let sealed = kms::encrypt(cloud, &caller.through("glue"), &key, password.as_bytes(), &Context::new())
            .map_err(|refusal| glue_error(cloud, &refusal))?;
        properties.remove(name);
        properties.insert(encrypted_name(name), STANDARD.encode(sealed));
    }
    Ok(())
}

/// Removes passwords (E084), keeps them encrypted (E085), or decrypts them as the caller (E087). Plain passwords stay plain
/// (E083), and passwords under a former key stay under that key (E086).
fn show_passwords(
    cloud: &mut Cloud,
    caller: &Caller,
    properties: &mut Properties,
    hidden: bool,
) -> Result<(), ServiceError> {
    if hidden {
        properties.retain(|name, _| {
            !PASSWORD_PROPERTIES.iter().any(|secret| name == secret || *name == encrypted_name(secret))
        });
        return Ok(());
    }
    if cloud.region(caller).glue.encryption.keeps_passwords_encrypted() {
        return Ok(());
    }
    decrypt_passwords(cloud, caller, properties)
}

/// Decrypts passwords as the caller.
fn decrypt_passwords(
    cloud: &mut Cloud,
    caller: &Caller,
    properties: &mut Properties,
) -> Result<(), ServiceError> {
    for name in PASSWORD_PROPERTIES {
        // A caller can have put a text there that is not a ciphertext.
        let sealed = properties.get(&encrypted_name(name)).and_then(|text| STANDARD.decode(text).ok());
        let Some(sealed) = sealed else { continue };
        let opened = kms::decrypt(cloud, &caller.through("glue"), &sealed, &Context::new(), None)
            .map_err(|refusal| glue_error(cloud, &refusal))?;
        properties.remove(&encrypted_name(name));
        properties.insert(name.to_owned(), String::from_utf8_lossy(opened.expose()).into_owned());
    }
    Ok(())
}
