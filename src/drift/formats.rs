//! Reads published models: Smithy's JSON AST and botocore's `service-2.json`, packed or not.
//! Must not open a file or compare models.
//! The entry point is [`read`].

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use serde_json::Value;

use super::published::{Call, Form, Limits, Member, Published, Shape};

/// First bytes of a gzip file.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// Larger than any model. A small file may unpack to any size.
const MAX_UNPACKED_BYTES: u64 = 256 << 20;

/// The reason why a file is not a model.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The file is packed and broken.
    #[error("it cannot be unpacked: {0}")]
    Packed(std::io::Error),
    /// The file unpacks to too many bytes.
    #[error("unpacked, it is larger than {} MiB", MAX_UNPACKED_BYTES >> 20)]
    TooLarge,
    /// The file is not JSON, or not of the form it seems to have.
    #[error("it cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    /// The file is JSON of another kind.
    #[error(
        "it is no model: a Smithy JSON AST has `smithy` and `shapes`, botocore's service-2.json has `metadata`, \
         `operations` and `shapes`"
    )]
    Unknown,
    /// The model has no operations.
    #[error("it has no operations")]
    Empty,
}

/// Reads a model.
///
/// # Errors
/// Returns an error if the file is not a model.
pub fn read(bytes: &[u8]) -> Result<Published, ModelError> {
    let mut unpacked = Vec::new();
    let json = if bytes.starts_with(&GZIP) {
        let mut decoder = MultiGzDecoder::new(bytes).take(MAX_UNPACKED_BYTES + 1);
        decoder.read_to_end(&mut unpacked).map_err(ModelError::Packed)?;
        if decoder.limit() == 0 {
            return Err(ModelError::TooLarge);
        }
        unpacked.as_slice()
    } else {
        bytes
    };
    let value: Value = serde_json::from_slice(json)?;
    let has = |name| value.get(name).is_some();
    let published = match (has("shapes"), has("smithy"), has("metadata") && has("operations")) {
        (true, true, _) => serde_json::from_value::<SmithyModel>(value)?.published(),
        (true, false, true) => serde_json::from_value::<BotocoreModel>(value)?.into(),
        _ => return Err(ModelError::Unknown),
    };
    if published.operations.is_empty() { Err(ModelError::Empty) } else { Ok(published) }
}

/// A file in Smithy's JSON AST, versions 1.0 and 2.0. Unlike the loader of the specs, the reader ignores unknown members.
#[derive(Debug, Deserialize)]
struct SmithyModel {
    shapes: BTreeMap<String, SmithyShape>,
}

#[derive(Debug, Deserialize)]
struct SmithyShape {
    #[serde(rename = "type")]
    kind: String,
    input: Option<SmithyReference>,
    output: Option<SmithyReference>,
    #[serde(default)]
    errors: Vec<SmithyReference>,
    #[serde(default)]
    members: BTreeMap<String, SmithyMember>,
    member: Option<SmithyMember>,
    key: Option<SmithyMember>,
    value: Option<SmithyMember>,
    #[serde(default)]
    traits: SmithyTraits,
}

#[derive(Debug, Deserialize)]
struct SmithyReference {
    target: String,
}

#[derive(Debug, Deserialize)]
struct SmithyMember {
    target: String,
    #[serde(default)]
    traits: SmithyTraits,
}

#[derive(Debug, Default, Deserialize)]
struct SmithyTraits {
    #[serde(rename = "smithy.api#required")]
    required: Option<Value>,
    #[serde(rename = "smithy.api#length", default)]
    length: SmithyBounds,
    #[serde(rename = "smithy.api#range", default)]
    range: SmithyBounds,
    #[serde(rename = "smithy.api#pattern")]
    pattern: Option<String>,
    #[serde(rename = "smithy.api#enumValue")]
    enum_value: Option<Value>,
    /// The form of Smithy 1.0.
    #[serde(rename = "smithy.api#enum")]
    values: Option<Vec<SmithyEnumEntry>>,
    #[serde(rename = "smithy.api#error")]
    error: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct SmithyBounds {
    min: Option<Value>,
    max: Option<Value>,
}

#[derive(Debug, Deserialize)]
struct SmithyEnumEntry {
    value: String,
}

impl SmithyModel {
    fn published(self) -> Published {
        let mut published = Published { shapes: prelude(), ..Published::default() };
        for (id, shape) in self.shapes {
            let name = simple(&id);
            if shape.kind == "operation" {
                published.operations.insert(name, shape.call());
            } else {
                published.shapes.insert(name, shape.shape());
            }
        }
        published
    }
}

impl SmithyShape {
    fn call(self) -> Call {
        let structure = |reference: Option<SmithyReference>| {
            reference.map(|to| simple(&to.target)).filter(|name| name != "Unit")
        };
        Call {
            input: structure(self.input),
            output: structure(self.output),
            errors: self.errors.iter().map(|error| simple(&error.target)).collect(),
            whole: true,
        }
    }

    fn shape(self) -> Shape {
        let mut limits = self.traits.limits();
        let form = match (self.kind.as_str(), self.member) {
            ("string", _) => Form::String,
            ("enum", _) => {
                let value = |(name, member): (String, SmithyMember)| match member.traits.enum_value {
                    Some(Value::String(value)) => value,
                    _ => name,
                };
                limits.values = Some(self.members.into_iter().map(value).collect());
                Form::String
            }
            ("boolean", _) => Form::Boolean,
            ("byte" | "short" | "integer" | "long" | "intEnum" | "bigInteger", _) => Form::Integer,
            ("float" | "double" | "bigDecimal", _) => Form::Float,
            ("timestamp", _) => Form::Timestamp,
            ("list" | "set", Some(element)) => Form::List(Box::new(element.member())),
            ("map", _) => {
                let of =
                    |part: Option<SmithyMember>| Box::new(part.map(SmithyMember::member).unwrap_or_default());
                Form::Map { key: of(self.key), value: of(self.value) }
            }
            ("structure", _) => Form::Structure {
                members: self.members.into_iter().map(|(name, member)| (name, member.member())).collect(),
                fault: self.traits.error,
            },
            (other, _) => Form::Other(other.to_owned()),
        };
        Shape { form, limits }
    }
}

impl SmithyMember {
    fn member(self) -> Member {
        Member {
            target: simple(&self.target),
            required: self.traits.required.is_some(),
            limits: self.traits.limits(),
        }
    }
}

impl SmithyTraits {
    fn limits(&self) -> Limits {
        let whole = |value: &Option<Value>| value.as_ref().and_then(Value::as_i64);
        let values = self.values.as_ref();
        Limits {
            length_min: whole(&self.length.min),
            length_max: whole(&self.length.max),
            range_min: whole(&self.range.min),
            range_max: whole(&self.range.max),
            pattern: self.pattern.clone(),
            values: values.map(|all| all.iter().map(|entry| entry.value.clone()).collect::<BTreeSet<_>>()),
        }
    }
}

fn simple(id: &str) -> String {
    id.rsplit('#').next().unwrap_or(id).to_owned()
}

/// Shapes that Smithy brings along.
fn prelude() -> BTreeMap<String, Shape> {
    let known = [
        ("String", Form::String),
        ("Boolean", Form::Boolean),
        ("PrimitiveBoolean", Form::Boolean),
        ("Integer", Form::Integer),
        ("PrimitiveInteger", Form::Integer),
        ("Long", Form::Integer),
        ("PrimitiveLong", Form::Integer),
        ("Float", Form::Float),
        ("Double", Form::Float),
        ("PrimitiveDouble", Form::Float),
        ("Timestamp", Form::Timestamp),
    ];
    let shape = |form| Shape { form, limits: Limits::default() };
    known.into_iter().map(|(name, form)| (name.to_owned(), shape(form))).collect()
}

/// A file in botocore's form, `service-2.json`.
#[derive(Debug, Deserialize)]
struct BotocoreModel {
    operations: BTreeMap<String, BotocoreOperation>,
    shapes: BTreeMap<String, BotocoreShape>,
}

#[derive(Debug, Deserialize)]
struct BotocoreOperation {
    input: Option<BotocoreReference>,
    output: Option<BotocoreReference>,
    #[serde(default)]
    errors: Vec<BotocoreReference>,
}

#[derive(Debug, Deserialize)]
struct BotocoreReference {
    shape: String,
}

#[derive(Debug, Deserialize)]
struct BotocoreShape {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    members: BTreeMap<String, BotocoreReference>,
    member: Option<BotocoreReference>,
    key: Option<BotocoreReference>,
    value: Option<BotocoreReference>,
    #[serde(default)]
    required: BTreeSet<String>,
    min: Option<Value>,
    max: Option<Value>,
    pattern: Option<String>,
    #[serde(rename = "enum")]
    values: Option<BTreeSet<String>>,
    #[serde(default)]
    exception: bool,
    #[serde(default)]
    fault: bool,
}

impl From<BotocoreModel> for Published {
    fn from(service: BotocoreModel) -> Self {
        let operations = service.operations.into_iter().map(|(name, operation)| {
            let call = Call {
                input: operation.input.map(|input| input.shape),
                output: operation.output.map(|output| output.shape),
                errors: operation.errors.into_iter().map(|error| error.shape).collect(),
                whole: true,
            };
            (name, call)
        });
        let shapes = service.shapes.into_iter().map(|(name, shape)| (name, shape.into()));
        Self { operations: operations.collect(), shapes: shapes.collect(), bare_patterns: true }
    }
}

impl From<BotocoreShape> for Shape {
    fn from(raw: BotocoreShape) -> Self {
        let (min, max) = (whole(raw.min.as_ref()), whole(raw.max.as_ref()));
        let limits = match raw.kind.as_str() {
            "integer" | "long" | "float" | "double" => {
                Limits { range_min: min, range_max: max, ..Limits::default() }
            }
            _ => Limits { length_min: min, length_max: max, ..Limits::default() },
        };
        let limits = Limits { pattern: raw.pattern, values: raw.values, ..limits };
        let form = match (raw.kind.as_str(), raw.member) {
            ("string" | "character", _) => Form::String,
            ("boolean", _) => Form::Boolean,
            ("integer" | "long", _) => Form::Integer,
            ("float" | "double", _) => Form::Float,
            ("timestamp", _) => Form::Timestamp,
            ("list", Some(element)) => {
                Form::List(Box::new(Member { target: element.shape, ..Member::default() }))
            }
            ("map", _) => {
                let of = |reference: Option<BotocoreReference>| {
                    let target = reference.map(|reference| reference.shape).unwrap_or_default();
                    Box::new(Member { target, ..Member::default() })
                };
                Form::Map { key: of(raw.key), value: of(raw.value) }
            }
            ("structure", _) => {
                let member = |(name, reference): (String, BotocoreReference)| {
                    let required = raw.required.contains(&name);
                    (name, Member { target: reference.shape, required, limits: Limits::default() })
                };
                let members = raw.members.into_iter().map(member).collect();
                let fault = if raw.fault { "server" } else { "client" };
                Form::Structure { members, fault: raw.exception.then(|| fault.to_owned()) }
            }
            (other, _) => Form::Other(other.to_owned()),
        };
        Self { form, limits }
    }
}

/// Limits of fractional numbers may have a fraction; nothing that is compared here is one.
fn whole(number: Option<&Value>) -> Option<i64> {
    number.and_then(Value::as_i64)
}
