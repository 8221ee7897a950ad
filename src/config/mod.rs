//! `glueproof.toml`: targets with names, and how each is to be called and judged.
//!
//! `file` reads the text, `target` one entry of it, `header` what is added to every call, `value` how times and rates
//! are written, there and on the command line; `error` says what is wrong and where. No file is opened here.

mod error;
mod file;
mod header;
mod target;
mod value;

pub use error::{ConfigError, ConfigProblem};
pub use file::ConfigFile;
pub use header::{Header, Headers};
pub use target::{Kind, NamedTarget, Settings};
pub use value::{account, duration, rate};
