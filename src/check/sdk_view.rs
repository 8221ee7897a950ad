//! Compares the response as the SDK deserializes it with the response on the wire.
//! The entry point is [`sdk_mismatch`].

use serde_json::Value;

use crate::client::{Response, SdkView};
use crate::model::{Kind, Operation, ServiceModel};

use super::json::equal;

/// Returns the two views where they differ: the value on the wire, and the value of the SDK.
pub(crate) fn sdk_mismatch(
    model: &ServiceModel,
    operation: &Operation,
    response: &Response,
) -> Option<(String, String)> {
    match &response.sdk_view {
        SdkView::Output(typed) => {
            let wire = response.json.as_ref()?;
            let shown = |view: &Value| model.redacted(view.clone()).to_string();
            (!agrees(model, &operation.output, wire, typed)).then(|| (shown(wire), shown(typed)))
        }
        SdkView::Error { code, modelled } => {
            error_mismatch(operation, response, code.as_deref(), modelled.as_deref())
        }
        SdkView::Unreadable(why) if response.is_success() => {
            Some(("an answer the SDK can read".to_owned(), format!("the SDK fails with: {why}")))
        }
        SdkView::Unreadable(_) | SdkView::Untyped => None,
    }
}

fn error_mismatch(
    operation: &Operation,
    response: &Response,
    code: Option<&str>,
    modelled: Option<&str>,
) -> Option<(String, String)> {
    let on_wire = response.error_code()?;
    if code != Some(on_wire) {
        return Some((
            format!("the code {on_wire}"),
            format!("the SDK reads the code {}", code.unwrap_or("none")),
        ));
    }
    let declared = operation.errors.iter().any(|e| e == on_wire);
    (declared && modelled != Some(on_wire)).then(|| {
        (
            format!("the modelled error {on_wire}"),
            format!("the SDK reads {}", modelled.unwrap_or("an unmodelled error")),
        )
    })
}

/// Every member on the wire that the model knows must be in the typed view, with the same value. The SDK
/// fills in defaults and empty lists of its own, so the reverse does not hold.
fn agrees(model: &ServiceModel, structure: &str, wire: &Value, typed: &Value) -> bool {
    let Some(object) = wire.as_object() else { return false };
    model.members(structure).all(|member| match (object.get(&member.name), typed.get(&member.name)) {
        (None | Some(Value::Null), _) => true,
        (Some(inner), Some(read)) => value_agrees(model, &member.target, inner, read),
        (Some(_), None) => false,
    })
}

fn value_agrees(model: &ServiceModel, shape: &str, wire: &Value, typed: &Value) -> bool {
    match (&model.shape(shape).kind, wire, typed) {
        (Kind::Structure(_), _, _) => agrees(model, shape, wire, typed),
        (Kind::List(item), Value::Array(wire), Value::Array(typed)) => {
            wire.len() == typed.len()
                && wire.iter().zip(typed).all(|(w, t)| value_agrees(model, &item.target, w, t))
        }
        // The SDK keeps nanoseconds; a double on the wire need not survive to the last bit.
        (Kind::Timestamp, Value::Number(wire), Value::Number(typed)) => {
            wire.as_f64().zip(typed.as_f64()).is_some_and(|(w, t)| (w - t).abs() < 1e-3)
        }
        _ => equal(wire, typed),
    }
}
