//! `glueproof.toml`: named targets, and the settings of calls and checks.
//!
//! Opens no file and calls no target. The entry point is [`ConfigFile::parse`]. `file` parses the file, `target` one of its
//! targets, `value` durations, rates and accounts, also those on the command line.

mod file;
mod target;
mod value;

pub use file::ConfigFile;
pub use target::{ConfiguredHeader, ConfiguredKind, NamedTarget, TargetSettings};
pub use value::{ConfigError, ConfigProblem, account, duration, rate};
