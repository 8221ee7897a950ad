//! Servers of other APIs are recognized by their responses: exit code 3, with what came.

use std::sync::Arc;

use bytes::Bytes;
use glueproof::report::Verdict;
use http::Response;

use crate::server::{Answers, Socket, fake};
use crate::trial::{Setting, cloud};

fn answers(status: u16, content_type: &'static str, body: &'static str) -> Answers {
    Arc::new(move |_| {
        let response = Response::builder().status(status).header("content-type", content_type);
        Some(response.body(Bytes::from_static(body.as_bytes())).unwrap())
    })
}

#[test]
fn no_other_server_is_taken_for_aws_glue() {
    let json = "application/json";
    let servers = [
        ("a gateway", 404, json, r#"{"message":"no Route matched with those values"}"#),
        ("a gateway with a code", 404, json, r#"{"code":"NOT_FOUND","message":"not found"}"#),
        ("an application framework", 404, json, r#"{"detail":"Not Found"}"#),
        ("a framework that accepts everything", 200, json, "{}"),
        ("a health check", 200, json, r#"{"status":"ok"}"#),
        ("a search engine", 400, json, r#"{"error":{"type":"illegal_argument_exception"},"status":400}"#),
        (
            "another AWS service",
            400,
            "application/x-amz-json-1.0",
            r#"{"__type":"com.amazon.coral.service#UnknownOperationException"}"#,
        ),
        (
            "an emulator without the service",
            501,
            json,
            r#"{"__type":"InternalFailure","message":"The API for service glue is not included in your license"}"#,
        ),
        ("object storage", 400, "application/xml", "<Error>\n<Code>InvalidRequest</Code></Error>"),
        ("a web page", 200, "text/html", "<!doctype html>\n<title>It works</title>"),
    ];
    for (name, status, content_type, body) in servers {
        let (setting, server) = (Setting::new(), Socket::serve(answers(status, content_type, body)));
        let ended = setting.run(&["run", &server.url()]);
        assert_eq!(ended.code(), 3, "{name}: {ended:#?}");
        let first: String = body.lines().next().unwrap().chars().take(80).collect();
        let first = first.trim_end();
        for part in
            ["does not implement AWS Glue", &format!("was answered {status} ({content_type}) `{first}`")]
        {
            assert!(ended.stderr.contains(part), "{name}: `{part}` in {}", ended.stderr);
        }
    }
}

#[test]
fn one_documented_error_is_enough_to_recognize_the_api() {
    let right = fake(&cloud());
    let server = Socket::serve(Arc::new(move |request| {
        if crate::server::operation(&request) == "GetResourcePolicy" {
            return right(request);
        }
        answers(501, "text/plain", "not implemented")(request)
    }));
    let setting = Setting::new();
    let url = server.url();
    setting.run(&[
        "run",
        &url,
        "--only",
        "glue/GetResourcePolicy/wire",
        "--cases",
        "1",
        "--json",
        "report.json",
    ]);
    assert_ne!(setting.report("report.json").verdict, Verdict::Conforms);
}
