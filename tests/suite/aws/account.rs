//! An account with a policy, settings and things of its own, behind a socket; and the program set up to call it as AWS.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use glueproof::client::{Signer, Target};
use glueproof::fake::{Clock, FakeCloud, Mode, SeedFile};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::access::callers::{ask, target};
use crate::server::{Answers, Socket, operation};
use crate::trial::{Ended, Program, Setting};

pub const NUMBER: &str = "123456789012";
const SEED: &str = r#"
    [[users]]
    name = "glueproof"
    access_keys = [{ id = "test", secret = "test" }, { id = "AKIAQYLPMN5HHHFPZAM2", secret = "s3cret" }]
    [users.policies.everything]
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
    [[users]]
    name = "reader"
    access_keys = [{ id = "AKIAREADER", secret = "s3cret" }]
    [users.policies.reads]
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["glue:Get*", "glue:*SecurityConfiguration*"], Resource = "*" }]
"#;
const KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/1b2c3d4e-0000-4000-8000-00000000000a";

pub struct Account {
    pub cloud: FakeCloud,
    pub setting: Setting,
    own: Target,
    runtime: Runtime,
}

/// The moment of a call at which the process that makes it is killed.
#[derive(Debug, Clone, Copy)]
pub enum Moment {
    /// Before it has any effect.
    Before,
    /// After that, and before it is answered.
    After,
    /// While the response is on its way.
    Answered,
}

impl Account {
    /// An account that was never used.
    pub fn empty() -> Self {
        // A clock that stands still lets two states be compared, times and all.
        let clock = Clock::fixed(SystemTime::now());
        let builder = FakeCloud::builder().account(NUMBER).clock(clock).prompt(true).mode(Mode::Enforce);
        let cloud = builder.identities(SeedFile::parse(SEED).unwrap()).build().unwrap();
        let (own, runtime) = (target(&cloud), Runtime::new().unwrap());
        let account = Self { cloud, setting: Setting::new(), own, runtime };
        // The fake makes a region when it is first asked about it.
        account.done("glue", "GetSecurityConfigurations", &json!({}));
        account
    }

    /// An account in use.
    pub fn lived_in() -> Self {
        let account = Self::empty();
        let policy = policy("glue:GetTable");
        account.done("glue", "PutResourcePolicy", &json!({ "PolicyInJson": policy }));
        account.done("glue", "PutDataCatalogEncryptionSettings", &settings("SSE-KMS"));
        for name in ["production", "gp-of-another-user"] {
            let s3 = json!([{ "S3EncryptionMode": "SSE-KMS", "KmsKeyArn": KEY }]);
            let input = json!({ "Name": name, "EncryptionConfiguration": { "S3Encryption": s3 } });
            account.done("glue", "CreateSecurityConfiguration", &input);
        }
        account.done("kms", "CreateKey", &json!({ "Description": "gp-of-another-user" }));
        account.done("logs", "CreateLogGroup", &json!({ "logGroupName": "gp-group" }));
        let trust = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow",
            "Action": "sts:AssumeRole", "Principal": { "AWS": "arn:aws:iam::123456789012:root" } }] });
        let input = json!({ "RoleName": "gp-role", "AssumeRolePolicyDocument": trust.to_string() });
        account.done("iam", "CreateRole", &input);
        account
    }

    /// A call by another user of the account.
    #[track_caller]
    pub fn done(&self, service: &str, operation: &str, input: &Value) -> Value {
        let answer = self.runtime.block_on(ask(&self.own, &Signer::Own, service, operation, input));
        assert!(answer.is_success(), "{answer:?}");
        answer.json.unwrap_or_default()
    }

    /// All that is there, but for keys that are on their way out.
    pub fn state(&self) -> Value {
        let mut state = serde_json::from_str(&self.cloud.snapshot().to_json().unwrap()).unwrap();
        without_noise(&mut state);
        state
    }

    pub fn serve(&self) -> Socket {
        Socket::serve(crate::server::fake(&self.cloud))
    }

    /// A call of the program that takes the socket for AWS.
    pub fn program(&self, url: &str, arguments: &[&str]) -> Program<'_> {
        let program =
            self.setting.program(arguments).env("AWS_ENDPOINT_URL", url).env("AWS_REGION", "us-east-1");
        program.env("AWS_ACCESS_KEY_ID", "AKIAQYLPMN5HHHFPZAM2").env("AWS_SECRET_ACCESS_KEY", "s3cret")
    }

    pub fn run(&self, arguments: &[&str]) -> Ended {
        let socket = self.serve();
        self.program(&socket.url(), arguments).start().end()
    }

    /// Calls the program until it makes the call of that number, and kills it there. False where it ended before.
    pub fn killed(&self, arguments: &[&str], call: u64, moment: Moment) -> bool {
        let (answers, count) = self.trap(call, moment);
        let socket = Socket::serve(answers);
        let mut running = self.program(&socket.url(), arguments).start();
        let since = Instant::now();
        while count.load(Ordering::Acquire) < call {
            assert!(since.elapsed() < Duration::from_mins(2), "it hangs");
            if running.has_ended() {
                running.end();
                return false;
            }
            thread::sleep(Duration::from_millis(1));
        }
        running.kill();
        // Threads of the server may be in the middle of other calls of the dead.
        thread::sleep(Duration::from_millis(20));
        true
    }

    /// The number of calls that the program makes.
    pub fn count(&self, arguments: &[&str]) -> u64 {
        u64::try_from(self.calls(arguments).len()).unwrap()
    }

    /// The operations that the program calls, in order.
    pub fn calls(&self, arguments: &[&str]) -> Vec<String> {
        let (answers, seen) = (crate::server::fake(&self.cloud), Arc::new(Mutex::new(Vec::new())));
        let calls = Arc::clone(&seen);
        let socket = Socket::serve(Arc::new(move |request| {
            calls.lock().unwrap().push(operation(&request));
            answers(request)
        }));
        let ended = self.program(&socket.url(), arguments).start().end();
        assert!(matches!(ended.code(), 0 | 1), "{ended:#?}");
        seen.lock().unwrap().clone()
    }

    /// Counts calls; the one of that number gets no answer in time.
    fn trap(&self, call: u64, moment: Moment) -> (Answers, Arc<AtomicU64>) {
        let (asked, count) = (AtomicU64::new(0), Arc::new(AtomicU64::new(0)));
        let (cloud, told) = (self.cloud.clone(), Arc::clone(&count));
        let answers: Answers = Arc::new(move |request| {
            let number = asked.fetch_add(1, Ordering::AcqRel) + 1;
            let reached = || told.fetch_max(number, Ordering::AcqRel);
            if number != call {
                let answer = cloud.handle(request);
                // The number of the trap is told by the trap alone.
                told.fetch_max(number.min(call - 1), Ordering::AcqRel);
                return Some(answer);
            }
            if matches!(moment, Moment::Before) {
                reached();
                thread::sleep(Duration::from_millis(500));
                return None;
            }
            let answer = cloud.handle(request);
            reached();
            if matches!(moment, Moment::After) {
                thread::sleep(Duration::from_millis(500));
                return None;
            }
            Some(answer)
        });
        (answers, count)
    }
}

pub fn policy(action: &str) -> String {
    let statement = json!({ "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::123456789012:root" },
        "Action": action, "Resource": "arn:aws:glue:us-east-1:123456789012:catalog" });
    json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string()
}

pub fn settings(mode: &str) -> Value {
    let rest = match mode {
        "SSE-KMS" => json!({ "CatalogEncryptionMode": mode, "SseAwsKmsKeyId": KEY }),
        _ => json!({ "CatalogEncryptionMode": mode }),
    };
    let passwords = json!({ "ReturnConnectionPasswordEncrypted": mode == "SSE-KMS", "AwsKmsKeyId": KEY });
    json!({ "DataCatalogEncryptionSettings": { "EncryptionAtRest": rest, "ConnectionPasswordEncryption": passwords } })
}

/// Removes the random state, and resources that no caller can remove: keys that are pending deletion, keys that AWS made for a
/// service, and sessions of deleted roles.
fn without_noise(state: &mut Value) {
    state.as_object_mut().unwrap().remove("random");
    let sessions = state.pointer_mut(&format!("/state/accounts/{NUMBER}/iam/sessions"));
    sessions.unwrap().as_object_mut().unwrap().clear();
    let regions = state.pointer_mut(&format!("/state/regions/{NUMBER}")).unwrap().as_object_mut().unwrap();
    for region in regions.values_mut() {
        let keys = region.pointer_mut("/kms/keys").unwrap().as_object_mut().unwrap();
        keys.retain(|_, key| !key.to_string().contains("\"PendingDeletion\"") && key["manager"] != "AWS");
        let aliases = region.pointer_mut("/kms/aliases").unwrap().as_object_mut().unwrap();
        aliases.retain(|name, _| !name.starts_with("alias/aws/"));
    }
}

/// Says where two states differ, for they are long.
#[track_caller]
pub fn assert_same(now: &Value, before: &Value, when: &str) {
    let mut differences = Vec::new();
    compare(now, before, "", &mut differences);
    assert_eq!(differences, Vec::<String>::new(), "{when}");
}

fn compare(now: &Value, before: &Value, at: &str, differences: &mut Vec<String>) {
    match (now, before) {
        (Value::Object(a), Value::Object(b)) => {
            let names: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for name in names {
                let (now, before) =
                    (a.get(name).unwrap_or(&Value::Null), b.get(name).unwrap_or(&Value::Null));
                compare(now, before, &format!("{at}/{name}"), differences);
            }
        }
        _ if now == before => {}
        _ => differences.push(format!("{at} is {now} and was {before}")),
    }
}
