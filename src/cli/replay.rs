//! `glueproof replay`: a saved finding, again.

use std::sync::Arc;

use serde_json::Value;
use tokio::runtime::Runtime;

use crate::case::Case;
use crate::client::Target;
use crate::model::{ServiceModel, Specs};
use crate::report::on_one_line;
use crate::rule::{Catalog, Rule};
use crate::run::{
    CancelToken, CaseVerdict, Execution, exclusive_resources, execute, preflight, restore_account_state,
    save_account_state, shown_body,
};

use super::args::{ReplayArgs, SpecArgs};
use super::connection::connect;
use super::error::CliError;
use super::journals::begin;
use super::notice::print_notice;
use super::output;
use super::run::specs;
use super::signal::cancel_on_signal;
use super::target::resolve;

/// Attempts at concurrent calls before they count as harmless.
const AT_ONCE: usize = 25;

/// Repeats a saved case and says what became of it.
///
/// # Errors
/// Returns an error if the file is no case, its rule is gone, or the target cannot be judged.
pub fn replay(args: &ReplayArgs) -> Result<u8, CliError> {
    let case = read(args)?;
    let specs = specs(&SpecArgs { edition: Some(case.edition), specs: args.specs.clone() })?;
    let catalog = Catalog::new(&specs);
    let unknown = || CliError::UnknownRule { id: case.rule.clone(), edition: case.edition };
    let rule = catalog.find(&case.rule).ok_or_else(unknown)?;
    let model = specs.service(&rule.service).ok_or_else(unknown)?;
    let runtime = Runtime::new().map_err(CliError::Start)?;
    let notice = || output::print_error("interrupted: the case is finished, and its resources are removed");
    let listener = cancel_on_signal(runtime.handle(), CancelToken::default(), notice, || ());
    let replayed = runtime.block_on(again(args, &specs, model, rule, case));
    listener.abort();
    let (execution, case) = replayed?;
    let (word, code) = word(&execution);
    output::print(&told(model, rule, &case, &execution, word))?;
    Ok(code)
}

fn read(args: &ReplayArgs) -> Result<Case, CliError> {
    let text = std::fs::read_to_string(&args.file)
        .map_err(|source| CliError::Unreadable { path: args.file.clone(), source })?;
    Case::from_json(&text).map_err(|source| CliError::Case { path: args.file.clone(), source })
}

async fn again(
    args: &ReplayArgs,
    specs: &Specs,
    model: &Arc<ServiceModel>,
    rule: &Rule,
    case: Case,
) -> Result<(Execution, Case), CliError> {
    let target_spec = resolve(&args.target, args.call.config.as_deref())?;
    let calls = target_spec.call_args(&args.call);
    let opened = connect(&target_spec, &calls, args.account.as_deref(), specs).await?;
    let opened = begin(opened, None, false)?;
    let target: &Target = &opened.target;
    print_notice(target, rule.needs(model), 1, &calls);
    preflight(target, model).await?;
    let case = case.in_region(&target.region);
    let states = save_account_state(target, specs, &exclusive_resources(model, rule)).await?;
    let execution = repeated(target, model, rule, &case).await;
    let left = restore_account_state(target, specs, &states).await;
    output::print_leftovers(execution.leftovers.iter().cloned().chain(left));
    Ok((execution, case))
}

/// Concurrent calls conflict by chance, so such a case is repeated until they do, within bounds.
async fn repeated(target: &Target, model: &ServiceModel, rule: &Rule, case: &Case) -> Execution {
    let mut execution = execute(target, model, rule, case).await;
    if case.is_concurrent() {
        for _ in 1..AT_ONCE {
            if !matches!(execution.verdict, CaseVerdict::Held) {
                break;
            }
            let leftovers = std::mem::take(&mut execution.leftovers);
            execution = execute(target, model, rule, case).await;
            execution.leftovers.splice(0..0, leftovers);
        }
    }
    execution
}

fn word(execution: &Execution) -> (&'static str, u8) {
    if execution.unimplemented.is_some() {
        return ("not implemented", 1);
    }
    match execution.verdict {
        CaseVerdict::Held => ("fixed", 0),
        CaseVerdict::Violated(_) => ("still fails", 1),
        CaseVerdict::SetupFailed(_) | CaseVerdict::Unresolved(_) | CaseVerdict::NoResponse(_) => {
            ("cannot judge", 3)
        }
    }
}

fn told(model: &ServiceModel, rule: &Rule, case: &Case, execution: &Execution, word: &str) -> String {
    let mut lines = vec![format!("{word}: {}", rule.id), rule.requirement.clone()];
    lines.extend(execution.transcript.iter().enumerate().map(|(index, performed)| {
        let step = &case.steps[performed.step];
        let sent = match shown_body(model, performed) {
            Value::String(text) => text,
            body => body.to_string(),
        };
        let answer = match &performed.exchange.outcome {
            Ok(answer) => format!("{} {}", answer.status, answer.error_code().unwrap_or_default()),
            Err(failure) => failure.to_string(),
        };
        let (sent, answer) = (on_one_line(&sent), on_one_line(answer.trim_end()));
        format!("  {}. {} {sent} → {answer}", index + 1, step.operation)
    }));
    let why = match &execution.verdict {
        CaseVerdict::Held => None,
        CaseVerdict::Violated(violation) | CaseVerdict::SetupFailed(violation) => Some(violation.to_string()),
        CaseVerdict::Unresolved(unresolved) => Some(unresolved.to_string()),
        CaseVerdict::NoResponse(failure) => Some(failure.to_string()),
    };
    lines.extend(why.map(|why| format!("  {}", on_one_line(&why))));
    lines.join("\n") + "\n"
}
