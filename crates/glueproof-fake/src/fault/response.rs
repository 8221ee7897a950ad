//! The response layer: changes a response after the service has made it.
//! Must not touch state.
//! [`ResponseFault::apply`] is the entry point.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HeaderName};
use http::{HeaderValue, Response, StatusCode};
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::{Value, json};

use super::edit::Edit;

/// A change of the responses of one kind.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct ResponseFault {
    /// `success` or `refusal`. Absent means both.
    of: Option<ResponseKind>,
    /// Limits the change to refusals with this code.
    only_code: Option<String>,
    /// The new status.
    status: Option<u16>,
    /// The new error code.
    code: Option<String>,
    /// Headers to set. An empty value removes the header.
    headers: IndexMap<String, String>,
    /// The new body.
    body: Option<String>,
    /// True if the body is that of the request.
    echo: bool,
    /// Edits of the body.
    edits: Vec<Edit>,
    /// True if a refusal becomes the last success of the operation, if there was one.
    last_success: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ResponseKind {
    Success,
    Refusal,
}

impl ResponseFault {
    /// Returns the changed response. `last_success` is the last success of the operation.
    pub fn apply(
        &self,
        response: Response<Bytes>,
        sent: &Bytes,
        last_success: Option<&Bytes>,
    ) -> Response<Bytes> {
        if !self.concerns(&response) {
            return response;
        }
        let (mut head, mut body) = response.into_parts();
        if let (true, Some(last)) = (self.last_success, last_success) {
            head.status = StatusCode::OK;
            body = last.clone();
        }
        if self.echo {
            body = sent.clone();
        }
        if let Some(status) = self.status.and_then(|status| StatusCode::from_u16(status).ok()) {
            head.status = status;
        }
        let body = self.body.as_ref().map_or_else(|| self.edited(body), |text| Bytes::from(text.clone()));
        head.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        for (name, value) in &self.headers {
            let Ok(name) = HeaderName::try_from(name) else { continue };
            match HeaderValue::from_str(value) {
                Ok(value) if !value.is_empty() => drop(head.headers.insert(name, value)),
                _ => drop(head.headers.remove(name)),
            }
        }
        Response::from_parts(head, body)
    }

    fn concerns(&self, response: &Response<Bytes>) -> bool {
        let success = response.status().is_success();
        let kind = if success { ResponseKind::Success } else { ResponseKind::Refusal };
        let is_code = |code: &String| members(response.body())["__type"] == code.as_str();
        self.of.is_none_or(|wanted| wanted == kind) && self.only_code.as_ref().is_none_or(is_code)
    }

    fn edited(&self, body: Bytes) -> Bytes {
        if self.edits.is_empty() && self.code.is_none() {
            return body;
        }
        let mut members = members(&body);
        for edit in &self.edits {
            edit.apply(&mut members);
        }
        if let (Some(code), Some(members)) = (&self.code, members.as_object_mut()) {
            members.insert("__type".to_owned(), json!(code));
        }
        Bytes::from(members.to_string())
    }
}

fn members(body: &Bytes) -> Value {
    serde_json::from_slice(body).unwrap_or_default()
}
