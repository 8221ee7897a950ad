//! All rules of the specs in one edition, and the selection among them.
//! Must not run a rule.
//! The entry points are [`Catalog`] and [`select`].

use std::collections::BTreeSet;

use wildmatch::WildMatchPattern;

use crate::model::{Capability, Proof, ServiceModel, Specs};

use super::definition::Rule;
use super::families::FAMILIES;

/// Every rule, in the order of ids.
#[derive(Debug)]
pub struct Catalog {
    /// The rules.
    pub rules: Vec<Rule>,
}

/// A behavior that other rules prove, or that is untested.
#[derive(Debug, Clone)]
pub struct Coverage {
    /// Behavior id.
    pub id: String,
    /// One sentence.
    pub requirement: String,
    /// Patterns of rule ids that prove it; empty when untested.
    pub covered_by: Vec<String>,
    /// The reason why no rule proves it.
    pub untested: Option<String>,
}

impl Catalog {
    /// All rules of all services.
    #[must_use]
    pub fn new(specs: &Specs) -> Self {
        let of_service =
            |model: &ServiceModel| FAMILIES.iter().flat_map(|derive| derive(model)).collect::<Vec<_>>();
        let mut rules: Vec<Rule> = specs.services.iter().flat_map(|service| of_service(service)).collect();
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        Self { rules }
    }

    /// The rule of that id, with `/` or `::`.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Rule> {
        let id = id.replace("::", "/");
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// The ids most like a name that is none, the likest first.
    #[must_use]
    pub fn nearest(&self, name: &str, how_many: usize) -> Vec<&str> {
        let name = name.replace("::", "/");
        let mut ids: Vec<(usize, &str)> =
            self.rules.iter().map(|rule| (strsim::levenshtein(&name, &rule.id), rule.id.as_str())).collect();
        ids.sort_unstable();
        ids.into_iter().take(how_many).map(|(_, id)| id).collect()
    }

    /// Behaviors that have no rule of their own.
    #[must_use]
    pub fn coverage(specs: &Specs) -> Vec<Coverage> {
        let behaviors = specs.services.iter().flat_map(|s| &s.behaviors);
        behaviors
            .filter_map(|behavior| {
                let (covered_by, untested) = match &behavior.proof {
                    Proof::Scenario(_) | Proof::Walk(_) | Proof::Pages(_) => return None,
                    Proof::CoveredBy(rules) => (rules.clone(), None),
                    Proof::Untested(why) => (Vec::new(), Some(why.clone())),
                };
                Some(Coverage {
                    id: behavior.id.clone(),
                    requirement: behavior.requirement.clone(),
                    covered_by,
                    untested,
                })
            })
            .collect()
    }
}

/// A selection without rules.
#[derive(Debug, thiserror::Error)]
pub enum FilterError {
    /// No rule matches.
    #[error("no rule matches `{filter}`{}; `glueproof list` shows all ids", near.as_ref().map(|n| format!(" (did you mean `{n}`?)")).unwrap_or_default())]
    NothingMatches {
        /// The name in the selection.
        filter: String,
        /// A rule id that resembles it.
        near: Option<String>,
    },
    /// No rule needs that capability.
    #[error("no rule needs the capability `{name}`; there are rules for: {known}")]
    UnknownCapability {
        /// The name in the selection.
        name: String,
        /// The capabilities that rules need.
        known: String,
    },
}

/// Returns the rules whose id matches a filter and whose capability is selected. An empty list of filters or
/// capabilities selects all. A filter is a whole id or a part of one; `*` stands for any characters, and then the whole
/// id must match.
///
/// ```
/// use glueproof::model::{Edition, Specs};
/// use glueproof::rule::{Catalog, select};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let catalog = Catalog::new(&Specs::embedded(Edition::Current)?);
/// let lengths = select(&catalog, &["glue/*/length.max".to_owned()], &["core".to_owned()])?;
/// assert!(lengths.iter().all(|rule| rule.id.ends_with("/length.max")));
/// // A filter that matches nothing is a mistake, and says what may have been meant.
/// let error = select(&catalog, &["GetResourcePolice".to_owned()], &[]).unwrap_err();
/// assert!(error.to_string().starts_with("no rule matches `GetResourcePolice`"));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Returns an error if a filter or capability matches nothing.
pub fn select<'c>(
    catalog: &'c Catalog,
    only: &[String],
    capabilities: &[String],
) -> Result<Vec<&'c Rule>, FilterError> {
    for filter in only {
        if !catalog.rules.iter().any(|rule| matches(catalog, filter, &rule.id)) {
            return Err(FilterError::NothingMatches {
                filter: filter.clone(),
                near: nearest(catalog, filter),
            });
        }
    }
    let known: BTreeSet<Capability> = catalog.rules.iter().map(|rule| rule.capability).collect();
    let is_known = |name: &str| name.parse().is_ok_and(|capability| known.contains(&capability));
    if let Some(name) = capabilities.iter().find(|name| !is_known(name)) {
        let known = known.into_iter().map(Capability::name).collect::<Vec<_>>().join(", ");
        return Err(FilterError::UnknownCapability { name: name.clone(), known });
    }
    let chosen: Vec<&Rule> = catalog
        .rules
        .iter()
        .filter(|rule| only.is_empty() || only.iter().any(|filter| matches(catalog, filter, &rule.id)))
        .filter(|rule| {
            capabilities.is_empty() || capabilities.iter().any(|name| name == rule.capability.name())
        })
        .collect();
    match (chosen.is_empty(), only.first().or(capabilities.first())) {
        (true, Some(filter)) => Err(FilterError::NothingMatches { filter: filter.clone(), near: None }),
        _ => Ok(chosen),
    }
}

/// Returns true if a filter matches an id; `::` in it counts as `/`. A whole id matches itself alone.
fn matches(catalog: &Catalog, filter: &str, id: &str) -> bool {
    let filter = filter.replace("::", "/");
    if filter.contains('*') {
        return pattern_matches(&filter, id);
    }
    if catalog.rules.iter().any(|rule| rule.id == filter) { id == filter } else { id.contains(&filter) }
}

impl Rule {
    /// Returns true if a name is the rule's id, or a pattern with `*` that matches the whole id; `::` counts as `/`.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        pattern_matches(&name.replace("::", "/"), &self.id)
    }
}

/// Returns true if a pattern matches the whole text. Only `*` is special: it stands for any characters.
fn pattern_matches(pattern: &str, text: &str) -> bool {
    WildMatchPattern::<'*', '\0'>::new(pattern).matches(text)
}

fn nearest(catalog: &Catalog, filter: &str) -> Option<String> {
    let wanted = filter.to_lowercase();
    let close = |rule: &&Rule| rule.id.to_lowercase().contains(&wanted);
    catalog.rules.iter().find(close).map(|rule| rule.id.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_parts_globs_or_whole_ids() {
        let catalog = Catalog::new(&Specs::embedded(crate::model::Edition::Current).unwrap());
        let id = "glue/PutResourcePolicy/invalid/PolicyInJson/type";
        for yes in ["invalid", "PutResourcePolicy::invalid", "glue/*/type", "*PolicyInJson*", id] {
            assert!(matches(&catalog, yes, id), "{yes}");
        }
        for no in ["boundary", "glue/*/enum", "*x", "invalid/*"] {
            assert!(!matches(&catalog, no, id), "{no}");
        }
        let whole = "glue/CreateSecurityConfiguration/errors/AlreadyExistsException";
        assert!(matches(&catalog, whole, whole));
        assert!(!matches(&catalog, whole, &format!("{whole}-for-the-same-content")));
    }
}
