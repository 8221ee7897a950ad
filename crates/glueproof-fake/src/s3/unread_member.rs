//! Members of S3 that no handler reads: each is refused, checked here, or has no effect on the fake. Must not read a body.
//! [`check`] is the entry point; [`response_headers`] are those that the URL of a read asks for.

use http::{HeaderMap, HeaderName, HeaderValue, Request};

use super::lookup;
use crate::FakeCloud;
use crate::error::ServiceError;

/// The treatment of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Treatment {
    /// A call with the member is refused.
    Refused,
    /// The member is checked or answered in this file.
    Checked,
    /// The fake has nothing that the member could affect.
    NoEffect,
}

/// The members with their headers or parameters.
const MEMBERS: [(&str, &str, Treatment); 42] = [
    ("ACL", "x-amz-acl", Treatment::Checked),
    ("BucketNamespace", "x-amz-bucket-namespace", Treatment::Refused),
    // Buckets of the fake have no object lock, and no MFA delete.
    ("BypassGovernanceRetention", "x-amz-bypass-governance-retention", Treatment::NoEffect),
    ("MFA", "x-amz-mfa", Treatment::NoEffect),
    ("ChecksumMD5", "x-amz-checksum-md5", Treatment::Refused),
    ("ChecksumSHA512", "x-amz-checksum-sha512", Treatment::Refused),
    ("ChecksumXXHASH128", "x-amz-checksum-xxhash128", Treatment::Refused),
    ("ChecksumXXHASH3", "x-amz-checksum-xxhash3", Treatment::Refused),
    ("ChecksumXXHASH64", "x-amz-checksum-xxhash64", Treatment::Refused),
    // The fake lets no policy lock out the owner of a bucket: its root user may always change the policy.
    ("ConfirmRemoveSelfBucketAccess", "x-amz-confirm-remove-self-bucket-access", Treatment::NoEffect),
    (
        "CopySourceSSECustomerAlgorithm",
        "x-amz-copy-source-server-side-encryption-customer-algorithm",
        Treatment::Refused,
    ),
    ("CopySourceSSECustomerKey", "x-amz-copy-source-server-side-encryption-customer-key", Treatment::Refused),
    (
        "CopySourceSSECustomerKeyMD5",
        "x-amz-copy-source-server-side-encryption-customer-key-md5",
        Treatment::Refused,
    ),
    ("ExpectedBucketOwner", EXPECTED_OWNER, Treatment::Checked),
    ("ExpectedSourceBucketOwner", EXPECTED_SOURCE_OWNER, Treatment::Checked),
    ("GrantFullControl", "x-amz-grant-full-control", Treatment::Checked),
    ("GrantRead", "x-amz-grant-read", Treatment::Checked),
    ("GrantReadACP", "x-amz-grant-read-acp", Treatment::Checked),
    ("GrantWrite", "x-amz-grant-write", Treatment::Checked),
    ("GrantWriteACP", "x-amz-grant-write-acp", Treatment::Checked),
    ("IfMatchInitiatedTime", "x-amz-if-match-initiated-time", Treatment::Refused),
    ("IfMatchLastModifiedTime", "x-amz-if-match-last-modified-time", Treatment::Refused),
    ("IfMatchSize", "x-amz-if-match-size", Treatment::Refused),
    ("MpuObjectSize", "x-amz-mp-object-size", Treatment::Refused),
    ("ObjectLockEnabledForBucket", "x-amz-bucket-object-lock-enabled", Treatment::Refused),
    ("ObjectLockLegalHoldStatus", "x-amz-object-lock-legal-hold", Treatment::Refused),
    ("ObjectLockMode", "x-amz-object-lock-mode", Treatment::Refused),
    ("ObjectLockRetainUntilDate", "x-amz-object-lock-retain-until-date", Treatment::Refused),
    ("ObjectOwnership", "x-amz-object-ownership", Treatment::Checked),
    ("OptionalObjectAttributes", "x-amz-optional-object-attributes", Treatment::Refused),
    // The requester of the fake pays nothing.
    ("RequestPayer", "x-amz-request-payer", Treatment::NoEffect),
    ("ResponseCacheControl", "response-cache-control", Treatment::Checked),
    ("ResponseContentDisposition", "response-content-disposition", Treatment::Checked),
    ("ResponseContentEncoding", "response-content-encoding", Treatment::Checked),
    ("ResponseContentLanguage", "response-content-language", Treatment::Checked),
    ("ResponseContentType", "response-content-type", Treatment::Checked),
    ("ResponseExpires", "response-expires", Treatment::Checked),
    ("SSECustomerAlgorithm", "x-amz-server-side-encryption-customer-algorithm", Treatment::Refused),
    ("SSECustomerKey", "x-amz-server-side-encryption-customer-key", Treatment::Refused),
    ("SSECustomerKeyMD5", "x-amz-server-side-encryption-customer-key-md5", Treatment::Refused),
    ("WebsiteRedirectLocation", "x-amz-website-redirect-location", Treatment::Refused),
    ("WriteOffsetBytes", "x-amz-write-offset-bytes", Treatment::Refused),
];

const EXPECTED_OWNER: &str = "x-amz-expected-bucket-owner";
const EXPECTED_SOURCE_OWNER: &str = "x-amz-source-expected-bucket-owner";
/// The beginning of parameters that set a header of the response.
const RESPONSE: &str = "response-";
/// The canned ACLs that say what holds without ACLs.
const OWNER_ACLS: [&str; 2] = ["private", "bucket-owner-full-control"];

/// Returns true if a member is treated here.
#[cfg(test)]
pub fn declares(member: &str) -> bool {
    MEMBERS.iter().any(|(declared, _, _)| *declared == member)
}

/// Refuses members that the fake does not implement, ACLs, and buckets of another owner than the expected one. `path` is that
/// of path-style URLs.
pub fn check<B>(cloud: &FakeCloud, request: &Request<B>, path: &str) -> Result<(), ServiceError> {
    let headers = request.headers();
    let mut refused = MEMBERS.iter().filter(|(_, _, treatment)| *treatment == Treatment::Refused);
    if let Some((_, header, _)) = refused.find(|(_, header, _)| headers.contains_key(*header)) {
        return Err(ServiceError::with("NotImplemented", format!("glueproof does not implement {header}")));
    }
    check_acl(headers)?;
    let mut segments = path.trim_start_matches('/').split('/');
    check_owner(cloud, headers, EXPECTED_OWNER, segments.next())?;
    let source = headers.get("x-amz-copy-source").and_then(|source| source.to_str().ok());
    let source = source.and_then(|source| source.trim_start_matches('/').split('/').next());
    check_owner(cloud, headers, EXPECTED_SOURCE_OWNER, source)
}

/// Refuses ACLs: buckets have none, as new buckets in AWS (S3 User Guide, "Controlling ownership of objects").
fn check_acl(headers: &HeaderMap) -> Result<(), ServiceError> {
    let is_other = |header: &str, known: &[&str]| {
        headers.get(header).is_some_and(|value| !known.iter().any(|known| value == known))
    };
    let grants = headers.keys().any(|name| name.as_str().starts_with("x-amz-grant-"));
    if grants || is_other("x-amz-acl", &OWNER_ACLS) {
        return Err(ServiceError::with("AccessControlListNotSupported", "The bucket does not allow ACLs"));
    }
    if is_other("x-amz-object-ownership", &["BucketOwnerEnforced"]) {
        let text = "glueproof implements the object ownership BucketOwnerEnforced alone";
        return Err(ServiceError::with("NotImplemented", text));
    }
    Ok(())
}

fn check_owner(
    cloud: &FakeCloud,
    headers: &HeaderMap,
    header: &str,
    bucket: Option<&str>,
) -> Result<(), ServiceError> {
    let (Some(expected), Some(bucket)) = (headers.get(header), bucket) else { return Ok(()) };
    cloud.with(|cloud| match lookup::owner(cloud, bucket) {
        Some((owner, _)) if owner != expected => Err(ServiceError::with("AccessDenied", "Access Denied")),
        _ => Ok(()),
    })
}

/// Returns the headers that the URL of a read sets in its response.
pub fn response_headers<B>(request: &Request<B>) -> HeaderMap {
    let pairs = form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes());
    let header = |(name, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)| {
        MEMBERS.iter().find(|(_, parameter, _)| *parameter == name)?;
        let name = HeaderName::from_bytes(name.strip_prefix(RESPONSE)?.as_bytes()).ok()?;
        Some((name, HeaderValue::from_str(&value).ok()?))
    };
    pairs.filter_map(header).collect()
}
