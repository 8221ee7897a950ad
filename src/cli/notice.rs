//! The notice before a run on AWS: account, changes, cost.
//!
//! Calls no target. The entry point is [`print_notice`].

use std::collections::BTreeSet;
use std::path::Path;

use crate::client::Target;
use crate::model::Capability;

use super::args::CallArgs;
use super::output;

/// The default rate on AWS.
pub const AWS_CALLS_PER_SECOND: f64 = 5.0;

/// Prints the notice if the target is a real account. The capabilities are those that the rules need.
pub fn print_notice(
    target: &Target,
    needed: impl IntoIterator<Item = Capability>,
    rules: usize,
    calls: &CallArgs,
) {
    if let (true, Some(journal)) = (target.is_real_account(), target.journal()) {
        let rate = calls.rate.unwrap_or(AWS_CALLS_PER_SECOND);
        output::print_error(&notice(target, &needed.into_iter().collect(), rules, rate, journal.path()));
    }
}

fn notice(target: &Target, needed: &BTreeSet<Capability>, rules: usize, rate: f64, journal: &Path) -> String {
    let mut lines = vec![
        format!("AWS account {}, region {}: {rules} rules", target.account(), target.region),
        "  changes  the resource policy and the encryption settings of the Data Catalog, many times. Other users of".to_owned(),
        "           the catalog see these values during the run".to_owned(),
        "  creates  security configurations, with names that begin with `gp-`, and deletes them".to_owned(),
    ];
    lines.extend(
        needed
            .iter()
            .filter_map(|capability| created_resources(*capability))
            .map(|kind| format!("           {kind}")),
    );
    lines.push(format!(
        "  records  the present values, and the name of every resource before it is created, in {}",
        journal.display()
    ));
    lines.push(
        "           and restores the values. After a killed run, `glueproof cleanup` restores them"
            .to_owned(),
    );
    let free =
        needed.iter().all(|capability| matches!(capability, Capability::Core | Capability::Connections));
    let cost = if free {
        "these calls are free; CloudTrail and AWS Config may charge for recording them"
    } else {
        "KMS keys are charged by the month until they are scheduled for deletion, and deleted 7 days later; requests to \
         KMS and data in CloudWatch Logs are charged too"
    };
    lines.push(format!("  costs    {cost}"));
    lines.push(format!("  pace     at most {rate} calls a second"));
    lines.join("\n")
}

fn created_resources(capability: Capability) -> Option<&'static str> {
    match capability {
        Capability::Connections => Some("connections, without a data store"),
        Capability::Crypto => Some("KMS keys and aliases; keys remain scheduled for deletion for 7 days"),
        Capability::Logs => Some("log groups"),
        Capability::Access => Some("roles with policies, which the run assumes"),
        Capability::Core | Capability::Workloads => None,
    }
}
