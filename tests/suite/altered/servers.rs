//! The fake with one thing wrong.

use std::sync::Arc;

use bytes::Bytes;
use glueproof::fake::FakeCloud;
use http::{Response, StatusCode};
use serde_json::{Value, json};

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

/// Refuses a put for its hash, and does it all the same.
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

/// Creates what it refuses for a mode nobody knows, without encryption.
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
