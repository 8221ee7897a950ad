//! `glueproof drift`: the specs against a published model.

use std::path::Path;

use crate::drift::{Allowed, AllowedError, Difference, affected, compare, own, read};
use crate::model::{Operation, Resource, ServiceModel, Specs};
use crate::report::{DriftDescription, drift as drift_text};
use crate::rule::Catalog;

use super::args::DriftArgs;
use super::error::CliError;
use super::output;
use super::run::specs;

/// Prints the differences between the specs and a model. Returns 1 if one of them has no reason.
///
/// # Errors
/// Returns an error if the model or the list of known differences cannot be used.
pub fn drift(args: &DriftArgs) -> Result<u8, CliError> {
    let specs = specs(&args.specs)?;
    let published = read(&bytes(&args.model)?)
        .map_err(|source| CliError::Model { path: args.model.clone(), source: Box::new(source) })?;
    // Services share names of operations, such as those of tags.
    let shared = |model: &&ServiceModel| {
        model.operations.keys().filter(|name| published.operations.contains_key(*name)).count()
    };
    let model = specs
        .services
        .iter()
        .map(AsRef::as_ref)
        .max_by_key(shared)
        .filter(|model| shared(model) > 0)
        .ok_or_else(|| CliError::ForeignModel(args.model.clone()))?;
    let differences = compare(&own(model), &published, &subjects(model));
    let allowed = allowed(args.known.as_deref(), &differences)?;
    let described = describe(&differences, &allowed, model, &specs);
    output::print(&drift_text(&described, output::terminal_options()))?;
    Ok(u8::from(described.iter().any(|difference| difference.reason.is_none())))
}

fn bytes(path: &Path) -> Result<Vec<u8>, CliError> {
    std::fs::read(path).map_err(|source| CliError::Unreadable { path: path.to_owned(), source })
}

fn allowed(path: Option<&Path>, differences: &[Difference]) -> Result<Allowed, CliError> {
    let Some(path) = path else { return Ok(Allowed::default()) };
    let wrong = |source: AllowedError| CliError::Allowed { path: path.to_owned(), source };
    let text = std::fs::read_to_string(path)
        .map_err(|source| CliError::Unreadable { path: path.to_owned(), source })?;
    let allowed = Allowed::parse(&text).map_err(wrong)?;
    allowed.check(differences).map_err(wrong)?;
    Ok(allowed)
}

/// Returns the subjects of the specs: the names of the core's resources, without the word that distinguishes shapes.
fn subjects(model: &ServiceModel) -> Vec<String> {
    let name = |name: &String| name.strip_suffix("Resource").unwrap_or(name).to_owned();
    let is_core = |resource: &&Resource| {
        let made = resource.create.as_ref().or(resource.put.as_ref());
        made.and_then(|made| model.operations.get(made)).is_some_and(Operation::is_core)
    };
    model.resources.iter().filter(is_core).map(|resource| name(&resource.name)).collect()
}

fn describe(
    differences: &[Difference],
    allowed: &Allowed,
    model: &ServiceModel,
    specs: &Specs,
) -> Vec<DriftDescription> {
    let catalog = Catalog::new(specs);
    let describe = |difference: &Difference| DriftDescription {
        id: difference.id(),
        change: difference.change(),
        specs: difference.specs.clone(),
        model: difference.model.clone(),
        rules: affected(difference, model, &catalog).into_iter().map(|rule| rule.id.clone()).collect(),
        reason: allowed.reason(difference).map(str::to_owned),
    };
    differences.iter().map(describe).collect()
}
