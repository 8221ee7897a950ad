//! STS: the identity of the caller, temporary credentials, and their end.

use std::time::Duration;

use glueproof_fake::{FakeCloud, Mode};
use serde_json::json;

use super::support::{Signer, alice, all, ask, done, enforcing, now, policy, refusal, root, seed, text};
use crate::support::{ACCOUNT, Answer, clock, cloud};

const WRITER: (&str, &str) = ("RoleArn", "arn:aws:iam::123456789012:role/team/writer");
const ASSUME: [(&str, &str); 3] = [("Action", "AssumeRole"), WRITER, ("RoleSessionName", "now")];

fn assume(signer: &Signer, cloud: &FakeCloud, more: &[(&str, &str)]) -> Answer {
    signer.ask(cloud, &[&ASSUME, more].concat())
}

fn who(signer: &Signer, cloud: &FakeCloud) -> Answer {
    Signer { service: "sts", ..signer.clone() }.ask(cloud, &[("Action", "GetCallerIdentity")])
}

#[test]
fn every_caller_can_ask_for_its_identity() {
    let answer = done(who(&root("sts"), &enforcing()));
    assert!(
        answer
            .text
            .starts_with(r#"<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">"#)
    );
    assert_eq!((text(&answer, "Account"), text(&answer, "UserId")), (ACCOUNT.to_owned(), ACCOUNT.to_owned()));
    assert_eq!(text(&answer, "Arn"), format!("arn:aws:iam::{ACCOUNT}:root"));
    assert_eq!(
        text(&done(ask(&cloud(), &[("Action", "GetCallerIdentity")])), "Arn"),
        format!("arn:aws:iam::{ACCOUNT}:root")
    );
}

#[test]
fn a_roles_credentials_are_its_sessions() {
    let cloud = enforcing();
    let answer = done(assume(&alice("sts"), &cloud, &[]));
    let arn = format!("arn:aws:sts::{ACCOUNT}:assumed-role/writer/now");
    assert_eq!(
        (text(&answer, "Arn"), text(&answer, "Expiration")),
        (arn.clone(), "2020-05-28T00:23:42Z".to_owned())
    );
    let session = Signer::of_answer(&answer, "sts");
    assert!(session.key.starts_with("ASIA") && session.key.len() == 20, "{}", session.key);
    let known = done(who(&session, &cloud));
    assert_eq!((text(&known, "Arn"), text(&known, "UserId")), (arn, text(&answer, "AssumedRoleId")));
    let told = format!("{cloud:?}");
    assert!(!told.contains(&session.secret) && !told.contains(&session.token.unwrap()));
}

#[test]
fn credentials_end_by_the_fakes_clock() {
    let clock = clock();
    let cloud =
        FakeCloud::builder().clock(clock.clone()).mode(Mode::Enforce).identities(seed()).build().unwrap();
    let session =
        Signer::of_answer(&done(assume(&alice("sts"), &cloud, &[("DurationSeconds", "900")])), "sts");
    let after = |seconds| session.clone().at(now() + Duration::from_secs(seconds));
    clock.advance(Duration::from_secs(899));
    done(who(&after(899), &cloud));
    clock.advance(Duration::from_secs(1));
    let late = who(&after(900), &cloud);
    assert_eq!(refusal(&late), (403, "ExpiredToken".to_owned()));
}

#[test]
fn credentials_need_their_own_token() {
    let cloud = enforcing();
    let session = Signer::of_answer(&done(assume(&alice("sts"), &cloud, &[])), "sts");
    let other = Signer::of_answer(&done(assume(&alice("sts"), &cloud, &[])), "sts");
    for token in [None, other.token, Some("x".to_owned())] {
        let answer = who(&Signer { token, ..session.clone() }, &cloud);
        assert_eq!(refusal(&answer), (403, "InvalidClientTokenId".to_owned()));
    }
    let needless = Signer { token: session.token, ..alice("sts") };
    assert_eq!(refusal(&who(&needless, &cloud)).1, "InvalidClientTokenId");
}

#[test]
fn the_trust_policy_decides_and_the_account_where_it_is_trusted() {
    let trusting = |principal: serde_json::Value, condition: serde_json::Value| {
        let cloud = enforcing();
        let document = policy(&json!([{
            "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", "Condition": condition,
        }]));
        let update =
            [("Action", "UpdateAssumeRolePolicy"), ("RoleName", "writer"), ("PolicyDocument", &*document)];
        done(root("iam").ask(&cloud, &update));
        cloud
    };
    let named = || json!({ "AWS": "arn:aws:iam::123456789012:user/alice" });
    let account = || json!({ "AWS": "123456789012" });
    let status = |cloud: &FakeCloud, more: &[(&str, &str)]| assume(&alice("sts"), cloud, more).status;
    let without_policy = |cloud: &FakeCloud| {
        let pairs = [("Action", "DeleteUserPolicy"), ("UserName", "alice"), ("PolicyName", "reads")];
        done(root("iam").ask(cloud, &pairs));
    };
    let cloud = trusting(account(), json!({}));
    assert_eq!(status(&cloud, &[]), 200);
    without_policy(&cloud);
    assert_eq!(status(&cloud, &[]), 403, "the account has not said that alice may");
    let cloud = trusting(named(), json!({}));
    without_policy(&cloud);
    assert_eq!(status(&cloud, &[]), 200, "the role itself names alice");
    let cloud = trusting(json!({ "Service": "glue.amazonaws.com" }), json!({}));
    assert_eq!(status(&cloud, &[]), 403, "alice is no service");
    let cloud = trusting(named(), json!({ "StringEquals": { "sts:ExternalId": "7" } }));
    assert_eq!((status(&cloud, &[]), status(&cloud, &[("ExternalId", "7")])), (403, 200));
}

#[test]
fn a_refusal_names_caller_action_and_resource() {
    let cloud = enforcing();
    let missing = [
        ("Action", "AssumeRole"),
        ("RoleSessionName", "now"),
        ("RoleArn", "arn:aws:iam::123456789012:role/none"),
    ];
    let answer = alice("sts").ask(&cloud, &missing);
    assert_eq!(refusal(&answer), (403, "AccessDenied".to_owned()));
    assert_eq!(
        text(&answer, "Message"),
        "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: sts:AssumeRole on resource: \
         arn:aws:iam::123456789012:role/none"
    );
}

#[test]
fn durations_have_limits() {
    let cloud = enforcing();
    let first =
        Signer::of_answer(&done(assume(&alice("sts"), &cloud, &[("DurationSeconds", "7200")])), "sts");
    done(assume(&first, &cloud, &[("DurationSeconds", "3600")]));
    for (signer, seconds) in
        [(alice("sts"), "899"), (alice("sts"), "7201"), (alice("sts"), "43201"), (first, "3601")]
    {
        assert_eq!(assume(&signer, &cloud, &[("DurationSeconds", seconds)]).status, 400, "{seconds}");
    }
    let odd = assume(&alice("sts"), &cloud, &[("DurationSeconds", "an hour")]);
    assert_eq!(odd.status, 400);
}

#[test]
fn a_session_policy_narrows_and_never_widens() {
    let cloud = enforcing();
    let narrow = policy(&json!([{ "Effect": "Allow", "Action": ["glue:Get*", "iam:*"], "Resource": "*" }]));
    let answer = done(assume(&alice("sts"), &cloud, &[("Policy", &narrow)]));
    let glue = |operation: &str| {
        let request = crate::support::request(operation, "{}");
        crate::support::send(&cloud, Signer::of_answer(&answer, "glue").sign(with_host(request)))
    };
    glue("GetSecurityConfigurations").ok();
    let refused = glue("DeleteResourcePolicy");
    assert_eq!(refused.code(), "AccessDeniedException");
    assert!(
        refused.message().ends_with("because no session policy allows the glue:DeleteResourcePolicy action")
    );
    let users = Signer::of_answer(&answer, "iam").ask(&cloud, &[("Action", "ListUsers")]);
    assert_eq!(refusal(&users), (403, "AccessDenied".to_owned()));
}

fn with_host(mut request: http::Request<bytes::Bytes>) -> http::Request<bytes::Bytes> {
    request.headers_mut().insert("host", "localhost".parse().unwrap());
    request
}

#[test]
fn a_user_can_have_temporary_credentials_too() {
    let cloud = enforcing();
    let answer = done(alice("sts").ask(&cloud, &[("Action", "GetSessionToken")]));
    assert_eq!(text(&answer, "Expiration"), "2020-05-28T11:23:42Z");
    assert!(all(&answer, "AssumedRoleId").is_empty());
    let session = Signer::of_answer(&answer, "sts");
    assert_eq!(text(&done(who(&session, &cloud)), "Arn"), format!("arn:aws:iam::{ACCOUNT}:user/alice"));
    let again = session.ask(&cloud, &[("Action", "GetSessionToken")]);
    assert_eq!(refusal(&again), (403, "AccessDenied".to_owned()));
}

#[test]
fn identified_callers_assume_existing_roles() {
    let cloud = FakeCloud::builder().clock(clock()).identities(seed()).build().unwrap();
    let answer = done(ask(&cloud, &ASSUME));
    let session = Signer { secret: "wrong".to_owned(), ..Signer::of_answer(&answer, "sts") };
    assert_eq!(text(&done(who(&session, &cloud)), "Arn"), text(&answer, "Arn"));
    let unknown_role = [
        ("Action", "AssumeRole"),
        ("RoleArn", "arn:aws:iam::123456789012:role/none"),
        ("RoleSessionName", "now"),
    ];
    assert_eq!(refusal(&ask(&cloud, &unknown_role)).1, "AccessDenied");
}
