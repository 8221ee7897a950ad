//! The tap in the SDK's pipeline: puts our bytes and headers in before signing, and takes the raw answer
//! out after it was read, so that raw and typed views come from one exchange. Knows no operation.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextMut, BeforeTransmitInterceptorContextMut,
    FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use bytes::Bytes;
use http_body_util::Limited;

use super::exchange::Request;

/// Larger answers are not read to their end.
pub(super) const ANSWER_LIMIT: usize = 16 * 1024 * 1024;

/// An answer before anybody looked into it.
#[derive(Debug, Clone)]
pub(super) struct Raw {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Bytes,
}

/// The tap of one call.
#[derive(Debug)]
pub(super) struct Tap {
    body: Bytes,
    headers: Vec<(String, Option<String>)>,
    seen: Arc<OnceLock<Raw>>,
}

impl Tap {
    /// A tap that sends the request, and the place where the raw answer will stand.
    pub fn new(request: &Request, body: Bytes) -> (Self, Arc<OnceLock<Raw>>) {
        let seen = Arc::new(OnceLock::new());
        let headers = request.headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        (Self { body, headers, seen: Arc::clone(&seen) }, seen)
    }

    /// The same tap for a body in another form.
    pub fn carrying(self, body: Bytes) -> Self {
        Self { body, ..self }
    }
}

#[dyn_dispatch_hint]
impl Intercept for Tap {
    fn name(&self) -> &'static str {
        "glueproof tap"
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

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response_mut().body_mut();
        if body.bytes().is_none() {
            let whole = std::mem::replace(body, SdkBody::taken());
            *body = SdkBody::from_body_1_x(Limited::new(whole, ANSWER_LIMIT));
        }
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Some(response) = context.response() else { return Ok(()) };
        let Some(body) = response.body().bytes() else { return Ok(()) };
        let headers =
            response.headers().iter().map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
        let raw = Raw { status: response.status().as_u16(), headers, body: Bytes::copy_from_slice(body) };
        // One attempt, for retries are off; a second would only say the same.
        let _ = self.seen.set(raw);
        Ok(())
    }
}
