//! The effect of a fault on other rules: a fault fails the rules about it, and no others.

use std::collections::BTreeSet;

use glueproof::fake::FakeCloud;
use glueproof::run::Outcome;

use super::found::{Fault, assert_timeline, run_concurrent, walk};
use super::{paging, servers, state_servers};
use crate::server::{Answers, fake};
use crate::trial::{Judge, cloud};

type Server = fn(&FakeCloud) -> Answers;

const PAGINATION: &str = "glue/GetSecurityConfigurations/pagination/";

/// Faults in the form of responses: the server, the operation, and its only rule that fails.
const FORM_FAULTS: [(Server, &str, &str); 4] = [
    (servers::unknown_member, "glue/GetResourcePolicy/", "wire/output-members"),
    (servers::null_member, "glue/GetSecurityConfiguration/", "wire/no-nulls"),
    (servers::small_message, "glue/GetSecurityConfiguration/", "wire/error-message"),
    (
        servers::without_time,
        "glue/GetSecurityConfiguration/",
        "valid/SecurityConfiguration.CreatedTimeStamp/present",
    ),
];

/// Faults in pages: the server, and the laws that do not hold, assumed ones included.
const PAGE_FAULTS: [(Server, &[&str]); 5] = [
    (paging::starting_over, &["altered-token", "foreign-token"]),
    (paging::spending, &["token-again"]),
    (paging::one_too_many, &["MaxResults"]),
    // The page that comes again is the first one, which no token may lead back to.
    (
        paging::repeating,
        &["no-item-twice", "deleted-between-pages", "created-between-pages", "altered-token", "stale-token"],
    ),
    // Without a second page nothing can be changed before it, and without a token none altered.
    (
        paging::unpaged,
        &[
            "deleted-between-pages",
            "created-between-pages",
            "altered-token",
            "stale-token",
            "token-again",
            "token-with-another-MaxResults",
            "MaxResults",
            "foreign-token",
            "token-of-the-last-page",
        ],
    ),
];

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// Returns the laws of pages that do not hold on a server, assumed ones included.
fn broken_laws(server: Server) -> BTreeSet<String> {
    let judged = Judge { cases: 6, ..Judge::only(&[PAGINATION]) }.run(server(&cloud()));
    let ids = [judged.ids(Outcome::Failed), judged.ids(Outcome::Noted)].concat();
    ids.into_iter().map(|id| id.strip_prefix(PAGINATION).unwrap().to_owned()).collect()
}

#[test]
fn a_fault_in_the_form_of_responses_fails_one_rule() {
    for (server, operation, rule) in FORM_FAULTS {
        let judged = Judge::only(&[operation]).run(server(&cloud()));
        let tail = |id: &str| id.splitn(3, '/').nth(2).unwrap_or_default().to_owned();
        let failed: BTreeSet<String> = judged.ids(Outcome::Failed).into_iter().map(tail).collect();
        assert_eq!(failed, set(&[rule]));
    }
}

#[test]
fn a_fault_in_pages_breaks_the_laws_about_it() {
    for (server, laws) in PAGE_FAULTS {
        assert_eq!(broken_laws(server), set(laws));
    }
}

#[test]
fn positions_as_tokens_break_no_other_laws() {
    let laws = set(&["deleted-between-pages", "created-between-pages", "altered-token"]);
    assert!(broken_laws(paging::counting).is_subset(&laws));
}

#[test]
fn a_server_that_refuses_every_token_gets_no_credit_for_refusing_altered_ones() {
    let found = broken_laws(paging::refusing_tokens);
    assert!(found.contains("altered-token") && found.contains("whole-list"), "{found:?}");
}

#[test]
fn walks_hold_on_the_right_server() {
    for rule in [
        "glue/PutResourcePolicy/sequence/any-order",
        "glue/CreateSecurityConfiguration/sequence/any-order",
        "glue/PutDataCatalogEncryptionSettings/sequence/any-order-as-recorded",
    ] {
        assert_eq!(walk(fake, rule, 1).outcome, Outcome::Passed);
    }
}

/// No document promises when a read shows a write, so that the fault is noted, not failed.
#[test]
fn a_read_one_write_behind_is_noted_among_concurrent_calls_only() {
    let rule = "glue/PutResourcePolicy/concurrency/linearizable";
    let run = run_concurrent(state_servers::reads_one_write_behind, rule, Outcome::Noted);
    // Of fourteen calls those that no order explains; the number depends on which calls met.
    assert_timeline(&run, &Fault { server: state_servers::reads_one_write_behind, rule, calls: 7 });
    // One after the other, a read returns what was written.
    let alone = ["run", &run.server.url(), "--only", "glue/PutResourcePolicy/sequence/any-order"];
    assert_eq!(run.setting.run(&alone).code(), 0);
}
