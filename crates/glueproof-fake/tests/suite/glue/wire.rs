//! Bytes: headers, errors, the forms of bodies and of numbers.

use http::Method;
use serde_json::json;

use crate::support::{call, cloud, create, put_policy, request, send};
use glueproof_fake::{BODY_LIMIT, FakeCloud};

#[test]
fn a_success_has_the_headers_of_the_protocol() {
    let answer = call(&cloud(), "GetSecurityConfigurations", &json!({}));
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["content-type"], "application/x-amz-json-1.1");
    assert_eq!(answer.headers["content-length"], answer.text.len().to_string());
    let id = answer.headers["x-amzn-requestid"].to_str().unwrap();
    let form = regex::Regex::new("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$");
    assert!(form.unwrap().is_match(id), "{id}");
    assert!(!answer.headers.contains_key("x-amzn-errortype"));
}

#[test]
fn request_ids_differ_and_follow_the_seed() {
    let ids = |seed| {
        let cloud = FakeCloud::builder().seed(seed).build().unwrap();
        let id = || call(&cloud, "GetResourcePolicy", &json!({})).headers["x-amzn-requestid"].clone();
        [id(), id()]
    };
    assert_ne!(ids(1)[0], ids(1)[1]);
    assert_eq!(ids(1), ids(1));
    assert_ne!(ids(1), ids(2));
}

#[test]
fn an_error_is_its_bare_type_and_its_message_in_that_order() {
    let answer = call(&cloud(), "GetResourcePolicy", &json!({}));
    assert_eq!(answer.status, 400);
    assert_eq!(answer.text, r#"{"__type":"EntityNotFoundException","Message":"Policy not found"}"#, "E018");
    assert_eq!(answer.headers["content-length"], answer.text.len().to_string());
    assert!(!answer.headers.contains_key("x-amzn-errortype"), "E057");
}

#[test]
fn an_error_without_a_recorded_text_names_what_is_missing() {
    let answer = call(&cloud(), "GetSecurityConfiguration", &json!({ "Name": "missing" }));
    assert_eq!(
        (answer.status, &*answer.text),
        (
            400,
            r#"{"__type":"EntityNotFoundException","Message":"Security configuration missing not found."}"#
        ),
        "E050, E057"
    );
}

#[test]
fn empty_outputs_are_empty_objects() {
    let cloud = cloud();
    put_policy(&cloud, "glue:GetTable");
    create(&cloud, "a").ok();
    let settings = json!({ "DataCatalogEncryptionSettings": {} });
    for (operation, input) in [
        ("DeleteResourcePolicy", json!({})),
        ("DeleteSecurityConfiguration", json!({ "Name": "a" })),
        ("PutDataCatalogEncryptionSettings", settings),
    ] {
        assert_eq!(call(&cloud, operation, &input).text, "{}", "{operation}, E051");
    }
}

#[test]
fn members_are_alphabetical_and_times_are_doubles_of_java() {
    let cloud = cloud();
    let answer = create(&cloud, "a");
    assert_eq!(answer.text, r#"{"CreatedTimestamp":1.59062182247E9,"Name":"a"}"#, "E069, E104");
    let input = json!({ "Name": "b", "EncryptionConfiguration": {
        "S3Encryption": [{ "S3EncryptionMode": "SSE-S3", "KmsKeyArn": "" }],
        "JobBookmarksEncryption": {}, "CloudWatchEncryption": { "CloudWatchEncryptionMode": "DISABLED" },
    }});
    call(&cloud, "CreateSecurityConfiguration", &input).ok();
    let read = call(&cloud, "GetSecurityConfiguration", &json!({ "Name": "b" })).text;
    assert_eq!(
        read,
        concat!(
            r#"{"SecurityConfiguration":{"CreatedTimeStamp":1.59062182247E9,"EncryptionConfiguration":"#,
            r#"{"CloudWatchEncryption":{"CloudWatchEncryptionMode":"DISABLED"},"JobBookmarksEncryption":{},"#,
            r#""S3Encryption":[{"KmsKeyArn":"","S3EncryptionMode":"SSE-S3"}]},"Name":"b"}}"#
        )
    );
}

#[test]
fn bodies_that_are_no_json_object_cannot_be_read() {
    let cloud = cloud();
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep_member = format!("{{\"Unknown\":{deep}}}");
    for body in [
        "",
        " ",
        "{",
        "[]",
        "1",
        "null",
        "\"{}\"",
        "{}{}",
        "{\"Name\":}",
        "{'Name':'a'}",
        "\u{feff}{}",
        &deep,
        &deep_member,
        // A lone surrogate is legal JSON text, but no string that anybody could hold.
        r#"{"Name":"\ud800"}"#,
        r#"{"Name":"\udc00\ud800"}"#,
        r#"{"Unknown":"\ud800"}"#,
    ] {
        let answer = send(&cloud, request("GetSecurityConfiguration", body.to_owned()));
        let start: String = body.chars().take(40).collect();
        assert_eq!((answer.status, answer.code()), (400, "SerializationException".to_owned()), "{start}");
    }
    let not_utf8 = send(&cloud, request("GetSecurityConfiguration", &b"{\"Name\":\"\xff\"}"[..]));
    assert_eq!(not_utf8.code(), "SerializationException");
}

#[test]
fn a_surrogate_pair_is_a_character() {
    let answer = send(&cloud(), request("GetSecurityConfiguration", r#"{"Name":"\ud83d\ude00"}"#));
    assert_eq!(answer.code(), "EntityNotFoundException");
}

#[test]
fn unknown_members_are_ignored_and_null_is_absent() {
    let cloud = cloud();
    let input = json!({ "Unknown": { "deep": [1] }, "MaxResults": null, "NextToken": null });
    assert_eq!(call(&cloud, "GetSecurityConfigurations", &input).status, 200);
    let input = json!({ "Name": "a", "EncryptionConfiguration": { "S3Encryption": null, "Other": 1 } });
    call(&cloud, "CreateSecurityConfiguration", &input).ok();
    let read = call(&cloud, "GetSecurityConfiguration", &json!({ "Name": "a" })).ok();
    assert_eq!(read["SecurityConfiguration"]["EncryptionConfiguration"], json!({}));
}

#[test]
fn a_target_that_leads_nowhere_is_an_unknown_operation() {
    let cloud = cloud();
    for target in ["AWSGlue.Nothing", "Other.GetResourcePolicy"] {
        let mut request = request("GetResourcePolicy", "{}");
        request.headers_mut().insert("x-amz-target", target.parse().unwrap());
        let answer = send(&cloud, request);
        assert_eq!(
            (answer.status, answer.code()),
            (400, "UnknownOperationException".to_owned()),
            "{target}, E061"
        );
        assert!(answer.message().starts_with("glueproof does not implement "), "{target}: {}", answer.text);
    }
    let mut bare = request("GetResourcePolicy", "{}");
    bare.headers_mut().remove("x-amz-target");
    assert_eq!(send(&cloud, bare).code(), "UnknownOperationException");
}

#[test]
fn only_the_content_type_of_the_protocol_is_understood() {
    let cloud = cloud();
    let answer = |content_type: &str| {
        let mut request = request("GetSecurityConfigurations", "{}");
        request.headers_mut().insert("content-type", content_type.parse().unwrap());
        send(&cloud, request).status
    };
    assert_eq!(answer("application/x-amz-json-1.1; charset=utf-8"), 200);
    assert_eq!(answer("Application/X-Amz-JSON-1.1"), 200);
    for wrong in ["application/json", "text/plain", "application/x-amz-json-1.10", ""] {
        assert_eq!(answer(wrong), 400, "{wrong}");
    }
}

#[test]
fn anything_but_a_post_is_refused() {
    for method in [Method::GET, Method::PUT, Method::DELETE, Method::HEAD] {
        let mut request = request("GetSecurityConfigurations", "{}");
        *request.method_mut() = method;
        let answer = send(&cloud(), request);
        assert_eq!((answer.status, answer.code()), (405, "UnknownOperationException".to_owned()));
        assert_eq!(answer.headers["allow"], "POST");
    }
}

#[test]
fn a_body_beyond_the_limit_is_refused_unread() {
    let largest = format!("{{\"X\":\"{}\"}}", "x".repeat(BODY_LIMIT - 8));
    assert_eq!(largest.len(), BODY_LIMIT);
    assert_eq!(send(&cloud(), request("GetSecurityConfigurations", largest.clone())).status, 200);
    let answer = send(&cloud(), request("GetSecurityConfigurations", largest + " "));
    assert_eq!((answer.status, answer.code()), (413, "RequestEntityTooLargeException".to_owned()));
}
