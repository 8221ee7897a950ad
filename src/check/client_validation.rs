//! Validation of inputs by a client before it sends them, as botocore and the AWS CLI do: types, required members and
//! minimums, but neither maximums nor patterns nor enumerations.
//! The entry point is [`client_would_send`].

use serde_json::Value;

use crate::model::{Kind, Member, ServiceModel, Traits};

/// Returns true if such a client would send the input.
#[must_use]
pub fn client_would_send(model: &ServiceModel, operation: &str, input: &Value) -> bool {
    model.operations.get(operation).is_some_and(|operation| {
        let shape = model.shape(&operation.input);
        fits(model, &shape.name, &shape.traits, input)
    })
}

fn fits(model: &ServiceModel, shape: &str, traits: &Traits, value: &Value) -> bool {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let least = traits.length.and_then(|l| l.min).unwrap_or(0);
    match (&model.shape(shape).kind, value) {
        (Kind::String | Kind::Enum(_), Value::String(text)) => count(text.chars().count()) >= least,
        (Kind::Integer, Value::Number(number)) => {
            let smallest = traits.range.and_then(|r| r.min).unwrap_or(i64::MIN);
            number.as_i64().is_some_and(|n| n >= smallest)
        }
        (Kind::Blob, Value::String(_))
        | (Kind::Boolean, Value::Bool(_))
        | (Kind::Double | Kind::Timestamp, Value::Number(_) | Value::String(_)) => true,
        (Kind::List(item), Value::Array(items)) => items.iter().all(|inner| member_fits(model, item, inner)),
        (Kind::Map(entry), Value::Object(map)) => map.iter().all(|(key, inner)| {
            member_fits(model, &entry.key, &Value::from(key.as_str()))
                && member_fits(model, &entry.value, inner)
        }),
        (Kind::Structure(members), Value::Object(map)) => {
            let required = members.values().filter(|m| m.traits.required).all(|m| map.contains_key(&m.name));
            let known = |(name, inner): (&String, &Value)| {
                members.get(name).is_some_and(|m| member_fits(model, m, inner))
            };
            required && map.iter().all(known)
        }
        _ => false,
    }
}

fn member_fits(model: &ServiceModel, member: &Member, value: &Value) -> bool {
    fits(model, &member.target, &member.traits, value)
}
