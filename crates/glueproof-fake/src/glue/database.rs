//! Databases of the Data Catalog: made, read, listed and removed. Must not know how items lie at rest.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::catalog::Database;
use super::document::Document;
use super::encryption_settings::own_catalog;
use super::listing::{self, Asked};
use super::stored::Stored;
use super::{table, tag};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateInput {
    catalog_id: Option<String>,
    database_input: Document,
    #[serde(default)]
    tags: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct NameInput {
    catalog_id: Option<String>,
    name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListInput {
    catalog_id: Option<String>,
    max_results: Option<usize>,
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetOutput {
    database: Document,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListOutput {
    database_list: Vec<Document>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// A new one, unless the name is taken. Names are kept in lower case.
pub fn create(
    cloud: &mut Cloud,
    caller: &Caller,
    input: CreateInput,
) -> Result<Map<String, Value>, ServiceError> {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let mut database = input.database_input;
    let name = database.text("Name").unwrap_or_default().to_lowercase();
    if cloud.region(caller).glue.catalog.databases.contains_key(&name) {
        return Err(ServiceError::bare("AlreadyExistsException"));
    }
    database.set("Name", name.as_str());
    database.set("CatalogId", caller.account.as_str());
    let now = table::moment(cloud);
    database.set("CreateTime", now);
    let stored = Stored::write(cloud, caller, &label(&name), &database)?;
    tag::set(cloud, caller, &format!("database/{name}"), input.tags);
    let entry = Database { stored, tables: BTreeMap::new() };
    cloud.region(caller).glue.catalog.databases.insert(name, entry);
    Ok(Map::new())
}

/// The one of that name.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Result<GetOutput, ServiceError> {
    own_catalog(caller, input.catalog_id.as_deref())?;
    Ok(GetOutput { database: open(cloud, caller, &input.name.to_lowercase())? })
}

/// A page in the order of names.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let asked =
        Asked { operation: "GetDatabases", token: input.next_token.as_deref(), size: input.max_results };
    let (page, next_token) =
        listing::page(caller, &asked, cloud.region(caller).glue.catalog.databases.keys())?;
    let database_list = page.iter().map(|name| open(cloud, caller, name)).collect::<Result<_, _>>()?;
    Ok(ListOutput { database_list, next_token })
}

/// Gone with all its tables.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn delete(
    cloud: &mut Cloud,
    caller: &Caller,
    input: NameInput,
) -> Result<Map<String, Value>, ServiceError> {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let name = input.name.to_lowercase();
    cloud.region(caller).glue.catalog.databases.remove(&name).ok_or_else(not_found)?;
    tag::forget(cloud, caller, &format!("database/{name}"));
    Ok(Map::new())
}

fn open(cloud: &mut Cloud, caller: &Caller, name: &str) -> Result<Document, ServiceError> {
    let databases = &cloud.region(caller).glue.catalog.databases;
    let stored = databases.get(name).map(|database| database.stored.clone()).ok_or_else(not_found)?;
    stored.read(cloud, caller, &label(name))
}

fn label(name: &str) -> String {
    format!("database/{name}")
}

fn not_found() -> ServiceError {
    ServiceError::bare("EntityNotFoundException")
}
