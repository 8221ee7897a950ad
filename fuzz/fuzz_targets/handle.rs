//! Any sequence of any requests on one cloud: each gets an answer, none a panic, and what they leave behind
//! can be written down and read back.
#![no_main]

mod call;

use glueproof::fake::{FakeCloud, Snapshot};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|calls: Vec<call::Call>| {
    let cloud = FakeCloud::new().expect("the specs compiled in are sound");
    for call in calls.into_iter().take(16) {
        let Some(request) = call.request() else { continue };
        let answer = cloud.handle(request);
        assert!(!answer.status().is_server_error(), "{}: {:?}", answer.status(), answer.body());
        let _ = cloud.at_rest();
    }
    let text = cloud.snapshot().to_json().expect("state is JSON");
    let again = Snapshot::from_json(text.as_bytes()).expect("a snapshot can be read");
    assert_eq!(again.to_json().expect("state is JSON"), text);
});
