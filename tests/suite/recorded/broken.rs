//! The same answers with one thing broken are faulted: the checks that let them pass are not asleep.

use glueproof::run::CaseVerdict;
use serde_json::{Value, json};

use super::{Recorded, recorded};

/// An answer broken in one way, and the way.
type Broken = (String, Recorded);

fn is_faulted(answer: &Recorded) -> bool {
    answer.verdicts().iter().any(|(_, verdict)| matches!(verdict, CaseVerdict::Violated(_)))
}

/// Pointers to every member and element of a value.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(name, inner)| (format!("{at}/{name}"), inner)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(i, inner)| (format!("{at}/{i}"), inner)).collect()
        }
        _ => Vec::new(),
    };
    for (place, inner) in inner {
        places(inner, &place, found);
        found.push(place);
    }
}

fn with(answer: &Recorded, place: &str, value: Value) -> Recorded {
    let mut copy = answer.clone();
    *copy.body.pointer_mut(place).unwrap() = value;
    copy
}

/// Of another type: nothing that is anything else by chance.
fn of_another_type(value: &Value) -> Value {
    match value {
        Value::String(_) => json!({ "a": 1 }),
        _ => json!("x"),
    }
}

fn broken_success(answer: &Recorded) -> Vec<Broken> {
    let mut found = Vec::new();
    places(&answer.body, "", &mut found);
    let mut broken = Vec::new();
    for place in found {
        let value = answer.body.pointer(&place).unwrap();
        broken.push((format!("{place} of another type"), with(answer, &place, of_another_type(value))));
        broken.push((format!("{place} null"), with(answer, &place, Value::Null)));
        if place.ends_with("Mode") {
            broken.push((format!("{place} unknown"), with(answer, &place, json!("ROT13"))));
        }
        if place.ends_with("Hash") || place.ends_with("Name") || place.ends_with("KeyId") {
            broken.push((format!("{place} empty"), with(answer, &place, json!(""))));
        }
        if place.ends_with("Time") || place.ends_with("TimeStamp") {
            broken.push((format!("{place} as text"), with(answer, &place, json!("2020-05-27T23:23:42Z"))));
        }
    }
    let mut more = answer.clone();
    more.body["GlueproofUnknown"] = json!(1);
    broken.push(("a member without documentation".to_owned(), more));
    broken.push(("another status".to_owned(), Recorded { status: 400, ..answer.clone() }));
    broken.push(("no object".to_owned(), Recorded { body: json!([]), ..answer.clone() }));
    broken
}

fn broken_refusal(answer: &Recorded) -> Vec<Broken> {
    let mut broken = vec![
        ("another client's status".to_owned(), Recorded { status: 404, ..answer.clone() }),
        ("no object".to_owned(), Recorded { body: json!("x"), ..answer.clone() }),
    ];
    let mut unnamed = answer.clone();
    unnamed.body.as_object_mut().unwrap().shift_remove("__type");
    broken.push(("no code".to_owned(), unnamed));
    if let Some(text) = answer.body.get("Message") {
        let mut small = answer.clone();
        small.body["message"] = text.clone();
        small.body.as_object_mut().unwrap().shift_remove("Message");
        broken.push(("the text in `message`".to_owned(), small));
    }
    // Of answers that only show a form, no rule says that they must be a refusal at all.
    if answer.operation.is_some() {
        broken.push(("a server's status".to_owned(), Recorded { status: 500, ..answer.clone() }));
        let other = with(answer, "/__type", json!("ConcurrentModificationException"));
        broken.push(("another code".to_owned(), other));
        broken.push(("a success".to_owned(), Recorded { status: 200, body: json!({}), ..answer.clone() }));
    }
    broken
}

fn with_broken_headers(answer: &Recorded) -> Vec<Broken> {
    let each = answer.headers.keys().map(|name| {
        let mut copy = answer.clone();
        copy.headers.insert(name.clone(), String::new());
        (format!("{name} empty"), copy)
    });
    each.collect()
}

#[test]
fn every_broken_copy_is_faulted() {
    let (mut count, mut passing) = (0, Vec::new());
    for answer in recorded() {
        let broken = if answer.status < 400 { broken_success(&answer) } else { broken_refusal(&answer) };
        for (how, copy) in broken.into_iter().chain(with_broken_headers(&answer)) {
            count += 1;
            if !is_faulted(&copy) {
                passing.push(format!("{}: {how}", answer.id));
            }
        }
    }
    assert_eq!(passing, Vec::<String>::new());
    assert!(count >= 150, "{count}");
}

/// If a whole answer was recorded, no promised member may be missing from it.
#[test]
fn promised_members_that_are_missing_are_faulted() {
    let whole = |id: &str| recorded().into_iter().find(|answer| answer.id == id).unwrap();
    for (id, member) in [
        ("E001", "/DataCatalogEncryptionSettings"),
        ("E011", "/PolicyHash"),
        ("E011", "/CreateTime"),
        ("E012", "/PolicyHash"),
        ("E032", "/SecurityConfigurations/0/CreatedTimeStamp"),
        ("E033", "/SecurityConfigurations"),
    ] {
        let mut copy = whole(id);
        let (parent, name) = member.rsplit_once('/').unwrap();
        copy.body.pointer_mut(parent).unwrap().as_object_mut().unwrap().shift_remove(name);
        assert!(is_faulted(&copy), "{id} without {member} passes");
    }
}
