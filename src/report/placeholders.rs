//! Explains the placeholders in bodies: cases have the placeholders of a run and an account, and commands have the real
//! account.

use crate::case::{ACCOUNT, RUN};
use crate::run::{FindingStep, RuleResult};

use super::writer::{Style, TextWriter};

/// Writes the remark, if the findings show a stand-in.
pub(super) fn remark<'r>(page: &mut TextWriter, rules: impl Iterator<Item = &'r RuleResult>) {
    if let Some(words) = words(rules) {
        page.blank();
        page.line(0, Style::Dim, &words);
    }
}

/// The remark, if the findings show a stand-in.
pub(super) fn words<'r>(rules: impl Iterator<Item = &'r RuleResult>) -> Option<String> {
    let (mut run, mut account, mut commands) = (false, false, false);
    for finding in rules.filter_map(|rule| rule.finding.as_ref()) {
        commands |= !(finding.reproduce.curl.is_empty() && finding.reproduce.aws_cli.is_empty());
        for text in finding.steps.iter().flat_map(bodies) {
            run |= text.contains(RUN) || text.contains(&RUN.replace('-', ""));
            account |= text.contains(ACCOUNT);
        }
    }
    let run = run.then(|| format!("`{RUN}` for the run's unique names"));
    let named = if commands { ", which the commands name" } else { "" };
    let account = account.then(|| format!("{ACCOUNT} for the target's account{named}"));
    let parts: Vec<String> = [run, account].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| format!("Bodies show stand-ins: {}.", parts.join(", and ")))
}

fn bodies(step: &FindingStep) -> impl Iterator<Item = String> {
    let came = step.response.as_ref().map(|response| response.body.to_string());
    [Some(step.request.body.to_string()), came].into_iter().flatten()
}
