//! Who makes a call of a scenario, where that is not the caller the run was given. Names only: credentials are
//! nowhere in the model.

use serde::{Deserialize, Serialize};

/// A caller other than the run's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum By {
    /// Nobody: the call is not signed.
    Unsigned,
    /// The run's own, with a signature that another secret made.
    WrongSecret,
    /// An access key that nobody has.
    UnknownKey,
    /// The run's own, with a signature made an hour ago.
    Late,
    /// Whoever the credentials are of that the step named so was answered.
    Session(String),
}

impl By {
    const SPECIAL: [(&'static str, Self); 4] = [
        ("unsigned", Self::Unsigned),
        ("wrong-secret", Self::WrongSecret),
        ("unknown-key", Self::UnknownKey),
        ("late", Self::Late),
    ];

    /// The step whose answer holds the credentials.
    #[must_use]
    pub fn step(&self) -> Option<&str> {
        match self {
            Self::Session(step) => Some(step),
            _ => None,
        }
    }

    /// As it is written.
    #[must_use]
    pub fn name(&self) -> &str {
        let special = Self::SPECIAL.iter().find(|(_, by)| by == self);
        special.map_or_else(|| self.step().unwrap_or_default(), |(name, _)| *name)
    }
}

impl From<String> for By {
    fn from(name: String) -> Self {
        let special = Self::SPECIAL.into_iter().find(|(known, _)| *known == name);
        special.map_or(Self::Session(name), |(_, by)| by)
    }
}

impl From<By> for String {
    fn from(by: By) -> Self {
        by.name().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_are_written_as_they_are_read() {
        for (name, step) in [
            ("unsigned", None),
            ("wrong-secret", None),
            ("unknown-key", None),
            ("late", None),
            ("role", Some("role")),
        ] {
            let by: By = serde_json::from_value(name.into()).unwrap();
            assert_eq!((by.step(), by.name()), (step, name));
            assert_eq!(serde_json::to_value(&by).unwrap(), name);
        }
    }
}
