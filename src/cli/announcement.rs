//! What a run on AWS says before it does anything: where, what it changes, what it may cost. Calls nobody.

use std::collections::BTreeSet;
use std::path::Path;

use crate::client::Target;
use crate::model::{CORE, Specs};
use crate::rule::Rule;

use super::args::CallArgs;
use super::output;

/// Calls a second on AWS, where nobody says otherwise.
pub const PACE: f64 = 5.0;

/// Says what is going to be done, where somebody lives with it.
pub fn announce(target: &Target, specs: &Specs, rules: &[&Rule], calls: &CallArgs) {
    if let (true, Some(journal)) = (target.is_precious(), target.journal()) {
        let pace = calls.rate.unwrap_or(PACE);
        output::complain(&announcement(target, specs, rules, pace, journal.path()));
    }
}

fn announcement(target: &Target, specs: &Specs, rules: &[&Rule], pace: f64, journal: &Path) -> String {
    let needs = |rule: &&Rule| specs.service(&rule.service).map(|m| rule.needs(m)).unwrap_or_default();
    let needed: BTreeSet<String> = rules.iter().flat_map(needs).collect();
    let mut lines = vec![
        format!("AWS account {}, region {}: {} rules", target.account(), target.region, rules.len()),
        "  changes  again and again, the resource policy and the encryption settings of the Data Catalog: whoever".to_owned(),
        "           uses the catalog meanwhile meets those of the run".to_owned(),
        "  makes    security configurations, with names that begin with `gp-`, and removes them".to_owned(),
    ];
    lines.extend(
        needed.iter().filter_map(|capability| made(capability)).map(|made| format!("           {made}")),
    );
    lines.push(format!(
        "  keeps    what stands there now, and the name of everything before it is made, in {}",
        journal.display()
    ));
    lines.push(
        "           and puts it back; should this process be killed, `glueproof cleanup` does".to_owned(),
    );
    let free = needed.iter().all(|capability| capability == CORE || capability == "connections");
    let cost = if free {
        "nothing for these calls; CloudTrail and AWS Config may charge for recording them"
    } else {
        "keys of KMS are charged by the month until they are scheduled for deletion, and 7 days later are gone; requests \
         to KMS and what is written to CloudWatch Logs are charged too"
    };
    lines.push(format!("  costs    {cost}"));
    lines.push(format!("  pace     at most {pace} calls a second"));
    lines.join("\n")
}

fn made(capability: &str) -> Option<&'static str> {
    match capability {
        "connections" => Some("connections to no data store"),
        "crypto" => Some("keys and aliases of KMS; keys stay for 7 days, scheduled for deletion"),
        "logs" => Some("log groups"),
        "access" => Some("roles with policies, which the run assumes"),
        _ => None,
    }
}
