//! The interceptor in the SDK's pipeline: replaces body and headers before signing, and copies the raw response.
//!
//! Raw and typed views therefore belong to one exchange. Knows no operation. The entry point is [`Capture::new`].

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextMut, BeforeTransmitInterceptorContextMut,
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use bytes::Bytes;
use http_body_util::Limited;

use super::egress::MAX_RESPONSE_BYTES;
use super::exchange::Request;
use crate::secrets::register_secret;

/// A response as received.
#[derive(Debug, Clone)]
pub(super) struct RawResponse {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Bytes,
}

/// The interceptor of one call.
#[derive(Debug)]
pub(super) struct Capture {
    body: Bytes,
    headers: Vec<(String, Option<String>)>,
    response: Arc<OnceLock<RawResponse>>,
    /// The signature of the request, which responses must not show.
    signature: OnceLock<Option<String>>,
}

impl Capture {
    /// Creates the interceptor for a request, and the cell that receives the raw response.
    pub fn new(request: &Request, body: Bytes) -> (Self, Arc<OnceLock<RawResponse>>) {
        let response = Arc::new(OnceLock::new());
        let headers = request.headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        (Self { body, headers, response: Arc::clone(&response), signature: OnceLock::new() }, response)
    }

    /// Sends another body.
    pub fn with_body(self, body: Bytes) -> Self {
        Self { body, ..self }
    }
}

#[dyn_dispatch_hint]
impl Intercept for Capture {
    fn name(&self) -> &'static str {
        "glueproof capture"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        *request.body_mut() = SdkBody::from(self.body.clone());
        request.headers_mut().insert("content-length", self.body.len().to_string());
        for (name, value) in &self.headers {
            match value {
                Some(value) => {
                    request.headers_mut().try_insert(name.clone(), value.clone())?;
                }
                None => {
                    request.headers_mut().remove(name.clone());
                }
            }
        }
        Ok(())
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let headers = context.request().headers();
        headers.get("x-amz-security-token").into_iter().for_each(register_secret);
        let _ = self.signature.set(headers.get("authorization").and_then(parse_signature).map(str::to_owned));
        Ok(())
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response_mut().body_mut();
        if body.bytes().is_none() {
            let stream = std::mem::replace(body, SdkBody::taken());
            *body = SdkBody::from_body_1_x(Limited::new(stream, MAX_RESPONSE_BYTES));
        }
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Some(received) = context.response() else { return Ok(()) };
        let Some(body) = received.body().bytes() else { return Ok(()) };
        let headers = received
            .headers()
            .iter()
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect::<BTreeMap<_, _>>();
        let signature = self.signature.get().and_then(Option::as_deref).unwrap_or_default();
        let body = without_signature(body, signature);
        let raw = RawResponse { status: received.status().as_u16(), headers, body };
        // Retries are off, so there is one attempt and the cell is empty.
        let _ = self.response.set(raw);
        Ok(())
    }
}

/// Returns the signature in an `Authorization` header.
fn parse_signature(authorization: &str) -> Option<&str> {
    let (_, signature) = authorization.split_once("Signature=")?;
    Some(signature.trim()).filter(|text| !text.is_empty())
}

/// Returns the body without the signature of its request, which has the same length as its replacement.
fn without_signature(body: &[u8], signature: &str) -> Bytes {
    if signature.is_empty() || memchr::memmem::find(body, signature.as_bytes()).is_none() {
        return Bytes::copy_from_slice(body);
    }
    let hidden = "*".repeat(signature.len());
    String::from_utf8_lossy(body).replace(signature, &hidden).into()
}
