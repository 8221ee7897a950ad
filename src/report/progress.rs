//! The progress of a run: a bar on a terminal, plain lines elsewhere. Consumes events; nothing
//! flows back to the run.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::run::{Event, Outcome, RuleResult, TargetInfo};
use crate::secrets::without_secrets;

use super::cluster::sentence;
use super::escape::on_one_line;
use super::model::Report;
use super::wording::duration;

/// The interval at which the bar updates its time.
const TICK: Duration = Duration::from_millis(200);
/// Progress lines of a run.
const STEPS: usize = 10;

/// The template of the bar.
const TEMPLATE: &str = "[{elapsed}] {bar:30} {pos}/{len} rules, {prefix}, about {eta} left  {wide_msg}";
/// The template of a [`PhaseBar`].
const PHASE_TEMPLATE: &str = "[{elapsed}] {bar:30} {pos}/{len} {prefix}";
/// The text that follows an interruption by the user.
const INTERRUPTED: &str = "interrupted: what is running is finished and cleaned up";

/// The progress display.
#[derive(Debug)]
pub enum Progress<W> {
    /// A bar.
    Bar(Bar),
    /// A line for what is worth one.
    Lines(Lines<W>),
}

impl Progress<io::Stderr> {
    /// A bar on standard error, which must be a terminal.
    #[must_use]
    pub fn bar() -> Self {
        Self::Bar(Bar::drawn_on(ProgressDrawTarget::stderr()))
    }
}

impl<W: Write> Progress<W> {
    /// Plain lines, written as they come.
    pub fn lines(to: W) -> Self {
        Self::Lines(Lines { to, tally: Tally::default(), leftovers: BTreeSet::new() })
    }

    /// Shows an event.
    ///
    /// # Errors
    /// Returns an error if a line cannot be written.
    pub fn on(&mut self, event: &Event) -> io::Result<()> {
        match self {
            Self::Bar(bar) => {
                bar.on(event);
                Ok(())
            }
            Self::Lines(lines) => lines.on(event),
        }
    }

    /// Shows the end of the run.
    ///
    /// # Errors
    /// Returns an error if a line cannot be written.
    pub fn finish(&mut self, report: &Report) -> io::Result<()> {
        match self {
            Self::Bar(bar) => {
                bar.display.finish_and_clear();
                Ok(())
            }
            Self::Lines(lines) => lines.finish(report),
        }
    }
}

/// A bar for work in several phases, such as trying mutants; hidden unless standard error is a terminal.
#[derive(Debug)]
pub struct PhaseBar(ProgressBar);

impl Default for PhaseBar {
    fn default() -> Self {
        let target =
            if io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb") {
                ProgressDrawTarget::stderr()
            } else {
                ProgressDrawTarget::hidden()
            };
        Self(bar(target, PHASE_TEMPLATE))
    }
}

impl PhaseBar {
    /// Begins a phase of so many steps.
    pub fn begin(&self, phase: &'static str, steps: usize) {
        self.0.reset();
        self.0.set_length(u64::try_from(steps).unwrap_or(u64::MAX));
        self.0.set_prefix(phase);
    }

    /// Counts a step.
    pub fn step(&self) {
        self.0.inc(1);
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}

fn bar(target: ProgressDrawTarget, template: &str) -> ProgressBar {
    // The templates are constants; without one the bar has the look of indicatif.
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(0), target).with_style(style.progress_chars("━╸─"))
}

/// Counts of finished rules.
#[derive(Debug, Default)]
struct Tally {
    rules: usize,
    done: usize,
    failed: usize,
    errored: usize,
    since: Option<Instant>,
}

impl Tally {
    /// `, about 2 min 5 s left`; empty where it is less than a second.
    fn time_left(&self) -> String {
        let spent = self.since.map_or(0, |since| since.elapsed().as_millis());
        let rest = self.rules.saturating_sub(self.done) as u128;
        match u64::try_from(spent * rest / (self.done.max(1) as u128)) {
            Ok(left @ 1_000..) => format!(", about {} left", duration(left)),
            _ => String::new(),
        }
    }

    fn count(&mut self, result: &RuleResult) {
        self.done += 1;
        self.failed += usize::from(result.outcome == Outcome::Failed);
        self.errored += usize::from(result.outcome == Outcome::Errored);
    }

    /// Returns whether the last rule finished another tenth.
    fn is_at_step(&self) -> bool {
        let steps = |done: usize| (done * STEPS).checked_div(self.rules).unwrap_or(0);
        self.done > 0 && steps(self.done) > steps(self.done - 1)
    }

    /// `3 failed, 1 errored`.
    fn trouble(&self) -> String {
        let failed = format!("{} failed", self.failed);
        if self.errored == 0 { failed } else { format!("{failed}, {} errored", self.errored) }
    }
}

/// A bar with counts, the rule last heard of and the time.
#[derive(Debug)]
pub struct Bar {
    display: ProgressBar,
    tally: Tally,
    leftovers: BTreeSet<String>,
}

impl Bar {
    fn drawn_on(target: ProgressDrawTarget) -> Self {
        Self { display: bar(target, TEMPLATE), tally: Tally::default(), leftovers: BTreeSet::new() }
    }

    fn on(&mut self, event: &Event) {
        match event {
            Event::Started { rules, .. } => {
                self.tally.rules = *rules;
                self.display.set_length(u64::try_from(*rules).unwrap_or(u64::MAX));
                self.display.set_prefix(self.tally.trouble());
                self.display.enable_steady_tick(TICK);
            }
            Event::OtherRegions { response_ms, regions } => {
                self.display.println(other_regions(*response_ms, regions));
            }
            Event::RuleStarted { id } => self.display.set_message(on_one_line(id)),
            Event::Shrinking { id } => self.display.set_message(on_one_line(&format!("shrinking {id}"))),
            Event::RuleFinished(result) => {
                self.tally.count(result);
                self.display.set_prefix(self.tally.trouble());
                self.display.inc(1);
            }
            Event::Interrupted => self.display.println(INTERRUPTED),
            Event::CleaningUp => self.display.set_message("cleaning up"),
            Event::Leftover { what } => {
                if self.leftovers.insert(what.clone()) {
                    self.display.println(without_secrets(&leftover(what)));
                }
            }
        }
    }
}

/// Lines for what is worth one: trouble as it comes, and now and then how far the run is.
#[derive(Debug)]
pub struct Lines<W> {
    to: W,
    tally: Tally,
    leftovers: BTreeSet<String>,
}

impl<W: Write> Lines<W> {
    fn on(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::Started { target, rules, seed } => {
                self.tally.rules = *rules;
                self.tally.since = Some(Instant::now());
                self.line(&format!("{rules} rules on {}, seed {seed}", name(target)))
            }
            Event::OtherRegions { response_ms, regions } => self.line(&other_regions(*response_ms, regions)),
            Event::RuleStarted { .. } | Event::Shrinking { .. } => Ok(()),
            Event::RuleFinished(result) => self.finished(result),
            Event::Interrupted => self.line(INTERRUPTED),
            Event::CleaningUp => self.line("cleaning up"),
            Event::Leftover { what } => {
                if self.leftovers.insert(what.clone()) {
                    self.line(&leftover(what))
                } else {
                    Ok(())
                }
            }
        }
    }

    fn finish(&mut self, report: &Report) -> io::Result<()> {
        let (verdict, time) = (report.verdict.name(), duration(report.duration_ms));
        self.line(&format!("{verdict} after {time}, {}", self.tally.trouble()))
    }

    fn finished(&mut self, result: &RuleResult) -> io::Result<()> {
        self.tally.count(result);
        if let Some(why) = result.closed_gap() {
            self.line(&format!("closed {}: {why}", result.id))?;
        }
        match result.outcome {
            Outcome::Failed | Outcome::Errored | Outcome::Noted | Outcome::Flaky => {
                let what = match result.outcome {
                    Outcome::Errored => result.reason.as_deref().unwrap_or_default(),
                    _ => sentence(result),
                };
                self.line(&format!("{} {}: {what}", result.outcome.name(), result.id))?;
            }
            Outcome::Passed
            | Outcome::Unimplemented
            | Outcome::Blocked
            | Outcome::Known
            | Outcome::Skipped => {}
        }
        if self.tally.is_at_step() {
            let Tally { done, rules, .. } = self.tally;
            let left = self.tally.time_left();
            self.line(&format!("progress {done}/{rules}, {}{left}", self.tally.trouble()))?;
        }
        Ok(())
    }

    fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.to, "{}", on_one_line(&without_secrets(text)))?;
        self.to.flush()
    }
}

fn name(target: &TargetInfo) -> String {
    match &target.url {
        Some(url) if *url != target.name => format!("{} at {url}", target.name),
        _ => target.name.clone(),
    }
}

fn other_regions(response_ms: u64, regions: &[String]) -> String {
    let regions = regions.join(", ");
    format!(
        "an answer takes {response_ms} ms: rules also run in {regions}, which are left as they are; --one-region prevents it"
    )
}

fn leftover(what: &str) -> String {
    on_one_line(&format!("left behind: {what}"))
}

/// Returns one line for each kind of resource that is left behind, with its number.
#[must_use]
pub fn leftover_lines(all: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    all.into_iter().for_each(|what| *counts.entry(what).or_default() += 1);
    let times = |(what, number): (String, usize)| match number {
        1 => leftover(&what),
        many => leftover(&format!("{many} × {what}")),
    };
    counts.into_iter().map(times).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_has_a_valid_look_and_counts() {
        let mut bar = Bar::drawn_on(ProgressDrawTarget::hidden());
        assert!(ProgressStyle::with_template(TEMPLATE).is_ok());
        let target = TargetInfo {
            kind: crate::client::TargetType::Fake,
            url: None,
            name: "fake".to_owned(),
            capabilities: std::collections::BTreeMap::new(),
        };
        bar.on(&Event::Started { target, rules: 7, seed: 1 });
        bar.on(&Event::RuleStarted { id: "a\u{1b}".to_owned() });
        assert_eq!((bar.display.length(), bar.display.position()), (Some(7), 0));
        assert_eq!(bar.display.message(), "a\\u{1b}");
        assert_eq!(bar.display.prefix(), "0 failed");
    }

    #[test]
    fn ten_steps_whatever_the_number_of_rules() {
        for rules in [10, 11, 99, 300] {
            let at = |done| Tally { rules, done, ..Tally::default() }.is_at_step();
            assert_eq!((0..=rules).filter(|done| at(*done)).count(), 10, "{rules}");
            assert!(at(rules));
        }
        assert!(!Tally { rules: 0, done: 1, ..Tally::default() }.is_at_step());
    }
}
