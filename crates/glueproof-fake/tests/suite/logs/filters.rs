//! Filters: what a pattern matches, over which streams and times, in pages.

use glueproof_fake::FakeCloud;
use serde_json::{Value, json};

use super::support::{GROUP, NOW, cloud_with_stream, code, ok, put, texts, with};

fn filter(cloud: &FakeCloud, members: &Value) -> Value {
    ok(cloud, "FilterLogEvents", &with(members, &json!({ "logGroupName": GROUP })))
}

fn cloud() -> FakeCloud {
    let (cloud, _) = cloud_with_stream();
    put(&cloud, &[(0, "ERROR 400 bad request"), (2, "ERROR 419 missing argument"), (4, "INFO \"all\" well")]);
    ok(&cloud, "CreateLogStream", &json!({ "logGroupName": GROUP, "logStreamName": "other" }));
    let events =
        json!([{ "timestamp": NOW + 1, "message": "WARN 400" }, { "timestamp": NOW + 3, "message": "info" }]);
    ok(
        &cloud,
        "PutLogEvents",
        &json!({ "logGroupName": GROUP, "logStreamName": "other", "logEvents": events }),
    );
    cloud
}

#[test]
fn patterns_of_terms_match_as_documented() {
    let cloud = cloud();
    for (pattern, found) in [
        ("", vec![0, 1, 2, 3, 4]),
        ("ERROR", vec![0, 2]),
        ("error", vec![]),
        ("400 ERROR", vec![0]),
        ("\"bad request\"", vec![0]),
        ("\"request bad\"", vec![]),
        ("ERROR -400", vec![2]),
        ("-ERROR", vec![1, 3, 4]),
        ("ERROR -\"missing argument\"", vec![0]),
        ("?INFO ?WARN", vec![1, 4]),
        ("?INFO ERROR", vec![0, 2]),
        ("\"\\\"all\\\"\"", vec![4]),
    ] {
        let answer = filter(&cloud, &json!({ "filterPattern": pattern }));
        let places: Vec<i64> = answer["events"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["timestamp"].as_i64().unwrap() - NOW)
            .collect();
        assert_eq!(places, found, "{pattern}");
    }
    for pattern in
        ["{ $.level = }", "{ level = 1 }", "[a, b = ]", "[a", "%4[0-9+%", "semi;colon", "\"open", "-"]
    {
        let input = json!({ "logGroupName": GROUP, "filterPattern": pattern });
        assert_eq!(code(&cloud, "FilterLogEvents", &input), "InvalidParameterException", "{pattern}");
    }
}

#[test]
fn streams_and_times_narrow_the_results() {
    let cloud = cloud();
    for (members, found) in [
        (json!({ "logStreamNames": ["other"] }), vec!["WARN 400", "info"]),
        (json!({ "logStreamNamePrefix": "oth" }), vec!["WARN 400", "info"]),
        (json!({ "startTime": NOW + 3 }), vec!["info", "INFO \"all\" well"]),
        (json!({ "endTime": NOW + 1 }), vec!["ERROR 400 bad request", "WARN 400"]),
    ] {
        assert_eq!(texts(&filter(&cloud, &members)), found, "{members}");
    }
    let missing = json!({ "logGroupName": GROUP, "logStreamNames": ["s", "nowhere"] });
    assert_eq!(code(&cloud, "FilterLogEvents", &missing), "ResourceNotFoundException");
    let both = json!({ "logGroupName": GROUP, "logStreamNames": ["s"], "logStreamNamePrefix": "s" });
    assert_eq!(code(&cloud, "FilterLogEvents", &both), "InvalidParameterException");
}

#[test]
fn pages_have_every_event_once() {
    let cloud = cloud();
    let (mut ids, mut token) = (Vec::new(), Value::Null);
    loop {
        let page = filter(&cloud, &json!({ "limit": 2, "nextToken": token }));
        ids.extend(
            page["events"].as_array().unwrap().iter().map(|one| one["eventId"].as_str().unwrap().to_owned()),
        );
        match page.get("nextToken") {
            Some(next) => token = next.clone(),
            None => break,
        }
    }
    let mut once = ids.clone();
    once.dedup();
    assert_eq!((ids.len(), once.len()), (5, 5));
    assert!(ids.is_sorted());
    let foreign = filter(&cloud, &json!({ "limit": 2 }))["nextToken"].clone();
    let input = json!({ "logGroupName": GROUP, "filterPattern": "ERROR", "nextToken": foreign });
    assert_eq!(
        code(&cloud, "FilterLogEvents", &input),
        "InvalidParameterException",
        "another listing's token"
    );
}

fn found(lines: &[&str], pattern: &str) -> Vec<usize> {
    let (cloud, _) = super::support::cloud_with_stream();
    let events: Vec<(i64, &str)> =
        lines.iter().enumerate().map(|(at, line)| (i64::try_from(at).unwrap(), *line)).collect();
    super::support::put(&cloud, &events);
    let answer = filter(&cloud, &json!({ "filterPattern": pattern }));
    let place = |event: &Value| usize::try_from(event["timestamp"].as_i64().unwrap() - NOW).unwrap();
    answer["events"].as_array().unwrap().iter().map(place).collect()
}

#[test]
fn patterns_of_json_match_members() {
    let lines = [
        r#"{"status":404,"user":{"name":"ann"},"tags":["a","b"],"ok":true}"#,
        r#"{"status":500,"user":{"name":"bob"},"error":null}"#,
        "no JSON",
    ];
    for (pattern, expected) in [
        ("{ $.status = 404 }", vec![0]),
        ("{ $.status >= 404 }", vec![0, 1]),
        ("{ $.status = 4* }", vec![0]),
        ("{ $.user.name = \"b*\" }", vec![1]),
        ("{ $.user.name != \"bob\" }", vec![0]),
        ("{ $.tags[1] = b }", vec![0]),
        ("{ $.tags[*] = \"a\" }", vec![0]),
        ("{ $.ok IS TRUE }", vec![0]),
        ("{ $.error IS NULL }", vec![1]),
        ("{ $.error NOT EXISTS }", vec![0]),
        ("{ ($.status = 500 || $.ok IS TRUE) && $.user.name = ann }", vec![0]),
        ("{ $.user.name = %^b.b$% }", vec![1]),
    ] {
        assert_eq!(found(&lines, pattern), expected, "{pattern}");
    }
}

#[test]
fn patterns_of_columns_match_words_by_position() {
    let lines = [
        "127.0.0.1 - bob [10/Oct/2000:13:25:15 -0700] \"GET /index.html HTTP/1.0\" 404 1534",
        "127.0.0.1 - ann [10/Oct/2000:13:35:22 -0700] \"GET /about.html HTTP/1.0\" 500 5324",
        "three short words",
    ];
    for (pattern, expected) in [
        ("[ip, id, user, time, request, status = 4*, bytes]", vec![0]),
        ("[ip, id, user, time, request, status, bytes > 2000]", vec![1]),
        ("[..., status = 404 || status = 500, bytes]", vec![0, 1]),
        ("[..., request = *html*, status != 404, bytes]", vec![1]),
        ("[a, b, c]", vec![2]),
        ("%[0-9]{4}$%", vec![0, 1]),
    ] {
        assert_eq!(found(&lines, pattern), expected, "{pattern}");
    }
}
