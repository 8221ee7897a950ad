//! Security configurations.

use glueproof::model::Level;
use glueproof::reference::{Answer, ConcurrentWriters, State};
use serde_json::{Value, json};

use super::walk::{NOT_FOUND, Walk};

const CREATE: &str = "CreateSecurityConfiguration";
const READ: &str = "GetSecurityConfiguration";
const LIST: &str = "GetSecurityConfigurations";
const DELETE: &str = "DeleteSecurityConfiguration";
const EXISTS: &str = "AlreadyExistsException";
const INVALID: &str = "InvalidInputException";

fn encryption() -> Value {
    json!({ "S3Encryption": [{ "S3EncryptionMode": "SSE-S3" }] })
}

fn named(name: &str) -> Value {
    json!({ "Name": name })
}

fn create(name: &str) -> Value {
    json!({ "Name": name, "EncryptionConfiguration": encryption() })
}

fn item(name: &str, created: f64) -> Value {
    json!({ "Name": name, "CreatedTimeStamp": created, "EncryptionConfiguration": encryption() })
}

fn shown(name: &str, created: f64) -> Value {
    json!({ "SecurityConfiguration": item(name, created) })
}

fn page(items: &[Value]) -> Value {
    json!({ "SecurityConfigurations": items, "NextToken": "" })
}

fn with(level: Level, names: &[&str]) -> Walk {
    let mut walk = Walk::new(level);
    for name in names {
        walk.ok(CREATE, create(name), named(name));
    }
    walk
}

#[test]
fn a_configuration_is_read_from_creation_to_deletion() {
    let mut walk = Walk::new(Level::Assumed);
    walk.refused(READ, named("a"), NOT_FOUND)
        .refused(DELETE, named("a"), NOT_FOUND)
        .ok(LIST, json!({}), page(&[]))
        .ok(CREATE, create("a"), json!({ "Name": "a", "CreatedTimestamp": 1.0 }))
        .ok(READ, named("a"), shown("a", 1.0))
        .refused(CREATE, create("a"), EXISTS)
        .ok(CREATE, create("b"), json!({ "Name": "b", "CreatedTimestamp": 2.0 }))
        .ok(LIST, json!({}), page(&[item("b", 2.0), item("a", 1.0)]))
        .ok(DELETE, named("a"), json!({}))
        .refused(READ, named("a"), NOT_FOUND)
        .ok(READ, named("b"), shown("b", 2.0))
        .ok(CREATE, create("a"), json!({ "Name": "a", "CreatedTimestamp": 3.0 }));
    assert_eq!(walk.state.configurations().collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn exactly_one_create_of_a_name_wins() {
    let walk = with(Level::Documented, &["a"]);
    let second = walk.wrong_ok(CREATE, create("a"), named("a"));
    assert_eq!(second.law, "CreateSecurityConfiguration/errors/AlreadyExistsException");
    Walk::new(Level::Documented).wrong(CREATE, create("a"), Answer::refused(EXISTS));
}

#[test]
fn a_delete_of_the_wrong_one_is_found() {
    let mut walk = with(Level::Documented, &["a", "b"]);
    walk.ok(DELETE, named("a"), json!({}));
    walk.wrong(READ, named("b"), Answer::refused(NOT_FOUND));
    walk.wrong_ok(READ, named("a"), shown("a", 1.0));
    walk.wrong(DELETE, named("b"), Answer::refused(NOT_FOUND));
}

#[test]
fn reads_show_the_one_asked_for_as_it_was_made() {
    let walk = with(Level::Documented, &["a", "b"]);
    assert_eq!(
        walk.wrong_ok(READ, named("a"), shown("b", 1.0)).law,
        "GetSecurityConfiguration/valid/the-one-asked-for"
    );
    let read = |encryption: Value| {
        let item = json!({ "Name": "a", "EncryptionConfiguration": encryption });
        walk.verdict(READ, named("a"), Answer::ok(json!({ "SecurityConfiguration": item })))
    };
    let off = json!({ "CloudWatchEncryptionMode": "DISABLED" });
    let on = json!({ "CloudWatchEncryptionMode": "SSE-KMS", "KmsKeyArn": "arn:aws:kms:x:1:key/k" });
    let s3 = || json!([{ "S3EncryptionMode": "SSE-S3" }]);
    assert!(
        read(json!({ "S3Encryption": s3(), "CloudWatchEncryption": off, "JobBookmarksEncryption": null }))
            .is_ok()
    );
    assert!(
        read(json!({ "S3Encryption": s3(), "CloudWatchEncryption": on })).is_err(),
        "it was never turned on"
    );
    assert!(read(json!({ "S3Encryption": [{ "S3EncryptionMode": "DISABLED" }] })).is_err());
    assert!(read(json!({ "S3Encryption": [] })).is_err());
    assert!(read(json!({})).is_err());
}

#[test]
fn a_list_without_tokens_is_whole_and_holds_nothing_else() {
    let mut walk = with(Level::Documented, &["a", "b"]);
    let law = |items: &[Value]| walk.wrong_ok(LIST, json!({}), page(items)).law;
    assert_eq!(law(&[item("a", 1.0)]), "GetSecurityConfigurations/valid/lists-what-was-made");
    let twice = [item("a", 1.0), item("b", 1.0), item("a", 1.0)];
    assert_eq!(law(&twice), "GetSecurityConfigurations/pagination/no-item-twice");
    let more = [item("a", 1.0), item("b", 1.0), item("c", 1.0)];
    assert_eq!(law(&more), "GetSecurityConfigurations/sequence/deleted-is-not-listed");
    walk.ok(DELETE, named("b"), json!({}));
    walk.wrong_ok(LIST, json!({}), page(&[item("a", 1.0), item("b", 1.0)]));
    assert!(walk.verdict(LIST, json!({}), Answer::refused(NOT_FOUND)).is_err());
}

#[test]
fn a_page_is_part_of_the_list_and_no_longer_than_asked() {
    let walk = with(Level::Documented, &["a", "b"]);
    let first = json!({ "SecurityConfigurations": [item("b", 1.0)], "NextToken": "t" });
    assert!(walk.verdict(LIST, json!({ "MaxResults": 1 }), Answer::ok(first)).is_ok());
    let last =
        walk.verdict(LIST, json!({ "MaxResults": 1, "NextToken": "t" }), Answer::ok(page(&[item("a", 1.0)])));
    assert!(last.is_ok());
    let long = json!({ "SecurityConfigurations": [item("b", 1.0), item("a", 1.0)], "NextToken": "t" });
    walk.wrong_ok(LIST, json!({ "MaxResults": 1 }), long);
    assert!(walk.verdict(LIST, json!({ "NextToken": "x" }), Answer::refused(INVALID)).is_ok());
    assert!(walk.verdict(LIST, json!({ "MaxResults": 201 }), Answer::refused(INVALID)).is_ok());
    assert!(walk.verdict(LIST, json!({ "MaxResults": 200 }), Answer::refused(INVALID)).is_err());
}

#[test]
fn others_configurations_are_listed_but_never_one_of_ours_that_is_gone() {
    let mut walk = with(Level::Documented, &[]);
    walk.state = State::new(ConcurrentWriters::Possible);
    walk.ok(CREATE, create("a"), named("a"))
        .ok(DELETE, named("a"), json!({}))
        .refused(READ, named("b"), NOT_FOUND)
        .ok(LIST, json!({}), page(&[item("theirs", 1.0)]));
    walk.wrong_ok(LIST, json!({}), page(&[item("a", 1.0)]));
    walk.wrong_ok(LIST, json!({}), page(&[item("b", 1.0)]));
}

#[test]
fn the_time_of_creation_is_one() {
    let mut walk = with(Level::Documented, &["a"]);
    walk.ok(READ, named("a"), shown("a", 1.0));
    let differs = walk.wrong_ok(LIST, json!({}), page(&[item("a", 2.0)]));
    assert_eq!(differs.law, "GetSecurityConfigurations/metamorphic/list-agrees-with-get");
    walk.ok(READ, named("a"), shown("a", 2.0));
    let mut strict = Walk::new(Level::Assumed);
    strict.ok(CREATE, create("a"), json!({ "Name": "a", "CreatedTimestamp": 1.0 }));
    strict.wrong_ok(READ, named("a"), shown("a", 2.0));
}

#[test]
fn how_soon_a_name_is_free_counts_only_with_assumptions() {
    let again = |level| {
        let mut walk = with(level, &["a"]);
        walk.ok(DELETE, named("a"), json!({}));
        walk.verdict(CREATE, create("a"), Answer::refused(EXISTS))
    };
    assert!(again(Level::Documented).is_ok());
    assert!(again(Level::Assumed).is_err());
}

#[test]
fn a_create_answers_its_name() {
    Walk::new(Level::Documented).wrong_ok(CREATE, create("a"), named("b"));
}
