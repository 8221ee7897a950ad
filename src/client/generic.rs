//! Sends operations for which no SDK crate is linked, through the SDK's pipeline and signing.
//!
//! Must not know a service: requests are serialized from the specs. The entry point is [`send`].

use std::convert::Infallible;

use aws_runtime::auth::SigV4OperationSigningConfig;
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_sdk_glue::config::Region;
use aws_smithy_async::time::StaticTimeSource;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::auth::{AuthSchemeOptionResolverParams, SharedAuthScheme};
use aws_smithy_runtime_api::client::identity::SharedIdentityResolver;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, OrchestratorError};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::StaticRuntimePlugin;
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::config_bag::Layer;

use super::access::Access;
use super::call_result::CallResult;
use super::capture::Capture;
use super::exchange::SdkView;
use super::serialize::HttpForm;
use super::signer::{Identity, Signature};
use crate::model::{Protocol, ServiceModel};

/// Sends a request. The interceptor receives the response.
pub(super) async fn send(
    access: &Access,
    signature: Signature,
    model: &ServiceModel,
    operation: &str,
    form: HttpForm,
    capture: Capture,
) -> CallResult {
    let address = access.addresses.of(&model.names.endpoint_prefix);
    let operation = Operation::builder()
        .service_name(model.name.clone())
        .operation_name(operation.to_owned())
        .endpoint_url(&address.url)
        .http_client(access.http_client.clone())
        .no_retry()
        .timeout_config(access.timeouts())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .interceptor(capture)
        .serializer(move |()| Ok(HttpRequest::try_from(form.request()?)?))
        .deserializer(|_| Ok::<(), OrchestratorError<Infallible>>(()));
    let operation = match signature {
        Signature::Absent => operation.no_auth(),
        Signature::SignedBy { identity, at } => {
            let operation = operation.runtime_plugin(signing_plugin(address.region, identity, model));
            match at {
                Some(moment) => operation.time_source(StaticTimeSource::new(moment)),
                None => operation,
            }
        }
    };
    match operation.build().invoke(()).await {
        Ok(()) | Err(SdkError::ServiceError(_)) => CallResult::Received(SdkView::Untyped),
        Err(other) => CallResult::from_sdk_error(other),
    }
}

/// Returns the signing configuration that the SDKs use for the service.
fn signing_plugin(region: String, identity: Identity, model: &ServiceModel) -> StaticRuntimePlugin {
    let mut config = SigV4OperationSigningConfig {
        region: Some(Region::new(region).into()),
        name: Some(model.signing_name.clone().into()),
        ..SigV4OperationSigningConfig::default()
    };
    if model.protocol == Protocol::RestXml {
        // S3 signs object paths without normalization, and sends the checksum of the body in a header.
        config.signing_options.double_uri_encode = false;
        config.signing_options.normalize_uri_path = false;
        config.signing_options.content_sha256_header = true;
    }
    let mut layer = Layer::new("signing");
    layer.store_put(AuthSchemeOptionResolverParams::new(()));
    layer.store_put(config);
    let components = RuntimeComponentsBuilder::new("signing")
        .with_auth_scheme(SharedAuthScheme::new(SigV4AuthScheme::new()))
        .with_auth_scheme_option_resolver(Some(StaticAuthSchemeOptionResolver::new(vec![SCHEME_ID])))
        .with_identity_cache(Some(identity.cache))
        .with_identity_resolver(SCHEME_ID, SharedIdentityResolver::new(identity.credentials));
    StaticRuntimePlugin::new().with_config(layer.freeze()).with_runtime_components(components)
}
