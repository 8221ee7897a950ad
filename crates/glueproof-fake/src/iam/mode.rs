//! How much the fake asks of callers. Must not decide anything about one.

use std::str::FromStr;

/// Who is asked who they are, and what follows from it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Nobody is asked: every call is the default account's.
    Off,
    /// The access key id tells who calls; signatures are not looked at and nothing is refused.
    #[default]
    Identify,
    /// Signatures are verified, and policies decide.
    Enforce,
}

/// A name that stands for no mode.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no mode {0:?}; off, identify and enforce there are")]
pub struct UnknownMode(String);

impl FromStr for Mode {
    type Err = UnknownMode;

    fn from_str(name: &str) -> Result<Self, UnknownMode> {
        match name {
            "off" => Ok(Self::Off),
            "identify" => Ok(Self::Identify),
            "enforce" => Ok(Self::Enforce),
            unknown => Err(UnknownMode(unknown.to_owned())),
        }
    }
}
