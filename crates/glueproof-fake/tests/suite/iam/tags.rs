//! Tags of users, roles and sessions, and the condition keys that come from them and from the client.

use glueproof_fake::{Clock, FakeCloud, Mode};
use http::Request;
use serde_json::{Value, json};

use super::support::{Signer, alice, all, ask, done, enforcing, policy, refusal, root, seed, text};
use crate::support::{Answer, cloud, request, send};

const WRITER: &str = "arn:aws:iam::123456789012:role/team/writer";

#[test]
fn tags_are_given_listed_and_taken_away() {
    let cloud = cloud();
    let create = [
        ("Action", "CreateUser"),
        ("UserName", "bob"),
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "blue"),
    ];
    assert_eq!(text(&done(ask(&cloud, &create)), "Key"), "team");
    let on_bob = |more: &[(&str, &str)]| ask(&cloud, &[&[("UserName", "bob")], more].concat());
    done(on_bob(&[("Action", "TagUser"), ("Tags.member.1.Key", "Team"), ("Tags.member.1.Value", "red")]));
    done(on_bob(&[("Action", "TagUser"), ("Tags.member.1.Key", "cost"), ("Tags.member.1.Value", "")]));
    let listed = done(on_bob(&[("Action", "ListUserTags")]));
    assert_eq!(
        (all(&listed, "Key"), all(&listed, "Value")),
        (vec!["Team".to_owned(), "cost".to_owned()], vec!["red".to_owned(), String::new()])
    );
    assert_eq!(all(&done(on_bob(&[("Action", "GetUser")])), "Key"), ["Team", "cost"]);
    done(on_bob(&[("Action", "UntagUser"), ("TagKeys.member.1", "TEAM")]));
    assert_eq!(all(&done(on_bob(&[("Action", "ListUserTags")])), "Key"), ["cost"]);
    let twice = [("Action", "TagUser"), ("Tags.member.1.Key", "a"), ("Tags.member.2.Key", "A")];
    assert_eq!(refusal(&on_bob(&twice)), (400, "InvalidInput".to_owned()));
    let reserved = on_bob(&[("Action", "TagUser"), ("Tags.member.1.Key", "aws:x")]);
    assert_eq!(refusal(&reserved), (400, "InvalidInput".to_owned()));
}

/// A cloud where alice may do that and nothing else.
fn allowing(statements: &Value) -> FakeCloud {
    let cloud = enforcing();
    let document = policy(statements);
    let put = [
        ("Action", "PutUserPolicy"),
        ("UserName", "alice"),
        ("PolicyName", "reads"),
        ("PolicyDocument", &*document),
    ];
    done(root("iam").ask(&cloud, &put));
    cloud
}

fn trust(cloud: &FakeCloud, statements: &Value) {
    let document = policy(statements);
    let pairs =
        [("Action", "UpdateAssumeRolePolicy"), ("RoleName", "writer"), ("PolicyDocument", &*document)];
    done(root("iam").ask(cloud, &pairs));
}

fn assume(cloud: &FakeCloud, more: &[(&str, &str)]) -> Answer {
    let pairs = [("Action", "AssumeRole"), ("RoleArn", WRITER), ("RoleSessionName", "now")];
    alice("sts").ask(cloud, &[&pairs, more].concat())
}

fn glue(signer: &Signer, cloud: &FakeCloud) -> Answer {
    let mut request = request("GetSecurityConfigurations", "{}");
    request.headers_mut().insert("host", "localhost".parse().unwrap());
    send(cloud, Signer { service: "glue", ..signer.clone() }.sign(request))
}

#[test]
fn tags_of_principals_decide() {
    let cloud = allowing(&json!({
        "Effect": "Allow", "Action": "glue:*", "Resource": "*",
        "Condition": { "StringEquals": { "aws:PrincipalTag/team": "blue" } },
    }));
    assert_eq!(glue(&alice("glue"), &cloud).code(), "AccessDeniedException");
    let tag = [
        ("Action", "TagUser"),
        ("UserName", "alice"),
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "blue"),
    ];
    done(root("iam").ask(&cloud, &tag));
    glue(&alice("glue"), &cloud).ok();
}

#[test]
fn tags_of_sessions_need_permission_and_override_those_of_the_role() {
    let cloud = enforcing();
    let root_arn = "arn:aws:iam::123456789012:root";
    let tags = [("Tags.member.1.Key", "team"), ("Tags.member.1.Value", "blue")];
    let refused = assume(&cloud, &tags);
    assert_eq!(refusal(&refused), (403, "AccessDenied".to_owned()));
    assert!(text(&refused, "Message").contains("sts:TagSession"), "{}", refused.text);
    trust(
        &cloud,
        &json!({
            "Effect": "Allow", "Principal": { "AWS": [root_arn, "arn:aws:iam::123456789012:user/alice"] },
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Condition": { "StringEquals": { "aws:RequestTag/team": "blue" }, "ForAllValues:StringEquals": { "aws:TagKeys": ["team"] } },
        }),
    );
    assert_eq!(
        refusal(&assume(&cloud, &[("Tags.member.1.Key", "team"), ("Tags.member.1.Value", "red")])).0,
        403
    );
    let session = Signer::of_answer(&done(assume(&cloud, &tags)), "glue");
    let document = policy(&json!({
        "Effect": "Deny", "Action": "glue:*", "Resource": "*",
        "Condition": { "StringNotEquals": { "aws:PrincipalTag/team": "blue" } },
    }));
    let put = [
        ("Action", "PutRolePolicy"),
        ("RoleName", "writer"),
        ("PolicyName", "p"),
        ("PolicyDocument", &*document),
    ];
    done(root("iam").ask(&cloud, &put));
    glue(&session, &cloud).ok();
}

#[test]
fn tags_of_requests_and_resources_decide() {
    let cloud = allowing(&json!([
        { "Effect": "Allow", "Action": "iam:CreateUser", "Resource": "*",
          "Condition": { "StringEquals": { "aws:RequestTag/team": "blue" } } },
        { "Effect": "Allow", "Action": "iam:DeleteUser", "Resource": "*",
          "Condition": { "StringEquals": { "aws:ResourceTag/team": "blue" } } },
    ]));
    let create = |name: &str, value: &str| {
        let pairs = [
            ("Action", "CreateUser"),
            ("UserName", name),
            ("Tags.member.1.Key", "team"),
            ("Tags.member.1.Value", value),
        ];
        alice("iam").ask(&cloud, &pairs)
    };
    assert_eq!(refusal(&create("bob", "red")).1, "AccessDenied");
    done(create("bob", "blue"));
    assert_eq!(
        refusal(&alice("iam").ask(&cloud, &[("Action", "DeleteUser"), ("UserName", "alice")])).1,
        "AccessDenied"
    );
    done(alice("iam").ask(&cloud, &[("Action", "DeleteUser"), ("UserName", "bob")]));
}

#[test]
fn the_client_decides() {
    for (condition, uri, agent, allowed) in [
        (json!({ "Bool": { "aws:SecureTransport": "true" } }), "https://localhost/", "a", true),
        (json!({ "Bool": { "aws:SecureTransport": "true" } }), "http://localhost/", "a", false),
        (json!({ "StringLike": { "aws:UserAgent": "aws-cli/*" } }), "http://localhost/", "aws-cli/2.0", true),
        (json!({ "StringLike": { "aws:UserAgent": "aws-cli/*" } }), "http://localhost/", "curl", false),
        // A request that came through no socket has no address.
        (json!({ "IpAddress": { "aws:SourceIp": "0.0.0.0/0" } }), "http://localhost/", "a", false),
    ] {
        let cloud = allowing(
            &json!({ "Effect": "Allow", "Action": "glue:*", "Resource": "*", "Condition": condition }),
        );
        let request = Request::post(uri)
            .header("host", "localhost")
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", "AWSGlue.GetSecurityConfigurations");
        let mut request = alice("glue").sign(request.body("{}".into()).unwrap());
        request.headers_mut().insert("user-agent", agent.parse().unwrap());
        assert_eq!(send(&cloud, request).status == 200, allowed, "{condition} {uri} {agent}");
    }
}

#[test]
fn federated_users_have_no_more_than_caller_and_policy_allow() {
    let cloud = allowing(
        &json!({ "Effect": "Allow", "Action": ["glue:*", "sts:GetFederationToken"], "Resource": "*" }),
    );
    let token = |more: &[(&str, &str)]| {
        alice("sts").ask(&cloud, &[&[("Action", "GetFederationToken"), ("Name", "guest")], more].concat())
    };
    let answer = done(token(&[]));
    assert_eq!(text(&answer, "Arn"), "arn:aws:sts::123456789012:federated-user/guest");
    assert_eq!(text(&answer, "FederatedUserId"), "123456789012:guest");
    assert_eq!(glue(&Signer::of_answer(&answer, "glue"), &cloud).code(), "AccessDeniedException");
    let all_of_glue = policy(&json!({ "Effect": "Allow", "Action": "*", "Resource": "*" }));
    let answer = done(token(&[("Policy", &all_of_glue)]));
    let guest = Signer::of_answer(&answer, "sts");
    glue(&guest, &cloud).ok();
    let who = done(guest.ask(&cloud, &[("Action", "GetCallerIdentity")]));
    assert_eq!(text(&who, "Arn"), "arn:aws:sts::123456789012:federated-user/guest");
    let iam = Signer { service: "iam", ..guest.clone() }.ask(&cloud, &[("Action", "ListUsers")]);
    assert_eq!(refusal(&iam).1, "AccessDenied");
    assert_eq!(
        refusal(&guest.ask(&cloud, &[("Action", "GetFederationToken"), ("Name", "more")])).1,
        "AccessDenied"
    );
}

#[test]
fn malformed_role_arns_are_refused_as_input_e252() {
    let cloud = enforcing();
    for arn in [
        "nothing-valid-in-here",
        "arn::b:::something/test-role",
        "arn:aws:iam::123456789012:user/writer",
        "arn:aws:sts::123456789012:role/writer",
        "arn:aws:iam::12:role/writer",
        "arn:aws:iam::123456789012:role/",
    ] {
        let answer = alice("sts")
            .ask(&cloud, &[("Action", "AssumeRole"), ("RoleArn", arn), ("RoleSessionName", "now")]);
        assert_eq!(refusal(&answer), (400, "ValidationError".to_owned()), "{arn}");
        assert_eq!(text(&answer, "Message"), format!("{arn} is invalid"));
    }
}

#[test]
fn arns_are_of_the_partition_of_the_region() {
    for (region, partition) in [
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eu-isoe-west-1", "aws-iso-e"),
        ("us-isof-south-1", "aws-iso-f"),
        ("eusc-de-east-1", "aws-eusc"),
    ] {
        let cloud = FakeCloud::builder().region(region).identities(seed()).build().unwrap();
        let arn = text(&done(ask(&cloud, &[("Action", "GetCallerIdentity")])), "Arn");
        assert_eq!(arn, format!("arn:{partition}:iam::123456789012:root"));
        let role = text(&done(ask(&cloud, &[("Action", "GetRole"), ("RoleName", "writer")])), "Arn");
        assert_eq!(role, format!("arn:{partition}:iam::123456789012:role/team/writer"));
        let user = text(&done(ask(&cloud, &[("Action", "CreateUser"), ("UserName", "bob")])), "Arn");
        assert_eq!(user, format!("arn:{partition}:iam::123456789012:user/bob"));
        let session =
            done(ask(&cloud, &[("Action", "AssumeRole"), ("RoleArn", &role), ("RoleSessionName", "now")]));
        assert_eq!(
            text(&session, "Arn"),
            format!("arn:{partition}:sts::123456789012:assumed-role/writer/now")
        );
    }
}

#[test]
fn unknown_condition_keys_are_noted_once() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static NOTED: AtomicUsize = AtomicUsize::new(0);
    let cloud = FakeCloud::builder()
        .clock(Clock::fixed(super::support::now()))
        .mode(Mode::Enforce)
        .identities(seed())
        .notices(|sentence| {
            assert!(sentence.contains("aws:principalorgid"), "{sentence}");
            NOTED.fetch_add(1, Ordering::Relaxed);
        })
        .build()
        .unwrap();
    let document = policy(&json!({
        "Effect": "Allow", "Action": "glue:*", "Resource": "*",
        "Condition": { "StringEquals": { "aws:PrincipalOrgID": "o-1" }, "BoolIfExists": { "aws:MultiFactorAuthPresent": "true" } },
    }));
    let put = [
        ("Action", "PutUserPolicy"),
        ("UserName", "alice"),
        ("PolicyName", "x"),
        ("PolicyDocument", &*document),
    ];
    done(root("iam").ask(&cloud, &put));
    for _ in 0..3 {
        glue(&alice("glue"), &cloud).ok();
    }
    assert_eq!(NOTED.load(Ordering::Relaxed), 1);
}

#[test]
fn services_that_are_not_there_are_named() {
    let cloud = cloud();
    let answer = ask(&cloud, &[("Action", "CreateGroup"), ("GroupName", "g")]);
    assert_eq!(refusal(&answer), (400, "InvalidAction".to_owned()));
    assert_eq!(text(&answer, "Message"), "glueproof does not implement iam:CreateGroup");
    let scoped = |service: &str, request: http::request::Builder| {
        let scope = format!(
            "AWS4-HMAC-SHA256 Credential=test/20200527/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0"
        );
        let request = request.header("authorization", scope).body(bytes::Bytes::new()).unwrap();
        let answer = cloud.handle(request);
        (answer.status().as_u16(), String::from_utf8(answer.body().to_vec()).unwrap())
    };
    for (service, method, path) in
        [("backup", "PUT", "/backup-vaults/vault"), ("ses", "GET", "/v2/email/account")]
    {
        let (status, text) = scoped(service, Request::builder().method(method).uri(path));
        assert_eq!(status, 501);
        assert!(text.contains(&format!("glueproof does not implement {service}: {method} {path}")), "{text}");
    }
    let (_, buckets) = scoped("s3", Request::get("/"));
    assert!(!buckets.contains("<Name>"), "{buckets}");
    let dynamo = Request::post("/").header("x-amz-target", "DynamoDB_20120810.ListTables");
    let (status, text) = scoped("dynamodb", dynamo.header("content-type", "application/x-amz-json-1.1"));
    assert_eq!(
        (status, &*text),
        (
            400,
            r#"{"__type":"UnknownOperationException","Message":"glueproof does not implement DynamoDB_20120810.ListTables"}"#
        )
    );
}
