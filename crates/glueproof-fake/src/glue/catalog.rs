//! The Data Catalog: databases and tables, and the items at rest.
//! Must not know how an item is encrypted: `stored` does.
//! The operations are the entry points.

use regex::{Regex, RegexBuilder};
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
use crate::store::{List, Table};
use crate::tags::Tags;

/// The catalog of one account in one region.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Catalog {
    /// The connections by name.
    pub connections: Table<String, Stored>,
    /// The databases by name.
    pub databases: Table<String, Database>,
}

/// A database and its tables.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Database {
    /// The database.
    pub stored: Stored,
    /// The tables by name.
    pub tables: Table<String, Stored>,
    /// The former versions of tables by name, oldest first.
    #[serde(default)]
    pub versions: Table<String, List<Stored>>,
    /// The partitions of tables by name, then by values.
    #[serde(default)]
    pub partitions: Table<String, Table<String, Stored>>,
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
            let partitions = held.partitions.iter().flat_map(move |(table, partitions)| {
                partitions.iter().map(move |(values, item)| {
                    (format!("partition/{database}/{table}/{values}"), item.bytes().to_vec())
                })
            });
            std::iter::once((format!("database/{database}"), held.stored.bytes().to_vec()))
                .chain(tables)
                .chain(partitions)
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
        return Err(ServiceError::with("AlreadyExistsException", format!("Database {name} already exists.")));
    }
    database.set("Name", name.as_str());
    database.set("CatalogId", caller.account.as_str());
    let now = timestamp(cloud);
    database.set("CreateTime", now);
    let stored = Stored::write(cloud, caller, &database_label(&name), &database)?;
    tag::set(cloud, caller, &format!("database/{name}"), input.tags)?;
    let entry = Database { stored, tables: Table::new(), versions: Table::new(), partitions: Table::new() };
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

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateDatabaseInput {
    catalog_id: Option<String>,
    name: String,
    database_input: Document,
}

/// Replaces a database. Its name and its tables stay.
pub fn update_database(
    cloud: &mut Cloud,
    caller: &Caller,
    input: UpdateDatabaseInput,
) -> Result<Map<String, Value>, ServiceError> {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let name = input.name.to_lowercase();
    let former = open_database(cloud, caller, &name)?;
    let mut database = input.database_input;
    database.set("Name", name.as_str());
    database.set("CatalogId", caller.account.as_str());
    database.set("CreateTime", former.0.get("CreateTime").cloned().unwrap_or_default());
    let stored = Stored::write(cloud, caller, &database_label(&name), &database)?;
    self::database(cloud, caller, &name)?.stored = stored;
    Ok(Map::new())
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
    cloud.region(caller).glue.catalog.databases.remove(&name).ok_or_else(|| no_database(&name))?;
    tag::forget(cloud, caller, &format!("database/{name}"));
    Ok(Map::new())
}

fn open_database(cloud: &mut Cloud, caller: &Caller, name: &str) -> Result<Document, ServiceError> {
    let databases = &cloud.region(caller).glue.catalog.databases;
    let stored =
        databases.get(name).map(|database| database.stored.clone()).ok_or_else(|| no_database(name))?;
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
    /// If true, an update stores no former version.
    #[serde(default)]
    skip_archive: bool,
    /// The version that an update replaces. Another current version is a conflict.
    version_id: Option<String>,
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
    expression: Option<String>,
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
        return Err(ServiceError::with("AlreadyExistsException", format!("Table {name} already exists.")));
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
    if input.version_id.is_some_and(|wanted| former.text("VersionId") != Some(&wanted)) {
        let text = format!("Table {name} has been modified concurrently.");
        return Err(ServiceError::with("ConcurrentModificationException", text));
    }
    let version = former.text("VersionId").and_then(|version| version.parse().ok()).unwrap_or(0_u64);
    let stored = tables(cloud, caller, &database)?.get(&name).cloned();
    put_table(cloud, caller, &database, input.table_input, created, version + 1)?;
    if !input.skip_archive {
        self::database(cloud, caller, &database)?.versions.entry(name).or_default().extend(stored);
    }
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
    let pattern = input.expression.as_deref().map(name_pattern).transpose()?;
    let names = tables(cloud, caller, &database)?.keys();
    let wanted = names.filter(|name| pattern.as_ref().is_none_or(|pattern| pattern.is_match(name)));
    let (page, next_token) = listing::page(caller, &asked, wanted)?;
    let table_list =
        page.iter().map(|name| open_table(cloud, caller, &database, name)).collect::<Result<_, _>>()?;
    Ok(ListTablesOutput { table_list, next_token })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListVersionsInput {
    catalog_id: Option<String>,
    database_name: String,
    table_name: String,
    max_results: Option<usize>,
    next_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct VersionInput {
    catalog_id: Option<String>,
    database_name: String,
    table_name: String,
    version_id: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct VersionOutput {
    table_version: TableVersion,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListVersionsOutput {
    table_versions: Vec<TableVersion>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct TableVersion {
    table: Document,
    version_id: String,
}

/// Lists the versions of a table, the newest first.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list_versions(
    cloud: &mut Cloud,
    caller: &Caller,
    input: ListVersionsInput,
) -> Result<ListVersionsOutput, ServiceError> {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let (database, name) = (input.database_name.to_lowercase(), input.table_name.to_lowercase());
    let items = stored_versions(cloud, caller, &database, &name)?;
    // The position is padded, so that cursors sort as the versions do.
    let cursors: Vec<String> = (0..items.len()).map(|index| format!("{index:08}")).collect();
    let asked =
        Asked { operation: "GetTableVersions", token: input.next_token.as_deref(), size: input.max_results };
    let (page, next_token) = listing::page(caller, &asked, cursors.iter())?;
    let mut table_versions = Vec::new();
    for item in page.iter().filter_map(|cursor| items.get(cursor.parse::<usize>().ok()?)) {
        let table: Document = item.read(cloud, caller, &table_label(&database, &name))?;
        let version_id = table.text("VersionId").unwrap_or_default().to_owned();
        table_versions.push(TableVersion { table, version_id });
    }
    Ok(ListVersionsOutput { table_versions, next_token })
}

/// Returns a version of a table: the current one if no version is named.
pub fn get_version(
    cloud: &mut Cloud,
    caller: &Caller,
    input: VersionInput,
) -> Result<VersionOutput, ServiceError> {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let (database, name) = (input.database_name.to_lowercase(), input.table_name.to_lowercase());
    for item in stored_versions(cloud, caller, &database, &name)? {
        let table: Document = item.read(cloud, caller, &table_label(&database, &name))?;
        let version_id = table.text("VersionId").unwrap_or_default().to_owned();
        if input.version_id.as_ref().is_none_or(|wanted| *wanted == version_id) {
            return Ok(VersionOutput { table_version: TableVersion { table, version_id } });
        }
    }
    let text = format!("Version {} of table {name} not found.", input.version_id.unwrap_or_default());
    Err(ServiceError::with("EntityNotFoundException", text))
}

/// Returns the stored versions of a table, the newest first.
fn stored_versions(
    cloud: &mut Cloud,
    caller: &Caller,
    database: &str,
    name: &str,
) -> Result<Vec<Stored>, ServiceError> {
    let held = self::database(cloud, caller, database)?;
    let current = held.tables.get(name).cloned().ok_or_else(|| no_table(name))?;
    let former = held.versions.get(name).into_iter().flatten().rev().cloned();
    Ok(std::iter::once(current).chain(former).collect())
}

/// Returns the pattern of `Expression`: a regular expression that matches whole names, in which `*` behind a letter or at
/// the beginning stands for any text, as clients use it.
fn name_pattern(expression: &str) -> Result<Regex, ServiceError> {
    let mut pattern = String::new();
    let mut former = None;
    for c in expression.chars() {
        if c == '*' && former.is_none_or(|former: char| former.is_alphanumeric() || "_-* ".contains(former)) {
            pattern.push('.');
        }
        pattern.push(c);
        former = Some(c);
    }
    let invalid = |_| ServiceError::invalid_input(format!("Expression {expression} is no valid pattern."));
    RegexBuilder::new(&format!("^(?:{pattern})$")).case_insensitive(true).build().map_err(invalid)
}

/// Deletes a table.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn delete_table(cloud: &mut Cloud, caller: &Caller, input: TableNameInput) -> Nothing {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let (database, name) = (input.database_name.to_lowercase(), input.name.to_lowercase());
    remove_table(cloud, caller, &database, &name).map(|()| Map::new())
}

/// Returns a table.
pub fn open_table(
    cloud: &mut Cloud,
    caller: &Caller,
    database: &str,
    name: &str,
) -> Result<Document, ServiceError> {
    let stored = tables(cloud, caller, database)?.get(name).cloned().ok_or_else(|| no_table(name))?;
    stored.read(cloud, caller, &table_label(database, name))
}

/// Deletes a table with its versions and partitions.
pub fn remove_table(
    cloud: &mut Cloud,
    caller: &Caller,
    database: &str,
    name: &str,
) -> Result<(), ServiceError> {
    let held = self::database(cloud, caller, database)?;
    held.tables.remove(name).ok_or_else(|| no_table(name))?;
    held.versions.remove(name);
    held.partitions.remove(name);
    Ok(())
}

/// Returns a database with its tables.
pub fn database<'c>(
    cloud: &'c mut Cloud,
    caller: &Caller,
    name: &str,
) -> Result<&'c mut Database, ServiceError> {
    cloud.region(caller).glue.catalog.databases.get_mut(name).ok_or_else(|| no_database(name))
}

fn tables<'c>(
    cloud: &'c mut Cloud,
    caller: &Caller,
    database: &str,
) -> Result<&'c mut Table<String, Stored>, ServiceError> {
    self::database(cloud, caller, database).map(|held| &mut held.tables)
}

fn table_label(database: &str, name: &str) -> String {
    format!("table/{database}/{name}")
}

fn no_database(name: &str) -> ServiceError {
    ServiceError::with("EntityNotFoundException", format!("Database {name} not found."))
}

/// Returns the error for a missing table.
pub fn no_table(name: &str) -> ServiceError {
    ServiceError::with("EntityNotFoundException", format!("Table {name} not found."))
}
