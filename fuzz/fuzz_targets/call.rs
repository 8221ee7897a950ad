//! Arbitrary requests: some of any bytes, most close enough to real calls to get far. Must judge nothing.

use arbitrary::Arbitrary;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Uri};
use serde_json::{Map, Value};

/// Prefix and operation, of any service: those the fake does not have are refused.
const TARGETS: &[&str] = &[
    "AWSGlue.CreateSecurityConfiguration",
    "AWSGlue.GetSecurityConfiguration",
    "AWSGlue.GetSecurityConfigurations",
    "AWSGlue.DeleteSecurityConfiguration",
    "AWSGlue.PutDataCatalogEncryptionSettings",
    "AWSGlue.GetDataCatalogEncryptionSettings",
    "AWSGlue.PutResourcePolicy",
    "AWSGlue.GetResourcePolicy",
    "AWSGlue.GetResourcePolicies",
    "AWSGlue.DeleteResourcePolicy",
    "TrentService.CreateKey",
    "TrentService.Encrypt",
    "TrentService.Decrypt",
    "Logs_20140328.CreateLogGroup",
    "Logs_20140328.PutLogEvents",
];

const NAMES: &[&str] = &[
    "Name",
    "EncryptionConfiguration",
    "S3Encryption",
    "S3EncryptionMode",
    "KmsKeyArn",
    "CloudWatchEncryption",
    "CloudWatchEncryptionMode",
    "JobBookmarksEncryption",
    "JobBookmarksEncryptionMode",
    "DataCatalogEncryptionSettings",
    "EncryptionAtRest",
    "CatalogEncryptionMode",
    "SseAwsKmsKeyId",
    "ConnectionPasswordEncryption",
    "ReturnConnectionPasswordEncrypted",
    "AwsKmsKeyId",
    "PolicyInJson",
    "PolicyHashCondition",
    "PolicyExistsCondition",
    "EnableHybrid",
    "ResourceArn",
    "CatalogId",
    "MaxResults",
    "NextToken",
    "KeyId",
    "Plaintext",
    "CiphertextBlob",
    "EncryptionContext",
    "logGroupName",
];

const TEXTS: &[&str] = &[
    "a",
    "b",
    "123456789012",
    "SSE-KMS",
    "SSE-S3",
    "CSE-KMS",
    "DISABLED",
    "MUST_EXIST",
    "NOT_EXIST",
    "NONE",
    "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "alias/aws/glue",
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"glue:*","Resource":"arn:aws:glue:us-east-1:123456789012:catalog"}]}"#,
    r#"{"Statement":[]}"#,
];

const AUTHORIZATIONS: &[&str] = &[
    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/glue/aws4_request, SignedHeaders=host, Signature=00",
    "AWS4-HMAC-SHA256 Credential=111122223333/20261121/eu-west-1/glue/aws4_request",
];

/// One request.
#[derive(Debug, Arbitrary)]
pub struct Call {
    method: Choice,
    path: Option<String>,
    target: Choice,
    authorization: Choice,
    /// Any other, and those above again.
    headers: Vec<(Choice, Vec<u8>)>,
    body: Body,
}

/// One of a table, or anything.
#[derive(Debug, Arbitrary)]
enum Choice {
    Known(u8),
    Any(String),
}

impl Choice {
    fn of(&self, table: &'static [&'static str]) -> &str {
        match self {
            Self::Known(index) => table[usize::from(*index) % table.len()],
            Self::Any(text) => text,
        }
    }
}

#[derive(Debug, Arbitrary)]
enum Body {
    Bytes(Vec<u8>),
    Members(Vec<(Choice, Json)>),
}

#[derive(Debug, Arbitrary)]
enum Json {
    Null,
    Bool(bool),
    Whole(i64),
    Fraction(f64),
    Text(Choice),
    List(Vec<Json>),
    Object(Vec<(Choice, Json)>),
}

impl Json {
    fn value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Whole(value) => (*value).into(),
            Self::Fraction(value) => (*value).into(),
            Self::Text(text) => text.of(TEXTS).into(),
            Self::List(items) => items.iter().map(Self::value).collect(),
            Self::Object(members) => object(members),
        }
    }
}

fn object(members: &[(Choice, Json)]) -> Value {
    let members = members.iter().map(|(name, value)| (name.of(NAMES).to_owned(), value.value()));
    Value::Object(members.collect::<Map<_, _>>())
}

impl Call {
    /// As HTTP, unless what was drawn cannot stand in a request.
    pub fn request(&self) -> Option<Request<Bytes>> {
        let method = Method::from_bytes(self.method.of(&["POST", "POST", "GET", "PUT"]).as_bytes()).ok()?;
        let uri: Uri = self.path.as_deref().map_or(Ok(Uri::from_static("/")), str::parse).ok()?;
        let body = match &self.body {
            Body::Bytes(bytes) => Bytes::copy_from_slice(bytes),
            Body::Members(members) => Bytes::from(object(members).to_string()),
        };
        let mut request = Request::builder()
            .method(method)
            .uri(uri)
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", self.target.of(TARGETS))
            .header("authorization", self.authorization.of(AUTHORIZATIONS))
            .body(body)
            .ok()?;
        for (name, value) in &self.headers {
            let name = name.of(&["content-type", "x-amz-target", "authorization", "x-amz-date", "host"]);
            let name = HeaderName::from_bytes(name.as_bytes());
            if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value)) {
                request.headers_mut().insert(name, value);
            }
        }
        Some(request)
    }
}
