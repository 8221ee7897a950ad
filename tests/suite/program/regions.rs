//! An endpoint that answers slowly is judged in several of its regions at once, each of which is left as it was.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use glueproof::run::Outcome;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{Request, Response};

use crate::server::{Answers, Socket, fake, operation, slow};
use crate::trial::{Ended, Setting, cloud};

/// The time of an answer, above the one with which an endpoint is slow.
const PAUSE: Duration = Duration::from_millis(60);
/// The region of the run.
const HOME: &str = "us-east-1";
/// Rules that change the one resource policy of a region.
const POLICY_RULES: &str = "glue/*ResourcePolic*/wire/*";
/// Rules without account-wide state.
const OTHER_RULES: &str = "glue/*SecurityConfiguration*/wire/*";

type Regions = Arc<Mutex<BTreeSet<String>>>;

/// Returns the region that a request is signed for.
fn region(request: &Request<Bytes>) -> Option<&str> {
    let authorization = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    authorization.split_once("Credential=")?.1.split('/').nth(2)
}

/// Answers slowly, and collects the regions of the requests.
fn far_away(answers: Answers) -> (Answers, Regions) {
    let regions = Regions::default();
    let (seen, (answers, _)) = (Arc::clone(&regions), slow(PAUSE, answers));
    let observed: Answers = Arc::new(move |request| {
        seen.lock().unwrap().extend(region(&request).map(str::to_owned));
        answers(request)
    });
    (observed, regions)
}

/// Runs the rules with one case of each kind. Returns the program's end and the regions of all calls.
fn judged(setting: &Setting, answers: Answers, arguments: &[&str]) -> (Ended, BTreeSet<String>) {
    let (answers, regions) = far_away(answers);
    let server = Socket::serve(answers);
    let url = server.url();
    let usual =
        ["run", &url, "--region", HOME, "--capability", "core", "--cases", "1", "--json", "report.json"];
    let ended = setting.run(&[&usual[..], arguments].concat());
    let regions = regions.lock().unwrap().clone();
    (ended, regions)
}

#[test]
fn a_slow_endpoint_is_judged_in_several_regions_and_they_are_left_as_they_were() {
    let (setting, cloud) = (Setting::new(), cloud());
    let (ended, regions) = judged(&setting, fake(&cloud), &["--only", POLICY_RULES]);
    assert_eq!(ended.code(), 0, "{ended:#?}");
    assert!(regions.len() > 2, "{regions:?}");
    assert!(ended.stderr.contains("rules also run in us-east-2"), "{}", ended.stderr);
    assert!(!ended.stderr.contains("left behind"), "{}", ended.stderr);
    for region in &regions {
        let scope =
            format!("AWS4-HMAC-SHA256 Credential=test/20260101/{region}/glue/aws4_request, Signature=0");
        let request = Request::post("/").header("x-amz-target", "AWSGlue.GetResourcePolicy");
        let request = request.header(CONTENT_TYPE, "application/x-amz-json-1.1").header(AUTHORIZATION, scope);
        let response = cloud.handle(request.body(Bytes::from_static(b"{}")).unwrap());
        assert_eq!(response.status(), 400, "{region}: {response:?}");
    }
    // A second run finds nothing to clean up.
    let server = Socket::serve(fake(&cloud));
    let again = setting.run(&["cleanup", &server.url()]);
    assert_eq!(again.code(), 0, "{again:#?}");
}

#[test]
fn the_user_can_keep_a_run_in_one_region() {
    let arguments = ["--only", OTHER_RULES, "--one-region"];
    let (ended, regions) = judged(&Setting::new(), fake(&cloud()), &arguments);
    assert_eq!(ended.code(), 0, "{ended:#?}");
    assert_eq!(regions, BTreeSet::from([HOME.to_owned()]));
}

#[test]
fn regions_that_share_their_resources_are_not_used_for_rules() {
    let right = fake(&cloud());
    let ignores_region: Answers = Arc::new(move |mut request| {
        let scope = region(&request).map(|region| format!("/{region}/")).unwrap_or_default();
        if let Some(header) = request.headers_mut().get_mut(AUTHORIZATION) {
            let text = header.to_str().unwrap().replace(&scope, &format!("/{HOME}/"));
            *header = HeaderValue::from_str(&text).unwrap();
        }
        right(request)
    });
    let (ended, _) = judged(&Setting::new(), ignores_region, &["--only", OTHER_RULES]);
    assert_eq!(ended.code(), 0, "{ended:#?}");
    assert!(!ended.stderr.contains("rules also run in"), "{}", ended.stderr);
}

#[test]
fn a_violation_is_found_again_in_the_region_of_the_run() {
    let right = fake(&cloud());
    let wrong_type: Answers = Arc::new(move |request| {
        let is_wrong = operation(&request) == "GetSecurityConfiguration";
        let mut response: Response<Bytes> = right(request)?;
        if is_wrong {
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        }
        Some(response)
    });
    let setting = Setting::new();
    let (ended, regions) =
        judged(&setting, wrong_type, &["--only", OTHER_RULES, "--parity", "--findings", "findings"]);
    assert_eq!(ended.code(), 1, "{ended:#?}");
    assert!(regions.len() > 2, "{regions:?}");
    let report = setting.report("report.json");
    let failed: Vec<_> = report.results.iter().filter(|result| result.outcome == Outcome::Failed).collect();
    assert!(
        failed.iter().any(|result| result.id == "glue/GetSecurityConfiguration/wire/response-content-type")
    );
    for result in failed {
        assert!(result.finding.is_some(), "{}", result.id);
    }
    let case =
        setting.path("findings").join("glue--GetSecurityConfiguration--wire--response-content-type.json");
    let case: serde_json::Value = serde_json::from_slice(&std::fs::read(case).unwrap()).unwrap();
    assert_eq!(case["region"], HOME);
}
