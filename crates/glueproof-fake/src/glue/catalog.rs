//! The Data Catalog: databases and tables, and the items at rest.
//! Must not know how an item is encrypted: `stored` does.
//! The operations are the entry points.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::document::{Document, timestamp};
use super::encryption_settings::own_catalog;
use super::listing::{self, Asked};
use super::stored::Stored;
use super::tag;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::tags::Tags;

/// The catalog of one account in one region.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Catalog {
    /// The connections by name.
    pub connections: BTreeMap<String, Stored>,
    /// The databases by name.
    pub databases: BTreeMap<String, Database>,
}

/// A database and its tables.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Database {
    /// The database.
    pub stored: Stored,
    /// The tables by name.
    pub tables: BTreeMap<String, Stored>,
}

impl Catalog {
    /// Returns the stored bytes of connections, databases and tables, by kind and name.
    pub fn at_rest(&self) -> impl Iterator<Item = (String, Vec<u8>)> {
        let connections = self.connections.iter();
        let connections =
            connections.map(|(name, item)| (format!("connection/{name}"), item.bytes().to_vec()));
        let databases = self.databases.iter().flat_map(|(database, held)| {
            let tables = held.tables.iter();
            let tables =
                tables.map(move |(name, item)| (format!("table/{database}/{name}"), item.bytes().to_vec()));
            std::iter::once((format!("database/{database}"), held.stored.bytes().to_vec())).chain(tables)
        });
        connections.chain(databases)
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateDatabaseInput {
    catalog_id: Option<String>,
    database_input: Document,
    #[serde(default)]
    tags: Tags,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DatabaseNameInput {
    catalog_id: Option<String>,
    name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListDatabasesInput {
    catalog_id: Option<String>,
    max_results: Option<usize>,
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetDatabaseOutput {
    database: Document,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListDatabasesOutput {
    database_list: Vec<Document>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// Creates a database, unless the name is taken. Names are stored in lower case.
pub fn create_database(
    cloud: &mut Cloud,
    caller: &Caller,
    input: CreateDatabaseInput,
) -> Result<Map<String, Value>, ServiceError> {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let mut database = input.database_input;
    let name = database.text("Name").unwrap_or_default().to_lowercase();
    if cloud.region(caller).glue.catalog.databases.contains_key(&name) {
        return Err(ServiceError::bare("AlreadyExistsException"));
    }
    database.set("Name", name.as_str());
    database.set("CatalogId", caller.account.as_str());
    let now = timestamp(cloud);
    database.set("CreateTime", now);
    let stored = Stored::write(cloud, caller, &database_label(&name), &database)?;
    tag::set(cloud, caller, &format!("database/{name}"), input.tags)?;
    let entry = Database { stored, tables: BTreeMap::new() };
    cloud.region(caller).glue.catalog.databases.insert(name, entry);
    Ok(Map::new())
}

/// Returns a database.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get_database(
    cloud: &mut Cloud,
    caller: &Caller,
    input: DatabaseNameInput,
) -> Result<GetDatabaseOutput, ServiceError> {
    own_catalog(caller, input.catalog_id.as_deref())?;
    Ok(GetDatabaseOutput { database: open_database(cloud, caller, &input.name.to_lowercase())? })
}

/// Lists databases in the order of names.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list_databases(
    cloud: &mut Cloud,
    caller: &Caller,
    input: ListDatabasesInput,
) -> Result<ListDatabasesOutput, ServiceError> {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let asked =
        Asked { operation: "GetDatabases", token: input.next_token.as_deref(), size: input.max_results };
    let (page, next_token) =
        listing::page(caller, &asked, cloud.region(caller).glue.catalog.databases.keys())?;
    let database_list =
        page.iter().map(|name| open_database(cloud, caller, name)).collect::<Result<_, _>>()?;
    Ok(ListDatabasesOutput { database_list, next_token })
}

/// Deletes a database with its tables.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn delete_database(
    cloud: &mut Cloud,
    caller: &Caller,
    input: DatabaseNameInput,
) -> Result<Map<String, Value>, ServiceError> {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let name = input.name.to_lowercase();
    cloud.region(caller).glue.catalog.databases.remove(&name).ok_or_else(not_found)?;
    tag::forget(cloud, caller, &format!("database/{name}"));
    Ok(Map::new())
}

fn open_database(cloud: &mut Cloud, caller: &Caller, name: &str) -> Result<Document, ServiceError> {
    let databases = &cloud.region(caller).glue.catalog.databases;
    let stored = databases.get(name).map(|database| database.stored.clone()).ok_or_else(not_found)?;
    stored.read(cloud, caller, &database_label(name))
}

fn database_label(name: &str) -> String {
    format!("database/{name}")
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct WriteTableInput {
    catalog_id: Option<String>,
    database_name: String,
    table_input: Document,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TableNameInput {
    catalog_id: Option<String>,
    database_name: String,
    name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListTablesInput {
    catalog_id: Option<String>,
    database_name: String,
    max_results: Option<usize>,
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetTableOutput {
    table: Document,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListTablesOutput {
    table_list: Vec<Document>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

type Nothing = Result<Map<String, Value>, ServiceError>;

/// Creates a table, unless the name is taken. Names are stored in lower case.
pub fn create_table(cloud: &mut Cloud, caller: &Caller, input: WriteTableInput) -> Nothing {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let database = input.database_name.to_lowercase();
    let name = input.table_input.text("Name").unwrap_or_default().to_lowercase();
    if tables(cloud, caller, &database)?.contains_key(&name) {
        return Err(ServiceError::bare("AlreadyExistsException"));
    }
    let (now, version) = (timestamp(cloud), 0);
    put_table(cloud, caller, &database, input.table_input, now, version)?;
    Ok(Map::new())
}

/// Replaces a table, and increases its version.
pub fn update_table(cloud: &mut Cloud, caller: &Caller, input: WriteTableInput) -> Nothing {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let database = input.database_name.to_lowercase();
    let name = input.table_input.text("Name").unwrap_or_default().to_lowercase();
    let former = open_table(cloud, caller, &database, &name)?;
    let created = former.0.get("CreateTime").cloned().unwrap_or_default();
    let version = former.text("VersionId").and_then(|version| version.parse().ok()).unwrap_or(0_u64);
    put_table(cloud, caller, &database, input.table_input, created, version + 1)?;
    Ok(Map::new())
}

/// Writes a table, present or not.
pub fn put_table(
    cloud: &mut Cloud,
    caller: &Caller,
    database: &str,
    mut table: Document,
    created: Value,
    version: u64,
) -> Result<(), ServiceError> {
    let name = table.text("Name").unwrap_or_default().to_lowercase();
    let now = timestamp(cloud);
    table.set("Name", name.as_str());
    table.set("DatabaseName", database);
    table.set("CatalogId", caller.account.as_str());
    table.set("CreatedBy", caller.principal.as_str());
    table.set("CreateTime", created);
    table.set("UpdateTime", now);
    table.set("VersionId", version.to_string());
    table.set("IsRegisteredWithLakeFormation", false);
    let stored = Stored::write(cloud, caller, &table_label(database, &name), &table)?;
    tables(cloud, caller, database)?.insert(name, stored);
    Ok(())
}

/// Returns a table.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get_table(
    cloud: &mut Cloud,
    caller: &Caller,
    input: TableNameInput,
) -> Result<GetTableOutput, ServiceError> {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let table = open_table(cloud, caller, &input.database_name.to_lowercase(), &input.name.to_lowercase())?;
    Ok(GetTableOutput { table })
}

/// Lists the tables of a database in the order of names.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list_tables(
    cloud: &mut Cloud,
    caller: &Caller,
    input: ListTablesInput,
) -> Result<ListTablesOutput, ServiceError> {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let database = input.database_name.to_lowercase();
    let asked = Asked { operation: "GetTables", token: input.next_token.as_deref(), size: input.max_results };
    let (page, next_token) = listing::page(caller, &asked, tables(cloud, caller, &database)?.keys())?;
    let table_list =
        page.iter().map(|name| open_table(cloud, caller, &database, name)).collect::<Result<_, _>>()?;
    Ok(ListTablesOutput { table_list, next_token })
}

/// Deletes a table.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn delete_table(cloud: &mut Cloud, caller: &Caller, input: TableNameInput) -> Nothing {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let (database, name) = (input.database_name.to_lowercase(), input.name.to_lowercase());
    tables(cloud, caller, &database)?.remove(&name).map(|_| Map::new()).ok_or_else(not_found)
}

fn open_table(
    cloud: &mut Cloud,
    caller: &Caller,
    database: &str,
    name: &str,
) -> Result<Document, ServiceError> {
    let stored = tables(cloud, caller, database)?.get(name).cloned().ok_or_else(not_found)?;
    stored.read(cloud, caller, &table_label(database, name))
}

fn tables<'c>(
    cloud: &'c mut Cloud,
    caller: &Caller,
    database: &str,
) -> Result<&'c mut BTreeMap<String, Stored>, ServiceError> {
    let databases = &mut cloud.region(caller).glue.catalog.databases;
    databases.get_mut(database).map(|database| &mut database.tables).ok_or_else(not_found)
}

fn table_label(database: &str, name: &str) -> String {
    format!("table/{database}/{name}")
}

fn not_found() -> ServiceError {
    ServiceError::bare("EntityNotFoundException")
}
