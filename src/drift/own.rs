//! The specs of a service in the shape in which published models are compared.

use std::collections::BTreeMap;

use crate::model::{self, CORE, Fault, Kind, ServiceModel, Traits};

use super::published::{Call, Form, Limits, Member, Published, Shape};

/// What the specs say.
#[must_use]
pub fn own(model: &ServiceModel) -> Published {
    let operations = model.operations.values().map(|operation| {
        let call = Call {
            input: Some(operation.input.clone()),
            output: Some(operation.output.clone()),
            errors: operation.errors.iter().cloned().collect(),
            whole: operation.capability == CORE,
        };
        (operation.name.clone(), call)
    });
    let shapes = model.shapes.values().map(|shape| {
        let (form, limits) = (form(model, shape), limits(&shape.traits));
        (shape.name.clone(), Shape { form, limits: with_values(limits, &shape.kind) })
    });
    Published { operations: operations.collect(), shapes: shapes.collect(), bare_patterns: false }
}

fn form(model: &ServiceModel, shape: &model::Shape) -> Form {
    match &shape.kind {
        Kind::String | Kind::Enum(_) => Form::String,
        Kind::Boolean => Form::Boolean,
        Kind::Integer => Form::Integer,
        Kind::Double => Form::Float,
        Kind::Timestamp => Form::Timestamp,
        Kind::List(element) => Form::List(Box::new(member(element))),
        Kind::Blob => Form::Other("blob".to_owned()),
        Kind::Map(entry) => {
            Form::Map { key: Box::new(member(&entry.key)), value: Box::new(member(&entry.value)) }
        }
        Kind::Structure(members) => {
            let members: BTreeMap<String, Member> =
                members.values().map(|m| (m.name.clone(), member(m))).collect();
            let fault = model.errors.get(&shape.name).map(|error| match error.fault {
                Fault::Client => "client".to_owned(),
                Fault::Server => "server".to_owned(),
            });
            Form::Structure { members, fault }
        }
    }
}

fn member(member: &model::Member) -> Member {
    Member { target: member.target.clone(), required: member.traits.required, limits: limits(&member.traits) }
}

fn limits(traits: &Traits) -> Limits {
    let (length, range) = (traits.length.unwrap_or_default(), traits.range.unwrap_or_default());
    Limits {
        length_min: length.min,
        length_max: length.max,
        range_min: range.min,
        range_max: range.max,
        pattern: traits.pattern.as_ref().map(|pattern| pattern.written().to_owned()),
        values: None,
    }
}

fn with_values(limits: Limits, kind: &Kind) -> Limits {
    match kind {
        Kind::Enum(values) => Limits { values: Some(values.iter().cloned().collect()), ..limits },
        _ => limits,
    }
}
