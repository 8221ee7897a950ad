//! The fake behind a wiremock server, for tests that need an address or mocks of their own above it.
//! Must not record requests: wiremock would keep every one for ever.

use ::wiremock::matchers::any;
use ::wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};

use crate::FakeCloud;

/// Behind every mock that a user mounts: theirs have priority 5 unless they say otherwise.
const LAST: u8 = u8::MAX;

/// A running server that answers as the fake does; it stops when dropped.
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use glueproof_fake::{FakeCloud, transport::Wiremock};
/// use wiremock::{Mock, ResponseTemplate, matchers::header};
///
/// let door = Wiremock::start(FakeCloud::new()?).await;
/// // Mocks of one's own go first, and the fake answers everything else.
/// Mock::given(header("x-amz-target", "AWSGlue.GetTables"))
///     .respond_with(ResponseTemplate::new(200).set_body_string(r#"{"TableList":[]}"#))
///     .mount(door.server())
///     .await;
/// assert!(door.uri().starts_with("http://127.0.0.1:"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Wiremock {
    server: MockServer,
}

impl Wiremock {
    /// Starts a server on a free port of this machine.
    pub async fn start(cloud: FakeCloud) -> Self {
        let server = MockServer::builder().disable_request_recording().start().await;
        let everything = Mock::given(any()).respond_with(Answers { cloud }).with_priority(LAST);
        everything.named("glueproof fake cloud").mount(&server).await;
        Self { server }
    }

    /// The address to point an SDK at.
    #[must_use]
    pub fn uri(&self) -> String {
        self.server.uri()
    }

    /// The server, to mount mocks that go before the fake. `reset` takes the fake away too.
    #[must_use]
    pub fn server(&self) -> &MockServer {
        &self.server
    }
}

struct Answers {
    cloud: FakeCloud,
}

impl Respond for Answers {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let mut received = http::Request::new(Bytes::copy_from_slice(&request.body));
        received.method_mut().clone_from(&request.method);
        received.headers_mut().clone_from(&request.headers);
        if let Ok(uri) = request.url.as_str().parse() {
            *received.uri_mut() = uri;
        }
        template(self.cloud.handle(received))
    }
}

/// The server counts the bytes itself, but where there are none: the answer to `HEAD` tells of others. The media type goes with the body, or wiremock sets its own.
fn template(response: http::Response<Bytes>) -> ResponseTemplate {
    let (head, body) = response.into_parts();
    let media_type = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let template = ResponseTemplate::new(head.status.as_u16()).set_body_raw(body.to_vec(), media_type);
    let counted = !body.is_empty();
    let others = head.headers.iter();
    let others = others.filter(|(name, _)| **name != CONTENT_TYPE && (**name != CONTENT_LENGTH || !counted));
    others.fold(template, |template, (name, value)| template.append_header(name.clone(), value.clone()))
}
