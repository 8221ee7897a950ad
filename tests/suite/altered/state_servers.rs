//! The fake with one thing wrong about what it remembers, or about what calls made at once do to it.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use bytes::Bytes;
use glueproof::fake::FakeCloud;
use http::{Request, Response};
use serde_json::{Value, json};

use crate::server::{Answers, operation};

fn input(request: &Request<Bytes>) -> Value {
    serde_json::from_slice(request.body()).unwrap_or_default()
}

/// The request with another input, or of another operation.
fn changed(request: &Request<Bytes>, operation: &str, input: &Value) -> Request<Bytes> {
    let mut other = request.clone();
    *other.body_mut() = Bytes::from(input.to_string());
    other.headers_mut().insert("x-amz-target", format!("AWSGlue.{operation}").parse().unwrap());
    other
}

fn json_of(response: &Response<Bytes>) -> Value {
    serde_json::from_slice(response.body()).unwrap_or_default()
}

/// Deletes another configuration of the same case, if there is one, instead of the one asked for.
pub fn deletes_another(cloud: &FakeCloud) -> Answers {
    let cloud = cloud.clone();
    Arc::new(move |request| {
        if operation(&request) != "DeleteSecurityConfiguration" {
            return Some(cloud.handle(request));
        }
        let list = json_of(&cloud.handle(changed(&request, "GetSecurityConfigurations", &json!({}))));
        let asked = input(&request)["Name"].clone();
        let names = list["SecurityConfigurations"].as_array().cloned().unwrap_or_default();
        let case = |name: &Value| name.as_str().and_then(|name| Some(name.rsplit_once('-')?.0.to_owned()));
        let akin = |name: &&Value| **name != asked && case(name) == case(&asked);
        let other = names.iter().map(|item| &item["Name"]).find(akin).unwrap_or(&asked);
        let there = names.iter().any(|item| item["Name"] == asked);
        let name = if there { other } else { &asked };
        Some(cloud.handle(changed(&request, "DeleteSecurityConfiguration", &json!({ "Name": name }))))
    })
}

/// Keeps the half of the settings that a put leaves out.
pub fn merges_settings(cloud: &FakeCloud) -> Answers {
    const MEMBER: &str = "DataCatalogEncryptionSettings";
    let cloud = cloud.clone();
    Arc::new(move |request| {
        if operation(&request) != "PutDataCatalogEncryptionSettings" {
            return Some(cloud.handle(request));
        }
        let mut merged =
            json_of(&cloud.handle(changed(&request, "GetDataCatalogEncryptionSettings", &json!({}))));
        let sent = input(&request);
        for (half, value) in
            sent[MEMBER].as_object().into_iter().flatten().filter(|(_, value)| value.is_object())
        {
            merged[MEMBER][half] = value.clone();
        }
        // The fault of the request must still be found.
        if sent[MEMBER].as_object().is_none_or(serde_json::Map::is_empty) {
            merged = sent;
        }
        Some(cloud.handle(changed(&request, "PutDataCatalogEncryptionSettings", &merged)))
    })
}

/// Holds conditions against the first hash there ever was, not the last.
pub fn remembers_the_first_hash(cloud: &FakeCloud) -> Answers {
    let (cloud, first) = (cloud.clone(), Mutex::new(None::<String>));
    Arc::new(move |request| {
        let mut first = first.lock().unwrap();
        let mut asked = input(&request);
        let current = json_of(&cloud.handle(changed(&request, "GetResourcePolicy", &json!({}))));
        let operation = operation(&request);
        let current = current["PolicyHash"].as_str().map(str::to_owned);
        if let (Some(known), Some(current), Some(hash)) =
            (first.as_deref(), current, asked["PolicyHashCondition"].as_str())
        {
            asked["PolicyHashCondition"] = json!(if hash == known { current } else { format!("{hash}!") });
            let response = cloud.handle(changed(&request, &operation, &asked));
            if operation == "DeleteResourcePolicy" && response.status().is_success() {
                *first = None;
            }
            return Some(response);
        }
        let response = cloud.handle(request);
        match operation.as_str() {
            "PutResourcePolicy" if response.status().is_success() && first.is_none() => {
                *first = json_of(&response)["PolicyHash"].as_str().map(str::to_owned);
            }
            "DeleteResourcePolicy" if response.status().is_success() => *first = None,
            _ => {}
        }
        Some(response)
    })
}

/// While calls are made at once, reads of the policy show what was there before the last write.
pub fn reads_one_write_behind(cloud: &FakeCloud) -> Answers {
    let (cloud, gate) = (cloud.clone(), Gate::default());
    let before: Mutex<Option<Response<Bytes>>> = Mutex::new(None);
    Arc::new(move |request| {
        let kind = operation(&request);
        if !kind.contains("ResourcePolicy") {
            return Some(cloud.handle(request));
        }
        let others_call = gate.wait_for_another();
        let mut before = before.lock().unwrap();
        match kind.as_str() {
            "PutResourcePolicy" | "DeleteResourcePolicy" => {
                let was = cloud.handle(changed(&request, "GetResourcePolicy", &json!({})));
                let response = cloud.handle(request);
                if response.status().is_success() {
                    *before = Some(was);
                }
                Some(response)
            }
            "GetResourcePolicy" if others_call => {
                Some(before.clone().unwrap_or_else(|| cloud.handle(request)))
            }
            _ => Some(cloud.handle(request)),
        }
    })
}

/// Looks whether a call's condition holds, and makes the change later, without looking again.
pub fn checks_then_acts(cloud: &FakeCloud) -> Answers {
    let (cloud, gate) = (cloud.clone(), Gate::default());
    Arc::new(move |request| {
        let asked = input(&request);
        let put = operation(&request) == "PutResourcePolicy";
        if !put || (asked["PolicyHashCondition"].is_null() && asked["PolicyExistsCondition"].is_null()) {
            return Some(cloud.handle(request));
        }
        let now = json_of(&cloud.handle(changed(&request, "GetResourcePolicy", &json!({}))));
        let hash = &asked["PolicyHashCondition"];
        let meets = (hash.is_null() || *hash == now["PolicyHash"])
            && (asked["PolicyExistsCondition"] != "NOT_EXIST" || now["PolicyHash"].is_null());
        // Long enough for another to look as well.
        gate.wait_for_another();
        if !meets {
            return Some(cloud.handle(request));
        }
        let text = json!({ "PolicyInJson": asked["PolicyInJson"] });
        Some(cloud.handle(changed(&request, "PutResourcePolicy", &text)))
    })
}

/// Creates are looked up first and made later, over whatever came meanwhile.
pub fn creates_twice(cloud: &FakeCloud) -> Answers {
    let (cloud, gate) = (cloud.clone(), Gate::default());
    Arc::new(move |request| {
        if operation(&request) != "CreateSecurityConfiguration" {
            return Some(cloud.handle(request));
        }
        let name = json!({ "Name": input(&request)["Name"] });
        let free = !cloud.handle(changed(&request, "GetSecurityConfiguration", &name)).status().is_success();
        gate.wait_for_another();
        if free {
            let _ = cloud.handle(changed(&request, "DeleteSecurityConfiguration", &name));
        }
        Some(cloud.handle(request))
    })
}

/// Lets two callers through together, or one after a moment.
#[derive(Default)]
struct Gate {
    waiting: Mutex<usize>,
    came: Condvar,
}

impl Gate {
    /// Set if another call came.
    fn wait_for_another(&self) -> bool {
        let mut waiting = self.waiting.lock().unwrap();
        *waiting += 1;
        if waiting.is_multiple_of(2) {
            self.came.notify_all();
            return true;
        }
        let number = *waiting;
        let bound = Duration::from_millis(20);
        let (mut waiting, waited) =
            self.came.wait_timeout_while(waiting, bound, |waiting| *waiting <= number).unwrap();
        if waited.timed_out() {
            // The next one is the first of two again.
            *waiting -= 1;
        }
        !waited.timed_out()
    }
}
