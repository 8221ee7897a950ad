//! `glueproof mutants`: shows what the suite catches, on the fake with one fault on at a time.

use tokio::runtime::Runtime;

use crate::fake::{Catalogue, Fault};
use crate::mutants::{Campaign, MutantsReport, MutationContext, Step};
use crate::report::{PhaseBar, mutants as rendered};
use crate::rule::Catalog;

use super::args::MutantsArgs;
use super::error::CliError;
use super::output;
use super::run::specs;

/// Tries mutants, or lists faults.
///
/// # Errors
/// Returns an error if no fault matches, a mutant cannot be tried, or the report cannot be written.
pub fn mutants(args: &MutantsArgs) -> Result<u8, CliError> {
    let faults = chosen(&args.only, args.list)?;
    if args.list {
        output::print(&list(&faults))?;
        return Ok(0);
    }
    let specs = specs(&args.specs)?;
    let catalog = Catalog::new(&specs);
    let runtime = Runtime::new().map_err(CliError::Start)?;
    let context = MutationContext {
        specs: &specs,
        catalog: &catalog,
        cases: args.cases,
        seed: args.seed,
        full: args.full,
        runtime: runtime.handle(),
    };
    let bar = PhaseBar::default();
    let emit = |step: Step<'_>| shown(&bar, step);
    let jobs = args.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(2, usize::from));
    let report = Campaign { context, faults, whole: args.only.is_empty(), jobs, emit: &emit }.run()?;
    bar.finish();
    if let Some(path) = &args.json {
        let text = serde_json::to_string_pretty(&report).map_err(|e| CliError::Print(e.into()))?;
        output::write(path, &(text + "\n"))?;
    }
    output::print(&rendered(&report, &catalog, !args.brief))?;
    Ok(u8::from(is_amiss(&report)))
}

/// Returns whether a mutant had an unexpected result, or no mutant turns a rule red.
fn is_amiss(report: &MutantsReport) -> bool {
    report.unexpected().next().is_some() || report.never_red().next().is_some()
}

/// Those of the faults that are wrong, or all to be listed, whose names hold one of the filters, all without any.
fn chosen(only: &[String], list: bool) -> Result<Vec<Fault>, CliError> {
    Catalogue::get()?;
    let wanted = |fault: &Fault| only.is_empty() || only.iter().any(|part| fault.name().contains(part));
    let faults: Vec<Fault> =
        Fault::all().filter(|fault| list || fault.uncounted().is_none()).filter(wanted).collect();
    match only.first() {
        Some(part) if faults.is_empty() => Err(CliError::NoFault(part.clone())),
        _ => Ok(faults),
    }
}

/// Names and sentences, one a line.
pub fn list(faults: &[Fault]) -> String {
    let width = faults.iter().map(|fault| fault.name().len()).max().unwrap_or_default();
    let line = |fault: &Fault| format!("{:width$}  {}", fault.name(), fault.summary());
    faults.iter().map(line).collect::<Vec<_>>().join("\n") + "\n"
}

fn shown(bar: &PhaseBar, step: Step<'_>) {
    match step {
        Step::Begun(mutants) => bar.begin("mutants", mutants),
        Step::Looking(rules) => bar.begin("rules that none has turned red yet", rules),
        Step::Tried(_) | Step::Looked => bar.step(),
    }
}
