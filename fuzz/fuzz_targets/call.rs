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
    "AWSGlue.CreateConnection",
    "AWSGlue.GetConnection",
    "AWSGlue.GetConnections",
    "AWSGlue.UpdateConnection",
    "AWSGlue.DeleteConnection",
    "AWSGlue.CreateDatabase",
    "AWSGlue.GetDatabase",
    "AWSGlue.GetDatabases",
    "AWSGlue.DeleteDatabase",
    "AWSGlue.CreateTable",
    "AWSGlue.GetTable",
    "AWSGlue.GetTables",
    "AWSGlue.UpdateTable",
    "AWSGlue.DeleteTable",
    "AWSGlue.TagResource",
    "AWSGlue.UntagResource",
    "AWSGlue.GetTags",
    "AWSGlue.CreateCrawler",
    "AWSGlue.GetCrawler",
    "AWSGlue.GetCrawlers",
    "AWSGlue.ListCrawlers",
    "AWSGlue.UpdateCrawler",
    "AWSGlue.DeleteCrawler",
    "AWSGlue.StartCrawler",
    "AWSGlue.StopCrawler",
    "AWSGlue.CreateJob",
    "AWSGlue.GetJob",
    "AWSGlue.GetJobs",
    "AWSGlue.ListJobs",
    "AWSGlue.UpdateJob",
    "AWSGlue.DeleteJob",
    "AWSGlue.StartJobRun",
    "AWSGlue.GetJobRun",
    "AWSGlue.GetJobRuns",
    "AWSGlue.BatchStopJobRun",
    "AWSGlue.GetJobBookmark",
    "AWSGlue.ResetJobBookmark",
    "AWSGlue.CreateDevEndpoint",
    "AWSGlue.GetDevEndpoint",
    "AWSGlue.GetDevEndpoints",
    "AWSGlue.ListDevEndpoints",
    "AWSGlue.DeleteDevEndpoint",
    "TrentService.CancelKeyDeletion",
    "TrentService.CreateAlias",
    "TrentService.CreateGrant",
    "TrentService.CreateKey",
    "TrentService.Decrypt",
    "TrentService.DeleteAlias",
    "TrentService.DescribeKey",
    "TrentService.DisableKey",
    "TrentService.DisableKeyRotation",
    "TrentService.EnableKey",
    "TrentService.EnableKeyRotation",
    "TrentService.Encrypt",
    "TrentService.GenerateDataKey",
    "TrentService.GenerateDataKeyPair",
    "TrentService.GenerateDataKeyPairWithoutPlaintext",
    "TrentService.GenerateDataKeyWithoutPlaintext",
    "TrentService.GenerateMac",
    "TrentService.GenerateRandom",
    "TrentService.GetKeyPolicy",
    "TrentService.GetKeyRotationStatus",
    "TrentService.GetPublicKey",
    "TrentService.ListAliases",
    "TrentService.ListGrants",
    "TrentService.ListKeyPolicies",
    "TrentService.ListKeyRotations",
    "TrentService.ListKeys",
    "TrentService.ListResourceTags",
    "TrentService.ListRetirableGrants",
    "TrentService.PutKeyPolicy",
    "TrentService.ReEncrypt",
    "TrentService.RetireGrant",
    "TrentService.RevokeGrant",
    "TrentService.RotateKeyOnDemand",
    "TrentService.ScheduleKeyDeletion",
    "TrentService.Sign",
    "TrentService.TagResource",
    "TrentService.UntagResource",
    "TrentService.UpdateAlias",
    "TrentService.UpdateKeyDescription",
    "TrentService.Verify",
    "TrentService.VerifyMac",
    "Logs_20140328.AssociateKmsKey",
    "Logs_20140328.CreateLogGroup",
    "Logs_20140328.CreateLogStream",
    "Logs_20140328.DeleteLogGroup",
    "Logs_20140328.DeleteLogStream",
    "Logs_20140328.DeleteRetentionPolicy",
    "Logs_20140328.DescribeLogGroups",
    "Logs_20140328.DescribeLogStreams",
    "Logs_20140328.DisassociateKmsKey",
    "Logs_20140328.FilterLogEvents",
    "Logs_20140328.GetLogEvents",
    "Logs_20140328.ListTagsForResource",
    "Logs_20140328.ListTagsLogGroup",
    "Logs_20140328.PutLogEvents",
    "Logs_20140328.PutRetentionPolicy",
    "Logs_20140328.TagLogGroup",
    "Logs_20140328.TagResource",
    "Logs_20140328.UntagLogGroup",
    "Logs_20140328.UntagResource",
    "ResourceGroupsTaggingAPI_20170126.GetResources",
];

/// Of IAM and STS.
const ACTIONS: &[&str] = &[
    "GetCallerIdentity",
    "GetCallerIdentity",
    "AssumeRole",
    "GetSessionToken",
    "CreateUser",
    "GetUser",
    "DeleteUser",
    "ListUsers",
    "CreateAccessKey",
    "DeleteAccessKey",
    "ListAccessKeys",
    "CreateRole",
    "GetRole",
    "DeleteRole",
    "ListRoles",
    "UpdateAssumeRolePolicy",
    "PutUserPolicy",
    "GetUserPolicy",
    "DeleteUserPolicy",
    "ListUserPolicies",
    "PutRolePolicy",
    "GetRolePolicy",
    "DeleteRolePolicy",
    "ListRolePolicies",
    "SimulatePrincipalPolicy",
    "ListUsers",
    "ListRoles",
    "SimulatePrincipalPolicy",
];

const FORM: &[&str] = &[
    "Version",
    "RoleName",
    "UserName",
    "PolicyName",
    "PolicyDocument",
    "AssumeRolePolicyDocument",
    "RoleArn",
    "RoleSessionName",
    "DurationSeconds",
    "AccessKeyId",
    "Path",
    "PathPrefix",
    "Marker",
    "MaxItems",
    "PolicySourceArn",
    "ActionNames.member.1",
    "ResourceArns.member.1",
    "PolicyInputList.member.1",
];

/// The paths of objects that exist, or that calls name.
const PATHS: &[&str] = &[
    "/",
    "/bucket",
    "/bucket/",
    "/bucket/a",
    "/bucket/b%20c",
    "/bucket?list-type=2",
    "/bucket?list-type=2&max-keys=1",
    "/bucket?uploads",
    "/bucket?encryption",
    "/bucket?location",
    "/bucket?delete",
    "/bucket/a?uploads",
    "/bucket/a?uploadId=1&partNumber=1",
    "/bucket/a?partNumber=1&uploadId=x",
    "/bucket?max-keys=-1&marker=a",
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
    "KeySpec",
    "KeyUsage",
    "Policy",
    "PolicyName",
    "GranteePrincipal",
    "Operations",
    "GrantId",
    "GrantToken",
    "TargetKeyId",
    "AliasName",
    "NumberOfBytes",
    "PendingWindowInDays",
    "RotationPeriodInDays",
    "Message",
    "Signature",
    "SigningAlgorithm",
    "Mac",
    "MacAlgorithm",
    "Tags",
    "TagKeys",
    "TagKey",
    "TagValue",
    "Limit",
    "Marker",
    "SourceEncryptionContext",
    "DestinationKeyId",
    "DestinationEncryptionContext",
    "logStreamName",
    "logEvents",
    "timestamp",
    "message",
    "kmsKeyId",
    "resourceIdentifier",
    "retentionInDays",
    "filterPattern",
    "nextToken",
    "limit",
    "startFromHead",
    "startTime",
    "endTime",
    "ConnectionInput",
    "ConnectionType",
    "ConnectionProperties",
    "PASSWORD",
    "ENCRYPTED_PASSWORD",
    "HidePassword",
    "ConnectionName",
    "DatabaseInput",
    "DatabaseName",
    "TableInput",
    "Role",
    "Targets",
    "S3Targets",
    "Path",
    "Command",
    "ScriptLocation",
    "SecurityConfiguration",
    "CrawlerSecurityConfiguration",
    "DefaultArguments",
    "Arguments",
    "JobName",
    "RunId",
    "JobRunIds",
    "EndpointName",
    "RoleArn",
    "ResourceARNList",
    "TagFilters",
    "Key",
    "Values",
    "Connections",
    "SubnetId",
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
    "SYMMETRIC_DEFAULT",
    "ECC_NIST_P256",
    "HMAC_256",
    "KEY_AGREEMENT",
    "GENERATE_VERIFY_MAC",
    "ENCRYPT_DECRYPT",
    "SIGN_VERIFY",
    "Encrypt",
    "alias/a",
    "aGVsbG8=",
    "glueetl",
    "s3://bucket/a",
    "arn:aws:iam::123456789012:role/a",
    "arn:aws:logs:us-east-1:123456789012:log-group:a",
    "JDBC",
    "1",
];

const AUTHORIZATIONS: &[&str] = &[
    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/glue/aws4_request, SignedHeaders=host, Signature=00",
    "AWS4-HMAC-SHA256 Credential=111122223333/20261121/eu-west-1/glue/aws4_request",
];

const HEADERS: &[&str] = &[
    "content-type",
    "x-amz-target",
    "authorization",
    "x-amz-date",
    "host",
    "range",
    "if-match",
    "x-amz-content-sha256",
    "x-amz-copy-source",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-checksum-crc32",
    "content-encoding",
];

/// One request.
#[derive(Debug, Arbitrary)]
pub struct Call {
    method: ConditionValue,
    /// For S3; the others are at the root.
    path: Option<ConditionValue>,
    target: ConditionValue,
    authorization: ConditionValue,
    /// Any other, and those above again.
    headers: Vec<(ConditionValue, Vec<u8>)>,
    body: Body,
}

/// One of a table, or anything.
#[derive(Debug, Arbitrary)]
enum ConditionValue {
    Known(u8),
    Any(String),
}

impl ConditionValue {
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
    /// Of the query protocol.
    Form(ConditionValue, Vec<(ConditionValue, ConditionValue)>),
    Members(Vec<(ConditionValue, Json)>),
}

#[derive(Debug, Arbitrary)]
enum Json {
    Null,
    Bool(bool),
    Whole(i64),
    Fraction(f64),
    Text(ConditionValue),
    List(Vec<Json>),
    Object(Vec<(ConditionValue, Json)>),
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

fn object(members: &[(ConditionValue, Json)]) -> Value {
    let members = members.iter().map(|(name, value)| (name.of(NAMES).to_owned(), value.value()));
    Value::Object(members.collect::<Map<_, _>>())
}

/// Names and values that need no escapes come through as they are.
fn form(action: &ConditionValue, members: &[(ConditionValue, ConditionValue)]) -> String {
    let pairs = members.iter().map(|(name, value)| format!("&{}={}", name.of(FORM), value.of(TEXTS)));
    format!("Action={}{}", action.of(ACTIONS), pairs.collect::<String>())
}

impl Call {
    /// As HTTP, unless what was drawn cannot stand in a request.
    pub fn request(&self) -> Option<Request<Bytes>> {
        let method =
            Method::from_bytes(self.method.of(&["POST", "POST", "GET", "PUT", "DELETE", "HEAD"]).as_bytes())
                .ok()?;
        let path = self.path.as_ref().map_or("/", |path| path.of(PATHS));
        let uri: Uri = path.parse().ok()?;
        let body = match &self.body {
            Body::Bytes(bytes) => Bytes::copy_from_slice(bytes),
            Body::Form(action, members) => Bytes::from(form(action, members)),
            Body::Members(members) => Bytes::from(object(members).to_string()),
        };
        let mut request = Request::builder().method(method).uri(uri);
        if matches!(self.body, Body::Form(..)) {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        } else if self.path.is_none() {
            request = request.header("content-type", "application/x-amz-json-1.1");
            request = request.header("x-amz-target", self.target.of(TARGETS));
        }
        let mut request =
            request.header("authorization", self.authorization.of(AUTHORIZATIONS)).body(body).ok()?;
        for (name, value) in &self.headers {
            let name = name.of(HEADERS);
            let name = HeaderName::from_bytes(name.as_bytes());
            if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value)) {
                request.headers_mut().insert(name, value);
            }
        }
        Some(request)
    }
}
