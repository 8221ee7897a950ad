//! The sentence a derived rule is known by. Words only; decides nothing.

use crate::model::{Family, Kind, ServiceModel, Traits};

use super::constraint::Constraint;
use super::derive::Place;

/// What a constraint on a member requires of an operation.
pub(super) fn sentence(
    model: &ServiceModel,
    operation: &str,
    place: &Place<'_>,
    family: Family,
    constraint: Constraint,
) -> String {
    let traits = &place.member.traits;
    let (path, length, range) =
        (&place.path, traits.length.unwrap_or_default(), traits.range.unwrap_or_default());
    let seen = traits.observed.as_deref();
    let refused = family == Family::Invalid;
    let number = |edge: Option<i64>| edge.map_or_else(String::new, |n| n.to_string());
    let what = match constraint {
        Constraint::Required => format!("a request without {path}"),
        Constraint::Null => format!("{path} given as null"),
        Constraint::Type => {
            format!("{path} of another JSON type than {}", type_name(&model.shape(&place.member.target).kind))
        }
        Constraint::LenientType => format!("{path} as text or fraction that some parsers would convert"),
        Constraint::LengthMin if refused => format!("{path} shorter than {} characters", number(length.min)),
        Constraint::LengthMin => format!("{path} of {} characters, the fewest allowed", number(length.min)),
        Constraint::LengthMax if refused => {
            format!("{path} longer than {}, counted in characters and in bytes", number(length.max))
        }
        Constraint::LengthMax => format!("{path} of {} bytes, the most allowed", number(length.max)),
        Constraint::LengthUnits => {
            format!("{path} with more than {} bytes and no more characters than that", number(length.max))
        }
        Constraint::Pattern if refused => format!("{path} that does not match {}", pattern_text(traits)),
        Constraint::Pattern if traits.pattern.as_ref().is_some_and(|p| p.alphabet().is_none()) => {
            format!("{path} in each of its usual forms")
        }
        Constraint::Pattern => format!("{path} with unusual characters that match {}", pattern_text(traits)),
        Constraint::Enum if refused => format!("{path} that is none of the listed values"),
        Constraint::Enum => format!("each listed value of {path}"),
        Constraint::RangeMin if refused => format!("{path} below {}", number(range.min)),
        Constraint::RangeMin => format!("{path} of {}, the smallest allowed", number(range.min)),
        Constraint::RangeMax if refused => format!("{path} above {}", number(range.max)),
        Constraint::RangeMax => format!("{path} of the largest value allowed"),
        Constraint::ObservedLengthMax => {
            let unit = if matches!(model.shape(&place.member.target).kind, Kind::List(_)) {
                "elements"
            } else {
                "bytes"
            };
            format!("{path} with more than {} {unit}", number(seen.and_then(|o| o.length?.max)))
        }
        Constraint::ObservedRangeMax => format!("{path} above {}", number(seen.and_then(|o| o.range?.max))),
        Constraint::Distinct => {
            return format!(
                "{operation} treats values of {path} that differ by case, by a space or by composition as different."
            );
        }
    };
    match (refused, constraint) {
        (true, _) => format!("{operation} refuses {what}, and changes nothing."),
        (false, Constraint::Null) => format!("{operation} treats {what} as not given."),
        (false, Constraint::LengthUnits) => {
            format!("{operation} accepts or refuses {what}, and does not fail on it.")
        }
        (false, _) => format!("{operation} accepts {what}."),
    }
}

fn pattern_text(traits: &Traits) -> String {
    traits.pattern.as_ref().map_or_else(String::new, |p| format!("`{}`", p.written()))
}

fn type_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::String | Kind::Enum(_) | Kind::Blob => "string",
        Kind::Boolean => "boolean",
        Kind::Integer | Kind::Double | Kind::Timestamp => "number",
        Kind::List(_) => "array",
        Kind::Map(_) | Kind::Structure(_) => "object",
    }
}
