//! The fake with another way of cutting a list of security configurations into pages: wrong ways, and ways
//! that are as right as the fake's own.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use glueproof::fake::FakeCloud;
use http::{Request, Response};
use serde_json::{Value, json};

use super::servers::{altered, successes};
use crate::server::{Answers, operation};

pub const LIST: &str = "GetSecurityConfigurations";
const ITEMS: &str = "SecurityConfigurations";

/// Answers lists from their input, with a way to ask the right server; leaves everything else right.
fn lists(
    cloud: &FakeCloud,
    answer: impl Fn(Value, &dyn Fn(&Value) -> Value) -> Value + Send + Sync + 'static,
) -> Answers {
    let cloud = cloud.clone();
    Arc::new(move |request: Request<Bytes>| {
        let input: Option<Value> = serde_json::from_slice(request.body()).ok();
        let Some(input) = input.filter(|input| input.is_object() && operation(&request) == LIST) else {
            return Some(cloud.handle(request));
        };
        let right = cloud.handle(request.clone());
        if !right.status().is_success() && input.get("NextToken").is_none_or(|token| !token.is_string()) {
            return Some(right);
        }
        let ask = |input: &Value| {
            let asked = request.clone().map(|_| Bytes::from(input.to_string()));
            serde_json::from_slice(cloud.handle(asked).body()).unwrap()
        };
        Some(as_response(&answer(input, &ask)))
    })
}

fn as_response(body: &Value) -> Response<Bytes> {
    let status = if body.get("__type").is_some() { 400 } else { 200 };
    let status = if body["__type"] == "InternalServiceException" { 500 } else { status };
    let head = Response::builder().status(status).header("content-type", "application/x-amz-json-1.1");
    head.header("x-amzn-requestid", "1").body(Bytes::from(body.to_string())).unwrap()
}

/// All there is, and the token and size that were asked for.
fn everything(input: &Value, ask: &dyn Fn(&Value) -> Value) -> (Vec<Value>, Option<String>, usize) {
    let all = ask(&json!({}))[ITEMS].as_array().unwrap().clone();
    let token = input["NextToken"].as_str().filter(|token| !token.is_empty()).map(str::to_owned);
    let size = input["MaxResults"].as_u64().unwrap_or(100);
    (all, token, usize::try_from(size).unwrap())
}

fn invalid() -> Value {
    json!({ "__type": "InvalidInputException", "Message": "no such token" })
}

fn without(mut input: Value, members: &[&str]) -> Value {
    input.as_object_mut().unwrap().retain(|name, _| !members.contains(&name.as_str()));
    input
}

/// Loses the last item of every page.
pub fn losing(cloud: &FakeCloud) -> Answers {
    successes(cloud, LIST, |body| {
        body[ITEMS].as_array_mut().unwrap().pop();
    })
}

/// Loses the policy from the list of policies.
pub fn losing_policies(cloud: &FakeCloud) -> Answers {
    successes(cloud, "GetResourcePolicies", |body| body["GetResourcePoliciesResponseList"] = json!([]))
}

/// Lists the policy twice.
pub fn doubling_policies(cloud: &FakeCloud) -> Answers {
    successes(cloud, "GetResourcePolicies", |body| {
        let policies = body["GetResourcePoliciesResponseList"].as_array_mut().unwrap();
        policies.extend(policies.clone());
    })
}

/// Gives every page but the last twice, under tokens that are all different.
pub fn repeating(cloud: &FakeCloud) -> Answers {
    lists(cloud, |mut input, ask| {
        let token = input["NextToken"].as_str().unwrap_or_default().to_owned();
        let Some((this, next)) = token.split_once('~') else {
            let mut page = ask(&input);
            if let Some(next) = page["NextToken"].as_str().filter(|next| !next.is_empty()) {
                page["NextToken"] = json!(format!("{token}~{next}"));
            }
            return page;
        };
        input["NextToken"] = json!(this);
        let mut page = ask(&input);
        page["NextToken"] = json!(next);
        page
    })
}

/// Hands out a token on the last page too, which leads to nothing, again and again.
pub fn circling(cloud: &FakeCloud) -> Answers {
    lists(cloud, |input, ask| beyond_the_end(&input, ask, || "more".to_owned()))
}

/// The same with another token every time.
pub fn endless(cloud: &FakeCloud) -> Answers {
    let count = AtomicU64::new(0);
    lists(cloud, move |input, ask| {
        beyond_the_end(&input, ask, || format!("more {}", count.fetch_add(1, Ordering::Relaxed)))
    })
}

fn beyond_the_end(input: &Value, ask: &dyn Fn(&Value) -> Value, token: impl Fn() -> String) -> Value {
    if input["NextToken"].as_str().is_some_and(|token| token.starts_with("more")) {
        return json!({ ITEMS: [], "NextToken": token() });
    }
    let mut page = ask(input);
    if page["NextToken"] == "" {
        page["NextToken"] = json!(token());
    }
    page
}

/// Puts one item too many on a page.
pub fn one_too_many(cloud: &FakeCloud) -> Answers {
    lists(cloud, |mut input, ask| {
        if let Some(size) = input["MaxResults"].as_u64() {
            input["MaxResults"] = json!(if size < 200 { size + 1 } else { size });
        }
        ask(&input)
    })
}

/// Knows no pages: everything at once, without a token.
pub fn unpaged(cloud: &FakeCloud) -> Answers {
    lists(cloud, |input, ask| {
        let mut page = ask(&without(input, &["MaxResults", "NextToken"]));
        page.as_object_mut().unwrap().shift_remove("NextToken");
        page
    })
}

/// Stops after one item where no size was asked for.
pub fn short_without_a_size(cloud: &FakeCloud) -> Answers {
    lists(cloud, |input, ask| {
        if input.get("MaxResults").is_some() || input.get("NextToken").is_some() {
            return ask(&input);
        }
        json!({ ITEMS: ask(&json!({ "MaxResults": 1 }))[ITEMS], "NextToken": "" })
    })
}

/// Goes on at a number, whatever has come or gone before it.
pub fn counting(cloud: &FakeCloud) -> Answers {
    lists(cloud, |input, ask| {
        let (all, token, size) = everything(&input, ask);
        let start = match token.map(|token| token.parse::<usize>()) {
            None => 0,
            Some(Ok(start)) => start,
            Some(Err(_)) => return invalid(),
        };
        let page: Vec<_> = all.iter().skip(start).take(size).collect();
        let next = if start + size < all.len() { (start + size).to_string() } else { String::new() };
        json!({ ITEMS: page, "NextToken": next })
    })
}

/// Takes what is no token for none.
pub fn starting_over(cloud: &FakeCloud) -> Answers {
    lists(cloud, |input, ask| {
        let page = ask(&input);
        if page.get("__type").is_some() { ask(&without(input, &["NextToken"])) } else { page }
    })
}

/// Fails on what is no token.
pub fn failing_on_tokens(cloud: &FakeCloud) -> Answers {
    lists(cloud, |input, ask| {
        let page = ask(&input);
        let failure = json!({ "__type": "InternalServiceException", "Message": "list index out of range" });
        if page.get("__type").is_some() { failure } else { page }
    })
}

/// Refuses every token, its own too.
pub fn refusing_tokens(cloud: &FakeCloud) -> Answers {
    lists(cloud, |input, ask| if input.get("NextToken").is_some() { invalid() } else { ask(&input) })
}

/// A token leads to one page and then is spent; no two are alike.
pub fn spending(cloud: &FakeCloud) -> Answers {
    let (spent, count) = (Mutex::new(BTreeSet::new()), AtomicU64::new(0));
    lists(cloud, move |mut input, ask| {
        if let Some(token) = input["NextToken"].as_str().map(str::to_owned) {
            let Some((_, real)) = token.split_once(':') else { return invalid() };
            input["NextToken"] = json!(real);
            if !spent.lock().unwrap().insert(token) {
                return invalid();
            }
        }
        let mut page = ask(&input);
        if let Some(next) = page["NextToken"].as_str().filter(|next| !next.is_empty()) {
            page["NextToken"] = json!(format!("{}:{next}", count.fetch_add(1, Ordering::Relaxed)));
        }
        page
    })
}

/// Forgets where a token led when the item it stands for is gone, and starts over.
pub fn forgetting(cloud: &FakeCloud) -> Answers {
    lists(cloud, |input, ask| {
        let (all, token, size) = everything(&input, ask);
        let behind = |name: &str| all.iter().position(|item| item["Name"] == name);
        let Some(start) =
            token.as_deref().map_or(Some(0), |t| t.strip_prefix("at ").map(|n| behind(n).unwrap_or(0)))
        else {
            return invalid();
        };
        let next = all
            .get(start + size)
            .map_or_else(String::new, |item| format!("at {}", item["Name"].as_str().unwrap()));
        json!({ ITEMS: all.iter().skip(start).take(size).collect::<Vec<_>>(), "NextToken": next })
    })
}

/// Right: pages of one item, however many were asked for.
pub fn one_at_a_time(cloud: &FakeCloud) -> Answers {
    lists(cloud, |mut input, ask| {
        input["MaxResults"] = json!(1);
        ask(&input)
    })
}

/// Right: newest first, with names for tokens and none at all on the last page.
pub fn newest_first(cloud: &FakeCloud) -> Answers {
    lists(cloud, |input, ask| {
        let (mut all, token, size) = everything(&input, ask);
        all.sort_by_key(|item| std::cmp::Reverse(item["Name"].as_str().unwrap().to_owned()));
        let behind = match token {
            None => None,
            Some(token) => match token.strip_prefix("below ") {
                Some(name) => Some(name.to_owned()),
                None => return invalid(),
            },
        };
        let open = |item: &&Value| behind.as_deref().is_none_or(|name| item["Name"].as_str().unwrap() < name);
        let rest: Vec<_> = all.iter().filter(open).collect();
        let page: Vec<_> = rest.iter().take(size).collect();
        match page.last().filter(|_| rest.len() > size) {
            Some(last) => {
                let next = format!("below {}", last["Name"].as_str().unwrap());
                json!({ ITEMS: page, "NextToken": next })
            }
            None => json!({ ITEMS: page }),
        }
    })
}

/// Right: an empty page, with a token, before every page.
pub fn with_empty_pages(cloud: &FakeCloud) -> Answers {
    lists(cloud, |mut input, ask| {
        let token = input["NextToken"].as_str().unwrap_or_default().to_owned();
        if let Some(real) = token.strip_prefix("now ") {
            input["NextToken"] = json!(real);
            return ask(&input);
        }
        let page = ask(&input);
        if page.get("__type").is_some() {
            page
        } else {
            json!({ ITEMS: [], "NextToken": format!("now {token}") })
        }
    })
}

/// A right server on which another caller creates and deletes configurations before every list.
pub fn busy(cloud: &FakeCloud) -> Answers {
    let (cloud, turn) = (cloud.clone(), AtomicU64::new(0));
    let inner = cloud.clone();
    altered(&inner, move |operation, response| {
        if operation != LIST {
            return response;
        }
        let number = turn.fetch_add(1, Ordering::Relaxed);
        let name = |number: u64| {
            format!("{}-other-caller-{number}", if number.is_multiple_of(2) { 'a' } else { 'z' })
        };
        let call = |operation: &str, input: Value| {
            let request = Request::post("http://localhost/")
                .header("content-type", "application/x-amz-json-1.1")
                .header("x-amz-target", format!("AWSGlue.{operation}"));
            let _ = cloud.handle(request.body(Bytes::from(input.to_string())).unwrap());
        };
        call("CreateSecurityConfiguration", json!({ "Name": name(number), "EncryptionConfiguration": {} }));
        if number > 3 {
            call("DeleteSecurityConfiguration", json!({ "Name": name(number - 3) }));
        }
        response
    })
}
