//! Reads a model in Smithy's JSON AST, versions 1.0 and 2.0, whoever wrote it: unlike the loader of the specs, this
//! passes over what it does not know. Compares nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::published::{Call, Form, Limits, Member, Published, Shape};

/// The file, as far as it matters here.
#[derive(Debug, Deserialize)]
pub(super) struct Ast {
    shapes: BTreeMap<String, RawShape>,
}

#[derive(Debug, Deserialize)]
struct RawShape {
    #[serde(rename = "type")]
    kind: String,
    input: Option<Reference>,
    output: Option<Reference>,
    #[serde(default)]
    errors: Vec<Reference>,
    #[serde(default)]
    members: BTreeMap<String, RawMember>,
    member: Option<RawMember>,
    key: Option<RawMember>,
    value: Option<RawMember>,
    #[serde(default)]
    traits: Traits,
}

#[derive(Debug, Deserialize)]
struct Reference {
    target: String,
}

#[derive(Debug, Deserialize)]
struct RawMember {
    target: String,
    #[serde(default)]
    traits: Traits,
}

#[derive(Debug, Default, Deserialize)]
struct Traits {
    #[serde(rename = "smithy.api#required")]
    required: Option<Value>,
    #[serde(rename = "smithy.api#length", default)]
    length: Bounds,
    #[serde(rename = "smithy.api#range", default)]
    range: Bounds,
    #[serde(rename = "smithy.api#pattern")]
    pattern: Option<String>,
    #[serde(rename = "smithy.api#enumValue")]
    enum_value: Option<Value>,
    /// The form of Smithy 1.0.
    #[serde(rename = "smithy.api#enum")]
    values: Option<Vec<EnumEntry>>,
    #[serde(rename = "smithy.api#error")]
    error: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Bounds {
    min: Option<Value>,
    max: Option<Value>,
}

#[derive(Debug, Deserialize)]
struct EnumEntry {
    value: String,
}

impl Ast {
    pub(super) fn published(self) -> Published {
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

impl RawShape {
    fn call(self) -> Call {
        let structure = |reference: Option<Reference>| {
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
                let value = |(name, member): (String, RawMember)| match member.traits.enum_value {
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
                let of = |part: Option<RawMember>| Box::new(part.map(RawMember::member).unwrap_or_default());
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

impl RawMember {
    fn member(self) -> Member {
        Member {
            target: simple(&self.target),
            required: self.traits.required.is_some(),
            limits: self.traits.limits(),
        }
    }
}

impl Traits {
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
