//! Starts a file of known gaps from what failed, or brings one up to date: what still fails keeps its entry
//! with reason and comments, what holds leaves it, what is new is added. Renders text; opens no file.

use std::collections::BTreeMap;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use crate::rule::Rule;

use super::error::{GapsError, GapsProblem};
use super::gaps::{Gap, KnownGaps};

/// The comment above the entries of a new file.
const HEADER: &str = "\
# Rules that the target is expected not to hold. `glueproof run --known THIS-FILE` does not fail on them, and
# fails on one that holds after all. An entry has
#   rule     an id of `glueproof list`, or a pattern with `*`, of which all rules are expected to fail
#   reason   why; put yours where it says \"describe why\"
#   issue    where it is worked on; may be left out
#   expires  the last day on which the entry excuses, as in 2027-06-30; may be left out
";
const REASON: &str = "describe why";

/// The file after a run: `text` is what it held before, and `gaps` what was read from that; both are empty where
/// there was no file. `held` says of every rule that was judged whether it held.
///
/// # Errors
/// Returns an error if the entries of the file are not written as `[[known]]`.
pub fn record(
    text: &str,
    gaps: &KnownGaps,
    held: &BTreeMap<&str, bool>,
    rules: &[Rule],
) -> Result<String, GapsError> {
    let mut document: DocumentMut = text.parse().map_err(|e: toml_edit::TomlError| {
        let problem = GapsProblem::Syntax(e.message().to_owned());
        GapsError::at(text, e.span().unwrap_or_default().start, problem)
    })?;
    let mut entries = ArrayOfTables::new();
    match document.remove("known") {
        None => {}
        Some(Item::ArrayOfTables(tables)) => {
            for (table, gap) in tables.iter().zip(gaps.gaps()) {
                keep(&mut entries, table, gap, held);
            }
        }
        Some(_) => {
            let problem = GapsProblem::Syntax("write every entry under a `[[known]]` of its own".to_owned());
            return Err(GapsError { line: 1, problem });
        }
    }
    let is_new = |rule: &&Rule| held.get(rule.id.as_str()) == Some(&false) && gaps.of(&rule.id).is_none();
    for rule in rules.iter().filter(is_new) {
        let mut table = Table::new();
        table.insert("rule", value(&rule.id));
        table.insert("reason", value(REASON));
        table.decor_mut().set_prefix(format!("\n# {}\n", rule.requirement));
        entries.push(table);
    }
    let header = if text.trim().is_empty() { HEADER } else { "" };
    document.insert("known", Item::ArrayOfTables(entries));
    Ok(format!("{header}{document}"))
}

/// Keeps what of an entry is still true: all of it, or the rules of its pattern that do not hold.
fn keep(entries: &mut ArrayOfTables, table: &Table, gap: &Gap, held: &BTreeMap<&str, bool>) {
    let (holding, open): (Vec<&String>, Vec<&String>) =
        gap.rules().iter().partition(|id| held.get(id.as_str()) == Some(&true));
    if holding.is_empty() {
        return entries.push(table.clone());
    }
    for (index, id) in open.into_iter().enumerate() {
        let mut one = table.clone();
        one.insert("rule", value(id));
        if index > 0 {
            one.decor_mut().set_prefix("\n");
        }
        entries.push(one);
    }
}
