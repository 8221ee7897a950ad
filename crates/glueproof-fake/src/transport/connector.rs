//! An HTTP client for AWS SDKs that has no socket: every request goes straight to the fake. Must not
//! change a request or a response.

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http_body_util::BodyExt;

use crate::FakeCloud;

/// Goes where an SDK's configuration takes an `http_client`.
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use aws_sdk_glue::config::{BehaviorVersion, Credentials, Region};
/// use glueproof_fake::{FakeCloud, transport::Connector};
///
/// let config = aws_sdk_glue::Config::builder()
///     .behavior_version(BehaviorVersion::latest())
///     .region(Region::new("us-east-1"))
///     .credentials_provider(Credentials::new("test", "test", None, None, "example"))
///     .http_client(Connector::new(FakeCloud::new()?))
///     .build();
/// let glue = aws_sdk_glue::Client::from_conf(config);
/// let settings = glue.get_data_catalog_encryption_settings().send().await?;
/// assert!(settings.data_catalog_encryption_settings().is_some());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Connector {
    cloud: FakeCloud,
}

impl Connector {
    /// A door onto that cloud.
    #[must_use]
    pub fn new(cloud: FakeCloud) -> Self {
        Self { cloud }
    }
}

impl HttpClient for Connector {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let cloud = self.cloud.clone();
        HttpConnectorFuture::new(async move { exchange(&cloud, request).await })
    }
}

async fn exchange(cloud: &FakeCloud, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
    let request = request.try_into_http1x().map_err(|e| ConnectorError::user(e.into()))?;
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(ConnectorError::user)?.to_bytes();
    let response = cloud.handle(http::Request::from_parts(head, body)).map(SdkBody::from);
    HttpResponse::try_from(response).map_err(|e| ConnectorError::other(e.into(), None))
}
