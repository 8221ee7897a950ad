//! The admin path: reset, clock, state, faults, and what lies at rest.

use std::net::SocketAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use glueproof::fake::transport::Server;
use glueproof::fake::{Clock, FakeCloud};
use serde_json::{Value, json};

use super::client::{Answer, admin, ask, call, create, serve};

fn server() -> Server {
    serve(&FakeCloud::new().unwrap())
}

fn names(address: SocketAddr) -> Vec<String> {
    let listed = ask(address, call("GetSecurityConfigurations", "{}")).ok();
    let items = listed["SecurityConfigurations"].as_array().unwrap();
    items.iter().map(|item| item["Name"].as_str().unwrap().to_owned()).collect()
}

/// A refusal with that status that says what, where and what to do.
#[track_caller]
fn refused(answer: &Answer, status: u16, words: &[&str]) {
    assert_eq!(answer.status, status, "{answer:?}");
    let error = &answer.json()["error"];
    for part in ["what", "where", "to_do"] {
        assert!(error[part].as_str().is_some_and(|text| !text.is_empty()), "no {part}: {error}");
    }
    for word in words {
        assert!(error.to_string().contains(word), "`{word}` in {error}");
    }
}

#[test]
fn it_reports_readiness_and_its_services() {
    let server = server();
    let health = admin(server.address(), "GET", "/health", "");
    assert_eq!(health.ok()["status"], "ready");
    assert!(health.head.contains("cache-control: no-store"), "{health:?}");
    for path in ["", "/", "/nothing", "/health/"] {
        refused(
            &admin(server.address(), "GET", path, ""),
            404,
            &["PUT /_glueproof/state", "/_glueproof/health"],
        );
    }
    let wrong = admin(server.address(), "DELETE", "/clock", "");
    refused(&wrong, 405, &["GET or POST"]);
    assert!(wrong.head.contains("allow: GET, POST"), "{wrong:?}");
}

#[test]
fn other_paths_are_the_clouds() {
    let server = server();
    let answer =
        ask(server.address(), "GET /_glueproofs HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n");
    assert!(answer.body.contains("<Code>InvalidBucketName</Code>"), "{answer:?}");
}

#[test]
fn reset_takes_everything_away_and_leaves_clock_and_faults() {
    let server = server();
    ask(server.address(), create("a")).ok();
    admin(server.address(), "POST", "/clock", r#"{"set":"2030-01-01T00:00:00Z"}"#).ok();
    admin(server.address(), "POST", "/faults", r#"{"fault":"throttling","operation":"GetResourcePolicy"}"#)
        .ok();
    admin(server.address(), "POST", "/reset", "").ok();
    assert_eq!(names(server.address()), Vec::<String>::new());
    assert_eq!(admin(server.address(), "GET", "/clock", "").ok()["now"], "2030-01-01T00:00:00.000Z");
    ask(server.address(), call("GetResourcePolicy", "{}")).refused(400, "ThrottlingException");
}

#[test]
fn the_clock_is_read_set_moved_and_let_go() {
    let server = server();
    let clock = |body: &str| admin(server.address(), "POST", "/clock", body);
    assert_eq!(admin(server.address(), "GET", "/clock", "").ok()["fixed"], false);
    refused(&clock(r#"{"advance":"1h"}"#), 409, &["set it first"]);
    let set = clock(r#"{"set":"2026-11-21T12:00:00.5Z"}"#).ok();
    assert_eq!((&set["fixed"], &set["epoch_millis"]), (&json!(true), &json!(1_795_262_400_500_i64)));
    assert_eq!(clock(r#"{"advance":"7days 1h"}"#).ok()["now"], "2026-11-28T13:00:00.500Z");
    let made = ask(server.address(), create("a")).ok()["CreatedTimestamp"].as_f64().unwrap();
    assert!((made - 1_795_870_800.5).abs() < 1e-6, "{made}");
    assert_eq!(clock(r#"{"follow":"system"}"#).ok()["fixed"], false);
}

#[test]
fn times_that_are_none_move_nothing() {
    let server = serve(&FakeCloud::builder().clock(Clock::fixed(std::time::UNIX_EPOCH)).build().unwrap());
    for body in [
        "",
        "{",
        "[]",
        "{}",
        r#"{"set":"yesterday"}"#,
        r#"{"set":1}"#,
        r#"{"advance":"-1h"}"#,
        r#"{"advance":"99999999999years"}"#,
        r#"{"advance":"9000years"}"#,
        r#"{"follow":"me"}"#,
        r#"{"set":"2030-01-01T00:00:00Z","advance":"1h"}"#,
    ] {
        refused(&admin(server.address(), "POST", "/clock", body), 400, &["advance"]);
    }
    assert_eq!(admin(server.address(), "GET", "/clock", "").ok()["epoch_millis"], 0);
}

#[test]
fn state_goes_back_to_where_it_was() {
    let server = server();
    let address = server.address();
    ask(address, create("kept")).ok();
    admin(address, "POST", "/clock", r#"{"set":"2030-01-01T00:00:00Z"}"#).ok();
    let snapshot = admin(address, "GET", "/state", "");
    let before = ask(address, call("GetSecurityConfigurations", "{}")).ok();
    admin(address, "POST", "/clock", r#"{"advance":"1h"}"#).ok();
    ask(address, create("later")).ok();
    admin(address, "PUT", "/state", &snapshot.body).ok();
    assert_eq!(ask(address, call("GetSecurityConfigurations", "{}")).ok(), before);
    assert_eq!(admin(address, "GET", "/clock", "").ok()["now"], "2030-01-01T00:00:00.000Z");
    // Elsewhere too.
    let other = serve(&FakeCloud::new().unwrap());
    admin(other.address(), "PUT", "/state", &snapshot.body).ok();
    assert_eq!(names(other.address()), ["kept"]);
}

#[test]
fn an_invalid_snapshot_is_refused_whole_and_never_quoted() {
    let server = server();
    let address = server.address();
    ask(address, create("kept")).ok();
    let whole = admin(address, "GET", "/state", "").body;
    let change = |from: &str, to: &str| {
        assert!(whole.contains(from), "{from} in {whole}");
        whole.replacen(from, to, 1)
    };
    for (body, words) in [
        (String::new(), &["empty"][..]),
        (whole[..whole.len() / 2].to_owned(), &["line 1, column ", "ends in the middle"]),
        (format!("{whole}}}"), &["line 2, column 1", "not JSON"]),
        (change("\"glueproof_state\":1", "\"glueproof_state\":2"), &["format 2", "format 1"]),
        (change("\"glue\":", "\"glow\":"), &["line 1, column ", "not what the state of a cloud has"]),
        (change("\"clock\":null", "\"clock\":\"hunter2\""), &["line 1, column "]),
        ("{}".to_owned(), &["line 1, column "]),
    ] {
        let answer = admin(address, "PUT", "/state", &body);
        refused(&answer, 400, &[words, &["nothing has been changed"]].concat());
        assert!(!answer.body.contains("hunter2"), "{answer:?}");
    }
    assert_eq!(names(address), ["kept"]);
}

#[test]
fn faults_are_switched_on_and_off() {
    let server = server();
    let address = server.address();
    let on = admin(address, "POST", "/faults", r#"{"fault":"internal-service","times":2}"#).ok();
    assert_eq!(on["on"], json!([{ "fault": "internal-service", "operation": null, "times": 2 }]));
    let known: Vec<&Value> = on["known"].as_array().unwrap().iter().map(|fault| &fault["fault"]).collect();
    assert!(known.contains(&&json!("throttling")), "{known:?}");
    ask(address, call("GetSecurityConfigurations", "{}")).refused(500, "InternalServiceException");
    assert_eq!(admin(address, "GET", "/faults", "").ok()["on"][0]["times"], 1);
    assert_eq!(admin(address, "DELETE", "/faults", "").ok()["on"], json!([]));
    assert_eq!(names(address), Vec::<String>::new());
    refused(&admin(address, "POST", "/faults", r#"{"fault":"nonsense"}"#), 400, &["nonsense", "throttling"]);
    refused(&admin(address, "POST", "/faults", r#"{"times":1}"#), 400, &["fault"]);
}

#[test]
fn bytes_at_rest_can_be_read() {
    let server = server();
    ask(server.address(), create("prod")).ok();
    let rest = admin(server.address(), "GET", "/rest", "").ok();
    let items = rest["items"].as_array().unwrap();
    let item = items.iter().find(|item| item["item"] == "security-configuration/prod").unwrap();
    assert_eq!((&item["service"], &item["account"]), (&json!("glue"), &json!("123456789012")));
    let bytes = STANDARD.decode(item["bytes"].as_str().unwrap()).unwrap();
    let stored: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(stored["Name"], "prod");
}

#[test]
fn a_private_network_has_the_subnets_that_it_was_told_of() {
    let server = server();
    let address = server.address();
    admin(address, "PUT", "/vpc", r#"{"id":"vpc-7","subnets":["subnet-7"],"nat_gateway":true}"#).ok();
    let endpoint = |name: &str| {
        let role = "arn:aws:iam::123456789012:role/AWSGlueServiceRole";
        let input = json!({ "EndpointName": name, "RoleArn": role, "SubnetId": "subnet-7", "SecurityGroupIds": ["sg-7"] });
        ask(address, call("CreateDevEndpoint", &input.to_string())).ok()
    };
    assert_eq!(endpoint("inside")["VpcId"], "vpc-7");
    admin(address, "POST", "/reset", "").ok();
    assert_eq!(endpoint("outside")["VpcId"], Value::Null, "a reset removes networks");
    refused(&admin(address, "PUT", "/vpc", r#"{"id":"vpc-7","nat":true}"#), 400, &["nat_gateway"]);
}
