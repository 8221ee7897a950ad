//! The state file: what it holds is the state in memory after any calls, and every damaged bit shows.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use glueproof_fake::{BuildError, Clock, FakeCloud, StateFileError, StateKey};
use http::Request;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{call, clock, create};

fn kept(path: &Path, clock: &Clock) -> Result<FakeCloud, BuildError> {
    FakeCloud::builder().clock(clock.clone()).security_configuration_quota(1000).state_file(path).build()
}

/// The snapshot without the place where ids go on: reads move it.
fn state(cloud: &FakeCloud) -> Value {
    let mut snapshot: Value = serde_json::from_str(&cloud.snapshot().to_json().unwrap()).unwrap();
    snapshot.as_object_mut().unwrap().remove("random");
    snapshot
}

/// The state in a copy of the file.
fn state_of_copy(path: &Path, copy: &Path) -> Value {
    fs::copy(path, copy).unwrap();
    state(&kept(copy, &clock()).unwrap())
}

/// Pseudo-random numbers (xorshift).
struct Choices(u64);

impl Choices {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

fn json_call(target: &str, input: &Value) -> Request<bytes::Bytes> {
    Request::post("http://localhost/")
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", target)
        .body(input.to_string().into())
        .unwrap()
}

fn form(body: &str) -> Request<bytes::Bytes> {
    Request::post("http://localhost/")
        .header("host", "localhost")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.to_owned().into())
        .unwrap()
}

fn object(method: &str, path: &str, body: &str) -> Request<bytes::Bytes> {
    let uri = format!("http://localhost{path}");
    Request::builder()
        .method(method)
        .uri(uri)
        .header("host", "localhost")
        .body(body.to_owned().into())
        .unwrap()
}

/// One call that creates, changes, reads or deletes something with a name out of three.
fn any_call(choices: &mut Choices, keys: &[String], now: i64) -> Request<bytes::Bytes> {
    if choices.below(62) < 28 { glue_call(choices) } else { other_call(choices, keys, now) }
}

/// A name with characters that keys of records must escape, a plain name, and a name of a database.
fn names(choices: &mut Choices) -> [&'static str; 3] {
    let name = ["a", "b \u{0}\"]", "c,["][choices.below(3)];
    [name, ["a", "b", "c"][choices.below(3)], ["d", "e"][choices.below(2)]]
}

fn glue_call(choices: &mut Choices) -> Request<bytes::Bytes> {
    let [name, plain, database] = names(choices);
    let glue = |operation: &str, input: Value| json_call(&format!("AWSGlue.{operation}"), &input);
    let columns =
        json!({ "PartitionKeys": [{ "Name": "year", "Type": "string" }], "Name": plain, "TableType": name });
    let role = "arn:aws:iam::123456789012:role/r";
    let command = json!({ "Name": "glueetl", "ScriptLocation": "s3://b/s" });
    match choices.below(28) {
        0 => glue("CreateSecurityConfiguration", json!({ "Name": name, "EncryptionConfiguration": {} })),
        1 => glue("DeleteSecurityConfiguration", json!({ "Name": name })),
        2 => glue("GetSecurityConfigurations", json!({})),
        3 => glue(
            "PutDataCatalogEncryptionSettings",
            json!({ "DataCatalogEncryptionSettings":
            { "EncryptionAtRest": { "CatalogEncryptionMode": "DISABLED" } } }),
        ),
        4 | 5 => {
            glue("CreateDatabase", json!({ "DatabaseInput": { "Name": database, "Description": name } }))
        }
        6 => glue("DeleteDatabase", json!({ "Name": database })),
        7 | 8 => glue("CreateTable", json!({ "DatabaseName": database, "TableInput": columns })),
        9 => glue("UpdateTable", json!({ "DatabaseName": database, "TableInput": columns })),
        10 => glue("DeleteTable", json!({ "DatabaseName": database, "Name": plain })),
        11..=13 => glue(
            "CreatePartition",
            json!({ "DatabaseName": database, "TableName": plain,
            "PartitionInput": { "Values": [name] } }),
        ),
        14 => glue(
            "DeletePartition",
            json!({ "DatabaseName": database, "TableName": plain, "PartitionValues": [name] }),
        ),
        15 => glue(
            "CreateConnection",
            json!({ "ConnectionInput": { "Name": name, "ConnectionType": "JDBC",
            "ConnectionProperties": { "USERNAME": "u", "PASSWORD": "p", "JDBC_CONNECTION_URL": "jdbc:x" } } }),
        ),
        16 => glue("DeleteConnection", json!({ "ConnectionName": name })),
        17 | 18 => glue(
            "CreateJob",
            json!({ "Name": plain, "Role": role, "Command": command, "Tags": { "k": name } }),
        ),
        19 | 20 => glue("StartJobRun", json!({ "JobName": plain })),
        21 => glue("GetJobRuns", json!({ "JobName": plain })),
        22 => glue("DeleteJob", json!({ "JobName": plain })),
        23 => glue(
            "CreateCrawler",
            json!({ "Name": plain, "Role": role, "DatabaseName": database,
            "Targets": { "S3Targets": [{ "Path": "s3://b/x" }] } }),
        ),
        24 => glue("StartCrawler", json!({ "Name": plain })),
        25 => glue("DeleteCrawler", json!({ "Name": plain })),
        26 => glue("CreateDevEndpoint", json!({ "EndpointName": plain, "RoleArn": role })),
        _ => glue("DeleteDevEndpoint", json!({ "EndpointName": plain })),
    }
}

fn other_call(choices: &mut Choices, keys: &[String], now: i64) -> Request<bytes::Bytes> {
    let [name, plain, database] = names(choices);
    let key = keys[choices.below(keys.len())].as_str();
    let kms = |operation: &str, input: Value| json_call(&format!("TrentService.{operation}"), &input);
    let logs = |operation: &str, input: Value| json_call(&format!("Logs_20140328.{operation}"), &input);
    let secrets = |operation: &str, input: Value| json_call(&format!("secretsmanager.{operation}"), &input);
    let role = "arn:aws:iam::123456789012:role/r";
    match 28 + choices.below(34) {
        28 => kms("CreateKey", json!({ "Description": name })),
        29 => kms("CreateAlias", json!({ "AliasName": format!("alias/{plain}"), "TargetKeyId": key })),
        30 => kms("DeleteAlias", json!({ "AliasName": format!("alias/{plain}") })),
        31 => kms(
            "CreateGrant",
            json!({ "KeyId": key, "GranteePrincipal": role, "Operations": ["Encrypt"], "Name": plain }),
        ),
        32 => kms("DisableKey", json!({ "KeyId": key })),
        33 => kms("EnableKey", json!({ "KeyId": key })),
        34 => kms("ScheduleKeyDeletion", json!({ "KeyId": key, "PendingWindowInDays": 7 })),
        35 => kms("CancelKeyDeletion", json!({ "KeyId": key })),
        36 => kms("Encrypt", json!({ "KeyId": key, "Plaintext": "aGk=" })),
        37 => kms("TagResource", json!({ "KeyId": key, "Tags": [{ "TagKey": plain, "TagValue": name }] })),
        38 => kms("EnableKeyRotation", json!({ "KeyId": key })),
        39 | 40 => logs("CreateLogGroup", json!({ "logGroupName": plain })),
        41 | 42 => logs("CreateLogStream", json!({ "logGroupName": plain, "logStreamName": database })),
        43..=45 => logs(
            "PutLogEvents",
            json!({ "logGroupName": plain, "logStreamName": database,
            "logEvents": [{ "timestamp": now, "message": name }] }),
        ),
        46 => logs("PutRetentionPolicy", json!({ "logGroupName": plain, "retentionInDays": 1 })),
        47 => logs("FilterLogEvents", json!({ "logGroupName": plain })),
        48 => logs("DeleteLogStream", json!({ "logGroupName": plain, "logStreamName": database })),
        49 => {
            logs(["DeleteLogGroup", "DescribeLogGroups"][choices.below(2)], json!({ "logGroupName": plain }))
        }
        50 => secrets("CreateSecret", json!({ "Name": plain, "SecretString": name })),
        51 => secrets("DeleteSecret", json!({ "SecretId": plain, "ForceDeleteWithoutRecovery": true })),
        52 => form(&format!("Action=CreateUser&Version=2010-05-08&UserName={plain}")),
        53 => form(&format!("Action=CreateAccessKey&Version=2010-05-08&UserName={plain}")),
        54 => form(&format!("Action=DeleteUser&Version=2010-05-08&UserName={plain}")),
        55 => object("PUT", &format!("/bucket-{plain}"), ""),
        56 | 57 => object("PUT", &format!("/bucket-{plain}/{database}/k%20%22"), "content"),
        58 => object("DELETE", &format!("/bucket-{plain}/{database}/k%20%22"), ""),
        59 => object(
            "PUT",
            &format!("/bucket-{plain}?versioning"),
            "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
        ),
        60 => object("POST", &format!("/bucket-{plain}/{database}/k%20%22?uploads"), ""),
        _ => object("DELETE", &format!("/bucket-{plain}"), ""),
    }
}

fn key_ids(cloud: &FakeCloud) -> Vec<String> {
    let answer = cloud.handle(json_call("TrentService.ListKeys", &json!({})));
    let listed: Value = serde_json::from_slice(answer.body()).unwrap();
    let ids = listed["Keys"].as_array().unwrap().iter().map(|key| key["KeyId"].as_str().unwrap().to_owned());
    ids.chain(["none".to_owned()]).collect()
}

#[test]
fn the_file_holds_the_state_in_memory_after_any_calls() {
    let room = TempDir::new().unwrap();
    let (path, copy) = (room.path().join("state"), room.path().join("copy"));
    let clock = clock();
    let mut cloud = kept(&path, &clock).unwrap();
    let mut choices = Choices(0x9e37_79b9_7f4a_7c15);
    let mut successes = 0;
    for step in 0..2500 {
        let now = 1_590_621_822_470 + step;
        let answer = cloud.handle(any_call(&mut choices, &key_ids(&cloud), now));
        successes += usize::from(answer.status().is_success());
        match choices.below(60) {
            0 => clock.advance(Duration::from_secs(3)),
            1 if choices.below(8) == 0 => clock.advance(Duration::from_hours(200)),
            2 => {
                drop(cloud);
                cloud = kept(&path, &clock).unwrap();
            }
            3 if choices.below(4) == 0 => cloud.restore(cloud.snapshot()).unwrap(),
            4 if choices.below(8) == 0 => cloud.reset().unwrap(),
            _ => {}
        }
        // A refused call may leave a change that the next success writes.
        if step % 7 == 0 && create(&cloud, &format!("s{step}")).status == 200 {
            assert_eq!(state_of_copy(&path, &copy), state(&cloud), "after call {step}");
        }
    }
    assert!(successes > 1000, "{successes} calls did something");
}

#[test]
fn every_flipped_bit_is_found_or_changes_nothing() {
    let room = TempDir::new().unwrap();
    let (path, copy) = (room.path().join("state"), room.path().join("copy"));
    let cloud = kept(&path, &clock()).unwrap();
    for n in 0..30 {
        create(&cloud, &format!("n{n}")).ok();
    }
    // As after a kill: the store has not been closed.
    let whole = fs::read(&path).unwrap();
    let expected = state(&cloud);
    let mut choices = Choices(7);
    let mut found = 0;
    // The first pages have a meaning bit by bit; of the rest, some bits are looked at.
    let heads = (0..48 * 8).chain(4096 * 8..(4096 + 16) * 8);
    let heads = heads.chain((4096 + 16..4096 + 320).map(|byte| byte * 8 + byte % 8));
    let places: Vec<usize> = heads.chain((0..400).map(|_| choices.below(whole.len() * 8))).collect();
    for place in places {
        let mut damaged = whole.clone();
        damaged[place / 8] ^= 1 << (place % 8);
        fs::write(&copy, &damaged).unwrap();
        match kept(&copy, &clock()) {
            Ok(cloud) => assert_eq!(state(&cloud), expected, "bit {place}"),
            Err(BuildError::StateFile(
                error @ (StateFileError::Damaged { .. } | StateFileError::DamagedStore { .. }),
            )) => {
                let text = error.to_string();
                assert!(text.contains("copy") && text.contains("left as it is"), "{text}");
                assert_eq!(fs::read(&copy).unwrap(), damaged, "bit {place}");
                found += 1;
            }
            Err(error) => panic!("bit {place}: {error}"),
        }
    }
    assert!(found >= 150, "{found} of the flipped bits are in use");
    for length in [5000, 70_000, whole.len() / 2, whole.len() - 1] {
        fs::write(&copy, &whole[..length]).unwrap();
        assert!(kept(&copy, &clock()).is_err(), "{length} bytes");
    }
}

#[test]
fn a_change_that_cannot_be_written_leaves_no_trace() {
    let room = TempDir::new().unwrap();
    let folder = room.path().join("folder");
    let path: PathBuf = folder.join("state");
    fs::create_dir(&folder).unwrap();
    let cloud = kept(&path, &clock()).unwrap();
    create(&cloud, "kept").ok();
    let before = state(&cloud);
    fs::rename(&folder, room.path().join("elsewhere")).unwrap();
    assert_eq!(create(&cloud, "lost").code(), "InternalServiceException");
    call(&cloud, "GetSecurityConfiguration", &json!({ "Name": "kept" })).ok();
    assert_eq!(state(&cloud), before);
    fs::rename(room.path().join("elsewhere"), &folder).unwrap();
    create(&cloud, "lost").ok();
    assert_eq!(state_of_copy(&path, &room.path().join("copy")), state(&cloud));
}

#[test]
fn a_file_that_was_replaced_is_not_overwritten() {
    let room = TempDir::new().unwrap();
    let path = room.path().join("state");
    let cloud = kept(&path, &clock()).unwrap();
    fs::remove_file(&path).unwrap();
    fs::write(&path, "mine").unwrap();
    assert_eq!(create(&cloud, "a").code(), "InternalServiceException");
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
}

#[test]
fn a_snapshot_in_the_file_becomes_a_store() {
    let room = TempDir::new().unwrap();
    let path = room.path().join("state");
    let cloud = FakeCloud::builder().clock(clock()).build().unwrap();
    create(&cloud, "old").ok();
    fs::write(&path, cloud.snapshot().to_json().unwrap()).unwrap();
    let taken = kept(&path, &clock()).unwrap();
    assert_eq!(state(&taken), state(&cloud));
    create(&taken, "new").ok();
    let expected = state(&taken);
    drop(taken);
    assert!(fs::read(&path).unwrap().starts_with(b"glueproof state store"));
    assert_eq!(state(&kept(&path, &clock()).unwrap()), expected);
}

#[cfg(unix)]
#[test]
fn one_process_uses_a_file_whatever_links_lead_there() {
    let room = TempDir::new().unwrap();
    let at = |name: &str| room.path().join(name);
    let cloud = kept(&at("state"), &clock()).unwrap();
    fs::hard_link(at("state"), at("hard")).unwrap();
    std::os::unix::fs::symlink("state", at("soft")).unwrap();
    for name in ["state", "hard", "soft"] {
        let second = kept(&at(name), &clock());
        assert!(
            matches!(second, Err(BuildError::StateFile(StateFileError::InUse { .. }))),
            "{name}: {second:?}"
        );
    }
    drop(cloud);
    kept(&at("hard"), &clock()).unwrap();
}

fn encrypted(path: &Path, key: &str) -> Result<FakeCloud, BuildError> {
    let key = StateKey::parse(key).unwrap();
    FakeCloud::builder().clock(clock()).state_file(path).state_key(key).build()
}

const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const OTHER_KEY: &str = "HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn contains(path: &Path, text: &str) -> bool {
    fs::read(path).unwrap().windows(text.len()).any(|bytes| bytes == text.as_bytes())
}

#[test]
fn a_state_key_encrypts_the_file_and_a_wrong_one_is_named() {
    let room = TempDir::new().unwrap();
    let path = room.path().join("state");
    let cloud = encrypted(&path, KEY).unwrap();
    let input = json!({ "DatabaseInput": { "Name": "d", "Description": "not for every eye" } });
    call(&cloud, "CreateDatabase", &input).ok();
    let expected = state(&cloud);
    drop(cloud);
    assert!(!contains(&path, "not for every eye") && !contains(&path, "bm90IGZvciBl"));
    let bytes = fs::read(&path).unwrap();
    for (opened, problem) in [(encrypted(&path, OTHER_KEY), "another key"), (kept(&path, &clock()), "no key")]
    {
        let error = opened.unwrap_err().to_string();
        assert!(error.contains(problem), "{error}");
        assert_eq!(fs::read(&path).unwrap(), bytes, "{problem}");
    }
    assert_eq!(state(&encrypted(&path, KEY).unwrap()), expected);
}

#[test]
fn a_plain_file_becomes_an_encrypted_one() {
    let room = TempDir::new().unwrap();
    let path = room.path().join("state");
    let cloud = kept(&path, &clock()).unwrap();
    create(&cloud, "plain-once").ok();
    let expected = state(&cloud);
    drop(cloud);
    assert!(contains(&path, "plain-once"));
    let cloud = encrypted(&path, KEY).unwrap();
    assert_eq!(state(&cloud), expected);
    drop(cloud);
    assert!(kept(&path, &clock()).is_err());
    assert_eq!(state(&encrypted(&path, KEY).unwrap()), expected);
}

#[test]
fn calls_that_come_at_once_are_all_on_the_disk_when_they_succeed() {
    let room = TempDir::new().unwrap();
    let (path, copy) = (room.path().join("state"), room.path().join("copy"));
    let cloud = kept(&path, &clock()).unwrap();
    thread::scope(|scope| {
        for client in 0..16 {
            let cloud = &cloud;
            scope.spawn(move || {
                for n in 0..10 {
                    create(cloud, &format!("c{client}-{n}")).ok();
                    call(cloud, "GetSecurityConfiguration", &json!({ "Name": format!("c{client}-{n}") }))
                        .ok();
                }
            });
        }
    });
    assert_eq!(state_of_copy(&path, &copy), state(&cloud));
    let configurations = call(&cloud, "GetSecurityConfigurations", &json!({})).ok();
    assert!(configurations["NextToken"].is_string(), "160 configurations take two pages");
}

#[test]
fn calls_that_come_at_once_leave_no_trace_if_they_cannot_be_written() {
    let room = TempDir::new().unwrap();
    let folder = room.path().join("folder");
    let path = folder.join("state");
    fs::create_dir(&folder).unwrap();
    let cloud = kept(&path, &clock()).unwrap();
    create(&cloud, "kept").ok();
    let before = state(&cloud);
    fs::rename(&folder, room.path().join("elsewhere")).unwrap();
    thread::scope(|scope| {
        for client in 0..16 {
            let cloud = &cloud;
            scope.spawn(move || {
                assert_eq!(create(cloud, &format!("lost-{client}")).code(), "InternalServiceException");
            });
        }
    });
    assert_eq!(state(&cloud), before);
    call(&cloud, "GetSecurityConfiguration", &json!({ "Name": "kept" })).ok();
}

#[test]
fn a_run_adds_a_record_and_leaves_those_of_earlier_runs() {
    let room = TempDir::new().unwrap();
    let path = room.path().join("state");
    let cloud = FakeCloud::builder().clock(clock()).prompt(true).build().unwrap();
    let command = json!({ "Name": "glueetl", "ScriptLocation": "s3://b/s" });
    let job = json!({ "Name": "j", "Role": "arn:aws:iam::123456789012:role/r", "Command": command });
    call(&cloud, "CreateJob", &job).ok();
    for _ in 0..3 {
        call(&cloud, "StartJobRun", &json!({ "JobName": "j" })).ok();
    }
    // A snapshot has an array, which is taken over.
    let runs = |cloud: &FakeCloud| {
        let state = state(cloud);
        state["state"]["regions"]["123456789012"]["us-east-1"]["glue"]["jobs"]["j"]["runs"].clone()
    };
    assert_eq!(runs(&cloud).as_array().unwrap().len(), 3);
    fs::write(&path, cloud.snapshot().to_json().unwrap()).unwrap();
    let taken = kept(&path, &clock()).unwrap();
    call(&taken, "StartJobRun", &json!({ "JobName": "j" })).ok();
    let expected = runs(&taken);
    assert_eq!(expected.as_array().unwrap().len(), 4);
    drop(taken);
    assert_eq!(runs(&kept(&path, &clock()).unwrap()), expected);
}
