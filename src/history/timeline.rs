//! A history as a picture in text: a lane for each client, time going down. Judges nothing, prints nothing.

use std::collections::BTreeSet;

use super::event::Event;

/// No label takes more room than this.
const WIDEST: usize = 44;

/// Draws the events. `words` says of an operation what was called and what came of it.
pub fn timeline<'a, Op: 'a>(
    events: impl IntoIterator<Item = &'a Event<Op>>,
    words: impl Fn(&Op) -> (String, String),
) -> String {
    let events: Vec<&Event<Op>> = events.into_iter().collect();
    let clients: Vec<usize> = events.iter().map(|e| e.client).collect::<BTreeSet<_>>().into_iter().collect();
    let marks = marks(&events, &clients, words);
    let widths: Vec<usize> =
        clients.iter().enumerate().map(|(lane, client)| width(&marks, lane, *client)).collect();
    let heads: Vec<String> = clients.iter().map(|client| header(*client)).collect();
    let mut picture = line("ms", &heads, &widths);
    let start = events.iter().map(|event| event.invoked).min().unwrap_or_default();
    let mut open = vec![false; clients.len()];
    for mark in &marks {
        let cells: Vec<String> = (0..clients.len()).map(|lane| mark.cell(lane, open[lane])).collect();
        let time = mark.time.map_or_else(String::new, |time| milliseconds(time - start));
        picture += &line(&time, &cells, &widths);
        open[mark.lane] = mark.begins;
    }
    picture
}

/// One end of an operation.
struct Mark {
    lane: usize,
    /// None if there was no response.
    time: Option<u64>,
    begins: bool,
    label: String,
}

impl Mark {
    /// The text in a lane beside this mark.
    fn cell(&self, lane: usize, open: bool) -> String {
        let sign = match (self.begins, self.time) {
            (true, _) => '┌',
            (false, Some(_)) => '└',
            (false, None) => '╵',
        };
        match (lane == self.lane, open) {
            (true, _) => format!("{sign} {}", self.label),
            (false, true) => "│".to_owned(),
            (false, false) => String::new(),
        }
    }
}

/// All ends in the order of the picture. At one moment, answers to a client stand before its next call, and
/// calls before the answers to others: intervals that touch overlap.
fn marks<Op>(events: &[&Event<Op>], clients: &[usize], words: impl Fn(&Op) -> (String, String)) -> Vec<Mark> {
    let mut all = Vec::new();
    for event in events {
        let lane = clients.iter().position(|client| *client == event.client).unwrap_or_default();
        let (call, outcome) = words(&event.op);
        let begin = Mark { lane, time: Some(event.invoked), begins: true, label: fit(&call) };
        all.push((event.invoked, BEGIN, begin));
        let of_client = events.iter().filter(|other| other.client == event.client);
        let next = of_client.map(|other| other.invoked).filter(|at| *at > event.invoked).min();
        let end = event.returned.or(next).unwrap_or(u64::MAX);
        let phase = if next == Some(end) { END_BEFORE_NEXT } else { END };
        let label = if event.returned.is_some() { fit(&outcome) } else { "no answer".to_owned() };
        all.push((end, phase, Mark { lane, time: event.returned, begins: false, label }));
    }
    all.sort_by_key(|(time, phase, _)| (*time, *phase));
    all.into_iter().map(|(_, _, mark)| mark).collect()
}

const END_BEFORE_NEXT: u8 = 0;
const BEGIN: u8 = 1;
const END: u8 = 2;

/// Room a lane needs, its sign and header included.
fn width(marks: &[Mark], lane: usize, client: usize) -> usize {
    let labels = marks.iter().filter(|mark| mark.lane == lane).map(|mark| length(&mark.label) + 2);
    labels.chain([length(&header(client))]).max().unwrap_or_default()
}

fn header(client: usize) -> String {
    format!("client {client}")
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// The label on one line and within its room; what would move a cursor is written out.
fn fit(label: &str) -> String {
    let plain = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    let label: String = label.chars().map(plain).collect();
    if length(&label) <= WIDEST {
        return label;
    }
    label.chars().take(WIDEST - 1).chain(['…']).collect()
}

fn milliseconds(nanoseconds: u64) -> String {
    format!("{}.{:03}", nanoseconds / 1_000_000, nanoseconds / 1_000 % 1_000)
}

fn line(time: &str, cells: &[String], widths: &[usize]) -> String {
    let mut line = format!("{time:>10}");
    for (cell, width) in cells.iter().zip(widths) {
        line += "  ";
        line += cell;
        line.extend(std::iter::repeat_n(' ', width.saturating_sub(length(cell))));
    }
    line.trim_end().to_owned() + "\n"
}
