//! Members that a caller sent, stored as they are. `Debug` shows the names alone, because values can be secrets.
//! Must not know what a member means.
//! [`Document`] is the entry point.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::cloud::Cloud;

/// The members by name.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Document(pub Map<String, Value>);

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.keys()).finish()
    }
}

impl Document {
    /// Returns a member that is a text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// Sets a member.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// Overwrites members with those of another document.
    pub fn overwrite(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

/// Returns the time of the call, as documents have it.
pub fn timestamp(cloud: &Cloud) -> Value {
    serde_json::to_value(cloud.now()).unwrap_or_default()
}
