//! The table of faults: each faulty server, the rule that finds its fault, and the number of calls in the finding. Each row
//! is a test.

use super::found::{Fault, fails, fails_as_timeline, fails_concurrently, fails_with_every_seed, is_noted};
use super::{paging, servers, state_servers};

/// Makes a test of each row: `name: server, rule, calls`.
macro_rules! faults {
    ($check:ident { $($name:ident: $server:path, $rule:expr, $calls:expr;)* }) => { $(
        #[test]
        fn $name() {
            $check(&Fault { server: $server, rule: $rule, calls: $calls });
        }
    )* };
}

// Faults in the form of responses.
faults! { fails {
    a_promised_member_is_missing: servers::without_time,
        "glue/GetSecurityConfiguration/valid/SecurityConfiguration.CreatedTimeStamp/present", 2;
    a_time_is_text: servers::time_as_text, "glue/GetSecurityConfiguration/wire/output-types", 2;
    an_absent_member_is_null: servers::null_member, "glue/GetSecurityConfiguration/wire/no-nulls", 2;
    a_member_is_undocumented: servers::unknown_member, "glue/GetResourcePolicy/wire/output-members", 2;
    a_mistake_of_the_client_is_a_server_error: servers::server_errors,
        "glue/GetSecurityConfiguration/invalid/Name/required", 1;
    a_code_is_wrong_for_an_existing_name: servers::wrong_code,
        "glue/CreateSecurityConfiguration/errors/AlreadyExistsException", 2;
    a_code_is_wrong_for_invalid_input: servers::wrong_code,
        "glue/GetSecurityConfigurations/invalid/MaxResults/range.min", 1;
    the_text_of_an_error_is_in_the_wrong_member: servers::small_message,
        "glue/GetSecurityConfiguration/wire/error-message", 1;
} }

// Faults in what calls do.
faults! { fails {
    a_refused_put_is_done: servers::refused_and_done,
        "glue/PutResourcePolicy/metamorphic/put-refused-for-its-hash-changes-nothing", 3;
    a_refused_create_is_done: servers::refused_and_created,
        "glue/CreateSecurityConfiguration/invalid/\
         EncryptionConfiguration.JobBookmarksEncryption.JobBookmarksEncryptionMode/enum", 2;
    a_put_ignores_the_hash: servers::put_without_hash,
        "glue/PutResourcePolicy/condition/present/absent/former", 3;
    a_delete_ignores_the_hash: servers::delete_without_hash,
        "glue/DeleteResourcePolicy/condition/present/former", 3;
    a_put_takes_not_exist_for_none: servers::not_exist_as_none,
        "glue/PutResourcePolicy/condition/present/NOT_EXIST/absent", 2;
    a_condition_is_compared_with_the_first_hash: servers::first_hash,
        "glue/PutResourcePolicy/condition/present/absent/former", 3;
    a_body_is_searched_and_not_parsed: servers::looks_for_letters,
        "glue/CreateSecurityConfiguration/metamorphic/layout", 1;
    a_long_name_is_cut_instead_of_refused: servers::forgiving,
        "glue/CreateSecurityConfiguration/invalid/Name/length.max", 1;
} }

// Faults in pages of lists.
faults! { fails {
    // One item made, one page without it.
    the_last_item_of_every_page_is_lost: paging::losing,
        "glue/GetSecurityConfigurations/pagination/whole-list", 2;
    a_policy_is_lost_from_the_list: paging::losing_policies,
        "glue/GetResourcePolicies/pagination/whole-list", 2;
    // A page can come again only where another is due: two items, two pages of one.
    a_page_is_repeated: paging::repeating, "glue/GetSecurityConfigurations/pagination/no-item-twice", 4;
    a_policy_is_listed_twice: paging::doubling_policies,
        "glue/GetResourcePolicies/pagination/no-item-twice", 2;
    // A token that comes back is known at its second sight.
    a_token_leads_to_itself: paging::circling, "glue/GetSecurityConfigurations/pagination/tokens-end", 2;
    // New tokens follow as many empty pages as a right server may have.
    tokens_never_end: paging::endless, "glue/GetSecurityConfigurations/pagination/tokens-end", 3;
    // Two items for a page of one.
    a_page_is_one_item_too_long: paging::one_too_many,
        "glue/GetSecurityConfigurations/pagination/MaxResults", 3;
    a_list_has_no_pages: paging::unpaged, "glue/GetSecurityConfigurations/pagination/MaxResults", 3;
    // Two items on one page, then one of them.
    a_list_depends_on_the_page_size: paging::short_without_a_size,
        "glue/GetSecurityConfigurations/pagination/any-MaxResults", 4;
} }

// Faults in pages that only assumed rules find. Two items, a page, the change or the token, the page after it.
faults! { is_noted {
    a_position_as_token_loses_items: paging::counting,
        "glue/GetSecurityConfigurations/pagination/deleted-between-pages", 5;
    a_position_as_token_repeats_items: paging::counting,
        "glue/GetSecurityConfigurations/pagination/created-between-pages", 5;
    a_foreign_token_starts_over: paging::starting_over,
        "glue/GetSecurityConfigurations/pagination/foreign-token", 1;
    an_altered_token_starts_over: paging::starting_over,
        "glue/GetSecurityConfigurations/pagination/altered-token", 5;
    a_foreign_token_is_a_server_error: paging::failing_on_tokens,
        "glue/GetSecurityConfigurations/pagination/foreign-token", 1;
    an_altered_token_is_a_server_error: paging::failing_on_tokens,
        "glue/GetSecurityConfigurations/pagination/altered-token", 5;
    a_token_forgets_its_place: paging::forgetting,
        "glue/GetSecurityConfigurations/pagination/stale-token", 5;
    a_token_works_once: paging::spending, "glue/GetSecurityConfigurations/pagination/token-again", 5;
} }

// Faults in what is remembered, found by walks.
faults! { fails_with_every_seed {
    a_delete_removes_another_configuration: state_servers::deletes_another,
        "glue/CreateSecurityConfiguration/sequence/any-order", 4;
    a_put_merges_settings: state_servers::merges_settings,
        "glue/PutDataCatalogEncryptionSettings/sequence/any-order-as-recorded", 3;
    a_walk_finds_the_first_hash_remembered: state_servers::remembers_the_first_hash,
        "glue/PutResourcePolicy/sequence/any-order", 3;
} }

// Faults of concurrent calls: the finding is a timeline of at most so many calls.
faults! { fails_as_timeline {
    // The put whose hash they name, and two that both had it.
    two_conditional_puts_win: state_servers::checks_then_acts,
        "glue/PutResourcePolicy/concurrency/one-conditional-put-wins", 3;
    two_first_puts_win: state_servers::checks_then_acts,
        "glue/PutResourcePolicy/concurrency/one-first-put-wins", 2;
    two_creates_of_a_name_win: state_servers::creates_twice,
        "glue/CreateSecurityConfiguration/concurrency/one-create-wins", 2;
} }

faults! { fails_concurrently {
    conditional_writes_overlap: state_servers::checks_then_acts,
        "glue/PutResourcePolicy/concurrency/conditional-writes", usize::MAX;
} }
