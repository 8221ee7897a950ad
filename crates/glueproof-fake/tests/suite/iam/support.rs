//! Forms, signatures and answers in XML that the tests of identities share.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
    SigningParams, SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use bytes::Bytes;
use glueproof_fake::{FakeCloud, Mode, SeedFile};
use http::Request;
use serde_json::Value;

use crate::support::{Answer, clock, send};

/// The moment of the tests' clock.
pub fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(1_590_621_822_470)
}

pub fn form(pairs: &[(&str, &str)]) -> Request<Bytes> {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    Request::post("http://localhost/")
        .header("host", "localhost")
        .header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
        .body(body.into())
        .unwrap()
}

/// A call with nothing but its parameters.
pub fn ask(cloud: &FakeCloud, pairs: &[(&str, &str)]) -> Answer {
    send(cloud, form(pairs))
}

/// Returns the text of the first element of that name.
#[track_caller]
pub fn text(answer: &Answer, element: &str) -> String {
    all(answer, element).into_iter().next().unwrap_or_else(|| panic!("no {element} in {}", answer.text))
}

/// Returns the text of each element of that name, unescaped.
pub fn all(answer: &Answer, element: &str) -> Vec<String> {
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    let parts = answer.text.split(&open).skip(1);
    parts
        .map(|part| quick_xml::escape::unescape(part.split(&close).next().unwrap()).unwrap().into_owned())
        .collect()
}

/// The answer, which has to be a success.
#[track_caller]
pub fn done(answer: Answer) -> Answer {
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer
}

/// Status and code of a refusal.
#[track_caller]
pub fn refusal(answer: &Answer) -> (u16, String) {
    assert_eq!(text(answer, "Type"), "Sender");
    assert!(answer.text.ends_with("</ErrorResponse>"), "{}", answer.text);
    (answer.status, text(answer, "Code"))
}

/// A policy of these statements.
pub fn policy(statements: &Value) -> String {
    serde_json::json!({ "Version": "2012-10-17", "Statement": statements }).to_string()
}

/// Gives alice a policy, in place of the one before.
pub fn allow_alice(cloud: &FakeCloud, statements: &Value) {
    let document = policy(statements);
    let pairs = [
        ("Action", "PutUserPolicy"),
        ("UserName", "alice"),
        ("PolicyName", "reads"),
        ("PolicyDocument", &document),
    ];
    done(root("iam").ask(cloud, &pairs));
}

/// Root and alice with keys, and a role that alice may assume; everything is enforced.
pub fn enforcing() -> FakeCloud {
    FakeCloud::builder().clock(clock()).mode(Mode::Enforce).identities(seed()).build().unwrap()
}

pub fn seed() -> SeedFile {
    SeedFile::parse(
        r#"
        root_keys = [{ id = "AKIAROOT", secret = "root-secret" }]

        [[users]]
        name = "alice"
        access_keys = [{ id = "AKIAALICE", secret = "alice-secret" }]
        [users.policies.reads]
        Version = "2012-10-17"
        Statement = [
            { Effect = "Allow", Action = "glue:Get*", Resource = "*" },
            { Effect = "Allow", Action = "sts:AssumeRole", Resource = "*" },
        ]

        [[roles]]
        name = "writer"
        path = "/team/"
        max_session_duration = 7200
        [roles.policies.writes]
        Version = "2012-10-17"
        Statement = { Effect = "Allow", Action = ["glue:*", "sts:AssumeRole"], Resource = "*" }
        "#,
    )
    .unwrap()
}

/// The credentials of a signer, with service and time of the signature.
#[derive(Clone)]
pub struct Signer {
    pub key: String,
    pub secret: String,
    pub token: Option<String>,
    pub service: &'static str,
    pub at: SystemTime,
    /// For how long, where the address itself is signed.
    pub expires: Option<Duration>,
}

impl Signer {
    pub fn new(key: &str, secret: &str, service: &'static str) -> Self {
        Self {
            key: key.to_owned(),
            secret: secret.to_owned(),
            token: None,
            service,
            at: now(),
            expires: None,
        }
    }

    /// The temporary credentials in an answer of STS.
    pub fn of_answer(answer: &Answer, service: &'static str) -> Self {
        let (key, secret) = (text(answer, "AccessKeyId"), text(answer, "SecretAccessKey"));
        Self { token: Some(text(answer, "SessionToken")), ..Self::new(&key, &secret, service) }
    }

    pub fn at(self, at: SystemTime) -> Self {
        Self { at, ..self }
    }

    pub fn presigned(self, expires: Duration) -> Self {
        Self { expires: Some(expires), ..self }
    }

    /// The request with the signature that aws-sigv4 makes for it.
    pub fn sign(&self, mut request: Request<Bytes>) -> Request<Bytes> {
        let identity = Credentials::new(&self.key, &self.secret, self.token.clone(), None, "test").into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region("us-east-1")
            .name(self.service)
            .time(self.at)
            .settings(self.settings())
            .build()
            .unwrap();
        let body = request.body().clone();
        let signable = {
            let headers =
                request.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap()));
            let hash =
                request.headers().get("x-amz-content-sha256").map(|value| value.to_str().unwrap().to_owned());
            let body = hash.map_or(SignableBody::Bytes(&body), SignableBody::Precomputed);
            SignableRequest::new(request.method().as_str(), request.uri().to_string(), headers, body).unwrap()
        };
        let (instructions, _) = sign(signable, &SigningParams::V4(params)).unwrap().into_parts();
        instructions.apply_to_request_http1x(&mut request);
        request
    }

    fn settings(&self) -> SigningSettings {
        let mut settings = SigningSettings::default();
        if self.expires.is_some() {
            settings.signature_location = SignatureLocation::QueryParams;
            settings.expires_in = self.expires;
        }
        if self.service == "s3" {
            settings.percent_encoding_mode = PercentEncodingMode::Single;
            settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
            settings.payload_checksum_kind = PayloadChecksumKind::NoHeader;
        }
        settings
    }

    /// The answer to a signed form.
    pub fn ask(&self, cloud: &FakeCloud, pairs: &[(&str, &str)]) -> Answer {
        send(cloud, self.sign(form(pairs)))
    }
}

pub fn root(service: &'static str) -> Signer {
    Signer::new("AKIAROOT", "root-secret", service)
}

pub fn alice(service: &'static str) -> Signer {
    Signer::new("AKIAALICE", "alice-secret", service)
}
