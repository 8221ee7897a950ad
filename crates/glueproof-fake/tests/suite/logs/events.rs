//! Events: what a batch must be like, which are taken, and how they are read in both directions.

use std::time::Duration;

use serde_json::{Value, json};

use super::support::{DAY, GROUP, NOW, call, cloud_with_stream, code, ok, put, read, texts};

fn refusal(events: &Value) -> (String, String) {
    let (cloud, _) = cloud_with_stream();
    let input = json!({ "logGroupName": GROUP, "logStreamName": "s", "logEvents": events });
    let refused = call(&cloud, "PutLogEvents", &input).expect_err("a batch that is refused");
    assert_eq!(texts(&read(&cloud, &json!({}))), Vec::<&str>::new(), "nothing of it is kept");
    refused
}

#[test]
fn a_batch_is_in_order_within_a_day_and_not_too_large() {
    let event = |at: i64| json!({ "timestamp": NOW + at, "message": "m" });
    let large = json!({ "timestamp": NOW, "message": "x".repeat(600_000) });
    for (events, said) in [
        (
            json!([event(1), event(0)]),
            "Log events in a single PutLogEvents request must be in chronological order.",
        ),
        (
            json!([event(-DAY - 1), event(0)]),
            "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.",
        ),
        (json!([large, large]), "Upload too large: 1200052 bytes exceeds limit of 1048576"),
        (
            json!([]),
            "1 validation error detected: Value '[]' at 'logEvents' failed to satisfy constraint: Member must have length greater than or equal to 1",
        ),
        (
            json!([event(0), { "timestamp": NOW }]),
            "1 validation error detected: Value null at 'logEvents.2.member.message' failed to satisfy constraint: Member must not be null",
        ),
    ] {
        assert_eq!(refusal(&events), ("InvalidParameterException".to_owned(), said.to_owned()));
    }
    assert_eq!(refusal(&json!([{ "timestamp": -1, "message": "m" }])).0, "InvalidParameterException");
    assert_eq!(refusal(&json!([{ "timestamp": NOW, "message": "" }])).0, "InvalidParameterException");
}

#[test]
fn too_old_and_too_new_events_are_left_out_and_told_of() {
    let (cloud, _) = cloud_with_stream();
    let hour = 3_600_000;
    let answer = put(&cloud, &[(-14 * DAY - 2, "old"), (-14 * DAY - 1, "old"), (-14 * DAY, "just")]);
    assert_eq!(answer["rejectedLogEventsInfo"], json!({ "tooOldLogEventEndIndex": 2 }));
    let answer = put(&cloud, &[(0, "now"), (2 * hour, "soon"), (2 * hour + 1, "new")]);
    assert_eq!(answer["rejectedLogEventsInfo"], json!({ "tooNewLogEventStartIndex": 2 }));
    assert!(put(&cloud, &[(1, "plain")]).get("rejectedLogEventsInfo").is_none());
    assert_eq!(texts(&read(&cloud, &json!({}))), ["just", "now", "plain", "soon"]);
}

#[test]
fn retention_lets_go_of_events_as_the_clock_moves() {
    let (cloud, clock) = cloud_with_stream();
    put(&cloud, &[(0, "a"), (1000, "b")]);
    assert_eq!(
        code(&cloud, "PutRetentionPolicy", &json!({ "logGroupName": GROUP, "retentionInDays": 2 })),
        "InvalidParameterException"
    );
    ok(&cloud, "PutRetentionPolicy", &json!({ "logGroupName": GROUP, "retentionInDays": 1 }));
    let answer = put(&cloud, &[(-DAY - 1, "late"), (-DAY, "in time")]);
    assert_eq!(answer["rejectedLogEventsInfo"], json!({ "expiredLogEventEndIndex": 1 }));
    clock.advance(Duration::from_hours(24));
    assert_eq!(texts(&read(&cloud, &json!({}))), ["a", "b"]);
    clock.advance(Duration::from_millis(1));
    assert_eq!(texts(&read(&cloud, &json!({}))), ["b"]);
    ok(&cloud, "DeleteRetentionPolicy", &json!({ "logGroupName": GROUP }));
    clock.advance(Duration::from_hours(24 * 30));
    assert_eq!(texts(&read(&cloud, &json!({}))), ["b"]);
}

#[test]
fn reading_forwards_ends_in_the_same_token_and_goes_on_there() {
    let (cloud, _) = cloud_with_stream();
    put(&cloud, &[(0, "a"), (0, "b"), (1, "c"), (2, "d"), (3, "e")]);
    let first = read(&cloud, &json!({ "startFromHead": true, "limit": 2 }));
    assert_eq!(texts(&first), ["a", "b"]);
    let second = read(&cloud, &json!({ "nextToken": first["nextForwardToken"], "limit": 2 }));
    assert_eq!(texts(&second), ["c", "d"]);
    let third = read(&cloud, &json!({ "nextToken": second["nextForwardToken"], "limit": 2 }));
    assert_eq!(texts(&third), ["e"]);
    let end = read(&cloud, &json!({ "nextToken": third["nextForwardToken"] }));
    assert_eq!((texts(&end), &end["nextForwardToken"]), (vec![], &third["nextForwardToken"]));
    put(&cloud, &[(4, "f")]);
    assert_eq!(texts(&read(&cloud, &json!({ "nextToken": end["nextForwardToken"] }))), ["f"]);
    let back = read(&cloud, &json!({ "nextToken": end["nextBackwardToken"], "limit": 2 }));
    assert_eq!(texts(&back), ["d", "e"]);
}

#[test]
fn reading_begins_at_the_tail_and_goes_back() {
    let (cloud, _) = cloud_with_stream();
    put(&cloud, &[(0, "a"), (1, "b"), (2, "c")]);
    let last = read(&cloud, &json!({ "limit": 2 }));
    assert_eq!(texts(&last), ["b", "c"]);
    let first = read(&cloud, &json!({ "nextToken": last["nextBackwardToken"], "limit": 2 }));
    assert_eq!(texts(&first), ["a"]);
    let end = read(&cloud, &json!({ "nextToken": first["nextBackwardToken"] }));
    assert_eq!((texts(&end), &end["nextBackwardToken"]), (vec![], &first["nextBackwardToken"]));
    assert_eq!(texts(&read(&cloud, &json!({ "nextToken": end["nextForwardToken"] }))), ["a", "b", "c"]);
    assert_eq!(texts(&read(&cloud, &json!({ "startTime": NOW + 1, "endTime": NOW + 2 }))), ["b"]);
    for token in ["f/12/s", "x/00000000000000000000000000000000000000000000000000000000/s", "made up"] {
        let input = json!({ "logGroupName": GROUP, "logStreamName": "s", "nextToken": token });
        assert_eq!(code(&cloud, "GetLogEvents", &input), "InvalidParameterException", "{token}");
    }
}

#[test]
fn late_events_take_their_place_in_time() {
    let (cloud, _) = cloud_with_stream();
    put(&cloud, &[(10, "second")]);
    put(&cloud, &[(5, "first")]);
    let answer = read(&cloud, &json!({}));
    assert_eq!(texts(&answer), ["first", "second"]);
    assert_eq!(answer["events"][0]["timestamp"], NOW + 5);
    assert_eq!(answer["events"][0]["ingestionTime"], NOW);
    let streams = ok(&cloud, "DescribeLogStreams", &json!({ "logGroupIdentifier": GROUP }));
    let stream = &streams["logStreams"][0];
    assert_eq!(
        (&stream["firstEventTimestamp"], &stream["lastEventTimestamp"]),
        (&json!(NOW + 5), &json!(NOW + 10))
    );
}

#[test]
fn absent_groups_and_streams_are_named() {
    let (cloud, _) = cloud_with_stream();
    let events = json!([{ "timestamp": NOW, "message": "m" }]);
    let elsewhere = json!({ "logGroupName": GROUP, "logStreamName": "t", "logEvents": events });
    let (refused, text) = call(&cloud, "PutLogEvents", &elsewhere).expect_err("no such stream");
    assert_eq!(
        (&*refused, &*text),
        ("ResourceNotFoundException", "The specified log stream does not exist.")
    );
    let (refused, text) = call(&cloud, "GetLogEvents", &json!({ "logGroupName": "g", "logStreamName": "t" }))
        .expect_err("no such group");
    assert_eq!((&*refused, &*text), ("ResourceNotFoundException", "The specified log group does not exist."));
    assert_eq!(code(&cloud, "StartQuery", &json!({})), "UnknownOperationException");
}
