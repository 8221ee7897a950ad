//! Holds a transcript against the reference: whether the calls so far, one after the other or in some order
//! where they were made at once, explain every answer. Sends nothing, and decides no law.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::case::Case;
use crate::client::Response;
use crate::history::{self, Budget, Event, Minimal, Verdict, timeline};
use crate::model::Expect;
use crate::reference::{Call, Mismatch, Others, Outcome, Reference, State, UnknownOperation};

use super::expectation::{describe, shorten};
use super::judge::StepVerdict;
use super::template::Performed;
use super::violation::{Violation, ViolationKind};

/// Configurations a search for an order may look at.
const STATES: usize = 200_000;

/// What the latest step, or the latest calls made at once, say: nothing where no lawful answer is expected.
/// Others may have resources in the account.
///
/// # Errors
/// When the reference does not know an operation.
pub fn lawful(
    reference: &Reference,
    case: &Case,
    transcript: &[Performed],
) -> Result<StepVerdict, UnknownOperation> {
    let Some(last) = transcript.last().filter(|last| case.steps[last.step].expect == Expect::Reference)
    else {
        return Ok(StepVerdict::Held);
    };
    let told: Vec<Told> =
        transcript.iter().map(|performed| Told::new(case, performed)).collect::<Result<_, _>>()?;
    let start = State::new(Others::Possible);
    if last.step + 1 == case.steps.len() && !told.iter().any(|told| told.outcome.settles()) {
        return Ok(StepVerdict::NotArranged(unsettled(last.step)));
    }
    Ok(if told.iter().any(|told| told.client.is_some()) {
        in_some_order(reference, case, &start, transcript, &told, last)
    } else {
        in_turn(reference, case, start, transcript, &told)
    })
}

/// A call with what came of it, as the reference wants it.
#[derive(Debug, Clone)]
struct Told {
    step: usize,
    client: Option<usize>,
    call: Call,
    outcome: Outcome,
}

impl Told {
    fn new(case: &Case, performed: &Performed) -> Result<Self, UnknownOperation> {
        let input = performed.sent.clone().unwrap_or(Value::Null);
        let call = Call::new(&performed.exchange.request.operation, input)?;
        let outcome = performed.exchange.outcome.as_ref().map_or(Outcome::Unanswered, told);
        Ok(Self { step: performed.step, client: case.steps[performed.step].client, call, outcome })
    }
}

fn told(answer: &Response) -> Outcome {
    Outcome::Answered(crate::reference::Answer {
        status: answer.status,
        code: answer.error_code().map(str::to_owned),
        body: answer.json.clone().unwrap_or(Value::Null),
    })
}

fn in_turn(
    reference: &Reference,
    case: &Case,
    start: State,
    transcript: &[Performed],
    told: &[Told],
) -> StepVerdict {
    let mut states = vec![start];
    if let Some(failed) = transcript.last().filter(|last| is_server_error(last)) {
        return StepVerdict::Violated(server_error(failed));
    }
    for (at, one) in told.iter().enumerate() {
        let mut wrong = None;
        let mut next = Vec::new();
        for state in &states {
            match reference.after(state, &one.call, &one.outcome) {
                Ok(after) => next.extend(after),
                Err(mismatch) => wrong = Some(mismatch),
            }
        }
        if let (true, Some(mismatch)) = (next.is_empty(), wrong) {
            let violation = unlawful(one.step, mismatch, &transcript[at]);
            // What was not expected to be lawful leaves a state that nobody knows.
            let judged = case.steps[one.step].expect == Expect::Reference;
            return if judged {
                StepVerdict::Violated(violation)
            } else {
                StepVerdict::NotArranged(violation)
            };
        }
        next.dedup();
        states = next;
    }
    StepVerdict::Held
}

fn is_server_error(performed: &Performed) -> bool {
    performed.exchange.outcome.as_ref().is_ok_and(Response::is_server_error)
}

fn server_error(performed: &Performed) -> Violation {
    let actual = performed.exchange.outcome.as_ref().map_or_else(ToString::to_string, describe);
    let expected = "an answer that is no failure of the service".to_owned();
    Violation::new(performed.step, ViolationKind::ServerError, expected, actual)
}

/// Failures of the service leave open what they did: nothing else is no proof of anything.
fn unsettled(step: usize) -> Violation {
    let actual = "failures of the service alone, which leave open what they did".to_owned();
    Violation::new(step, ViolationKind::Undecided, "an answer that settles something", actual)
}

fn unlawful(step: usize, mismatch: Mismatch, performed: &Performed) -> Violation {
    let answered = performed.exchange.outcome.as_ref().map_or_else(ToString::to_string, describe);
    let expected = shorten(&mismatch.expected);
    let actual = format!("{}, in the answer {answered}", shorten(&mismatch.actual));
    Violation::new(step, ViolationKind::Unlawful(mismatch.law), expected, actual)
}

fn in_some_order(
    reference: &Reference,
    case: &Case,
    start: &State,
    transcript: &[Performed],
    told: &[Told],
    last: &Performed,
) -> StepVerdict {
    let history: Vec<Event<Told>> =
        told.iter().zip(transcript).map(|(told, performed)| event(told, performed)).collect();
    let step = |state: &State, told: &Told| reference.next(state, &told.call, &told.outcome);
    let start = std::slice::from_ref(start);
    let budget = Budget::of_states(STATES);
    let expected = "an order in which the calls, made one after the other, would have had these answers";
    let violation = |kind, actual: String| Violation::new(last.step, kind, expected, actual);
    match history::judge(&history, start, step, &budget) {
        Verdict::Linearizable(_) => StepVerdict::Held,
        Verdict::OutOfBudget => {
            StepVerdict::NotArranged(violation(ViolationKind::Undecided, "too many orders to try".to_owned()))
        }
        Verdict::Violation { prefix, .. } => {
            let whole = Minimal { start: start.to_vec(), events: prefix };
            let minimal = history::minimize(&history, start, step, &budget).unwrap_or(whole);
            let shown = minimal.events.iter().map(|event| told[*event].step).collect();
            StepVerdict::Violated(violation(
                ViolationKind::NotLinearizable(shown),
                picture(case, &history, &minimal),
            ))
        }
    }
}

/// Steps that no client makes are a client of their own: the suite.
fn event(told: &Told, performed: &Performed) -> Event<Told> {
    Event {
        client: told.client.map_or(0, |client| client + 1),
        op: told.clone(),
        invoked: performed.span.invoked,
        returned: told.outcome.settles().then_some(performed.span.returned),
        reads: told.call.operation.reads(),
    }
}

/// The history in text, behind the states it may have begun in. Long values stand there by number.
fn picture(case: &Case, history: &[Event<Told>], minimal: &Minimal<State>) -> String {
    let mut events: Vec<&Event<Told>> = minimal.events.iter().map(|event| &history[*event]).collect();
    events.sort_by_key(|event| event.invoked);
    let mut names = Names::default();
    let words: BTreeMap<usize, (String, String)> =
        events.iter().map(|event| (event.op.step, names.words(&event.op))).collect();
    let drawn = timeline(events.iter().copied(), |told| words.get(&told.step).cloned().unwrap_or_default());
    let start: Vec<String> = minimal.start.iter().map(State::in_words).collect();
    let whole = case.steps.len();
    let among = format!("{} of {whole} calls, which no order explains", minimal.events.len());
    format!("{among}; at first there was {}:\n{drawn}", start.join(", or "))
}

/// Short names for long values: the same value, the same name.
#[derive(Default)]
struct Names(Vec<String>);

impl Names {
    /// Values longer than this get a name.
    const PLAIN: usize = 16;

    fn words(&mut self, told: &Told) -> (String, String) {
        let call = format!("{}{}", told.call.operation.name(), self.members(&told.call.input));
        let outcome = match &told.outcome {
            Outcome::Unanswered => "no answer".to_owned(),
            Outcome::Answered(answer) => {
                let code =
                    answer.code.clone().unwrap_or_else(|| self.members(&answer.body).trim().to_owned());
                format!("{} {}", answer.status, shorten(&code))
            }
        };
        (call, outcome.trim_end().to_owned())
    }

    /// Members in short, strings only: what tells calls apart.
    fn members(&mut self, value: &Value) -> String {
        let members = value.as_object().into_iter().flatten();
        let texts = members.filter_map(|(name, value)| Some((name, value.as_str()?)));
        texts.fold(String::new(), |words, (name, text)| {
            format!("{words} {}={}", initials(name), self.short(text))
        })
    }

    fn short(&mut self, text: &str) -> String {
        if text.chars().count() <= Self::PLAIN {
            return shorten(text);
        }
        let known = self.0.iter().position(|other| other == text);
        let number = known.unwrap_or_else(|| {
            self.0.push(text.to_owned());
            self.0.len() - 1
        });
        format!("#{}", number + 1)
    }
}

/// `PolicyHashCondition` in short: `PHC`.
fn initials(name: &str) -> String {
    name.chars().filter(char::is_ascii_uppercase).collect()
}
