//! Reads botocore's form of a model, `service-2.json`. Compares nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::published::{Call, Form, Limits, Member, Published, Shape};

/// The file, as far as it matters here.
#[derive(Debug, Deserialize)]
pub(super) struct Service {
    operations: BTreeMap<String, Operation>,
    shapes: BTreeMap<String, RawShape>,
}

#[derive(Debug, Deserialize)]
struct Operation {
    input: Option<Reference>,
    output: Option<Reference>,
    #[serde(default)]
    errors: Vec<Reference>,
}

#[derive(Debug, Deserialize)]
struct Reference {
    shape: String,
}

#[derive(Debug, Deserialize)]
struct RawShape {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    members: BTreeMap<String, Reference>,
    member: Option<Reference>,
    key: Option<Reference>,
    value: Option<Reference>,
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

impl From<Service> for Published {
    fn from(service: Service) -> Self {
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

impl From<RawShape> for Shape {
    fn from(raw: RawShape) -> Self {
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
                let of = |reference: Option<Reference>| {
                    let target = reference.map(|reference| reference.shape).unwrap_or_default();
                    Box::new(Member { target, ..Member::default() })
                };
                Form::Map { key: of(raw.key), value: of(raw.value) }
            }
            ("structure", _) => {
                let member = |(name, reference): (String, Reference)| {
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
