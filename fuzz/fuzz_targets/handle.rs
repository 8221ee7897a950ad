//! Any sequence of any requests on one cloud: each gets an answer, none a panic, and what they leave behind
//! can be written down and read back.
#![no_main]

mod call;

use std::time::{Duration, UNIX_EPOCH};

use glueproof_fake::{Clock, FakeCloud, Snapshot};
use http::StatusCode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|calls: Vec<call::Call>| {
    let clock = Clock::fixed(UNIX_EPOCH + Duration::from_secs(1_790_000_000));
    let cloud = FakeCloud::builder().clock(clock.clone()).build().expect("the specs compiled in are sound");
    for call in calls.into_iter().take(16) {
        let Some(request) = call.request() else { continue };
        let answer = cloud.handle(request);
        let is_broken = answer.status().is_server_error() && answer.status() != StatusCode::NOT_IMPLEMENTED;
        assert!(!is_broken, "{}: {:?}", answer.status(), answer.body());
        // Long enough for what is under way to come to its end.
        clock.advance(Duration::from_secs(3));
        let _ = cloud.at_rest();
    }
    let text = cloud.snapshot().to_json().expect("state is JSON");
    let again = Snapshot::from_json(text.as_bytes()).expect("a snapshot can be read");
    assert_eq!(again.to_json().expect("state is JSON"), text);
});
