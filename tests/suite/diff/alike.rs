//! No difference is found where there is none, nor where it is one of chance.

use std::sync::atomic::{AtomicU32, Ordering};

use glueproof::diff::DiffVerdict;
use serde_json::json;

use super::{compared, titles};
use crate::altered::servers::successes;
use crate::server::Socket;
use crate::trial::{Setting, cloud};

#[test]
fn the_fake_and_itself_through_both_transports() {
    for other in ["fake", "fake:wiremock"] {
        let (ended, report) = compared(&["fake", other, "--cases", "1"]);
        assert_eq!(ended.code(), 0, "{:?}", titles(&report));
        assert_eq!(report.verdict, DiffVerdict::Alike);
        assert!(ended.stdout.contains("ALIKE: no difference was found"), "{ended:#?}");
        let summary = report.summary;
        assert!(summary.alike > 800 && summary.alike == summary.rules, "{summary:?}");
        assert_eq!((summary.unsteady, summary.unjudged), (0, 0), "{summary:?}");
    }
}

/// A server whose answers never are the same twice, in a member of which no rule chosen here says anything.
#[test]
fn values_that_always_vary_are_no_difference() {
    let count = AtomicU32::new(0);
    let server = Socket::serve(successes(&cloud(), "GetResourcePolicy", move |body| {
        body["Mood"] = json!(format!("mood {}", count.fetch_add(1, Ordering::Relaxed)));
    }));
    let only = ["--only", "GetResourcePolicy/valid/input", "--cases", "3"];
    let (ended, report) = compared(&[&["fake", &server.url()], &only[..]].concat());
    assert_eq!(ended.code(), 0, "{:?}", titles(&report));
    assert!(report.summary.unsteady > 0, "{:?}", report.summary);
    assert!(ended.stdout.contains("did not come again"), "{ended:#?}");
}

#[test]
fn incomparable_answers_are_not_called_alike() {
    let setting = Setting::new();
    let silent = setting.run(&["diff", "fake", "http://127.0.0.1:9"]);
    assert_eq!(silent.code(), 3, "{silent:#?}");
    for wrong in ["nonsense", "fake+nonsense"] {
        let ended = setting.run(&["diff", "fake", wrong]);
        assert_eq!(ended.code(), 2, "{ended:#?}");
        assert!(ended.stderr.contains("nonsense"), "{ended:#?}");
    }
}
