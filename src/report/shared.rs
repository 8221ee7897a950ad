//! What several failed rules have in common, and the largest group that has. Says when rules are alike;
//! `title` finds the words for it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::run::RuleResult;

use super::cause::sentence;
use super::symptom::{Place, Symptom, errors_due, missing};

/// What several failed rules have in common. Of groups of one round and size, the first variant wins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shared<'r> {
    /// Several constraints of one member of one operation, checked too laxly or too strictly.
    Member { subject: &'r str, member: &'r str, strict: bool },
    /// One kind of constraint on several members.
    Kind { kind: &'r str, strict: bool },
    /// Invalid input, refused with a wrong error.
    InvalidInput { error: String },
    /// A refusal that was due for other reasons, with a wrong error.
    WrongError { error: String },
    /// One member missing from answers.
    Missing(&'r str),
    /// One operation that does not share out its lists.
    Pages { subject: &'r str, family: &'r str },
    /// One requirement in several operations, broken in a like way.
    Tail { family: &'r str, tail: (&'r str, &'r str), instead: Option<String> },
    /// One sentence, and the errors that were due.
    Sentence { text: &'r str, due: Vec<&'r str> },
}

impl<'r> Shared<'r> {
    /// When groups of this sort are looked for: the surer a common cause, the earlier.
    fn round(&self) -> u8 {
        match self {
            Self::Tail { .. } => 1,
            Self::Sentence { .. } => 2,
            _ => 0,
        }
    }

    fn all_of(rule: &'r RuleResult) -> Vec<Self> {
        let (place, symptom) = (Place::of(rule), Symptom::of(rule));
        let instead = match &symptom {
            Symptom::Unanswered(error) | Symptom::Strict(error) => Some(error.clone()),
            _ => None,
        };
        let mut found = vec![Self::Sentence { text: sentence(rule), due: errors_due(rule) }];
        found.extend(missing(rule).map(|(_, member)| Self::Missing(member)));
        if place.family == "pagination" && instead.is_none() {
            found.push(Self::Pages { subject: place.subject, family: place.family });
        }
        found.push(Self::Tail { family: place.family, tail: place.tail(), instead });
        found.extend(Self::of_input(&place, symptom));
        found
    }

    /// What is wrong about the way input is checked.
    fn of_input(place: &Place<'r>, symptom: Symptom) -> Vec<Self> {
        let strict = matches!(symptom, Symptom::Strict(_));
        match (place.family, place.member(), symptom) {
            ("invalid", Some((member, kind)), Symptom::Lax)
            | ("boundary", Some((member, kind)), Symptom::Strict(_)) => {
                vec![Self::Member { subject: place.subject, member, strict }, Self::Kind { kind, strict }]
            }
            ("invalid", _, Symptom::WrongError(error)) => vec![Self::InvalidInput { error }],
            // Rules about the protocol are about the form of errors, not about which one comes.
            (family, _, Symptom::WrongError(error)) if family != "wire" => vec![Self::WrongError { error }],
            _ => Vec::new(),
        }
    }
}

/// The largest group of two or more rules that have something in common.
pub(super) fn largest<'r>(open: &[&'r RuleResult]) -> Option<(Shared<'r>, Vec<&'r RuleResult>)> {
    let mut groups: BTreeMap<Shared<'r>, Vec<&'r RuleResult>> = BTreeMap::new();
    for rule in open {
        for shared in Shared::all_of(rule) {
            groups.entry(shared).or_default().push(rule);
        }
    }
    let groups = groups.into_iter().rev().filter(|(_, rules)| rules.len() > 1);
    groups.max_by_key(|(shared, rules)| (Reverse(shared.round()), rules.len()))
}
