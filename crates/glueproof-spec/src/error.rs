//! Problems of specs: one enum with a variant for each kind, and the nearest known name for an unknown one.
//! Must not read or check a spec.
//! The entry point is [`SpecError`].

use std::path::PathBuf;

use super::position::Position;

/// A spec that cannot be used, with the place of the mistake.
#[derive(Debug, thiserror::Error)]
#[error(
    "{file}{}{}: {problem}{}",
    position.as_ref().map(|position| format!(", {position}")).unwrap_or_default(),
    shape.as_ref().map(|shape| format!(", {shape}")).unwrap_or_default(),
    nearest.as_ref().map(|name| format!(", did you mean `{name}`?")).unwrap_or_default()
)]
pub struct SpecError {
    /// Path below the specs folder.
    pub file: String,
    /// Line and column, where they are known.
    pub position: Option<Box<Position>>,
    /// Shape, member, behavior id or table cell, where the mistake belongs to one.
    pub shape: Option<Box<str>>,
    /// The problem.
    pub problem: SpecProblem,
    /// Known name that an unknown one resembles.
    pub nearest: Option<Box<str>>,
}

/// The kinds of mistake.
#[derive(Debug, thiserror::Error)]
pub enum SpecProblem {
    /// The folder or a file could not be read.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// The reason.
        source: std::io::Error,
    },
    /// Not JSON, or a field, trait or type the loader does not know.
    #[error("{0}")]
    Syntax(String),
    /// The same shape id in two files.
    #[error("the shape is also defined in {other}; a shape is owned by one file")]
    DuplicateShape {
        /// The other owner.
        other: String,
    },
    /// The same behavior id twice.
    #[error("the behavior id is also used in {other}")]
    DuplicateBehavior {
        /// The other file.
        other: String,
    },
    /// A target that no file defines.
    #[error("the target `{target}` is defined nowhere")]
    UnresolvedTarget {
        /// The missing shape.
        target: String,
    },
    /// A target of the wrong kind.
    #[error("`{target}` is not {expected}")]
    WrongKind {
        /// The shape referred to.
        target: String,
        /// The kind that is needed.
        expected: &'static str,
    },
    /// A source id that `evidence.json` does not have.
    #[error("the evidence names source `{id}`, which evidence.json does not have")]
    UnknownSource {
        /// The missing id.
        id: String,
    },
    /// Evidence without a source.
    #[error("the evidence names no source; at least one is mandatory")]
    NoSource,
    /// A pattern that is no regular expression.
    #[error("the pattern `{pattern}` cannot be used: {reason}")]
    Pattern {
        /// As written in the spec.
        pattern: String,
        /// The regex engine's words.
        reason: Box<str>,
    },
    /// Bounds that nothing can satisfy.
    #[error("the bounds are contradictory: minimum {min} is above maximum {max}")]
    Bounds {
        /// Lower bound.
        min: i64,
        /// Upper bound.
        max: i64,
    },
    /// One of our traits that `traits.json` does not define.
    #[error("the trait `{name}` is not defined in traits.json")]
    UndefinedTrait {
        /// The trait.
        name: String,
    },
    /// A behavior about something that no edition has.
    #[error("the subject `{subject}` is neither an operation nor a structure of any edition")]
    UnknownSubject {
        /// The name that leads nowhere.
        subject: String,
    },
    /// A behavior that says nothing of how it is proved, or says it twice.
    #[error("a behavior has exactly one of `steps`, `pages`, `covered_by`, `untested`; this one has {found}")]
    Proof {
        /// Number of proofs that it has.
        found: usize,
    },
    /// A mistake in a behavior's steps.
    #[error("{0}")]
    Step(String),
    /// A mistake in a condition table.
    #[error("{0}")]
    Cell(String),
    /// Something a service must have is missing.
    #[error("{0}")]
    Missing(String),
}

/// The end of an error about an unknown name: the nearest known name, if one is near.
pub(super) fn did_you_mean<'k>(unknown: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    nearest(unknown, known).map_or_else(String::new, |name| format!(", did you mean `{name}`?"))
}

/// The known name that differs least, if the difference is small.
pub(super) fn nearest<'k>(unknown: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
    known
        .into_iter()
        .map(|name| (strsim::osa_distance(unknown, name), name))
        .filter(|(distance, name)| *distance <= 1 + name.len().max(unknown.len()) / 4)
        .min()
        .map(|(_, name)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested_and_far_ones_are_not() {
        let known = ["job-run", "bucket", "key"];
        assert_eq!(did_you_mean("job-rnu", known), ", did you mean `job-run`?");
        assert_eq!(did_you_mean("documented", known), "");
    }
}
