//! Traits in one edition: patterns compiled, bounds and evidence checked, members laid over their targets.

use std::collections::BTreeMap;

use serde_json::Value;

use super::ast_traits::{BoundsAst, TraitsAst};
use super::edition::Edition;
use super::error::{SpecError, SpecProblem};
use super::evidence::{Evidence, Source};
use super::gather::{Loader, Owned, problem};
use super::pattern::Pattern;
use super::shape::{Bounds, HttpPlace, Observed, Traits};

impl Loader<'_> {
    /// Traits in this edition, patterns compiled, evidence checked.
    pub(super) fn traits(&self, owned: &Owned, place: &str, ast: &TraitsAst) -> Result<Traits, SpecError> {
        let within = ast.edition.as_ref().and_then(|e| e.within.get(&self.edition));
        let here = |p| problem(&owned.file, Some(place), p);
        let mut traits = Self::plain_traits(ast).map_err(here)?;
        if let Some(replacements) = within {
            Self::replace(&mut traits, replacements).map_err(here)?;
        }
        let evidences = [
            traits.combinations.as_ref().map(|c| &c.evidence),
            traits.promised.as_ref(),
            traits.internal.as_ref(),
            traits.observed.as_ref().map(|o| &o.evidence),
        ];
        for evidence in evidences.into_iter().flatten() {
            check_evidence(&self.sources, evidence).map_err(here)?;
        }
        Ok(traits)
    }

    fn plain_traits(ast: &TraitsAst) -> Result<Traits, SpecProblem> {
        Ok(Traits {
            required: ast.required.is_some(),
            default: ast.default.clone(),
            length: bounds(ast.length)?,
            range: bounds(ast.range)?,
            pattern: ast.pattern.as_deref().map(compile).transpose()?,
            sensitive: ast.sensitive.is_some(),
            media_type: ast.media_type.clone(),
            observed: match &ast.observed {
                Some(o) => Some(Box::new(Observed {
                    length: bounds(o.traits.length)?,
                    range: bounds(o.traits.range)?,
                    error: o.error.clone(),
                    message: o.message.clone(),
                    evidence: o.evidence.clone(),
                })),
                None => None,
            },
            promised: ast.promised.as_ref().map(|p| p.evidence.clone()),
            internal: ast.internal.as_ref().map(|p| p.evidence.clone()),
            sample: ast.sample.clone(),
            policy: ast.policy.clone(),
            condition: ast.condition.clone(),
            combinations: ast.combinations.clone(),
            place: place(ast),
            xml_name: ast.xml_name.clone(),
            xml_flattened: ast.xml_flattened.is_some(),
            since: ast.edition.as_ref().and_then(|e| e.since).unwrap_or(Edition::E2018),
            documentation: ast.documentation.clone(),
        })
    }

    fn replace(traits: &mut Traits, replacements: &BTreeMap<String, Value>) -> Result<(), SpecProblem> {
        let written: serde_json::Map<String, Value> =
            replacements.iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k.clone(), v.clone())).collect();
        let ast: TraitsAst =
            serde_json::from_value(Value::Object(written)).map_err(|e| SpecProblem::Syntax(e.to_string()))?;
        let new = Self::plain_traits(&ast)?;
        for name in replacements.keys() {
            match name.as_str() {
                "smithy.api#required" => traits.required = new.required,
                "smithy.api#default" => traits.default.clone_from(&new.default),
                "smithy.api#length" => traits.length = new.length,
                "smithy.api#range" => traits.range = new.range,
                "smithy.api#pattern" => traits.pattern.clone_from(&new.pattern),
                "glueproof#observed" => traits.observed.clone_from(&new.observed),
                "glueproof#sample" => traits.sample.clone_from(&new.sample),
                other => return Err(SpecProblem::Syntax(format!("`{other}` cannot differ by edition"))),
            }
        }
        Ok(())
    }
}

fn bounds(ast: Option<BoundsAst>) -> Result<Option<Bounds>, SpecProblem> {
    match ast {
        Some(BoundsAst { min: Some(min), max: Some(max) }) if min > max => {
            Err(SpecProblem::Bounds { min, max })
        }
        other => Ok(other.map(|b| Bounds { min: b.min, max: b.max })),
    }
}

fn place(ast: &TraitsAst) -> Option<HttpPlace> {
    let label = ast.http_label.as_ref().map(|_| HttpPlace::Label);
    let payload = ast.http_payload.as_ref().map(|_| HttpPlace::Payload);
    let header = ast.http_header.clone().map(HttpPlace::Header);
    label.or(payload).or(header).or_else(|| ast.http_query.clone().map(HttpPlace::Query))
}

fn compile(pattern: &str) -> Result<Pattern, SpecProblem> {
    Pattern::new(pattern)
        .map_err(|reason| SpecProblem::Pattern { pattern: pattern.to_owned(), reason: reason.into() })
}

pub(super) fn check_evidence(
    sources: &BTreeMap<String, Source>,
    evidence: &Evidence,
) -> Result<(), SpecProblem> {
    if evidence.sources.is_empty() {
        return Err(SpecProblem::NoSource);
    }
    match evidence.sources.iter().find(|id| !sources.contains_key(*id)) {
        Some(id) => Err(SpecProblem::UnknownSource { id: id.clone() }),
        None => Ok(()),
    }
}

/// A member's traits win over those of its target, one by one.
pub(super) fn overlay(above: Traits, beneath: Traits) -> Traits {
    Traits {
        required: above.required,
        default: above.default.or(beneath.default),
        length: above.length.or(beneath.length),
        range: above.range.or(beneath.range),
        pattern: above.pattern.or(beneath.pattern),
        sensitive: above.sensitive || beneath.sensitive,
        media_type: above.media_type.or(beneath.media_type),
        observed: above.observed.or(beneath.observed),
        promised: above.promised,
        internal: above.internal.or(beneath.internal),
        sample: above.sample.or(beneath.sample),
        policy: above.policy.or(beneath.policy),
        condition: above.condition,
        combinations: above.combinations.or(beneath.combinations),
        place: above.place,
        xml_name: above.xml_name,
        xml_flattened: above.xml_flattened || beneath.xml_flattened,
        since: above.since.max(beneath.since),
        documentation: above.documentation.or(beneath.documentation),
    }
}
