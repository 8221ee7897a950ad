//! Headers that are added to every call to a target, below the signature, so that unsigned calls have them too and nothing
//! of them stands in a report. Values may be secrets: nothing shows them.

use std::fmt;

use http::{HeaderName, HeaderValue};
use toml::{Spanned, Table, Value};

use super::error::{ConfigError, ConfigProblem};

/// What every call has of its own, or its signature rests on.
const OWN: [&str; 9] = [
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "host",
    "te",
    "transfer-encoding",
    "upgrade",
];
/// And whatever begins so.
const OWN_PREFIX: &str = "x-amz-";

/// A header with its value, or where that comes from.
#[derive(Clone)]
pub struct Header {
    name: HeaderName,
    value: Given,
}

#[derive(Clone)]
enum Given {
    Here(HeaderValue),
    /// In a variable of the environment, whose name that is.
    Environment(String),
}

/// Headers ready to be sent.
pub type Headers = Vec<(HeaderName, HeaderValue)>;

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: …", self.name)
    }
}

impl Header {
    /// Reads a table of headers: `{ x-key = "…", x-token = { env = "TOKEN" } }`.
    pub(super) fn read_all(text: &str, table: Spanned<Value>) -> Result<Vec<Self>, ConfigError> {
        let span = table.span();
        let wrong = |name: &str, why: &str| {
            // Where one header stands in an inline table the reader does not say.
            let at = text.get(span.clone()).and_then(|part| part.find(name)).unwrap_or(0) + span.start;
            let problem = ConfigProblem::Header { name: name.to_owned(), why: why.to_owned() };
            ConfigError::at(text, &(at..at), problem)
        };
        let Value::Table(headers) = table.into_inner() else {
            let why = "write `headers = { name = \"value\" }`".to_owned();
            return Err(ConfigError::at(text, &span, ConfigProblem::Value { key: "headers", why }));
        };
        let read =
            |(name, value): (String, Value)| Self::read(&name, value).map_err(|why| wrong(&name, &why));
        headers.into_iter().map(read).collect()
    }

    fn read(name: &str, value: Value) -> Result<Self, String> {
        let legal = HeaderName::from_bytes(name.as_bytes());
        let name: HeaderName = legal.map_err(|_| "that is no name of a header".to_owned())?;
        if OWN.contains(&name.as_str()) || name.as_str().starts_with(OWN_PREFIX) {
            return Err("every call has its own".to_owned());
        }
        let value = match value {
            Value::String(text) => Given::Here(secret(&text)?),
            Value::Table(table) => Given::Environment(variable(&table)?),
            _ => return Err("its value is a text, or `{ env = \"NAME\" }`".to_owned()),
        };
        Ok(Self { name, value })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// With its value.
    ///
    /// # Errors
    /// When the environment lacks it, or it is no value; the sentence does not quote it.
    pub fn ready(&self) -> Result<(HeaderName, HeaderValue), String> {
        let value = match &self.value {
            Given::Here(value) => value.clone(),
            Given::Environment(variable) => {
                let missing = |_| format!("{variable} is not set, which the header `{}` needs", self.name);
                let text = std::env::var(variable).map_err(missing)?;
                secret(&text).map_err(|why| format!("{variable}, for the header `{}`: {why}", self.name))?
            }
        };
        Ok((self.name.clone(), value))
    }
}

fn variable(table: &Table) -> Result<String, String> {
    match (table.get("env"), table.len()) {
        (Some(Value::String(name)), 1) if !name.is_empty() => Ok(name.clone()),
        _ => Err("a value from the environment is written `{ env = \"NAME\" }`".to_owned()),
    }
}

fn secret(text: &str) -> Result<HeaderValue, String> {
    let mut value =
        HeaderValue::from_str(text).map_err(|_| "its value cannot stand in a header".to_owned())?;
    value.set_sensitive(true);
    Ok(value)
}
