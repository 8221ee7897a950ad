//! `glueproof doctor`: checks step by step whether a target can be judged, and prints the remedy for the first obstacle.
//! Changes nothing on the target.
//! Entry point: [`doctor`].

use tokio::runtime::Runtime;

use crate::client::Target;
use crate::model::Specs;
use crate::report::on_one_line;
use crate::run::{CancelToken, detect_capabilities, preflight};

use super::args::DoctorArgs;
use super::connection::connect;
use super::error::CliError;
use super::target::resolve;
use super::{output, run};

/// Checks the target. Returns 0 if a run can judge it, else 3.
///
/// # Errors
/// Returns an error if the arguments cannot be used.
pub fn doctor(args: &DoctorArgs) -> Result<u8, CliError> {
    let spec = resolve(&args.target, args.call.config.as_deref())?;
    let specs = run::specs(&args.specs)?;
    let runtime = Runtime::new().map_err(CliError::Start)?;
    let connection = match runtime.block_on(connect(&spec, &args.call, args.account.as_deref(), &specs)) {
        Ok(connection) => connection,
        Err(error) => {
            output::print(&step(false, "settings", &error.to_string()))?;
            return Ok(3);
        }
    };
    let target = &connection.target;
    output::print(&step(true, "settings", &settings(target)))?;
    for model in specs.services.iter().filter(|model| model.is_core()) {
        if let Err(error) = runtime.block_on(preflight(target, model)) {
            output::print(&step(false, "API", &error.to_string()))?;
            output::print(REMEDY)?;
            return Ok(3);
        }
        output::print(&step(true, "API", &format!("the target answers as {}", model.name)))?;
    }
    output::print(&step(true, "capabilities", &capabilities(&runtime, target, &specs)))?;
    output::print(&format!("ready: glueproof run {}\n", args.target))?;
    Ok(0)
}

/// The remedies for a target that does not answer.
const REMEDY: &str = "  Check that the target runs, that the URL has the right port and path,\n  that its Glue service is switched on, and that the credentials are\n  \
                      accepted there (--profile, AWS_ACCESS_KEY_ID).\n";

fn step(is_done: bool, name: &str, text: &str) -> String {
    let sign = if is_done { "ok  " } else { "fail" };
    format!("{sign} {name:<13} {}\n", on_one_line(text))
}

fn settings(target: &Target) -> String {
    let place = match target.url.as_deref() {
        Some(url) if url == target.name => String::new(),
        Some(url) => format!(" ({url})"),
        None => " (in this process)".to_owned(),
    };
    let credentials =
        if target.dummy_credentials { "the credentials test/test" } else { "your AWS credentials" };
    format!("{}{place}, region {}, {credentials}", target.name, target.region)
}

fn capabilities(runtime: &Runtime, target: &Target, specs: &Specs) -> String {
    if !target.is_loopback() && target.url.is_some() {
        return "core; others are judged with --capability, since calls elsewhere may cost money".to_owned();
    }
    let found = runtime.block_on(detect_capabilities(target, specs, &CancelToken::default()));
    found.iter().map(|capability| capability.name()).collect::<Vec<_>>().join(", ")
}
