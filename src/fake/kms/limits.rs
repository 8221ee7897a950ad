//! The constraints that the model of KMS puts on single members, by name: a name has the same ones wherever
//! it stands. Must not know operations beyond which members they require.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::value::StrDeserializer;
use serde::de::{self, IntoDeserializer};
use serde_json::{Map, Value};

use super::create_key::Origin;
use super::data_key::DataKeySpec;
use super::grant::GrantOperation;
use super::signing::MessageType;
use super::spec::{DataKeyPairSpec, EncryptionAlgorithm, KeySpec, KeyUsage, MacAlgorithm, SigningAlgorithm};
use crate::fake::constraint;
use crate::fake::error::ServiceError;
use crate::model::Bounds;

/// Refuses what lacks a member or has one that its constraints forbid, with the words of the service (E080).
pub fn check(required: &[&str], given: &Map<String, Value>) -> Result<(), ServiceError> {
    let absent = required.iter().filter(|member| !given.contains_key(**member));
    let absent = absent.map(|member| violation("Value null", member, "Member must not be null"));
    let on_key = given.contains_key("KeyId");
    let broken = given.iter().flat_map(|(member, value)| {
        let broken = of(member, on_key).map(|limit| limit.broken(value)).unwrap_or_default();
        let shown = shown(member, value);
        broken.into_iter().map(move |constraint| violation(&shown, member, &constraint))
    });
    let violations: Vec<String> = absent.chain(broken).collect();
    if violations.is_empty() {
        return Ok(());
    }
    let noun = if violations.len() == 1 { "error" } else { "errors" };
    let text = format!("{} validation {noun} detected: {}", violations.len(), violations.join("; "));
    Err(ServiceError::with("ValidationException", text))
}

fn violation(value: &str, member: &str, constraint: &str) -> String {
    let (first, rest) = member.split_at(1);
    let path = format!("{}{rest}", first.to_ascii_lowercase());
    format!("{value} at '{path}' failed to satisfy constraint: {constraint}")
}

/// Bytes are never quoted, for they may be somebody's secret.
fn shown(member: &str, value: &Value) -> String {
    match of(member, false) {
        Some(Limit::Bytes { .. }) => "Value".to_owned(),
        _ => format!("Value {}", constraint::quoted(value)),
    }
}

/// What one member must be like.
enum Limit {
    /// Characters.
    Text {
        min: usize,
        max: usize,
        pattern: Option<Pattern>,
    },
    /// Bytes, written as base64.
    Bytes {
        min: usize,
        max: usize,
    },
    Whole {
        min: i64,
        max: i64,
    },
    /// The names to choose from, if the text is none of them.
    Choice(fn(&str) -> Option<&'static [&'static str]>),
    Items {
        max: usize,
    },
    /// The same for each text of a list.
    Choices(fn(&str) -> Option<&'static [&'static str]>),
}

/// A pattern and what it means.
struct Pattern {
    written: &'static str,
    admits: fn(char) -> bool,
}

const ALIAS: Pattern =
    Pattern { written: "^[a-zA-Z0-9:/_-]+$", admits: |c| c.is_ascii_alphanumeric() || ":/_-".contains(c) };

const PRINCIPAL: Pattern =
    Pattern { written: r"^[\w+=,.@:/-]+$", admits: |c| c.is_ascii_alphanumeric() || "_+=,.@:/-".contains(c) };

const WORD: Pattern = Pattern { written: r"^[\w]+$", admits: |c| c.is_ascii_alphanumeric() || c == '_' };

const LATIN: Pattern = Pattern {
    written: r"[\u0009\u000A\u000D\u0020-\u00FF]+",
    admits: |c| "\t\n\r".contains(c) || ('\u{20}'..='\u{ff}').contains(&c),
};

const MARKER: Pattern =
    Pattern { written: r"[\u0020-\u00FF]*", admits: |c| ('\u{20}'..='\u{ff}').contains(&c) };

fn text(min: usize, max: usize, pattern: Option<Pattern>) -> Limit {
    Limit::Text { min, max, pattern }
}

fn of(member: &str, on_key: bool) -> Option<Limit> {
    Some(match member {
        "KeyId" | "TargetKeyId" | "SourceKeyId" | "DestinationKeyId" => text(1, 2048, None),
        "AliasName" | "Name" => text(1, 256, Some(ALIAS)),
        "GranteePrincipal" | "RetiringPrincipal" => text(1, 256, Some(PRINCIPAL)),
        "GrantId" => text(1, 128, None),
        "GrantToken" => text(1, 8192, None),
        "Description" => text(0, 8192, None),
        "Policy" => text(1, 131_072, Some(LATIN)),
        "PolicyName" => text(1, 128, Some(WORD)),
        "Marker" => text(1, 1024, Some(MARKER)),
        "Plaintext" | "Message" => Limit::Bytes { min: 1, max: 4096 },
        "CiphertextBlob" | "Signature" | "Mac" => Limit::Bytes { min: 1, max: 6144 },
        "Limit" => Limit::Whole { min: 1, max: 1000 },
        "NumberOfBytes" => Limit::Whole { min: 1, max: 1024 },
        "PendingWindowInDays" => Limit::Whole { min: 1, max: 365 },
        "RotationPeriodInDays" => Limit::Whole { min: 90, max: 2560 },
        "GrantTokens" => Limit::Items { max: 10 },
        // CreateKey names what a key is made of, the operations on a key how long a data key shall be.
        "KeySpec" if on_key => Limit::Choice(unknown::<DataKeySpec>),
        "KeySpec" | "CustomerMasterKeySpec" => Limit::Choice(unknown::<KeySpec>),
        "KeyUsage" => Limit::Choice(unknown::<KeyUsage>),
        "KeyPairSpec" => Limit::Choice(unknown::<DataKeyPairSpec>),
        "EncryptionAlgorithm" | "SourceEncryptionAlgorithm" | "DestinationEncryptionAlgorithm" => {
            Limit::Choice(unknown::<EncryptionAlgorithm>)
        }
        "MessageType" => Limit::Choice(unknown::<MessageType>),
        "Origin" => Limit::Choice(unknown::<Origin>),
        "Operations" => Limit::Choices(unknown::<GrantOperation>),
        "SigningAlgorithm" => Limit::Choice(unknown::<SigningAlgorithm>),
        "MacAlgorithm" => Limit::Choice(unknown::<MacAlgorithm>),
        _ => return None,
    })
}

impl Limit {
    /// The service's words for every constraint that the value violates; another type is not their affair.
    fn broken(&self, value: &Value) -> Vec<String> {
        match (self, value) {
            (Self::Text { min, max, pattern }, Value::String(text)) => {
                let form = pattern.as_ref().and_then(|pattern| pattern.broken(text));
                outside(*min, *max, text.chars().count()).into_iter().chain(form).collect()
            }
            (Self::Bytes { min, max }, Value::String(text)) => {
                // What is no base64 is for the reader of the input to refuse.
                let length = STANDARD.decode(text).map(|bytes| bytes.len());
                length.ok().and_then(|length| outside(*min, *max, length)).into_iter().collect()
            }
            (Self::Whole { min, max }, Value::Number(number)) => {
                let bounds = Bounds { min: Some(*min), max: Some(*max) };
                number.as_i64().and_then(|n| constraint::outside(bounds, n, "value")).into_iter().collect()
            }
            (Self::Choice(unknown), Value::String(text)) => unknown(text).map(none_of).into_iter().collect(),
            (Self::Choices(unknown), Value::Array(items)) => {
                let broken = items.iter().filter_map(Value::as_str).find_map(unknown).map(none_of);
                broken.map(|none| format!("Member must satisfy constraint: [{none}]")).into_iter().collect()
            }
            (Self::Items { max }, Value::Array(items)) => outside(0, *max, items.len()).into_iter().collect(),
            _ => Vec::new(),
        }
    }
}

fn none_of(names: &[&str]) -> String {
    format!("Member must satisfy enum value set: [{}]", names.join(", "))
}

fn outside(min: usize, max: usize, length: usize) -> Option<String> {
    let whole = |size: usize| i64::try_from(size).unwrap_or(i64::MAX);
    constraint::outside(Bounds { min: Some(whole(min)), max: Some(whole(max)) }, whole(length), "length")
}

impl Pattern {
    fn broken(&self, text: &str) -> Option<String> {
        let admitted = text.chars().all(self.admits);
        (!admitted).then(|| format!("Member must satisfy regular expression pattern: {}", self.written))
    }
}

/// The names an enum has, as serde knows them, if the text is none of them.
fn unknown<T: for<'de> Deserialize<'de>>(text: &str) -> Option<&'static [&'static str]> {
    let reader: StrDeserializer<'_, NotAName> = text.into_deserializer();
    T::deserialize(reader).err().map(|error| error.0)
}

/// Serde's way of saying which names there are.
#[derive(Debug, thiserror::Error)]
#[error("none of {0:?}")]
struct NotAName(&'static [&'static str]);

impl de::Error for NotAName {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self(&[])
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self(expected)
    }
}
