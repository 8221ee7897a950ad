//! From an input in JSON to a request on the wire, and from the bytes of an answer back to JSON, as the protocol of the
//! service has it. Sends nothing.

use bytes::Bytes;
use http::{Method, Request};
use serde_json::{Value, json};

use super::pipeline::Raw;
use super::{query, rest_xml};
use crate::model::{Operation, Protocol, ServiceModel};

/// A request before it has an address and a signature.
#[derive(Debug, Clone)]
pub(super) struct WireForm {
    /// `POST`, …
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// Headers of the protocol.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
}

/// Why an input cannot be sent.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unsendable {
    /// The spec does not say how.
    #[error("the specs do not say how {0} is sent")]
    Unaddressed(String),
    /// Not what the protocol can carry.
    #[error("{0} cannot stand where the protocol wants it")]
    Member(String),
    /// No request at all.
    #[error(transparent)]
    Http(#[from] http::Error),
}

impl WireForm {
    /// The input of an operation as its protocol has it.
    pub fn new(model: &ServiceModel, operation: &Operation, input: &Bytes) -> Result<Self, Unsendable> {
        match model.protocol {
            Protocol::AwsJson => Ok(Self {
                method: Method::POST,
                path: "/".to_owned(),
                headers: vec![
                    ("content-type".to_owned(), "application/x-amz-json-1.1".to_owned()),
                    ("x-amz-target".to_owned(), model.amz_target(&operation.name)),
                ],
                body: input.clone(),
            }),
            Protocol::AwsQuery => Ok(Self {
                method: Method::POST,
                path: "/".to_owned(),
                headers: vec![("content-type".to_owned(), query::CONTENT_TYPE.to_owned())],
                body: Bytes::from(query::form(&operation.name, &model.version, input)),
            }),
            Protocol::RestXml => rest_xml::request(model, operation, input),
        }
    }

    /// The request, as yet without an address.
    pub fn request(&self) -> Result<Request<aws_smithy_types::body::SdkBody>, http::Error> {
        let mut request = Request::builder().method(self.method.clone()).uri(&self.path);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.body(aws_smithy_types::body::SdkBody::from(self.body.clone()))
    }
}

/// An answer as JSON, if it is what the protocol says. Of a success that tells nothing no client reads the body: most
/// services send none.
pub(super) fn json(model: &ServiceModel, operation: &Operation, raw: &Raw) -> Option<Value> {
    let tells_nothing = model.members(&operation.output).next().is_none();
    match model.protocol {
        Protocol::AwsJson if tells_nothing && (200..300).contains(&raw.status) => Some(json!({})),
        Protocol::AwsJson => serde_json::from_slice(&raw.body).ok(),
        Protocol::AwsQuery => query::answer(model, operation, raw),
        Protocol::RestXml => rest_xml::answer(model, operation, raw),
    }
}
