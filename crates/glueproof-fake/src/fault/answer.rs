//! Answers that leave otherwise than the service made them. Must not touch state.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HeaderName};
use http::{HeaderValue, Response, StatusCode};
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::{Value, json};

use super::edit::Edit;

/// What is done to which answers.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct AnswerFault {
    /// `success`, `refusal`, or both where neither is named.
    of: Option<Of>,
    /// Only refusals with this code.
    only_code: Option<String>,
    /// Another status.
    status: Option<u16>,
    /// Another code of the error.
    code: Option<String>,
    /// Headers that are set, or taken away where there is nothing to set them to.
    headers: IndexMap<String, String>,
    /// Another body, text for text.
    body: Option<String>,
    /// The body that was sent.
    echo: bool,
    /// Changes to the body.
    edits: Vec<Edit>,
    /// Refusals become the last success of the operation, where there has been one.
    last_success: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Of {
    Success,
    Refusal,
}

impl AnswerFault {
    /// The answer as it leaves. `last` is the last success of the operation.
    pub fn alter(&self, response: Response<Bytes>, sent: &Bytes, last: Option<&Bytes>) -> Response<Bytes> {
        if !self.is_meant(&response) {
            return response;
        }
        let (mut head, mut body) = response.into_parts();
        if let (true, Some(last)) = (self.last_success, last) {
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

    fn is_meant(&self, response: &Response<Bytes>) -> bool {
        let of = if response.status().is_success() { Of::Success } else { Of::Refusal };
        let is_code = |code: &String| members(response.body())["__type"] == code.as_str();
        self.of.is_none_or(|wanted| wanted == of) && self.only_code.as_ref().is_none_or(is_code)
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
