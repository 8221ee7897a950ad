//! Editions: which age of the API a target claims to speak. Nothing service-specific.

use serde::{Deserialize, Serialize};

/// The editions, oldest first; what exists in one exists in all later ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub enum Edition {
    /// The nine operations and eight structures of the original documents.
    #[serde(rename = "2018")]
    E2018,
    /// Everything published since.
    #[default]
    #[serde(rename = "current")]
    Current,
}

impl Edition {
    /// All editions, oldest first.
    pub const ALL: [Self; 2] = [Self::E2018, Self::Current];

    /// The name users type and reports carry.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::E2018 => "2018",
            Self::Current => "current",
        }
    }
}

impl std::fmt::Display for Edition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// An edition name that does not exist.
#[derive(Debug, thiserror::Error)]
#[error("there is no edition `{0}`; choose `2018` or `current`")]
pub struct UnknownEdition(pub String);

impl std::str::FromStr for Edition {
    type Err = UnknownEdition;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|edition| edition.name() == name)
            .ok_or_else(|| UnknownEdition(name.to_owned()))
    }
}
