//! Steps that wait for what takes time, and do not wait for ever.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bytes::Bytes;
use glueproof::run::Outcome;
use http::Response;

use crate::server::{Answers, fake, operation};
use crate::trial::{Judge, cloud};

const RULE: &str = "kms/Encrypt/encryption/key-disabled";

/// The right answers, but the first calls after a key was disabled still find it enabled.
fn slow_to_disable(calls: u32) -> Answers {
    let right = fake(&cloud());
    let left = AtomicU32::new(u32::MAX);
    Arc::new(move |request| {
        let name = operation(&request);
        if name == "DisableKey" {
            left.store(calls, Ordering::SeqCst);
        }
        if name == "Encrypt" && left.load(Ordering::SeqCst) != u32::MAX {
            let before = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            if before.is_ok() {
                let body = Bytes::from_static(br#"{"CiphertextBlob":"AAAA","KeyId":"x"}"#);
                return Some(Response::new(body));
            }
        }
        right(request)
    })
}

#[test]
fn a_change_that_takes_a_while_is_waited_for() {
    let judged = Judge::only(&[RULE]).run(slow_to_disable(5));
    assert_eq!(judged.ids(Outcome::Passed), [RULE]);
    let calls = judged.report.results[0].exchanges;
    assert_eq!(calls, 4 + 5 + 1, "every call is counted, the removal too");
}

#[test]
fn a_change_that_never_comes_is_a_violation() {
    let judged = Judge::only(&[RULE]).impatiently().run(slow_to_disable(u32::MAX - 1));
    assert_eq!(judged.ids(Outcome::Failed), [RULE]);
    let finding = judged.report.results[0].finding.as_ref().unwrap();
    assert_eq!(finding.violated, "Encrypt accepts a call that must be refused.");
}
