//! Groups and streams: made once, found by name in pages, tagged, deleted.

use serde_json::{Value, json};

use super::support::{GROUP, NOW, call, cloud, cloud_with_stream, code, ok, put};

#[test]
fn a_group_is_made_once_and_shown_as_it_is() {
    let (cloud, _) = cloud();
    let input = json!({ "logGroupName": GROUP, "tags": { "team": "data" } });
    ok(&cloud, "CreateLogGroup", &input);
    let (refused, text) = call(&cloud, "CreateLogGroup", &input).expect_err("a second one");
    assert_eq!(
        (&*refused, &*text),
        ("ResourceAlreadyExistsException", "The specified log group already exists"),
        "E082"
    );
    let shown =
        &ok(&cloud, "DescribeLogGroups", &json!({ "logGroupNamePrefix": "/aws-glue" }))["logGroups"][0];
    let arn = format!("arn:aws:logs:us-east-1:123456789012:log-group:{GROUP}");
    assert_eq!(shown["arn"], format!("{arn}:*"));
    assert_eq!(shown["logGroupArn"], arn);
    assert_eq!((&shown["creationTime"], &shown["storedBytes"]), (&json!(NOW), &json!(0)));
    assert_eq!(shown["logGroupClass"], "STANDARD");
    assert!(shown.get("kmsKeyId").is_none() && shown.get("retentionInDays").is_none());
    ok(&cloud, "DeleteLogGroup", &json!({ "logGroupName": GROUP }));
    assert_eq!(
        code(&cloud, "DeleteLogGroup", &json!({ "logGroupName": GROUP })),
        "ResourceNotFoundException"
    );
}

#[test]
fn names_and_sizes_are_held_to_the_model() {
    let (cloud, _) = cloud();
    for (operation, input) in [
        ("CreateLogGroup", json!({})),
        ("CreateLogGroup", json!({ "logGroupName": "with space" })),
        ("CreateLogGroup", json!({ "logGroupName": "" })),
        ("CreateLogGroup", json!({ "logGroupName": "x".repeat(513) })),
        ("CreateLogGroup", json!({ "logGroupName": "aws/reserved" })),
        ("CreateLogGroup", json!({ "logGroupName": "g", "tags": { "aws:x": "" } })),
        ("CreateLogGroup", json!({ "logGroupName": "g", "logGroupClass": "CHEAP" })),
        ("CreateLogStream", json!({ "logGroupName": "g", "logStreamName": "a:b" })),
        ("DescribeLogGroups", json!({ "limit": 51 })),
        ("DescribeLogGroups", json!({ "limit": 0 })),
        ("DescribeLogGroups", json!({ "logGroupNamePrefix": "a", "logGroupNamePattern": "b" })),
        ("DescribeLogGroups", json!({ "nextToken": "made-up" })),
    ] {
        assert_eq!(code(&cloud, operation, &input), "InvalidParameterException", "{operation} {input}");
    }
    let input = json!({ "logGroupName": "g", "logStreamName": "s", "limit": 10001 });
    let (refused, text) = call(&cloud, "GetLogEvents", &input).expect_err("too long a page");
    assert_eq!(refused, "InvalidParameterException");
    let said = "1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: Member must \
                have value less than or equal to 10000";
    assert_eq!(text, said, "E081");
}

#[test]
fn pages_of_groups_have_every_group_once() {
    let (cloud, _) = cloud();
    for number in 0..25 {
        ok(&cloud, "CreateLogGroup", &json!({ "logGroupName": format!("g{number:02}") }));
    }
    let (mut names, mut token) = (Vec::new(), Value::Null);
    loop {
        let page = ok(&cloud, "DescribeLogGroups", &json!({ "limit": 10, "nextToken": token }));
        let groups = page["logGroups"].as_array().unwrap().clone();
        assert!(groups.len() <= 10);
        names.extend(groups.into_iter().map(|group| group["logGroupName"].as_str().unwrap().to_owned()));
        match page.get("nextToken") {
            Some(next) => token = next.clone(),
            None => break,
        }
    }
    assert_eq!(names, (0..25).map(|number| format!("g{number:02}")).collect::<Vec<_>>());
    let found = ok(&cloud, "DescribeLogGroups", &json!({ "logGroupNamePattern": "2" }));
    assert_eq!(found["logGroups"].as_array().unwrap().len(), 7);
}

#[test]
fn streams_come_in_the_order_that_is_asked_for() {
    let (cloud, _) = cloud_with_stream();
    let stream = |name: &str, timestamp: i64| {
        ok(&cloud, "CreateLogStream", &json!({ "logGroupName": GROUP, "logStreamName": name }));
        let events = json!([{ "timestamp": timestamp, "message": "m" }]);
        let input = json!({ "logGroupName": GROUP, "logStreamName": name, "logEvents": events });
        ok(&cloud, "PutLogEvents", &input);
    };
    stream("a", NOW);
    stream("z", NOW - 10);
    let names = |members: Value| {
        let listed = ok(
            &cloud,
            "DescribeLogStreams",
            &super::support::with(&members, &json!({ "logGroupName": GROUP })),
        );
        let names = listed["logStreams"].as_array().unwrap().iter();
        names.map(|one| one["logStreamName"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(json!({})), ["a", "s", "z"]);
    assert_eq!(names(json!({ "descending": true })), ["z", "s", "a"]);
    assert_eq!(names(json!({ "orderBy": "LastEventTime", "descending": true })), ["a", "z", "s"]);
    assert_eq!(names(json!({ "logStreamNamePrefix": "z" })), ["z"]);
    let both = json!({ "logGroupName": GROUP, "orderBy": "LastEventTime", "logStreamNamePrefix": "z" });
    assert_eq!(code(&cloud, "DescribeLogStreams", &both), "InvalidParameterException");
    let input = json!({ "logGroupName": GROUP, "logStreamName": "a" });
    assert_eq!(code(&cloud, "CreateLogStream", &input), "ResourceAlreadyExistsException");
    ok(&cloud, "DeleteLogStream", &input);
    assert_eq!(code(&cloud, "DeleteLogStream", &input), "ResourceNotFoundException");
}

#[test]
fn tags_are_the_same_by_arn_and_by_name() {
    let (cloud, _) = cloud_with_stream();
    let arn = format!("arn:aws:logs:us-east-1:123456789012:log-group:{GROUP}");
    ok(&cloud, "TagResource", &json!({ "resourceArn": arn, "tags": { "a": "1", "b": "2" } }));
    ok(&cloud, "TagLogGroup", &json!({ "logGroupName": GROUP, "tags": { "b": "3", "c": "4" } }));
    let listed = ok(&cloud, "ListTagsLogGroup", &json!({ "logGroupName": GROUP }));
    assert_eq!(listed["tags"], json!({ "a": "1", "b": "3", "c": "4" }));
    ok(&cloud, "UntagResource", &json!({ "resourceArn": arn, "tagKeys": ["a", "never"] }));
    ok(&cloud, "UntagLogGroup", &json!({ "logGroupName": GROUP, "tags": ["b"] }));
    let listed = ok(&cloud, "ListTagsForResource", &json!({ "resourceArn": arn }));
    assert_eq!(listed["tags"], json!({ "c": "4" }));
    let missing = json!({ "resourceArn": format!("{arn}-not-there") });
    assert_eq!(code(&cloud, "ListTagsForResource", &missing), "ResourceNotFoundException");
}

#[test]
fn groups_of_other_accounts_and_regions_are_not_there() {
    let (cloud, _) = cloud_with_stream();
    put(&cloud, &[(0, "m")]);
    for scope in ["210987654321/20231114/us-east-1/logs", "test/20231114/eu-west-1/logs"] {
        let request = http::Request::post("http://localhost/")
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", "Logs_20140328.DescribeLogGroups")
            .header(
                "authorization",
                format!("AWS4-HMAC-SHA256 Credential={scope}/aws4_request, SignedHeaders=host, Signature=0"),
            )
            .body("{}".into())
            .unwrap();
        assert_eq!(&cloud.handle(request).into_body()[..], br#"{"logGroups":[]}"#, "{scope}");
    }
}
