//! Other ways to cut a list into pages, all right: no law may call them wrong.

use glueproof::fake::FakeCloud;
use glueproof::run::Outcome;
use serde_json::json;

use super::paging;
use crate::program::left_behind::State;
use crate::server::{Answers, Socket, fake};
use crate::trial::{Judge, Judged, Setting, cloud};

fn judged(server: Answers) -> Judged {
    Judge { cases: 12, ..Judge::only(&["/pagination/"]) }.run(server)
}

#[track_caller]
fn all_pass(server: impl Fn(&FakeCloud) -> Answers) {
    let judged = judged(server(&cloud()));
    let wrong: Vec<_> = judged.report.results.iter().filter(|r| r.outcome != Outcome::Passed).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn smaller_pages_than_asked() {
    all_pass(paging::one_at_a_time);
}

#[test]
fn another_order_readable_tokens_and_no_token_on_the_last_page() {
    let judged = judged(paging::newest_first(&cloud()));
    assert_eq!(
        judged.ids(Outcome::Failed),
        ["glue/GetSecurityConfigurations/pagination/token-of-the-last-page"]
    );
    // A name that was cut is a name too.
    assert_eq!(judged.ids(Outcome::Noted), ["glue/GetSecurityConfigurations/pagination/altered-token"]);
}

#[test]
fn empty_pages_on_the_way() {
    let judged = judged(paging::with_empty_pages(&cloud()));
    assert_eq!(judged.ids(Outcome::Failed), Vec::<&str>::new());
}

#[test]
fn an_account_that_others_use_meanwhile() {
    all_pass(|cloud| {
        State::made_on(cloud);
        paging::busy(cloud)
    });
}

#[test]
fn an_account_with_many_configurations_of_others() {
    let cloud = cloud();
    for number in 0..200 {
        let input = json!({ "Name": format!("gp-{number}"), "EncryptionConfiguration": {} });
        crate::program::left_behind::done(&cloud, "CreateSecurityConfiguration", &input);
    }
    let judged = Judge { cases: 1, ..Judge::only(&["/pagination/"]) }.run(fake(&cloud));
    let wrong: Vec<_> = judged.report.results.iter().filter(|r| r.outcome != Outcome::Passed).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn resources_of_other_rules_move_no_items_across_pages() {
    // Positions for tokens are right as long as nothing changes, and the run's own rules are no excuse.
    let (setting, server) = (Setting::new(), Socket::serve(paging::counting(&cloud())));
    let (pages, makers) = ("GetSecurityConfigurations/pagination", "CreateSecurityConfiguration/boundary");
    let url = server.url();
    let run = ["run", &url, "--only", pages, "--only", makers, "--jobs", "8", "--json", "report.json"];
    let ended = setting.run(&run);
    assert_eq!(ended.code(), 0, "{ended:#?}");
    let report = setting.report("report.json");
    let failed: Vec<_> =
        report.results.iter().filter(|r| r.outcome == Outcome::Failed).map(|r| &r.id).collect();
    assert_eq!(failed, Vec::<&String>::new());
}
