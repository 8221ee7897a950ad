//! Servers that get one condition wrong: the cells that show it, those alone, and in how many calls.

use glueproof::fake::FakeCloud;
use glueproof::run::Outcome;

use super::servers;
use crate::server::Answers;
use crate::trial::{Judge, Judged, cloud};

const PUT: &str = "glue/PutResourcePolicy/condition";
const DELETE: &str = "glue/DeleteResourcePolicy/condition";

/// The cells of an operation that do not hold, by what ends their ids, each with the calls of its finding.
struct Found(Vec<(String, usize)>);

impl Found {
    #[track_caller]
    fn on(server: fn(&FakeCloud) -> Answers, operation: &str, outcome: Outcome) -> Self {
        // Rules on null, which no cell is about, stand beside the cells.
        let only = [format!("{operation}/present/"), format!("{operation}/absent/")];
        let judge = Judge { only: only.into(), ..Judge::default() };
        let judged: Judged = judge.run(server(&cloud()));
        let tail = |id: &str| id.strip_prefix(operation).unwrap().trim_start_matches('/').to_owned();
        let calls = |r: &glueproof::run::RuleResult| r.finding.as_ref().unwrap().steps.len();
        Self(judged.with(outcome).map(|r| (tail(&r.id), calls(r))).collect())
    }

    /// Without those on times, which ask for a refusal and are noted wherever none comes.
    fn but_times(self) -> Self {
        Self(self.0.into_iter().filter(|(id, _)| !id.ends_with("/times")).collect())
    }

    #[track_caller]
    fn are(&self, wanted: &[(&str, usize)]) {
        let found: Vec<(&str, usize)> = self.0.iter().map(|(id, calls)| (id.as_str(), *calls)).collect();
        assert_eq!(found, wanted);
    }
}

/// A former hash takes a second version to have one; a made-up one is accepted right after the first put.
#[test]
fn a_put_that_ignores_the_hash() {
    Found::on(servers::put_without_hash, PUT, Outcome::Failed).are(&[
        ("present/MUST_EXIST/foreign", 2),
        ("present/MUST_EXIST/foreign/near-miss", 2),
        ("present/MUST_EXIST/former", 3),
        ("present/NONE/foreign", 2),
        ("present/NONE/foreign/near-miss", 2),
        ("present/NONE/former", 3),
        ("present/absent/foreign", 2),
        ("present/absent/foreign/near-miss", 2),
        ("present/absent/former", 3),
    ]);
}

#[test]
fn a_delete_that_ignores_the_hash() {
    let found = Found::on(servers::delete_without_hash, DELETE, Outcome::Failed);
    found.are(&[("present/foreign", 2), ("present/foreign/near-miss", 2), ("present/former", 3)]);
}

#[test]
fn a_put_that_takes_not_exist_for_none() {
    let found = Found::on(servers::not_exist_as_none, PUT, Outcome::Failed);
    // With a wrong hash beside it, the put is still refused.
    found.are(&[("present/NOT_EXIST/absent", 2), ("present/NOT_EXIST/current", 2)]);
}

#[test]
fn a_condition_held_against_the_first_hash() {
    // Right hash refused, or former hash accepted: either takes two versions and the call itself.
    Found::on(servers::first_hash, PUT, Outcome::Failed).are(&[
        ("present/MUST_EXIST/current", 3),
        ("present/MUST_EXIST/former", 3),
        ("present/NONE/current", 3),
        ("present/NONE/former", 3),
        ("present/absent/current", 3),
        ("present/absent/former", 3),
    ]);
    let found = Found::on(servers::first_hash, DELETE, Outcome::Failed);
    found.are(&[("present/current", 4), ("present/former", 3)]);
}

/// No evidence shows that a refusal leaves the times unchanged, so no target fails for it.
#[test]
fn a_refused_put_that_moves_the_time() {
    Found::on(servers::refused_and_dated, PUT, Outcome::Failed).are(&[]);
    Found::on(servers::refused_and_dated, PUT, Outcome::Noted).are(&[
        ("present/MUST_EXIST/foreign/times", 4),
        ("present/MUST_EXIST/former/times", 5),
        ("present/NONE/foreign/times", 4),
        ("present/NONE/former/times", 5),
        ("present/NOT_EXIST/absent/times", 4),
        ("present/NOT_EXIST/current/times", 4),
        ("present/NOT_EXIST/foreign/times", 4),
        ("present/NOT_EXIST/former/times", 5),
        ("present/absent/foreign/times", 4),
        ("present/absent/former/times", 5),
    ]);
}

/// If the required answer is unknown, the state must still agree with the answer that came.
#[test]
fn an_open_cell_answered_one_way_and_done_another() {
    let open = [
        ("absent/NONE/foreign", 2),
        ("absent/NONE/former", 4),
        ("absent/NOT_EXIST/foreign", 2),
        ("absent/NOT_EXIST/former", 4),
        ("absent/absent/foreign", 2),
        ("absent/absent/former", 4),
    ];
    for server in [servers::refused_and_done, servers::accepted_and_forgotten] {
        Found::on(server, PUT, Outcome::Noted).but_times().are(&open);
    }
}

#[test]
fn a_put_that_is_refused_and_done_fails_the_cells_that_know_better() {
    let found = Found::on(servers::refused_and_done, PUT, Outcome::Failed).0;
    assert!(found.contains(&("present/absent/foreign".to_owned(), 3)), "{found:?}");
    assert!(found.contains(&("absent/MUST_EXIST/absent".to_owned(), 2)), "{found:?}");
    assert_eq!(found.len(), 17, "every cell that must refuse: {found:?}");
}

#[test]
fn an_open_cell_answered_and_done_either_way_holds() {
    // The first refuses a hash on a first put, the second does as if there were none.
    for server in [crate::server::fake, servers::put_without_hash] {
        Found::on(server, PUT, Outcome::Noted).but_times().are(&[]);
    }
}
