//! Wrong ways to cut a list into pages: the law each breaks, in how many calls, and which laws it keeps.

use std::collections::BTreeSet;

use glueproof::fake::FakeCloud;
use glueproof::run::Outcome;

use super::caught::{Wrong, caught};
use super::paging;
use crate::server::Answers;
use crate::trial::{Judge, cloud};

const LAWS: &str = "glue/GetSecurityConfigurations/pagination/";

/// The laws of pages that a server does not keep, assumed ones too.
fn broken(server: impl Fn(&FakeCloud) -> Answers) -> BTreeSet<String> {
    let judged = Judge { cases: 6, ..Judge::only(&[LAWS]) }.run(server(&cloud()));
    let ids = [judged.ids(Outcome::Failed), judged.ids(Outcome::Noted)].concat();
    ids.into_iter().map(|id| id.strip_prefix(LAWS).unwrap().to_owned()).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// Assumed rules fail no target; their findings are as short as others.
#[track_caller]
fn noted(server: impl Fn(&FakeCloud) -> Answers, law: &str, calls: usize) {
    let rule = format!("{LAWS}{law}");
    let judged = Judge::only(&[&rule]).run(server(&cloud()));
    assert_eq!(judged.ids(Outcome::Noted), [&rule]);
    let result = judged.with(Outcome::Noted).next().unwrap();
    assert_eq!(result.reason, None, "it was judged");
    let finding = result.finding.as_ref().unwrap();
    assert_eq!(finding.steps.len(), calls, "{finding:#?}");
}

#[test]
fn the_last_item_of_every_page_lost() {
    // One item made, one page without it.
    let rule = "glue/GetSecurityConfigurations/pagination/whole-list";
    caught(&Wrong { server: paging::losing, rule, calls: 2 });
    let rule = "glue/GetResourcePolicies/pagination/whole-list";
    caught(&Wrong { server: paging::losing_policies, rule, calls: 2 });
}

#[test]
fn a_page_repeated() {
    // A page can come again only where another is due: two items, two pages of one.
    let rule = "glue/GetSecurityConfigurations/pagination/no-item-twice";
    caught(&Wrong { server: paging::repeating, rule, calls: 4 });
    let rule = "glue/GetResourcePolicies/pagination/no-item-twice";
    caught(&Wrong { server: paging::doubling_policies, rule, calls: 2 });
}

#[test]
fn a_token_that_never_ends() {
    // A token that comes back is known at its second sight.
    let rule = "glue/GetSecurityConfigurations/pagination/tokens-end";
    caught(&Wrong { server: paging::circling, rule, calls: 2 });
    // Ever new ones after as many empty pages as a right server is let have.
    caught(&Wrong { server: paging::endless, rule, calls: 3 });
}

#[test]
fn a_page_larger_than_asked() {
    // Two items for a page of one.
    let rule = "glue/GetSecurityConfigurations/pagination/MaxResults";
    caught(&Wrong { server: paging::one_too_many, rule, calls: 3 });
    caught(&Wrong { server: paging::unpaged, rule, calls: 3 });
}

#[test]
fn a_list_that_depends_on_the_page_size() {
    // Two items on one page, then one of them.
    let rule = "glue/GetSecurityConfigurations/pagination/any-MaxResults";
    caught(&Wrong { server: paging::short_without_a_size, rule, calls: 4 });
}

#[test]
fn positions_for_tokens_lose_and_repeat_items_when_the_list_changes() {
    // Two items, a page, the change, the page after it.
    noted(paging::counting, "deleted-between-pages", 5);
    noted(paging::counting, "created-between-pages", 5);
    let laws = set(&["deleted-between-pages", "created-between-pages", "altered-token"]);
    assert!(broken(paging::counting).is_subset(&laws));
}

#[test]
fn made_up_tokens_that_are_not_refused() {
    noted(paging::starting_over, "foreign-token", 1);
    // Two items, a page, its token seen to work, the altered one.
    noted(paging::starting_over, "altered-token", 5);
    noted(paging::failing_on_tokens, "foreign-token", 1);
    noted(paging::failing_on_tokens, "altered-token", 5);
    assert_eq!(broken(paging::starting_over), set(&["altered-token", "foreign-token"]));
}

#[test]
fn a_token_that_forgets_where_it_led() {
    // Two items, a page, the item it leads to deleted, the first page again.
    noted(paging::forgetting, "stale-token", 5);
}

#[test]
fn a_token_that_leads_on_once() {
    // Two items, a page, the page after it, and not again.
    noted(paging::spending, "token-again", 5);
    assert_eq!(broken(paging::spending), set(&["token-again"]));
}

#[test]
fn a_server_keeps_the_laws_it_does_not_break() {
    assert_eq!(
        broken(paging::repeating),
        // The page that comes again is the first one, which no token may lead back to.
        set(&[
            "no-item-twice",
            "deleted-between-pages",
            "created-between-pages",
            "altered-token",
            "stale-token",
        ])
    );
    assert_eq!(broken(paging::one_too_many), set(&["MaxResults"]));
    // Without a second page nothing can be changed before it, and without a token none altered.
    let unproved = [
        "deleted-between-pages",
        "created-between-pages",
        "altered-token",
        "stale-token",
        "token-again",
        "token-with-another-MaxResults",
    ];
    let moto = [&unproved[..], &["MaxResults", "foreign-token", "token-of-the-last-page"]].concat();
    assert_eq!(broken(paging::unpaged), set(&moto));
}

#[test]
fn a_server_that_refuses_every_token_gets_no_credit_for_refusing_altered_ones() {
    let found = broken(paging::refusing_tokens);
    assert!(found.contains("altered-token") && found.contains("whole-list"), "{found:?}");
}
