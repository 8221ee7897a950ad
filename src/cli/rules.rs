//! `glueproof list` and `glueproof explain`: the rules, without running them.

use crate::model::{Specs, embedded_files, files_of_dir};
use crate::report::{RuleDescription, explain as explain_text, list as list_text};
use crate::rule::{Catalog, Rule, select};

use super::args::{ExplainArgs, ListArgs, SpecsCheckArgs};
use super::error::CliError;
use super::output;
use super::run::specs;

/// Shows the rules, one a line.
///
/// # Errors
/// Returns an error if the specs are broken or the choice leaves nothing.
pub fn list(args: &ListArgs) -> Result<u8, CliError> {
    let specs = specs(&args.specs)?;
    if args.uncovered {
        output::print(&uncovered(&specs))?;
        return Ok(0);
    }
    let catalog = Catalog::new(&specs);
    let chosen = select(&catalog, &args.choice.only, &args.choice.capability)?;
    let described: Vec<RuleDescription> = chosen.into_iter().map(|rule| describe(&specs, rule)).collect();
    output::print(&list_text(&described, output::terminal_options()))?;
    Ok(0)
}

/// Shows one rule.
///
/// # Errors
/// Returns an error if the specs are broken or there is no such rule.
pub fn explain(args: &ExplainArgs) -> Result<u8, CliError> {
    let specs = specs(&args.specs)?;
    let catalog = Catalog::new(&specs);
    let rule = catalog
        .find(&args.rule)
        .ok_or_else(|| CliError::UnknownRule { id: args.rule.clone(), edition: args.specs.edition() })?;
    let text = if args.expanded {
        expanded(&specs, rule)
    } else {
        explain_text(&describe(&specs, rule), output::terminal_options())
    };
    output::print(&text)?;
    Ok(0)
}

/// Checks all files of specs: 2 if one has a problem.
///
/// # Errors
/// Returns an error if the folder cannot be read.
pub fn check_specs(args: &SpecsCheckArgs) -> Result<u8, CliError> {
    let files = match &args.specs {
        Some(folder) => files_of_dir(folder)?,
        None => embedded_files()?,
    };
    match Specs::check(&files) {
        Ok(counts) => output::print(&format!("{counts}\n")).map(|()| 0),
        Err(problems) => {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            output::print(&(lines.join("\n") + "\n")).map(|()| 2)
        }
    }
}

/// The behavior of a rule, with everything that it uses in it.
fn expanded(specs: &Specs, rule: &Rule) -> String {
    let behaviors = specs.service(&rule.service).into_iter().flat_map(|model| &model.behaviors);
    let behavior = behaviors.into_iter().find(|behavior| behavior.id == rule.id);
    match behavior.and_then(|behavior| serde_json::to_string_pretty(behavior).ok()) {
        Some(json) => json + "\n",
        None => format!("{} is derived from the shapes: there is no behavior to expand.\n", rule.id),
    }
}

/// A rule with the texts of its sources.
#[must_use]
pub fn describe(specs: &Specs, rule: &Rule) -> RuleDescription {
    let known = specs.service(&rule.service).map(|model| &model.sources);
    let sources = rule.evidence.sources.iter().filter_map(|id| Some((id.clone(), known?.get(id)?.clone())));
    RuleDescription {
        id: rule.id.clone(),
        operation: rule.operation.clone(),
        family: rule.family,
        capability: rule.capability,
        requirement: rule.requirement.clone(),
        evidence: rule.evidence.clone(),
        sources: sources.collect(),
        how_tested: rule.how_tested(),
    }
}

/// Promises that have no rule of their own.
fn uncovered(specs: &Specs) -> String {
    let entry = |behavior: crate::rule::Coverage| {
        let proof = match &behavior.untested {
            Some(why) => format!("untested: {why}"),
            None => format!("proved by {}", behavior.covered_by.join(", ")),
        };
        format!("{}\n    {}\n    {proof}\n", behavior.id, behavior.requirement)
    };
    Catalog::coverage(specs).into_iter().map(entry).collect::<Vec<_>>().concat()
}
