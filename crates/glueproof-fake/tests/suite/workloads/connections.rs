//! Connections as the specs describe them: made, read, listed, replaced and removed.

use glueproof_fake::FakeCloud;
use glueproof_spec::Edition;
use serde_json::json;

use super::support::{cloud, connection, glue, properties, refused, try_glue};

#[test]
fn a_connection_is_read_from_creation_to_deletion() {
    let (cloud, _) = cloud();
    let mut input = connection("a");
    input["ConnectionInput"]["MatchCriteria"] = json!(["x"]);
    input["ConnectionInput"]["PhysicalConnectionRequirements"] =
        json!({ "SubnetId": "subnet-1", "SecurityGroupIdList": ["sg-1"], "AvailabilityZone": "us-east-1a" });
    glue(&cloud, "CreateConnection", &input);
    assert_eq!(refused(&cloud, "CreateConnection", &input).0, "AlreadyExistsException");
    let read = glue(&cloud, "GetConnection", &json!({ "Name": "a" }))["Connection"].clone();
    for (member, value) in input["ConnectionInput"].as_object().unwrap() {
        assert_eq!(read[member], *value, "{member}");
    }
    assert_eq!(read["LastUpdatedBy"], "arn:aws:iam::123456789012:root");
    assert_eq!(read["CreationTime"], json!(1_590_621_822.47));
    glue(&cloud, "DeleteConnection", &json!({ "ConnectionName": "a" }));
    assert_eq!(refused(&cloud, "GetConnection", &json!({ "Name": "a" })).0, "EntityNotFoundException");
    assert_eq!(
        refused(&cloud, "DeleteConnection", &json!({ "ConnectionName": "a" })).0,
        "EntityNotFoundException"
    );
}

#[test]
fn an_update_replaces_and_may_rename() {
    let (cloud, clock) = cloud();
    glue(&cloud, "CreateConnection", &connection("a"));
    glue(&cloud, "CreateConnection", &connection("b"));
    clock.advance(std::time::Duration::from_secs(1));
    let mut what = connection("c")["ConnectionInput"].clone();
    what["ConnectionProperties"] = json!({ "HOST": "example.org" });
    glue(&cloud, "UpdateConnection", &json!({ "Name": "a", "ConnectionInput": what }));
    assert_eq!(refused(&cloud, "GetConnection", &json!({ "Name": "a" })).0, "EntityNotFoundException");
    assert_eq!(properties(&cloud, "c"), json!({ "HOST": "example.org" }));
    let read = glue(&cloud, "GetConnection", &json!({ "Name": "c" }))["Connection"].clone();
    assert_eq!(
        (&read["CreationTime"], &read["LastUpdatedTime"]),
        (&json!(1_590_621_822.47), &json!(1_590_621_823.47))
    );
    let onto = json!({ "Name": "c", "ConnectionInput": connection("b")["ConnectionInput"] });
    assert_eq!(refused(&cloud, "UpdateConnection", &onto).0, "AlreadyExistsException");
    let nothing = json!({ "Name": "x", "ConnectionInput": connection("x")["ConnectionInput"] });
    assert_eq!(refused(&cloud, "UpdateConnection", &nothing).0, "EntityNotFoundException");
}

#[test]
fn lists_page_and_filter() {
    let (cloud, _) = cloud();
    for (name, kind) in [("a", "JDBC"), ("b", "NETWORK"), ("c", "JDBC"), ("d", "JDBC")] {
        let mut input = connection(name);
        input["ConnectionInput"]["ConnectionType"] = kind.into();
        input["ConnectionInput"]["MatchCriteria"] = json!([name]);
        glue(&cloud, "CreateConnection", &input);
    }
    let mut seen = Vec::new();
    let mut token = json!(null);
    loop {
        let input = json!({ "MaxResults": 2, "NextToken": token, "Filter": { "ConnectionType": "JDBC" } });
        let page = glue(&cloud, "GetConnections", &input);
        let names = page["ConnectionList"].as_array().unwrap().iter();
        seen.push(names.map(|read| read["Name"].as_str().unwrap().to_owned()).collect::<Vec<_>>());
        let Some(next) = page.get("NextToken") else { break };
        token = next.clone();
    }
    assert_eq!(seen, [vec!["a", "c"], vec!["d"]]);
    let found = glue(&cloud, "GetConnections", &json!({ "Filter": { "MatchCriteria": ["b"] } }));
    assert_eq!(found["ConnectionList"].as_array().unwrap().len(), 1);
    let foreign = refused(&cloud, "GetConnections", &json!({ "NextToken": "abc" }));
    assert_eq!(foreign.0, "InvalidInputException");
}

#[test]
fn the_specs_decide_what_is_legal() {
    let (cloud, _) = cloud();
    let with = |pointer: &str, value: serde_json::Value| {
        let mut input = connection("a");
        *input.pointer_mut(pointer).unwrap() = value;
        refused(&cloud, "CreateConnection", &input)
    };
    assert_eq!(with("/ConnectionInput/ConnectionType", json!("ODBC")).0, "ValidationException");
    assert_eq!(with("/ConnectionInput/Name", json!("")).0, "ValidationException");
    assert_eq!(
        with("/ConnectionInput/ConnectionProperties", json!({ "COLOUR": "red" })).0,
        "ValidationException"
    );
    assert_eq!(
        with("/ConnectionInput/ConnectionProperties", json!({ "HOST": 7 })).0,
        "SerializationException"
    );
    assert_eq!(with("/ConnectionInput/ConnectionProperties", json!(["HOST"])).0, "SerializationException");
    let many: serde_json::Map<_, _> = (0..51).map(|n| (format!("t{n}"), json!("x"))).collect();
    let mut input = connection("a");
    input["Tags"] = many.into();
    assert_eq!(refused(&cloud, "CreateConnection", &input).0, "ValidationException");
    assert_eq!(refused(&cloud, "CreateConnection", &json!({})).0, "ValidationException");
}

#[test]
fn the_edition_of_2018_has_no_connections() {
    let old = FakeCloud::builder().edition(Edition::E2018).build().unwrap();
    let (code, _) = try_glue(&old, "GetConnections", &json!({})).unwrap_err();
    assert_eq!(code, "UnknownOperationException");
}
