//! A probe before the run finds out if a target checks callers: if it does not, access is absent and no rule fails.

use glueproof::fake::{FakeCloud, Mode};
use glueproof::model::{Capability, Edition, Specs};
use glueproof::run::{CancelToken, detect_capabilities};

use super::callers::{enforcing, target};

fn has_access(cloud: &FakeCloud) -> bool {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let specs = Specs::embedded(Edition::Current).unwrap();
    runtime
        .block_on(detect_capabilities(&target(cloud), &specs, &CancelToken::default()))
        .contains(&Capability::Access)
}

#[test]
fn a_target_that_asks_everybody_has_it() {
    assert!(has_access(&enforcing()));
}

#[test]
fn a_target_that_checks_no_caller_lacks_it() {
    for mode in [Mode::Off, Mode::Identify] {
        assert!(!has_access(&FakeCloud::builder().mode(mode).build().unwrap()), "{mode:?}");
    }
}

#[test]
fn no_role_is_left_of_the_question() {
    let cloud = enforcing();
    assert!(has_access(&cloud));
    let state = cloud.snapshot().to_json().unwrap();
    assert!(!state.contains(":role/"), "{state}");
}
