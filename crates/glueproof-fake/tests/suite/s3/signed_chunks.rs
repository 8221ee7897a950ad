//! Bodies whose chunks are signed, in `enforce`: the two examples of the S3 API Reference, "Signature calculations for the
//! authorization header: transferring a payload in multiple chunks".

use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use glueproof_fake::{Clock, FakeCloud, Mode, SeedFile};
use http::Request;

const SEED: &str =
    r#"root_keys = [{ id = "AKIAIOSFODNN7EXAMPLE", secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" }]"#;

/// The examples' secret and time.
fn cloud(mode: Mode) -> FakeCloud {
    let clock = Clock::fixed(UNIX_EPOCH + Duration::from_hours(380_376));
    let builder = FakeCloud::builder().clock(clock).mode(mode).identities(SeedFile::parse(SEED).unwrap());
    let cloud = builder.build().unwrap();
    let bucket =
        Request::put("/examplebucket").header("host", "s3.amazonaws.com").body(Bytes::new()).unwrap();
    if mode == Mode::Enforce {
        // The bucket is there before signatures are verified.
        let before = self::cloud(Mode::Identify);
        cloud.restore(before.snapshot()).unwrap();
    } else {
        assert_eq!(cloud.handle(bucket).status(), 200);
    }
    cloud
}

struct Example {
    payload: &'static str,
    signed: &'static str,
    seed: &'static str,
    chunks: [&'static str; 3],
    trailer: &'static str,
}

const WITHOUT_TRAILER: Example = Example {
    payload: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    signed: "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class",
    seed: "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
    chunks: [
        "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
        "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
        "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
    ],
    trailer: "",
};

const WITH_TRAILER: Example = Example {
    payload: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
    signed: "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer",
    seed: "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
    chunks: [
        "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
        "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
        "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
    ],
    trailer: "x-amz-checksum-crc32c:sOO8/Q==\r\n\
              x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n",
};

impl Example {
    fn request(&self, change: impl Fn(String) -> String) -> Request<Bytes> {
        let [first, second, last] = self.chunks;
        let body = format!(
            "10000;chunk-signature={first}\r\n{}\r\n400;chunk-signature={second}\r\n{}\r\n0;chunk-signature={last}\r\n{}\r\n",
            "a".repeat(65536),
            "a".repeat(1024),
            self.trailer
        );
        let credential = "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={credential},SignedHeaders={},Signature={}",
            self.signed, self.seed
        );
        let request = Request::put("/examplebucket/chunkObject.txt")
            .header("host", "s3.amazonaws.com")
            .header("x-amz-date", "20130524T000000Z")
            .header("x-amz-storage-class", "REDUCED_REDUNDANCY")
            .header("authorization", authorization)
            .header("x-amz-content-sha256", self.payload)
            .header("content-encoding", "aws-chunked")
            .header("x-amz-decoded-content-length", "66560")
            .header("content-length", "66824");
        let request = if self.trailer.is_empty() {
            request
        } else {
            request.header("x-amz-trailer", "x-amz-checksum-crc32c")
        };
        request.body(change(body).into()).unwrap()
    }

    /// Status and body of the answer.
    fn put(&self, cloud: &FakeCloud, change: impl Fn(String) -> String) -> (u16, String) {
        let answer = cloud.handle(self.request(change));
        (answer.status().as_u16(), String::from_utf8(answer.body().to_vec()).unwrap())
    }
}

#[test]
fn the_examples_of_the_reference_are_accepted() {
    for example in [WITHOUT_TRAILER, WITH_TRAILER] {
        let (status, text) = example.put(&cloud(Mode::Enforce), |body| body);
        assert_eq!(status, 200, "{text}");
    }
}

#[test]
fn altered_chunks_and_trailers_are_refused() {
    let cloud = cloud(Mode::Enforce);
    let refused = |example: &Example, name: &str, change: &dyn Fn(String) -> String| {
        let (status, text) = example.put(&cloud, change);
        assert_eq!(status, 403, "{name}: {text}");
        assert!(text.contains("<Code>SignatureDoesNotMatch</Code>"), "{name}: {text}");
    };
    for example in [&WITHOUT_TRAILER, &WITH_TRAILER] {
        let [_, second, last] = example.chunks;
        refused(example, "a byte", &|body| body.replacen("aaa\r\n0;", "aab\r\n0;", 1));
        refused(example, "a signature", &|body| body.replace(second, last));
        refused(example, "no signatures", &|body| body.replace(&format!(";chunk-signature={last}"), ""));
        refused(example, "the rest cut off", &|body| {
            let begin = body.find("400;").unwrap();
            let end =
                body.find("0;chunk-signature=").map(|_| body.rfind("0;chunk-signature=").unwrap()).unwrap();
            format!("{}{}", &body[..begin], &body[end..])
        });
    }
    refused(&WITH_TRAILER, "another checksum", &|body| body.replace("sOO8/Q==", "AAAAAA=="));
    refused(&WITH_TRAILER, "no signature of the trailer", &|body| {
        body.replace("x-amz-trailer-signature", "x-other")
    });
    refused(&WITHOUT_TRAILER, "a trailer", &|body| body.trim_end().to_owned() + "\r\nx-amz-meta-a:b\r\n\r\n");
}

#[test]
fn streams_of_unknown_kinds_are_refused() {
    let cloud = cloud(Mode::Enforce);
    let mut request = WITHOUT_TRAILER.request(|body| body);
    request.headers_mut().insert("x-amz-content-sha256", "STREAMING-OTHER".parse().unwrap());
    assert_eq!(cloud.handle(request).status(), 403);
}
