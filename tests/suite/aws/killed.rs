//! A run is killed at any of its calls, and cleaned up after: the account is as it was. So is it when the cleaning up is
//! killed too.

use super::account::{Account, Moment, NUMBER, assert_same};
use super::begun::journals;

const QUICK: &[&str] = &["--account", NUMBER, "--rate", "100000"];
const MOMENTS: [Moment; 3] = [Moment::Before, Moment::After, Moment::Answered];
/// Parts of the suite, small enough to be run often; together they make and change all there is.
const PARTS: [&[&str]; 6] = [
    &["--only", "PutResourcePolicy/condition", "--cases", "1"],
    &["--only", "PutDataCatalogEncryptionSettings/valid", "--cases", "2"],
    &["--only", "CreateSecurityConfiguration/boundary", "--cases", "1"],
    &["--only", "glue/*/sequence/*", "--only", "glue/*/concurrency/*", "--cases", "1"],
    &["--capability", "crypto", "--capability", "connections", "--only", "GetConnection", "--cases", "1"],
    &["--capability", "access", "--only", "access/not-permitted", "--cases", "1"],
];

/// Numbers that look like chance and are the same each time.
struct TestRng(u64);

impl TestRng {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }
}

/// The description of one kill, printed for readers of the output.
struct Killed {
    at: u64,
    again: u64,
}

fn kill_and_clean_up(account: &Account, part: &[&str], chance: &mut TestRng) -> Killed {
    let before = account.state();
    let run = [&["run", "aws"], QUICK, part].concat();
    let cleanup = [&["cleanup", "aws"], QUICK].concat();
    let calls = account.count(&run);
    assert_same(&account.state(), &before, &format!("{part:?} without a kill"));
    let at = 2 + chance.below(calls - 1);
    let moment = MOMENTS[usize::try_from(chance.below(3)).unwrap()];
    account.killed(&run, at, moment);
    // Half of the time cleaning up is killed as well, until it is through.
    let mut again = 0;
    while chance.below(2) == 0 && account.killed(&cleanup, 2 + chance.below(12), moment) {
        again += 1;
    }
    let cleaned = account.run(&cleanup);
    assert_eq!(cleaned.code(), 0, "call {at} of {calls}, {moment:?}, {part:?}: {cleaned:#?}");
    let when = format!("call {at} of {calls}, {moment:?}, {part:?}: {}", cleaned.stdout);
    assert_same(&account.state(), &before, &when);
    assert!(journals(account).is_empty());
    Killed { at, again }
}

/// Kills so many runs, and says how many calls they had made, and how often their cleaning up was killed.
fn kills(first: u64, how_many: u64) -> (u64, u64) {
    let (mut calls, mut again) = (0, 0);
    for number in first..first + how_many {
        let mut chance = TestRng(number);
        let account = if number % 3 == 2 { Account::empty() } else { Account::lived_in() };
        let part = PARTS[usize::try_from(number).unwrap() % PARTS.len()];
        let killed = kill_and_clean_up(&account, part, &mut chance);
        calls += killed.at;
        again += killed.again;
    }
    (calls, again)
}

#[test]
fn killed_at_any_call_the_account_is_as_before() {
    kills(0, 6);
}

#[test]
#[ignore = "minutes: cargo test --test suite -- --ignored --nocapture two_hundred_kills"]
fn two_hundred_kills() {
    let (calls, again) = kills(1000, 200);
    println!("200 runs killed after {calls} calls, and {again} times while cleaning up: as before each time");
}

#[test]
#[ignore = "minutes: cargo test --test suite -- --ignored --nocapture kills_of_the_whole_core"]
fn kills_of_the_whole_core() {
    for number in 0..10 {
        let account = Account::lived_in();
        let Killed { at, again } = kill_and_clean_up(&account, &["--cases", "1"], &mut TestRng(number));
        println!("{number}: killed at call {at}, and {again} times while cleaning up: as before");
    }
}
