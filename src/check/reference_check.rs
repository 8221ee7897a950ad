//! Checks a transcript against the reference model: the calls so far, one by one or in some order where they were concurrent,
//! must explain every response.
//! Must not define a law.
//! The entry point is [`check_reference`].

use std::collections::BTreeMap;

use serde_json::Value;

use crate::case::Case;
use crate::client::Response;
use crate::history::{self, Budget, Event, Minimal, Verdict, timeline};
use crate::model::Expect;
use crate::reference::{Call, ConcurrentWriters, Mismatch, Outcome, Reference, State, UnknownOperation};

use super::json::{describe, shorten};
use super::transcript::PerformedStep;
use super::violation::{StepVerdict, Violation, ViolationKind};

/// The maximum number of configurations of a search for an order.
const MAX_CONFIGURATIONS: usize = 200_000;

/// Judges the latest step, or the latest concurrent calls, if the case expects the reference to judge them. Others may
/// have resources in the account.
///
/// # Errors
/// Returns an error if the reference does not know an operation.
pub fn check_reference(
    reference: &Reference,
    case: &Case,
    transcript: &[PerformedStep],
) -> Result<StepVerdict, UnknownOperation> {
    let Some(last) = transcript.last().filter(|last| case.steps[last.step].expect == Expect::Reference)
    else {
        return Ok(StepVerdict::Held);
    };
    let observed: Vec<ObservedCall> =
        transcript.iter().map(|performed| ObservedCall::new(case, performed)).collect::<Result<_, _>>()?;
    let start = State::new(ConcurrentWriters::Possible);
    if last.step + 1 == case.steps.len() && !observed.iter().any(|observed| observed.outcome.settles()) {
        return Ok(StepVerdict::SetupFailed(undecided_violation(last.step)));
    }
    Ok(if observed.iter().any(|observed| observed.client.is_some()) {
        concurrent(reference, case, &start, transcript, &observed, last)
    } else {
        sequential(reference, case, start, transcript, &observed)
    })
}

/// A call with its outcome, in the form of the reference.
#[derive(Debug, Clone)]
struct ObservedCall {
    step: usize,
    client: Option<usize>,
    call: Call,
    outcome: Outcome,
}

impl ObservedCall {
    fn new(case: &Case, performed: &PerformedStep) -> Result<Self, UnknownOperation> {
        let input = performed.sent.clone().unwrap_or(Value::Null);
        let call = Call::new(&performed.exchange.request.operation, input)?;
        let outcome = performed.exchange.outcome.as_ref().map_or(Outcome::Unanswered, outcome_of);
        Ok(Self { step: performed.step, client: case.steps[performed.step].client, call, outcome })
    }
}

fn outcome_of(response: &Response) -> Outcome {
    Outcome::Answered(crate::reference::Answer {
        status: response.status,
        code: response.error_code().map(str::to_owned),
        body: response.json.clone().unwrap_or(Value::Null),
    })
}

fn sequential(
    reference: &Reference,
    case: &Case,
    start: State,
    transcript: &[PerformedStep],
    observed: &[ObservedCall],
) -> StepVerdict {
    let mut states = vec![start];
    if let Some(failed) = transcript.last().filter(|last| is_server_error(last)) {
        return StepVerdict::Violated(server_error(failed));
    }
    for (at, one) in observed.iter().enumerate() {
        let mut last_mismatch = None;
        let mut next = Vec::new();
        for state in &states {
            match reference.after(state, &one.call, &one.outcome) {
                Ok(after) => next.extend(after),
                Err(mismatch) => last_mismatch = Some(mismatch),
            }
        }
        if let (true, Some(mismatch)) = (next.is_empty(), last_mismatch) {
            let violation = mismatch_violation(one.step, mismatch, &transcript[at]);
            // A mismatch at a step that the reference does not judge leaves an unknown state.
            let judged = case.steps[one.step].expect == Expect::Reference;
            return if judged {
                StepVerdict::Violated(violation)
            } else {
                StepVerdict::SetupFailed(violation)
            };
        }
        next.dedup();
        states = next;
    }
    StepVerdict::Held
}

fn is_server_error(performed: &PerformedStep) -> bool {
    performed.exchange.outcome.as_ref().is_ok_and(Response::is_server_error)
}

fn server_error(performed: &PerformedStep) -> Violation {
    let actual = performed.exchange.outcome.as_ref().map_or_else(ToString::to_string, describe);
    let expected = "an answer that is no failure of the service".to_owned();
    Violation::new(performed.step, ViolationKind::ServerError, expected, actual)
}

/// Failures of the service leave open what they did. A transcript of only such failures proves nothing.
fn undecided_violation(step: usize) -> Violation {
    let actual = "failures of the service alone, which leave open what they did".to_owned();
    Violation::new(step, ViolationKind::Undecided, "an answer that settles something", actual)
}

fn mismatch_violation(step: usize, mismatch: Mismatch, performed: &PerformedStep) -> Violation {
    let answered = performed.exchange.outcome.as_ref().map_or_else(ToString::to_string, describe);
    let expected = shorten(&mismatch.expected);
    let actual = format!("{}, in the answer {answered}", shorten(&mismatch.actual));
    Violation::new(step, ViolationKind::ReferenceMismatch(mismatch.law), expected, actual)
}

fn concurrent(
    reference: &Reference,
    case: &Case,
    start: &State,
    transcript: &[PerformedStep],
    observed: &[ObservedCall],
    last: &PerformedStep,
) -> StepVerdict {
    let history: Vec<Event<ObservedCall>> =
        observed.iter().zip(transcript).map(|(observed, performed)| event(observed, performed)).collect();
    let step =
        |state: &State, observed: &ObservedCall| reference.next(state, &observed.call, &observed.outcome);
    let start = std::slice::from_ref(start);
    let budget = Budget::of_states(MAX_CONFIGURATIONS);
    let expected = "an order in which the calls, made one after the other, would have had these answers";
    let violation = |kind, actual: String| Violation::new(last.step, kind, expected, actual);
    match history::judge(&history, start, step, &budget) {
        Verdict::Linearizable(_) => StepVerdict::Held,
        Verdict::OutOfBudget => {
            StepVerdict::SetupFailed(violation(ViolationKind::Undecided, "too many orders to try".to_owned()))
        }
        Verdict::Violation { prefix, .. } => {
            let whole = Minimal { start: start.to_vec(), events: prefix };
            let minimal = history::minimize(&history, start, step, &budget).unwrap_or(whole);
            let shown = minimal.events.iter().map(|event| observed[*event].step).collect();
            StepVerdict::Violated(violation(
                ViolationKind::NotLinearizable(shown),
                draw_history(case, &history, &minimal),
            ))
        }
    }
}

/// The suite makes the steps without a client, as a client of its own.
fn event(observed: &ObservedCall, performed: &PerformedStep) -> Event<ObservedCall> {
    Event {
        client: observed.client.map_or(0, |client| client + 1),
        op: observed.clone(),
        invoked: performed.interval.invoked,
        returned: observed.outcome.settles().then_some(performed.interval.returned),
        reads: observed.call.operation.reads(),
    }
}

/// The history in text, behind the states it may have begun in. Long values stand there by number.
fn draw_history(case: &Case, history: &[Event<ObservedCall>], minimal: &Minimal<State>) -> String {
    let mut events: Vec<&Event<ObservedCall>> = minimal.events.iter().map(|event| &history[*event]).collect();
    events.sort_by_key(|event| event.invoked);
    let mut names = Names::default();
    let words: BTreeMap<usize, (String, String)> =
        events.iter().map(|event| (event.op.step, names.words(&event.op))).collect();
    let timeline_text =
        timeline(events.iter().copied(), |observed| words.get(&observed.step).cloned().unwrap_or_default());
    let start: Vec<String> = minimal.start.iter().map(State::in_words).collect();
    let whole = case.steps.len();
    let among = format!("{} of {whole} calls, which no order explains", minimal.events.len());
    format!("{among}; at first there was {}:\n{timeline_text}", start.join(", or "))
}

/// Short names for long values: the same value, the same name.
#[derive(Default)]
struct Names(Vec<String>);

impl Names {
    /// Values longer than this get a name.
    const MAX_PLAIN_CHARS: usize = 16;

    fn words(&mut self, observed: &ObservedCall) -> (String, String) {
        let call = format!("{}{}", observed.call.operation.name(), self.members(&observed.call.input));
        let outcome = match &observed.outcome {
            Outcome::Unanswered => "no answer".to_owned(),
            Outcome::Answered(response) => {
                let code =
                    response.code.clone().unwrap_or_else(|| self.members(&response.body).trim().to_owned());
                format!("{} {}", response.status, shorten(&code))
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
        if text.chars().count() <= Self::MAX_PLAIN_CHARS {
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
