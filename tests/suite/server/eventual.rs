//! A server on which keys, roles, policies and grants take effect after a while, as on AWS (E258, E259): the first uses of
//! each are refused. Counts uses instead of time, so that the tests need no clock.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use regex::Regex;

use super::answers::{Answers, operation};

/// Returns the answers of the other server, after the first `refused` uses of everything new.
pub fn eventual(refused: u32, then: Answers) -> Answers {
    let seen = Mutex::new(Seen::new(refused));
    Arc::new(move |request| {
        let asked = Asked::of(&request);
        if let Some(response) = seen.lock().unwrap().refusal(&asked) {
            return Some(response);
        }
        let response = then(request)?;
        if response.status().is_success() {
            seen.lock().unwrap().note(&asked, &String::from_utf8_lossy(response.body()));
        }
        Some(response)
    })
}

/// The parts of a request that say what it uses.
struct Asked {
    service: String,
    operation: String,
    access_key: String,
    text: String,
}

impl Asked {
    fn of(request: &Request<Bytes>) -> Self {
        let header = |name: &str| {
            let value = request.headers().get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let body = String::from_utf8_lossy(request.body()).into_owned();
        let signed = header("authorization");
        let scope = signed.split_once("Credential=").map_or("", |(_, rest)| rest);
        let mut scope = scope.split('/');
        let access_key = scope.next().unwrap_or_default().to_owned();
        let service = scope.nth(2).unwrap_or_default().to_owned();
        let form = Regex::new("(?:^|&)Action=([A-Za-z]+)").unwrap();
        let operation = match form.captures(&body) {
            Some(action) => action[1].to_owned(),
            None if service == "s3" => request.method().to_string(),
            None => operation(request),
        };
        let text = format!("{body} {}", header("x-amz-server-side-encryption-aws-kms-key-id"));
        Self { service, operation, access_key, text }
    }

    fn keys(&self) -> Vec<String> {
        keys(&self.text)
    }

    fn roles(&self) -> Vec<String> {
        let role = Regex::new(r"(?:role/|role%2F|RoleName=)([A-Za-z0-9_.-]+)").unwrap();
        role.captures_iter(&self.text).map(|role| role[1].to_owned()).collect()
    }
}

fn keys(text: &str) -> Vec<String> {
    let key = Regex::new("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}").unwrap();
    key.find_iter(text).map(|key| key.as_str().to_owned()).collect()
}

/// Everything new, with the number of uses that are still refused.
struct Seen {
    refused: u32,
    /// By key or role, and by the service that uses it.
    left: HashMap<(String, String), u32>,
    new: Vec<String>,
    /// The calls of a role's sessions that do not see its newest permissions yet.
    stale: HashMap<String, u32>,
    /// The role of each access key.
    sessions: HashMap<String, String>,
    /// The keys of the catalog's settings.
    settings: Vec<String>,
}

impl Seen {
    fn new(refused: u32) -> Self {
        Self {
            refused,
            left: HashMap::new(),
            new: Vec::new(),
            stale: HashMap::new(),
            sessions: HashMap::new(),
            settings: Vec::new(),
        }
    }

    fn refusal(&mut self, asked: &Asked) -> Option<Response<Bytes>> {
        if let Some(role) = self.sessions.get(&asked.access_key)
            && let Some(left) = self.stale.get_mut(role).filter(|left| **left > 0)
        {
            *left -= 1;
            return Some(match asked.service.as_str() {
                "s3" | "sts" | "iam" => xml(403, "AccessDenied"),
                _ => json("AccessDeniedException"),
            });
        }
        match (asked.service.as_str(), asked.operation.as_str()) {
            ("kms", "CreateKey") => None,
            ("kms", _) => self.uses(&asked.keys(), "kms").then(|| json("NotFoundException")),
            ("logs", "CreateLogGroup" | "AssociateKmsKey") => {
                self.uses(&asked.keys(), "logs").then(|| json("AccessDeniedException"))
            }
            ("s3", "PUT") => self.uses(&asked.keys(), "s3").then(|| xml(400, "KMS.NotFoundException")),
            ("glue", "CreateConnection" | "UpdateConnection") if asked.text.contains("\"PASSWORD\"") => {
                let keys = self.settings.clone();
                self.uses(&keys, "glue").then(|| json("GlueEncryptionException"))
            }
            ("glue", "CreateJob" | "CreateCrawler" | "CreateDevEndpoint") => {
                self.uses(&asked.roles(), "glue").then(|| json("InvalidInputException"))
            }
            ("sts", "AssumeRole") => self.uses(&asked.roles(), "sts").then(|| xml(403, "AccessDenied")),
            ("iam", "PutRolePolicy") => self.uses(&asked.roles(), "iam").then(|| xml(404, "NoSuchEntity")),
            _ => None,
        }
    }

    /// Counts a use of each new thing, and returns whether one of them cannot be used yet.
    fn uses(&mut self, things: &[String], service: &str) -> bool {
        let mut early = false;
        for thing in things.iter().filter(|thing| self.new.contains(thing)) {
            let left = self.left.entry((thing.clone(), service.to_owned())).or_insert(self.refused);
            early |= *left > 0;
            *left = left.saturating_sub(1);
        }
        early
    }

    fn note(&mut self, asked: &Asked, answer: &str) {
        match (asked.service.as_str(), asked.operation.as_str()) {
            ("kms", "CreateKey") => self.new.extend(keys(answer)),
            ("iam", "CreateRole") => self.new.extend(asked.roles()),
            ("glue", "PutDataCatalogEncryptionSettings") => self.settings = asked.keys(),
            ("sts", "AssumeRole") => {
                let lent = Regex::new("<AccessKeyId>([A-Z0-9]+)</AccessKeyId>").unwrap();
                if let (Some(lent), [role, ..]) = (lent.captures(answer), &asked.roles()[..]) {
                    self.sessions.insert(lent[1].to_owned(), role.clone());
                }
            }
            _ => {}
        }
        let grants = ["CreateKey", "PutKeyPolicy", "CreateGrant", "PutRolePolicy", "PutResourcePolicy"];
        if grants.contains(&asked.operation.as_str()) {
            self.stale.extend(asked.roles().into_iter().map(|role| (role, self.refused)));
        }
    }
}

fn json(code: &str) -> Response<Bytes> {
    let body = format!(r#"{{"__type":"{code}","message":"not yet"}}"#);
    let head = Response::builder().status(400).header("content-type", "application/x-amz-json-1.1");
    head.body(Bytes::from(body)).unwrap()
}

fn xml(status: u16, code: &str) -> Response<Bytes> {
    let error = format!("<Code>{code}</Code><Message>not yet</Message>");
    let body = match code {
        "KMS.NotFoundException" => format!("<Error>{error}</Error>"),
        _ => format!("<ErrorResponse><Error><Type>Sender</Type>{error}</Error></ErrorResponse>"),
    };
    let head = Response::builder().status(status).header("content-type", "text/xml");
    head.body(Bytes::from(body)).unwrap()
}
