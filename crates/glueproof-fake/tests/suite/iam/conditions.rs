//! Conditions and variables decide as the IAM User Guide documents them: "Condition operators",
//! "Multivalued context keys", "Variables and tags"; for KMS its Developer Guide, "Condition keys".

use serde_json::{Value, json};

use super::simulation::{ALLOWED, Case, DENIED, FORBIDDEN, check};

/// Alice may do it under that condition.
fn under(operator: &str, key: &str, value: &Value) -> Case {
    let condition = json!({ operator: { key: value } });
    let statement = json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition });
    Case::new(vec![statement], "kms:ListKeys", "*")
}

/// She may always, but is forbidden under that condition.
fn unless(operator: &str, key: &str, value: &Value) -> Case {
    let condition = json!({ operator: { key: value } });
    let allow = json!({ "Effect": "Allow", "Action": "*", "Resource": "*" });
    let deny = json!({ "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition });
    Case::new(vec![allow, deny], "kms:ListKeys", "*")
}

const VIA: &str = "kms:ViaService";
const GLUE: &str = "glue.us-east-1.amazonaws.com";

#[test]
fn texts() {
    let via = |operator: &str, value: Value| under(operator, VIA, &value).with(VIA, &[GLUE]);
    let absent = |operator: &str| under(operator, VIA, &json!("s3.us-east-1.amazonaws.com"));
    check(&[
        ("equal", via("StringEquals", json!(GLUE)), ALLOWED),
        ("not equal", via("StringEquals", json!("logs.us-east-1.amazonaws.com")), DENIED),
        ("one of several", via("StringEquals", json!(["a", GLUE])), ALLOWED),
        ("of another case", via("StringEquals", json!("Glue.us-east-1.amazonaws.com")), DENIED),
        ("whatever the case", via("StringEqualsIgnoreCase", json!("GLUE.us-east-1.amazonaws.com")), ALLOWED),
        ("no pattern where equality is asked", via("StringEquals", json!("glue.*")), DENIED),
        ("a pattern", via("StringLike", json!("glue.*.amazonaws.com")), ALLOWED),
        ("a pattern is of the whole", via("StringLike", json!("glue")), DENIED),
        ("negated, and equal", via("StringNotEquals", json!(GLUE)), DENIED),
        ("negated, one of several equal", via("StringNotEquals", json!(["a", GLUE])), DENIED),
        ("negated, none equal", via("StringNotEquals", json!(["a", "b"])), ALLOWED),
        ("negated pattern", via("StringNotLike", json!("glue.*")), DENIED),
        (
            "keys are of any case",
            under("StringEquals", "KMS:viaservice", &json!(GLUE)).with(VIA, &[GLUE]),
            ALLOWED,
        ),
        ("absent", absent("StringEquals"), DENIED),
        ("absent pattern", absent("StringLike"), DENIED),
        ("absent, negated", absent("StringNotEquals"), ALLOWED),
        ("absent, negated pattern", absent("StringNotLike"), ALLOWED),
        ("absent, if it exists", absent("StringEqualsIfExists"), ALLOWED),
        ("absent pattern, if it exists", absent("StringLikeIfExists"), ALLOWED),
        ("absent, negated, if it exists", absent("StringNotEqualsIfExists"), ALLOWED),
        ("there and unequal, if it exists", via("StringEqualsIfExists", json!("a")), DENIED),
        ("denied by absence of what is negated", unless("StringNotEquals", VIA, &json!(GLUE)), FORBIDDEN),
        ("not denied by absence", unless("StringEquals", VIA, &json!(GLUE)), ALLOWED),
        ("denied by absence, if it exists", unless("StringEqualsIfExists", VIA, &json!(GLUE)), FORBIDDEN),
    ]);
}

#[test]
fn absence() {
    let null = |value: Value| under("Null", VIA, &value);
    check(&[
        ("absent as wanted", null(json!("true")), ALLOWED),
        ("absent as wanted, without quotes", null(json!(true)), ALLOWED),
        ("absent though wanted", null(json!("false")), DENIED),
        ("there as wanted", null(json!("false")).with(VIA, &[GLUE]), ALLOWED),
        ("there though unwanted", null(json!("true")).with(VIA, &[GLUE]), DENIED),
        ("an empty set is absent", null(json!("true")).with("kms:EncryptionContextKeys", &[]), ALLOWED),
    ]);
}

#[test]
fn several_conditions() {
    let both = |via: &[&str], app: &[&str]| {
        let condition = json!({
            "StringEquals": { VIA: GLUE, "kms:EncryptionContext:app": "crawler" },
            "Bool": { "kms:GrantIsForAWSResource": "true" },
        });
        let statement = json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition });
        let case =
            Case::new(vec![statement], "kms:ListKeys", "*").with("kms:GrantIsForAWSResource", &["true"]);
        case.with(VIA, via).with("kms:EncryptionContext:app", app)
    };
    check(&[
        ("all hold", both(&[GLUE], &["crawler"]), ALLOWED),
        ("one key does not", both(&[GLUE], &["job"]), DENIED),
        ("one key is absent", both(&[GLUE], &[]), DENIED),
    ]);
}

#[test]
fn sets() {
    const KEYS: &str = "kms:EncryptionContextKeys";
    let over =
        |operator: &str, given: &[&str]| under(operator, KEYS, &json!(["app", "stage"])).with(KEYS, given);
    check(&[
        ("all of them are", over("ForAllValues:StringEquals", &["app", "stage"]), ALLOWED),
        ("fewer are", over("ForAllValues:StringEquals", &["app"]), ALLOWED),
        ("one is not", over("ForAllValues:StringEquals", &["app", "owner"]), DENIED),
        ("all of none", over("ForAllValues:StringEquals", &[]), ALLOWED),
        ("any is", over("ForAnyValue:StringEquals", &["owner", "app"]), ALLOWED),
        ("none is", over("ForAnyValue:StringEquals", &["owner"]), DENIED),
        ("any of none", over("ForAnyValue:StringEquals", &[]), DENIED),
        ("all are not", over("ForAllValues:StringNotEquals", &["owner", "team"]), ALLOWED),
        ("all are not, but one is", over("ForAllValues:StringNotEquals", &["owner", "app"]), DENIED),
        ("any is not", over("ForAnyValue:StringNotEquals", &["owner", "app"]), ALLOWED),
        ("any is not, but all are", over("ForAnyValue:StringNotEquals", &["app"]), DENIED),
        ("any of none is not", over("ForAnyValue:StringNotEquals", &[]), DENIED),
        (
            "patterns",
            under("ForAllValues:StringLike", KEYS, &json!("a*")).with(KEYS, &["app", "ape"]),
            ALLOWED,
        ),
        ("all of none, if they exist", over("ForAllValues:StringEqualsIfExists", &[]), ALLOWED),
    ]);
}

#[test]
fn numbers_dates_addresses_and_truths() {
    let one =
        |operator: &str, wanted: Value, given: &str| under(operator, "x:y", &wanted).with("x:y", &[given]);
    check(&[
        ("a number", one("NumericEquals", json!("10"), "10.0"), ALLOWED),
        ("a number, plainly written", one("NumericLessThanEquals", json!(10), "10"), ALLOWED),
        ("a number that is too large", one("NumericLessThan", json!("10"), "10"), DENIED),
        ("one of several numbers", one("NumericEquals", json!([1, 2]), "2"), ALLOWED),
        ("none of several numbers", one("NumericNotEquals", json!([1, 2]), "2"), DENIED),
        ("no number", one("NumericEquals", json!("10"), "ten"), DENIED),
        ("an absent number", under("NumericLessThanIfExists", "x:y", &json!(1)), ALLOWED),
        (
            "an earlier date",
            one("DateLessThan", json!("2020-06-01T00:00:00Z"), "2020-05-27T23:23:42Z"),
            ALLOWED,
        ),
        (
            "a day alone is its midnight",
            one("DateGreaterThan", json!("2020-05-27"), "2020-05-27T00:00:01Z"),
            ALLOWED,
        ),
        ("seconds since the epoch", one("DateEquals", json!("1590621822"), "2020-05-27T23:23:42Z"), ALLOWED),
        (
            "the time of the call",
            under("DateLessThan", "aws:CurrentTime", &json!("2020-05-28T00:00:00Z")),
            ALLOWED,
        ),
        ("after its time", under("DateLessThan", "aws:CurrentTime", &json!("2020-05-27T00:00:00Z")), DENIED),
        ("an address in a network", one("IpAddress", json!("203.0.113.0/24"), "203.0.113.7"), ALLOWED),
        (
            "an address outside",
            one("IpAddress", json!(["203.0.113.0/24", "10.0.0.0/8"]), "192.0.2.1"),
            DENIED,
        ),
        ("not an address in a network", one("NotIpAddress", json!("203.0.113.0/24"), "203.0.113.7"), DENIED),
        ("an address of the new kind", one("IpAddress", json!("2001:db8::/32"), "2001:db8::1"), ALLOWED),
        ("true", one("Bool", json!("true"), "true"), ALLOWED),
        ("true, plainly written", one("Bool", json!(true), "true"), ALLOWED),
        ("not true", one("Bool", json!("true"), "false"), DENIED),
        ("absent is not false", under("Bool", "x:y", &json!("false")), DENIED),
        ("absent, if it exists", under("BoolIfExists", "x:y", &json!("false")), ALLOWED),
        ("bytes are of their case", one("BinaryEquals", json!("QmluYXJ5"), "qmluyxj5"), DENIED),
    ]);
}

#[test]
fn arns() {
    let arn = |operator: &str, wanted: &str| {
        under(operator, "aws:SourceArn", &json!(wanted))
            .with("aws:SourceArn", &["arn:aws:glue:us-east-1:1:job/a:b"])
    };
    check(&[
        ("equal", arn("ArnEquals", "arn:aws:glue:us-east-1:1:job/a:b"), ALLOWED),
        ("ArnEquals takes patterns too", arn("ArnEquals", "arn:aws:glue:*:1:job/*"), ALLOWED),
        ("ArnLike", arn("ArnLike", "arn:aws:glue:us-*:?:job/a*"), ALLOWED),
        ("a star stays within its part", arn("ArnLike", "arn:aws:glue:us-*:job/a:b"), DENIED),
        ("ArnNotEquals", arn("ArnNotEquals", "arn:aws:glue:*:1:job/*"), DENIED),
        ("ArnNotLike of another", arn("ArnNotLike", "arn:aws:glue:*:2:job/*"), ALLOWED),
        ("absent", under("ArnLike", "aws:SourceArn", &json!("*")), DENIED),
        ("absent, negated", under("ArnNotLike", "aws:SourceArn", &json!("*")), ALLOWED),
    ]);
}

#[test]
fn variables() {
    const OWN: &str = "arn:aws:s3:::home/alice/x";
    let on = |resource: &'static str, pattern: &str| {
        Case::new(
            vec![json!({ "Effect": "Allow", "Action": "*", "Resource": pattern })],
            "s3:GetObject",
            resource,
        )
    };
    let old = json!({ "Version": "2008-10-17", "Statement": {
        "Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::home/${aws:username}/*",
    } });
    let value = |wanted: &str, given: &str| under("StringLike", "x:y", &json!(wanted)).with("x:y", &[given]);
    check(&[
        ("in a resource", on(OWN, "arn:aws:s3:::home/${aws:username}/*"), ALLOWED),
        ("of any case", on(OWN, "arn:aws:s3:::home/${AWS:UserName}/*"), ALLOWED),
        (
            "that of another user",
            on("arn:aws:s3:::home/bob/x", "arn:aws:s3:::home/${aws:username}/*"),
            DENIED,
        ),
        ("in a condition's value", value("${aws:username}-*", "alice-1"), ALLOWED),
        ("without value nothing matches", on(OWN, "arn:aws:s3:::home/${x:y}*"), DENIED),
        ("with a value of its own", on(OWN, "arn:aws:s3:::home/${x:y, 'alice'}/x"), ALLOWED),
        (
            "a star in a value is no wildcard",
            on(OWN, "arn:aws:s3:::home/${x:y}/x").with("x:y", &["*"]),
            DENIED,
        ),
        ("a star that is meant", value("a${*}", "a*"), ALLOWED),
        ("is no wildcard", value("a${*}", "ab"), DENIED),
        ("the old language has none", on(OWN, "*").identity(&old), DENIED),
        (
            "a user's name in full",
            under(
                "StringEquals",
                "aws:PrincipalArn",
                &json!("arn:aws:iam::${aws:PrincipalAccount}:user/alice"),
            ),
            ALLOWED,
        ),
    ]);
}

#[test]
fn context_of_every_call() {
    let known = |key: &str, value: &str| under("StringEquals", key, &json!(value));
    check(&[
        ("account", known("aws:PrincipalAccount", "123456789012"), ALLOWED),
        ("kind", known("aws:PrincipalType", "User"), ALLOWED),
        ("name", known("aws:username", "alice"), ALLOWED),
        ("region", known("aws:RequestedRegion", "us-east-1"), ALLOWED),
        ("not through a service", known("aws:ViaAWSService", "false"), ALLOWED),
        ("whose key it is", known("kms:CallerAccount", "123456789012"), ALLOWED),
        ("no service's account", under("Null", "aws:SourceAccount", &json!("true")), ALLOWED),
    ]);
}
