//! A thousand calls of eight clients: legal ones pass, one wrong answer is found, both within few configurations.

use glueproof::history::{Budget, Event, Minimal, Verdict, judge, minimize};

use super::register::Op::{self, Read, Swap, Write};
use super::register::step;

const CALLS: usize = 1_000;
const CLIENTS: usize = 8;
/// Bound on the configurations of a search. A search without a memo needs more than any bound.
const MAX_CONFIGURATIONS: usize = 50_000;

/// Numbers that look random and are the same every time.
pub struct TestRng(u64);

impl TestRng {
    pub fn of_seed(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound
    }
}

/// A legal history: every call takes effect somewhere between its invocation and its answer, which overlap
/// with those of the other clients. Each takes effect at the tick of its index.
fn legal_history(seed: u64) -> Vec<Event<Op>> {
    let mut dice = TestRng::of_seed(seed);
    let (mut state, mut free, mut known) = (0, [0u64; CLIENTS], [0u32; CLIENTS]);
    let mut history = Vec::new();
    for index in 0..CALLS {
        let client = usize::try_from(dice.below(CLIENTS as u64)).unwrap();
        let effect = (index as u64 + 1) * 100;
        let earliest = free[client].max(effect.saturating_sub(100 + dice.below(800)));
        let fresh = u32::try_from(index).unwrap() + 1;
        let op = match dice.below(10) {
            0..5 => Read(state),
            5..7 => Write(fresh),
            _ => Swap(known[client], fresh, known[client] == state),
        };
        state = step(&state, &op)[0];
        known[client] = state;
        let returned = effect + 1 + dice.below(90);
        free[client] = returned + 1;
        let lost = dice.below(200) == 0 && !matches!(op, Read(_));
        let event = Event {
            client,
            op,
            invoked: earliest,
            returned: (!lost).then_some(returned),
            reads: matches!(op, Read(_)),
        };
        history.push(event);
    }
    stretch(&mut history);
    history
}

/// Lets answers come late, so that calls overlap after their effect as well.
fn stretch(history: &mut [Event<Op>]) {
    for index in 0..history.len() {
        let client = history[index].client;
        let next = history[index + 1..].iter().find(|e| e.client == client).map(|e| e.invoked);
        let room = next.unwrap_or(u64::MAX).saturating_sub(1).min(history[index].invoked + 900);
        history[index].returned = history[index].returned.map(|returned| returned.max(room));
    }
}

fn bounded(history: &[Event<Op>]) -> Verdict {
    judge(history, &[0], step, &Budget::of_states(MAX_CONFIGURATIONS))
}

/// Average number of calls that a call overlaps with.
fn overlap(history: &[Event<Op>]) -> usize {
    let during = |a: &Event<Op>, b: &Event<Op>| {
        a.invoked <= b.returned.unwrap_or(b.invoked) && b.invoked <= a.returned.unwrap_or(a.invoked)
    };
    history.iter().map(|a| history.iter().filter(|b| during(a, b)).count() - 1).sum::<usize>() / history.len()
}

#[test]
fn legal_histories_pass_within_the_bound() {
    for seed in 0..20 {
        let history = legal_history(seed);
        assert!(overlap(&history) >= 3, "the calls overlap: {}", overlap(&history));
        assert!(matches!(bounded(&history), Verdict::Linearizable(_)), "seed {seed}");
    }
}

/// Histories that one fault in the later half made illegal, all of which must be found out.
fn assert_found(fault: impl Fn(&mut Vec<Event<Op>>, usize) -> Option<()>) {
    for seed in 0..10 {
        let mut history = legal_history(seed);
        let from = CALLS / 2 + usize::try_from(seed).unwrap() * 20;
        fault(&mut history, from).unwrap();
        let verdict = bounded(&history);
        assert!(matches!(verdict, Verdict::Violation { .. }), "seed {seed}: {verdict:?}");
    }
}

/// State before the call of that index took effect.
fn state_before(history: &[Event<Op>], index: usize) -> u32 {
    history[..index].iter().fold(0, |state, event| step(&state, &event.op)[0])
}

/// Index of the first answered read from there on.
fn read_from(history: &[Event<Op>], from: usize) -> Option<usize> {
    (from..CALLS).find(|i| matches!(history[*i], Event { op: Read(_), returned: Some(_), .. }))
}

#[test]
fn a_stale_read_is_found() {
    assert_found(|history, from| {
        let read = read_from(history, from)?;
        history[read].op = Read(state_before(history, read - 40));
        Some(())
    });
}

#[test]
fn a_read_of_the_future_is_found() {
    assert_found(|history, from| {
        let read = read_from(history, from)?;
        history[read].op = Read(state_before(history, read + 60));
        Some(())
    });
}

#[test]
fn reads_that_go_back_are_found() {
    assert_found(|history, from| {
        let early = read_from(history, from)?;
        let late = read_from(history, early + 40)?;
        let (old, new) = (history[early].op, history[late].op);
        assert_ne!(old, new);
        (history[early].op, history[late].op) = (new, old);
        Some(())
    });
}

#[test]
fn two_winners_with_one_version_are_found() {
    // Every version is in force once, until another replaces it.
    assert_found(|history, start| {
        let won = |e: &Event<Op>| match e.op {
            Swap(from, _, true) if e.returned.is_some() => Some(from),
            _ => None,
        };
        let version = history[start..].iter().find_map(won)?;
        let lost = |e: &Event<Op>| matches!(e.op, Swap(_, _, false)) && e.returned.is_some();
        let second = (start..CALLS).find(|i| lost(&history[*i]))?;
        let Swap(_, to, _) = history[second].op else { return None };
        history[second].op = Swap(version, to, true);
        Some(())
    });
}

#[test]
fn an_update_that_is_lost_is_found() {
    // An answered write has no effect, and a read that begins after it sees what was written before it began.
    assert_found(|history, start| {
        let writes = |e: &&Event<Op>, version| matches!(e.op, Write(to) | Swap(_, to, true) if to == version);
        let lost = |history: &Vec<Event<Op>>, index: usize| {
            let old = state_before(history, index);
            let settled = history.iter().find(|e| writes(e, old))?.returned?;
            let answered = history[index].returned?;
            let plain = matches!(history[index].op, Write(_)) && settled < history[index].invoked;
            let blind =
                |e: &Event<Op>| matches!(e.op, Read(_)) && e.invoked > answered && e.returned.is_some();
            let read = (index + 1..CALLS).find(|i| blind(&history[*i])).filter(|_| plain)?;
            Some((read, old))
        };
        let (read, old) = (start..CALLS).find_map(|index| lost(history, index))?;
        history[read].op = Read(old);
        Some(())
    });
}

#[test]
fn an_update_that_is_refused_and_takes_effect_is_found() {
    assert_found(|history, start| {
        let read = |to| history.iter().any(|e| e.op == Read(to) && e.returned.is_some());
        let hidden = |i: &usize| matches!(history[*i].op, Swap(_, to, true) if read(to));
        let index = (start..CALLS).find(hidden).filter(|i| history[*i].returned.is_some())?;
        let Swap(from, to, _) = history[index].op else { return None };
        history[index].op = Swap(from, to, false);
        Some(())
    });
}

#[test]
fn a_long_violation_is_shown_short() {
    let mut history = legal_history(1);
    let read = read_from(&history, CALLS / 2).unwrap();
    history[read].op = Read(state_before(&history, read - 40));
    let budget = Budget::of_states(MAX_CONFIGURATIONS);
    let Minimal { start: begun, events } = minimize(&history, &[0], step, &budget).unwrap();
    let part: Vec<_> = events.iter().map(|i| history[*i].clone()).collect();
    assert!(matches!(judge(&part, &begun, step, &budget), Verdict::Violation { .. }));
    assert!(events.contains(&read) && events.len() <= 4, "{part:?}");
}
