//! What the Data Catalog holds at rest. Must not open it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::stored::Stored;

/// The catalog of one account in one region.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Catalog {
    /// By name.
    pub connections: BTreeMap<String, Stored>,
    /// By name.
    pub databases: BTreeMap<String, Database>,
}

/// A database and its tables.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Database {
    /// The database itself.
    pub stored: Stored,
    /// By name.
    pub tables: BTreeMap<String, Stored>,
}

impl Catalog {
    /// Connections, databases and tables as they lie there, by kind and name.
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
