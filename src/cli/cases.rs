//! `glueproof cases`: what a run would try, without sending any of it.

use crate::client::DEFAULT_REGION;
use crate::generate::GeneratorContext;
use crate::rule::{Catalog, select};
use crate::run::{Plan, generate_cases};

use super::args::CasesArgs;
use super::error::CliError;
use super::output;
use super::run::specs;

/// Prints cases in the form in which `run` saves them, one a line.
///
/// # Errors
/// Returns an error if the specs are broken, the choice leaves nothing, or a case cannot be generated.
pub fn cases(args: &CasesArgs) -> Result<u8, CliError> {
    let specs = specs(&args.specs)?;
    let catalog = Catalog::new(&specs);
    let plan = Plan { cases: args.cases, seed: args.seed, ..Plan::default() };
    for rule in select(&catalog, &args.choice.only, &args.choice.capability)? {
        let Some(model) = specs.service(&rule.service) else { continue };
        let cases = generate_cases(GeneratorContext { model, region: DEFAULT_REGION }, rule, plan)?;
        let lines: Result<Vec<String>, _> = cases.iter().map(serde_json::to_string).collect();
        output::print(&(lines.map_err(|e| CliError::Print(e.into()))?.join("\n") + "\n"))?;
    }
    Ok(0)
}
