//! Which bucket a request is on: named by its path, or by its host. Must not know whether it is there.

use http::uri::PathAndQuery;
use http::{HeaderMap, Uri};

/// Whether the host is one of S3's own, and the bucket in front of it if there is one:
/// `bucket.s3.eu-west-1.amazonaws.com`, `bucket.s3.localhost:4566`.
fn bucket_of(host: &str) -> Option<&str> {
    let host = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let (bucket, service) = host.rsplit_once(".s3").filter(|(bucket, _)| !bucket.is_empty())?;
    let is_ours = service.starts_with(['.', '-']);
    let ends_well =
        [".amazonaws.com", ".amazonaws.com.cn", ".localhost"].iter().any(|end| service.ends_with(end));
    (is_ours && ends_well).then_some(bucket)
}

/// The request's path and query, the bucket of its host moved into the path.
pub fn path_style(uri: &Uri, headers: &HeaderMap) -> Uri {
    let host = headers.get(http::header::HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| uri.authority().map(http::uri::Authority::as_str));
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let path = match host.and_then(bucket_of) {
        Some(bucket) => format!("/{bucket}{}{query}", uri.path()),
        None => format!("{}{query}", uri.path()),
    };
    PathAndQuery::try_from(path).map_or_else(|_| Uri::default(), Uri::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_told_from_hosts() {
        for (host, bucket) in [
            ("logs.s3.amazonaws.com", Some("logs")),
            ("my.dotted.bucket.s3.eu-west-1.amazonaws.com:443", Some("my.dotted.bucket")),
            ("old.s3-us-west-2.amazonaws.com", Some("old")),
            ("b.s3.localhost:4566", Some("b")),
            ("s3.amazonaws.com", None),
            ("s3.eu-west-1.amazonaws.com", None),
            ("127.0.0.1:4566", None),
            ("localhost", None),
            ("glue.us-east-1.amazonaws.com", None),
            ("bucket.s3.example.org", None),
        ] {
            assert_eq!(bucket_of(host), bucket, "{host}");
        }
    }
}
