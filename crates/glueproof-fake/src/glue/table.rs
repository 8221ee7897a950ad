//! Tables of the Data Catalog: made, read, listed, replaced and removed. Must not know how items lie at rest.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::document::Document;
use super::encryption_settings::own_catalog;
use super::listing::{self, Asked};
use super::stored::Stored;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct WriteInput {
    catalog_id: Option<String>,
    database_name: String,
    table_input: Document,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct NameInput {
    catalog_id: Option<String>,
    database_name: String,
    name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListInput {
    catalog_id: Option<String>,
    database_name: String,
    max_results: Option<usize>,
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetOutput {
    table: Document,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListOutput {
    table_list: Vec<Document>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

type Nothing = Result<Map<String, Value>, ServiceError>;

/// A new one, unless the name is taken. Names are kept in lower case.
pub fn create(cloud: &mut Cloud, caller: &Caller, input: WriteInput) -> Nothing {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let database = input.database_name.to_lowercase();
    let name = input.table_input.text("Name").unwrap_or_default().to_lowercase();
    if tables(cloud, caller, &database)?.contains_key(&name) {
        return Err(ServiceError::bare("AlreadyExistsException"));
    }
    let (now, version) = (moment(cloud), 0);
    put(cloud, caller, &database, input.table_input, now, version)?;
    Ok(Map::new())
}

/// Another in its place, of the next version.
pub fn update(cloud: &mut Cloud, caller: &Caller, input: WriteInput) -> Nothing {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let database = input.database_name.to_lowercase();
    let name = input.table_input.text("Name").unwrap_or_default().to_lowercase();
    let former = open(cloud, caller, &database, &name)?;
    let created = former.0.get("CreateTime").cloned().unwrap_or_default();
    let version = former.text("VersionId").and_then(|version| version.parse().ok()).unwrap_or(0_u64);
    put(cloud, caller, &database, input.table_input, created, version + 1)?;
    Ok(Map::new())
}

/// Writes it, whether it is there or not.
pub fn put(
    cloud: &mut Cloud,
    caller: &Caller,
    database: &str,
    mut table: Document,
    created: Value,
    version: u64,
) -> Result<(), ServiceError> {
    let name = table.text("Name").unwrap_or_default().to_lowercase();
    let now = moment(cloud);
    table.set("Name", name.as_str());
    table.set("DatabaseName", database);
    table.set("CatalogId", caller.account.as_str());
    table.set("CreatedBy", caller.principal.as_str());
    table.set("CreateTime", created);
    table.set("UpdateTime", now);
    table.set("VersionId", version.to_string());
    table.set("IsRegisteredWithLakeFormation", false);
    let stored = Stored::write(cloud, caller, &label(database, &name), &table)?;
    tables(cloud, caller, database)?.insert(name, stored);
    Ok(())
}

/// The one of that name.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Result<GetOutput, ServiceError> {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let table = open(cloud, caller, &input.database_name.to_lowercase(), &input.name.to_lowercase())?;
    Ok(GetOutput { table })
}

/// A page of a database, in the order of names.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let database = input.database_name.to_lowercase();
    let asked = Asked { operation: "GetTables", token: input.next_token.as_deref(), size: input.max_results };
    let (page, next_token) = listing::page(caller, &asked, tables(cloud, caller, &database)?.keys())?;
    let table_list =
        page.iter().map(|name| open(cloud, caller, &database, name)).collect::<Result<_, _>>()?;
    Ok(ListOutput { table_list, next_token })
}

/// Gone.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn delete(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Nothing {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let (database, name) = (input.database_name.to_lowercase(), input.name.to_lowercase());
    tables(cloud, caller, &database)?.remove(&name).map(|_| Map::new()).ok_or_else(not_found)
}

fn open(cloud: &mut Cloud, caller: &Caller, database: &str, name: &str) -> Result<Document, ServiceError> {
    let stored = tables(cloud, caller, database)?.get(name).cloned().ok_or_else(not_found)?;
    stored.read(cloud, caller, &label(database, name))
}

fn tables<'c>(
    cloud: &'c mut Cloud,
    caller: &Caller,
    database: &str,
) -> Result<&'c mut BTreeMap<String, Stored>, ServiceError> {
    let databases = &mut cloud.region(caller).glue.catalog.databases;
    databases.get_mut(database).map(|database| &mut database.tables).ok_or_else(not_found)
}

/// The moment of the call, as tables hold it.
pub fn moment(cloud: &Cloud) -> Value {
    serde_json::to_value(cloud.now()).unwrap_or_default()
}

fn label(database: &str, name: &str) -> String {
    format!("table/{database}/{name}")
}

fn not_found() -> ServiceError {
    ServiceError::bare("EntityNotFoundException")
}
