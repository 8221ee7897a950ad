//! A target on which keys, roles, policies and grants take effect after a while conforms, in every capability.

use glueproof::fake::FakeCloud;
use glueproof::report::Verdict;
use glueproof::run::Outcome;

use crate::server::{Socket, eventual, fake};
use crate::trial::Setting;

/// The number of uses of each new thing that are refused.
const TOO_EARLY: u32 = 2;

#[test]
fn a_run_waits_for_changes_that_take_effect_later() {
    let cloud = FakeCloud::builder().judged().unwrap().build().unwrap();
    let (setting, server) = (Setting::new(), Socket::serve(eventual(TOO_EARLY, fake(&cloud))));
    let url = server.url();
    let capabilities = "--capability=access,connections,crypto,logs,workloads";
    let arguments = ["run", &url, capabilities, "--cases", "1", "--all", "--json", "report.json"];
    let ended = setting.run(&arguments);
    let report = setting.report("report.json");
    let of = |outcome| report.results.iter().filter(move |result| result.outcome == outcome);
    for outcome in [Outcome::Failed, Outcome::Flaky, Outcome::Blocked, Outcome::Errored] {
        let ids: Vec<_> = of(outcome).map(|result| &result.id).collect();
        assert!(ids.is_empty(), "{outcome:?}: {ids:?} {}", ended.stdout);
    }
    assert_eq!((ended.code(), report.verdict), (0, Verdict::Conforms), "{ended:#?}");
    assert!(of(Outcome::Passed).count() > 200, "{:?}", report.summary);
    assert!(!format!("{ended:?}").contains("could not remove"), "{ended:#?}");
}
