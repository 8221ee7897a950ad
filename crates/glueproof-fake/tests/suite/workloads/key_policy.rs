//! "Setting up AWS Glue to use security configurations", as its reader lives through it, in a cloud where
//! policies decide: the key policy of the document lets role1, role2 and role3 and the logs service use a key,
//! and jobs of just these roles succeed.

use glueproof_fake::{Clock, FakeCloud, Mode, SeedFile};
use serde_json::{Value, json};

use super::support::{ACCOUNT, SCRIPT, answer, clock, failure, job, request, succeeded, wait};
use crate::iam::support::root;

/// Four roles that Glue may take on, and that may do in S3 and with logs what they like. Of KMS their own
/// policies say nothing.
fn enforcing(clock: &Clock) -> FakeCloud {
    let roles = ["role1", "role2", "role3", "role4"].map(|name| {
        format!(
            r#"
            [[roles]]
            name = "{name}"
            [roles.trust]
            Version = "2012-10-17"
            Statement = {{ Effect = "Allow", Principal = {{ Service = "glue.amazonaws.com" }}, Action = "sts:AssumeRole" }}
            [roles.policies.work]
            Version = "2012-10-17"
            Statement = {{ Effect = "Allow", Action = ["s3:*", "logs:*"], Resource = "*" }}
            "#
        )
    });
    let seed = format!(
        "root_keys = [{{ id = \"AKIAROOT\", secret = \"root-secret\" }}]\n{}\n[[roles]]\nname = \"wary\"\n",
        roles.concat()
    );
    let seed = SeedFile::parse(&seed).unwrap();
    FakeCloud::builder().clock(clock.clone()).mode(Mode::Enforce).identities(seed).build().unwrap()
}

/// The account's administrator calls.
#[track_caller]
fn ask(cloud: &FakeCloud, service: &'static str, target: &str, input: &Value) -> Value {
    answer(cloud, root(service).sign(request(target, input))).unwrap()
}

fn put_object(cloud: &FakeCloud, path: &str, body: &str) {
    let request = http::Request::put(format!("http://localhost{path}"))
        .header("host", "localhost")
        .header("content-length", body.len())
        .header("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
        .body(body.to_owned().into());
    let answer = cloud.handle(root("s3").sign(request.unwrap()));
    assert_eq!(answer.status(), 200, "{path}");
}

/// The statement of the document, beside the one that leaves a key in its account's hands.
fn policy(with_service: bool) -> String {
    let role = |name: &str| format!("arn:aws:iam::{ACCOUNT}:role/{name}");
    let mut who = json!({ "AWS": [role("role1"), role("role2"), role("role3")] });
    if with_service {
        who["Service"] = "logs.us-east-1.amazonaws.com".into();
    }
    let actions = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"];
    json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Principal": { "AWS": format!("arn:aws:iam::{ACCOUNT}:root") }, "Action": "kms:*", "Resource": "*" },
        { "Effect": "Allow", "Principal": who, "Action": actions, "Resource": "*" },
    ] })
    .to_string()
}

/// A key with that policy, a configuration that uses it for everything, a job a role.
fn furnished(clock: &Clock, with_service: bool) -> (FakeCloud, String) {
    let cloud = enforcing(clock);
    let made = ask(&cloud, "kms", "TrentService.CreateKey", &json!({ "Policy": policy(with_service) }));
    let key = made["KeyMetadata"]["Arn"].as_str().unwrap().to_owned();
    let input = json!({ "Name": "encrypted", "EncryptionConfiguration": {
        "S3Encryption": [{ "S3EncryptionMode": "SSE-KMS", "KmsKeyArn": key }],
        "CloudWatchEncryption": { "CloudWatchEncryptionMode": "SSE-KMS", "KmsKeyArn": key },
    } });
    ask(&cloud, "glue", "AWSGlue.CreateSecurityConfiguration", &input);
    put_object(&cloud, "/data", "");
    put_object(&cloud, "/data/scripts/with.py", SCRIPT);
    for role in ["role1", "role2", "role3", "role4"] {
        let more = json!({ "Role": role, "SecurityConfiguration": "encrypted" });
        ask(&cloud, "glue", "AWSGlue.CreateJob", &job(role, "with.py", &more));
    }
    (cloud, key)
}

/// The run of the role's job, as it ended.
fn run(cloud: &FakeCloud, clock: &Clock, role: &str) -> Value {
    let started = ask(cloud, "glue", "AWSGlue.StartJobRun", &json!({ "JobName": role }));
    wait(clock);
    let input = json!({ "JobName": role, "RunId": started["JobRunId"] });
    ask(cloud, "glue", "AWSGlue.GetJobRun", &input)["JobRun"].clone()
}

#[test]
fn jobs_of_the_roles_in_the_key_policy_succeed_and_those_of_another_fail() {
    let clock = clock();
    let (cloud, key) = furnished(&clock, true);
    for role in ["role1", "role2", "role3"] {
        succeeded(&run(&cloud, &clock, role));
    }
    let reason = failure(&run(&cloud, &clock, "role4"));
    assert!(reason.contains("assumed-role/role4/"), "{reason}");
    assert!(
        reason.contains(&format!("is not authorized to perform: kms:GenerateDataKey on resource: {key}")),
        "{reason}"
    );
}

#[test]
fn without_the_service_in_the_key_policy_the_logs_fail() {
    let clock = clock();
    let (cloud, key) = furnished(&clock, false);
    let reason = failure(&run(&cloud, &clock, "role1"));
    assert!(reason.contains("/aws-glue/jobs/encrypted-role/role1/error"), "{reason}");
    assert!(reason.contains("KMS key does not exist or is not allowed to be used"), "{reason}");
    let put = json!({ "KeyId": key, "PolicyName": "default", "Policy": policy(true) });
    ask(&cloud, "kms", "TrentService.PutKeyPolicy", &put);
    succeeded(&run(&cloud, &clock, "role1"));
}

#[test]
fn a_key_must_be_enabled_before_it_is_used() {
    let clock = clock();
    let (cloud, key) = furnished(&clock, true);
    ask(&cloud, "kms", "TrentService.DisableKey", &json!({ "KeyId": key }));
    failure(&run(&cloud, &clock, "role1"));
    ask(&cloud, "kms", "TrentService.EnableKey", &json!({ "KeyId": key }));
    succeeded(&run(&cloud, &clock, "role1"));
}

#[test]
fn a_role_that_does_not_trust_glue_runs_nothing() {
    let clock = clock();
    let (cloud, _) = furnished(&clock, true);
    // One that trusts its account alone, and one that is not there.
    for role in ["wary", "stranger"] {
        ask(&cloud, "glue", "AWSGlue.CreateJob", &job(role, "with.py", &json!({ "Role": role })));
        let reason = failure(&run(&cloud, &clock, role));
        let arn = format!("arn:aws:iam::{ACCOUNT}:role/{role}");
        assert_eq!(reason, format!("Role {arn} should be given assume role permissions for Glue Service."));
    }
}
