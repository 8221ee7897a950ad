//! The fake with one thing wrong.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use glueproof::fake::FakeCloud;
use http::{Response, StatusCode};
use serde_json::{Map, Value, json};

use crate::server::{Answers, operation};

/// The right answers after a look at them.
pub fn altered(
    cloud: &FakeCloud,
    alter: impl Fn(&str, Response<Bytes>) -> Response<Bytes> + Send + Sync + 'static,
) -> Answers {
    let cloud = cloud.clone();
    Arc::new(move |request| Some(alter(&operation(&request), cloud.handle(request))))
}

/// The right answers, with something done to the bodies of one operation's successes.
pub fn successes(
    cloud: &FakeCloud,
    of: &'static str,
    change: impl Fn(&mut Value) + Send + Sync + 'static,
) -> Answers {
    altered(cloud, move |operation, response| {
        let concerned = operation == of && response.status().is_success();
        if concerned { changed(response, &change) } else { response }
    })
}

/// The right answers, with something done to the bodies of refusals.
fn refusals(cloud: &FakeCloud, change: impl Fn(&mut Value) + Send + Sync + 'static) -> Answers {
    altered(
        cloud,
        move |_, response| {
            if response.status().is_client_error() { changed(response, &change) } else { response }
        },
    )
}

fn changed(response: Response<Bytes>, change: &impl Fn(&mut Value)) -> Response<Bytes> {
    response.map(|body| {
        let mut json = serde_json::from_slice(&body).unwrap();
        change(&mut json);
        Bytes::from(json.to_string())
    })
}

pub fn without_time(cloud: &FakeCloud) -> Answers {
    successes(cloud, "GetSecurityConfiguration", |body| {
        body["SecurityConfiguration"].as_object_mut().unwrap().shift_remove("CreatedTimeStamp");
    })
}

pub fn time_as_text(cloud: &FakeCloud) -> Answers {
    successes(cloud, "GetSecurityConfiguration", |body| {
        body["SecurityConfiguration"]["CreatedTimeStamp"] = json!("2020-05-27T23:23:42Z");
    })
}

pub fn null_member(cloud: &FakeCloud) -> Answers {
    successes(cloud, "GetSecurityConfiguration", |body| {
        let parts = body["SecurityConfiguration"]["EncryptionConfiguration"].as_object_mut().unwrap();
        parts.entry("DataQualityEncryption").or_insert(Value::Null);
    })
}

pub fn unknown_member(cloud: &FakeCloud) -> Answers {
    successes(cloud, "GetResourcePolicy", |body| body["PolicyArn"] = json!("arn:aws:glue:::policy"))
}

pub fn server_errors(cloud: &FakeCloud) -> Answers {
    altered(cloud, |_, mut response| {
        if response.status().is_client_error() {
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        }
        response
    })
}

pub fn wrong_code(cloud: &FakeCloud) -> Answers {
    refusals(cloud, |body| body["__type"] = json!("OperationTimeoutException"))
}

pub fn small_message(cloud: &FakeCloud) -> Answers {
    refusals(cloud, |body| {
        if let Some(text) = body.as_object_mut().unwrap().shift_remove("Message") {
            body["message"] = text;
        }
    })
}

/// Refuses a put for its hash, and performs it.
pub fn refused_and_done(cloud: &FakeCloud) -> Answers {
    let cloud = cloud.clone();
    Arc::new(move |request| {
        let response = cloud.handle(request.clone());
        if operation(&request) == "PutResourcePolicy" && response.status().is_client_error() {
            let _ = cloud.handle(request.map(|body| without_conditions(&body)));
        }
        Some(response)
    })
}

fn without_conditions(body: &Bytes) -> Bytes {
    let mut input: Value = serde_json::from_slice(body).unwrap_or_default();
    if let Some(members) = input.as_object_mut() {
        members.retain(|name, _| name == "PolicyInJson");
    }
    Bytes::from(input.to_string())
}

/// Creates the configuration that it refuses for an unknown mode, without encryption.
pub fn refused_and_created(cloud: &FakeCloud) -> Answers {
    let cloud = cloud.clone();
    Arc::new(move |request| {
        let response = cloud.handle(request.clone());
        if operation(&request) == "CreateSecurityConfiguration" && response.status().is_client_error() {
            let input: Value = serde_json::from_slice(request.body()).unwrap_or_default();
            let plain = json!({ "Name": input["Name"], "EncryptionConfiguration": {} });
            let _ = cloud.handle(request.map(|_| Bytes::from(plain.to_string())));
        }
        Some(response)
    })
}

/// Finds the name by the letters around it instead of reading JSON.
pub fn looks_for_letters(cloud: &FakeCloud) -> Answers {
    let cloud = cloud.clone();
    Arc::new(move |request| {
        let text = String::from_utf8_lossy(request.body()).into_owned();
        let found = text.split_once("\"Name\":\"").and_then(|(_, rest)| Some(rest.split_once('"')?.0));
        match found {
            None if text.contains("Name") => Some(cloud.handle(request.map(|_| Bytes::from_static(b"{}")))),
            _ => Some(cloud.handle(request)),
        }
    })
}

/// Cuts names that are too long instead of refusing them.
pub fn forgiving(cloud: &FakeCloud) -> Answers {
    let cloud = cloud.clone();
    Arc::new(move |request| {
        let short = request.map(|body| {
            let mut input: Value = serde_json::from_slice(&body).unwrap_or_default();
            match input["Name"].as_str() {
                Some(name) if name.chars().count() > 255 => {
                    let cut: String = name.chars().take(255).collect();
                    input["Name"] = json!(cut);
                    Bytes::from(input.to_string())
                }
                _ => body,
            }
        });
        Some(cloud.handle(short))
    })
}

/// Leaves a condition of an operation out of account, or takes it for another.
fn reading(
    cloud: &FakeCloud,
    of: &'static str,
    change: impl Fn(&mut Map<String, Value>) + Send + Sync + 'static,
) -> Answers {
    let cloud = cloud.clone();
    Arc::new(move |request| {
        let concerned = operation(&request) == of;
        Some(cloud.handle(if concerned { request.map(|body| edited(&body, &change)) } else { request }))
    })
}

fn edited(body: &Bytes, change: &impl Fn(&mut Map<String, Value>)) -> Bytes {
    let mut input: Value = serde_json::from_slice(body).unwrap_or_default();
    input.as_object_mut().map(change);
    Bytes::from(input.to_string())
}

pub fn put_without_hash(cloud: &FakeCloud) -> Answers {
    reading(cloud, "PutResourcePolicy", |input| drop(input.shift_remove("PolicyHashCondition")))
}

pub fn delete_without_hash(cloud: &FakeCloud) -> Answers {
    reading(cloud, "DeleteResourcePolicy", |input| drop(input.shift_remove("PolicyHashCondition")))
}

pub fn not_exist_as_none(cloud: &FakeCloud) -> Answers {
    reading(cloud, "PutResourcePolicy", |input| {
        if let Some(word) = input.get_mut("PolicyExistsCondition").filter(|word| *word == "NOT_EXIST") {
            *word = json!("NONE");
        }
    })
}

/// Holds conditions against the hash of the first policy since there was none, not of the one in force.
pub fn first_hash(cloud: &FakeCloud) -> Answers {
    let (cloud, first) = (cloud.clone(), Mutex::new(None));
    Arc::new(move |request| {
        let operation = operation(&request);
        let mut first = first.lock().unwrap();
        let wanted = |input: &mut Map<String, Value>| match input.get("PolicyHashCondition") {
            Some(hash) if first.as_ref() == Some(hash) => drop(input.shift_remove("PolicyHashCondition")),
            Some(_) => drop(input.insert("PolicyHashCondition".to_owned(), json!("no hash at all"))),
            None => {}
        };
        let response = cloud.handle(request.map(|body| edited(&body, &wanted)));
        let told = serde_json::from_slice::<Value>(response.body()).unwrap_or_default();
        match operation.as_str() {
            "PutResourcePolicy" if first.is_none() => *first = told.get("PolicyHash").cloned(),
            "DeleteResourcePolicy" if response.status().is_success() => *first = None,
            _ => {}
        }
        Some(response)
    })
}

/// A put that is refused counts as the last update.
pub fn refused_and_dated(cloud: &FakeCloud) -> Answers {
    let refused = AtomicU32::new(0);
    altered(cloud, move |operation, response| match operation {
        "PutResourcePolicy" if response.status().is_client_error() => {
            refused.fetch_add(1, Ordering::SeqCst);
            response
        }
        "GetResourcePolicy" if response.status().is_success() => changed(response, &|body: &mut Value| {
            let time = body["UpdateTime"].as_f64().unwrap();
            body["UpdateTime"] = json!(time + f64::from(refused.load(Ordering::SeqCst)));
        }),
        _ => response,
    })
}

/// Accepts a first put with a hash, and forgets it.
pub fn accepted_and_forgotten(cloud: &FakeCloud) -> Answers {
    altered(cloud, |operation, response| {
        if operation == "PutResourcePolicy" && response.status().is_client_error() {
            let told = Bytes::from_static(br#"{"PolicyHash":"AAAAAAAAAAAAAAAAAAAAAA=="}"#);
            let (mut parts, _) = response.into_parts();
            parts.status = StatusCode::OK;
            return Response::from_parts(parts, told);
        }
        response
    })
}
