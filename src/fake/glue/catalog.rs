//! What the Data Catalog holds at rest. Data only.

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
