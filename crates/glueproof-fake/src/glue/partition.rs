//! Partitions of tables: create, read, list, update and delete, one by one and in batches.
//! Must not know how an item is encrypted: `stored` does.
//! The operations are the entry points.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::catalog::{self, no_table};
use super::document::{Document, timestamp};
use super::encryption_settings::own_catalog;
use super::listing::{self, Asked};
use super::partition_expression::PartitionExpression;
use super::stored::Stored;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::store::Table;

/// The largest number of segments, from the model.
const MAX_SEGMENTS: usize = 10;

/// The values of a partition, in the order of the partition keys of the table.
type Values = Vec<String>;

/// The table of an operation on partitions.
#[derive(Debug, Clone)]
struct TableName {
    database: String,
    table: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateInput {
    catalog_id: Option<String>,
    database_name: String,
    table_name: String,
    partition_input: Document,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct BatchCreateInput {
    catalog_id: Option<String>,
    database_name: String,
    table_name: String,
    partition_input_list: Vec<Document>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ValuesInput {
    catalog_id: Option<String>,
    database_name: String,
    table_name: String,
    partition_values: Values,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListInput {
    catalog_id: Option<String>,
    database_name: String,
    table_name: String,
    expression: Option<String>,
    #[serde(default)]
    exclude_column_schema: bool,
    segment: Option<Segment>,
    max_results: Option<usize>,
    next_token: Option<String>,
}

/// One of several disjoint shares of the partitions, which clients read at the same time.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Segment {
    segment_number: usize,
    total_segments: usize,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PartitionValues {
    values: Values,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct BatchGetInput {
    catalog_id: Option<String>,
    database_name: String,
    table_name: String,
    partitions_to_get: Vec<PartitionValues>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct BatchDeleteInput {
    catalog_id: Option<String>,
    database_name: String,
    table_name: String,
    partitions_to_delete: Vec<PartitionValues>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateInput {
    catalog_id: Option<String>,
    database_name: String,
    table_name: String,
    partition_value_list: Values,
    partition_input: Document,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ErrorsOutput {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Value>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetOutput {
    partition: Document,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListOutput {
    partitions: Vec<Document>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct BatchGetOutput {
    partitions: Vec<Document>,
    unprocessed_keys: Vec<Value>,
}

type Nothing = Result<Map<String, Value>, ServiceError>;

/// Creates a partition.
pub fn create(cloud: &mut Cloud, caller: &Caller, input: CreateInput) -> Nothing {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let name = TableName::new(&input.database_name, &input.table_name);
    add(cloud, caller, &name, input.partition_input)?;
    Ok(Map::new())
}

/// Creates several partitions. A failure of one is an error in the output.
pub fn batch_create(
    cloud: &mut Cloud,
    caller: &Caller,
    input: BatchCreateInput,
) -> Result<ErrorsOutput, ServiceError> {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let name = TableName::new(&input.database_name, &input.table_name);
    partition_keys(cloud, caller, &name)?;
    let mut errors = Vec::new();
    for partition in input.partition_input_list {
        let values = values_of(&partition);
        if let Err(error) = add(cloud, caller, &name, partition) {
            errors.push(error_entry(&values, &error));
        }
    }
    Ok(ErrorsOutput { errors })
}

/// Returns a partition.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(cloud: &mut Cloud, caller: &Caller, input: ValuesInput) -> Result<GetOutput, ServiceError> {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let name = TableName::new(&input.database_name, &input.table_name);
    Ok(GetOutput { partition: read(cloud, caller, &name, &input.partition_values)? })
}

/// Returns several partitions. Missing ones are left out.
pub fn batch_get(
    cloud: &mut Cloud,
    caller: &Caller,
    input: BatchGetInput,
) -> Result<BatchGetOutput, ServiceError> {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let name = TableName::new(&input.database_name, &input.table_name);
    partition_keys(cloud, caller, &name)?;
    let mut partitions = Vec::new();
    for wanted in input.partitions_to_get {
        match read(cloud, caller, &name, &wanted.values) {
            Ok(partition) => partitions.push(partition),
            Err(error) if error.code == "EntityNotFoundException" => {}
            Err(error) => return Err(error),
        }
    }
    Ok(BatchGetOutput { partitions, unprocessed_keys: Vec::new() })
}

/// Lists the partitions that satisfy the expression, in the order of their values.
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let name = TableName::new(&input.database_name, &input.table_name);
    let keys = partition_keys(cloud, caller, &name)?;
    let expression = input.expression.as_deref().unwrap_or_default();
    let expression = PartitionExpression::parse(expression, &keys)?;
    let mut wanted = BTreeMap::new();
    let labels: Vec<String> = stored(cloud, caller, &name)?.keys().cloned().collect();
    let segment = input.segment.unwrap_or(Segment { segment_number: 0, total_segments: 1 });
    for label in segment.share(labels)? {
        let values: Values = serde_json::from_str(&label).unwrap_or_default();
        if expression.admits(&values) {
            wanted.insert(label, values);
        }
    }
    let listing =
        Asked { operation: "GetPartitions", token: input.next_token.as_deref(), size: input.max_results };
    let (page, next_token) = listing::page(caller, &listing, wanted.keys())?;
    let mut partitions = Vec::new();
    for values in page.iter().filter_map(|label| wanted.get(label)) {
        let mut partition = read(cloud, caller, &name, values)?;
        if let Some(Value::Object(descriptor)) = partition.0.get_mut("StorageDescriptor")
            && input.exclude_column_schema
        {
            descriptor.shift_remove("Columns");
        }
        partitions.push(partition);
    }
    Ok(ListOutput { partitions, next_token })
}

impl Segment {
    /// Returns the labels of the segment.
    fn share(&self, labels: Vec<String>) -> Result<impl Iterator<Item = String>, ServiceError> {
        let Self { segment_number: number, total_segments: total } = *self;
        if !(1..=MAX_SEGMENTS).contains(&total) || number >= total {
            let text = format!(
                "Segment {number} of {total} does not exist: there are 1 to {MAX_SEGMENTS} segments."
            );
            return Err(ServiceError::invalid_input(text));
        }
        Ok(labels.into_iter().skip(number).step_by(total))
    }
}

/// Replaces a partition. Its values can change.
pub fn update(cloud: &mut Cloud, caller: &Caller, input: UpdateInput) -> Nothing {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let name = TableName::new(&input.database_name, &input.table_name);
    let former = read(cloud, caller, &name, &input.partition_value_list)?;
    let mut partition = input.partition_input;
    if !partition.0.contains_key("Values") {
        partition.set("Values", json!(input.partition_value_list));
    }
    let values = values_of(&partition);
    if values != input.partition_value_list && stored(cloud, caller, &name)?.contains_key(&label(&values)) {
        return Err(exists(&values));
    }
    let created = former.0.get("CreationTime").cloned().unwrap_or_default();
    write(cloud, caller, &name, partition, created)?;
    if values != input.partition_value_list {
        stored(cloud, caller, &name)?.remove(&label(&input.partition_value_list));
    }
    Ok(Map::new())
}

/// Deletes a partition.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn delete(cloud: &mut Cloud, caller: &Caller, input: ValuesInput) -> Nothing {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let name = TableName::new(&input.database_name, &input.table_name);
    let removed = stored(cloud, caller, &name)?.remove(&label(&input.partition_values));
    removed.map(|_| Map::new()).ok_or_else(|| missing(&input.partition_values))
}

/// Deletes several partitions. A failure of one is an error in the output.
pub fn batch_delete(
    cloud: &mut Cloud,
    caller: &Caller,
    input: BatchDeleteInput,
) -> Result<ErrorsOutput, ServiceError> {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let name = TableName::new(&input.database_name, &input.table_name);
    let partitions = stored(cloud, caller, &name)?;
    let mut errors = Vec::new();
    for unwanted in input.partitions_to_delete {
        if partitions.remove(&label(&unwanted.values)).is_none() {
            errors.push(error_entry(&unwanted.values, &missing(&unwanted.values)));
        }
    }
    Ok(ErrorsOutput { errors })
}

impl TableName {
    fn new(database: &str, table: &str) -> Self {
        Self { database: database.to_lowercase(), table: table.to_lowercase() }
    }
}

/// Returns the names of the partition keys of a table, which must exist.
fn partition_keys(cloud: &mut Cloud, caller: &Caller, name: &TableName) -> Result<Vec<String>, ServiceError> {
    let table = catalog::open_table(cloud, caller, &name.database, &name.table)?;
    let keys = table.0.get("PartitionKeys").and_then(Value::as_array).cloned().unwrap_or_default();
    Ok(keys.iter().filter_map(|key| key["Name"].as_str().map(str::to_lowercase)).collect())
}

fn add(
    cloud: &mut Cloud,
    caller: &Caller,
    name: &TableName,
    partition: Document,
) -> Result<(), ServiceError> {
    let keys = partition_keys(cloud, caller, name)?;
    let values = values_of(&partition);
    if values.len() != keys.len() {
        let text = "The number of partition keys do not match the number of partition values";
        return Err(ServiceError::invalid_input(text));
    }
    if stored(cloud, caller, name)?.contains_key(&label(&values)) {
        return Err(exists(&values));
    }
    let now = timestamp(cloud);
    write(cloud, caller, name, partition, now)
}

/// Stores a partition under the encryption settings of the catalog.
fn write(
    cloud: &mut Cloud,
    caller: &Caller,
    name: &TableName,
    mut partition: Document,
    created: Value,
) -> Result<(), ServiceError> {
    let label = label(&values_of(&partition));
    partition.set("DatabaseName", name.database.as_str());
    partition.set("TableName", name.table.as_str());
    partition.set("CatalogId", caller.account.as_str());
    partition.set("CreationTime", created);
    let item = Stored::write(cloud, caller, &item_name(name, &label), &partition)?;
    stored(cloud, caller, name)?.insert(label, item);
    Ok(())
}

fn read(
    cloud: &mut Cloud,
    caller: &Caller,
    name: &TableName,
    values: &[String],
) -> Result<Document, ServiceError> {
    let label = label(values);
    let item = stored(cloud, caller, name)?.get(&label).cloned().ok_or_else(|| missing(values))?;
    item.read(cloud, caller, &item_name(name, &label))
}

/// Returns the partitions of a table, which must exist.
fn stored<'c>(
    cloud: &'c mut Cloud,
    caller: &Caller,
    name: &TableName,
) -> Result<&'c mut Table<String, Stored>, ServiceError> {
    let database = catalog::database(cloud, caller, &name.database)?;
    if !database.tables.contains_key(&name.table) {
        return Err(no_table(&name.table));
    }
    Ok(database.partitions.entry(name.table.clone()).or_default())
}

fn values_of(partition: &Document) -> Values {
    let values = partition.0.get("Values").and_then(Value::as_array);
    values.into_iter().flatten().filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

/// Returns the values as one text that sorts like the values.
fn label(values: &[String]) -> String {
    json!(values).to_string()
}

fn item_name(name: &TableName, label: &str) -> String {
    format!("partition/{}/{}/{label}", name.database, name.table)
}

fn missing(values: &[String]) -> ServiceError {
    let text = format!("Cannot find partition with values [{}].", values.join(", "));
    ServiceError::with("EntityNotFoundException", text)
}

fn exists(values: &[String]) -> ServiceError {
    ServiceError::with("AlreadyExistsException", format!("Partition [{}] already exists.", values.join(", ")))
}

fn error_entry(values: &[String], error: &ServiceError) -> Value {
    json!({ "PartitionValues": values, "ErrorDetail": {
        "ErrorCode": error.code, "ErrorMessage": error.message.clone().unwrap_or_default(),
    } })
}
