//! Signatures in `enforce`: right, wrong, incomplete, skewed, in advance; made by aws-sigv4.

use std::time::Duration;

use bytes::Bytes;
use glueproof_fake::{FakeCloud, Mode};
use http::Request;

use super::support::{Signer, alice, ask, done, enforcing, form, now, refusal, root, seed, text};
use crate::support::{Answer, clock, request, send};

const WHO: [(&str, &str); 1] = [("Action", "GetCallerIdentity")];

fn glue(operation: &str) -> Request<Bytes> {
    let mut request = request(operation, "{}");
    request.headers_mut().insert("host", "localhost".parse().unwrap());
    request
}

fn call(cloud: &FakeCloud, signer: &Signer) -> Answer {
    send(cloud, signer.sign(glue("GetSecurityConfigurations")))
}

#[test]
fn a_right_signature_is_believed() {
    let cloud = enforcing();
    done(alice("sts").ask(&cloud, &WHO));
    call(&cloud, &alice("glue")).ok();
}

#[test]
fn refusals_have_the_codes_of_their_protocol() {
    let cloud = enforcing();
    let stranger = |service| Signer::new("AKIANOBODY", "s", service);
    let wrong = |service| Signer { secret: "wrong".to_owned(), ..alice(service) };
    let elsewhere = |service| Signer { service, ..alice("s3") };
    let rows: [(&str, Answer, Answer, &str, &str); 4] = [
        (
            "unsigned",
            send(&cloud, glue("GetSecurityConfigurations")),
            ask(&cloud, &WHO),
            "MissingAuthenticationTokenException",
            "MissingAuthenticationToken",
        ),
        (
            "unknown key",
            call(&cloud, &stranger("glue")),
            stranger("sts").ask(&cloud, &WHO),
            "UnrecognizedClientException",
            "InvalidClientTokenId",
        ),
        (
            "wrong secret",
            call(&cloud, &wrong("glue")),
            wrong("sts").ask(&cloud, &WHO),
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
        ),
        (
            "another service",
            call(&cloud, &elsewhere("sts")),
            elsewhere("glue").ask(&cloud, &WHO),
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
        ),
    ];
    for (name, json, xml, json_code, xml_code) in rows {
        assert_eq!((json.status, &*json.code()), (400, json_code), "{name}");
        assert_eq!(refusal(&xml), (403, xml_code.to_owned()), "{name}");
    }
}

#[test]
fn changes_after_signing_are_refused() {
    let cloud = enforcing();
    let refused = |name: &str, change: &dyn Fn(&mut Request<Bytes>)| {
        let mut request = alice("glue").sign(glue("GetSecurityConfigurations"));
        change(&mut request);
        assert_eq!(send(&cloud, request).code(), "InvalidSignatureException", "{name}");
    };
    let header = |name: &'static str, value: &'static str| {
        move |request: &mut Request<Bytes>| {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
    };
    refused("body", &|request| *request.body_mut() = Bytes::from_static(b"{ }"));
    refused("address", &|request| *request.uri_mut() = "http://localhost/?x=1".parse().unwrap());
    refused("operation", &header("x-amz-target", "AWSGlue.GetResourcePolicy"));
    refused("time", &header("x-amz-date", "20200527T232343Z"));
    let mut request = alice("glue").sign(glue("GetSecurityConfigurations"));
    request.headers_mut().insert("user-agent", "a proxy".parse().unwrap());
    send(&cloud, request).ok();
}

#[test]
fn clocks_may_differ_by_five_minutes() {
    let cloud = enforcing();
    let at = |seconds: i64| {
        let by = Duration::from_secs(seconds.unsigned_abs());
        alice("glue").at(if seconds < 0 { now() - by } else { now() + by })
    };
    call(&cloud, &at(-299)).ok();
    call(&cloud, &at(299)).ok();
    let late = call(&cloud, &at(-302));
    assert_eq!(late.code(), "InvalidSignatureException");
    let text = "Signature expired: 20200527T231840Z is now earlier than 20200527T231842Z (20200527T232342Z - 5 min.)";
    assert_eq!(late.message(), text);
    let early = call(&cloud, &at(302));
    let text = "Signature not yet current: 20200527T232844Z is still later than 20200527T232842Z (20200527T232342Z + 5 min.)";
    assert_eq!((early.code(), early.message()), ("InvalidSignatureException".to_owned(), text.to_owned()));
}

#[test]
fn the_clock_is_the_fakes() {
    let clock = clock();
    let cloud =
        FakeCloud::builder().clock(clock.clone()).mode(Mode::Enforce).identities(seed()).build().unwrap();
    clock.advance(Duration::from_hours(1));
    assert_eq!(call(&cloud, &alice("glue")).code(), "InvalidSignatureException");
    call(&cloud, &alice("glue").at(now() + Duration::from_hours(1))).ok();
}

#[test]
fn an_incomplete_signature_is_said_to_be_one() {
    let cloud = enforcing();
    let whole = alice("glue").sign(glue("GetSecurityConfigurations"));
    let authorization = whole.headers()["authorization"].to_str().unwrap().to_owned();
    let altered = |header: &str| {
        let mut request = whole.clone();
        request.headers_mut().insert("authorization", header.parse().unwrap());
        send(&cloud, request)
    };
    altered(&authorization).ok();
    for (part, name) in
        [("Signature=", "Signature"), ("SignedHeaders=", "SignedHeaders"), ("Credential=", "Credential")]
    {
        let answer = altered(&authorization.replace(part, "X="));
        assert_eq!(answer.code(), "IncompleteSignatureException", "{name}");
        assert!(answer.message().contains(&format!("requires '{name}' parameter")), "{}", answer.message());
    }
    for header in ["Basic YTpi", "AWS4-HMAC-SHA256", &authorization.replace("/us-east-1", ""), ""] {
        assert_eq!(altered(header).code(), "IncompleteSignatureException", "{header}");
    }
    let mut undated = whole.clone();
    undated.headers_mut().remove("x-amz-date");
    assert_eq!(send(&cloud, undated).code(), "IncompleteSignatureException");
    let another_day = altered(&authorization.replace("/20200527/", "/20200526/"));
    assert_eq!(another_day.code(), "InvalidSignatureException");
}

#[test]
fn an_address_can_be_signed_in_advance() {
    let clock = clock();
    let cloud =
        FakeCloud::builder().clock(clock.clone()).mode(Mode::Enforce).identities(seed()).build().unwrap();
    let address = || {
        let uri = "http://localhost/?Action=GetCallerIdentity&Version=2011-06-15";
        Request::get(uri).header("host", "localhost").body(Bytes::new()).unwrap()
    };
    let signer = alice("sts").presigned(Duration::from_mins(10));
    let request = signer.sign(address());
    assert!(request.headers().get("authorization").is_none());
    assert_eq!(text(&done(send(&cloud, request.clone())), "Arn"), "arn:aws:iam::123456789012:user/alice");
    let mut altered = request.clone();
    *altered.uri_mut() = request.uri().to_string().replace("2011-06-15", "2011-06-16").parse().unwrap();
    assert_eq!(refusal(&send(&cloud, altered)).1, "SignatureDoesNotMatch");
    let mut partial = request.clone();
    *partial.uri_mut() = request.uri().to_string().replace("X-Amz-Expires=600", "").parse().unwrap();
    assert_eq!(refusal(&send(&cloud, partial)).1, "IncompleteSignature");
    clock.advance(Duration::from_mins(10));
    done(send(&cloud, request.clone()));
    clock.advance(Duration::from_secs(1));
    assert_eq!(refusal(&send(&cloud, request)), (400, "RequestExpired".to_owned()));
    let for_ever = alice("sts").presigned(Duration::from_secs(604_801)).sign(address());
    assert_eq!(send(&cloud, for_ever).status, 400);
}

#[test]
fn temporary_credentials_can_sign_in_advance() {
    let cloud = enforcing();
    let answer = done(alice("sts").ask(&cloud, &[("Action", "GetSessionToken")]));
    let signer = Signer::of_answer(&answer, "sts").presigned(Duration::from_mins(1));
    let uri = "http://localhost/?Action=GetCallerIdentity";
    let request = Request::get(uri).header("host", "localhost").body(Bytes::new()).unwrap();
    done(send(&cloud, signer.sign(request)));
}

#[test]
fn nothing_is_verified_where_nothing_is_enforced() {
    for mode in [Mode::Off, Mode::Identify] {
        let cloud = FakeCloud::builder().clock(clock()).mode(mode).identities(seed()).build().unwrap();
        let wrong = Signer { secret: "wrong".to_owned(), ..alice("sts") };
        let who = text(&done(wrong.ask(&cloud, &WHO)), "Arn");
        let expected = if mode == Mode::Off { "root" } else { "user/alice" };
        assert_eq!(who, format!("arn:aws:iam::123456789012:{expected}"));
        done(send(&cloud, form(&WHO)));
    }
}

#[test]
fn a_body_is_signed_except_for_s3() {
    let cloud = enforcing();
    let answer = |hash: &str, body: &'static [u8]| {
        let mut request = glue("GetSecurityConfigurations");
        request.headers_mut().insert("x-amz-content-sha256", hash.parse().unwrap());
        let mut request = alice("glue").sign(request);
        *request.body_mut() = Bytes::from_static(body);
        send(&cloud, request)
    };
    let of_empty_object = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    answer(of_empty_object, b"{}").ok();
    for hash in ["UNSIGNED-PAYLOAD", of_empty_object, "STREAMING-UNSIGNED-PAYLOAD-TRAILER"] {
        assert_eq!(answer(hash, b"{ }").code(), "InvalidSignatureException", "{hash}");
    }
}

#[test]
fn headers_that_are_obeyed_are_signed() {
    let cloud = enforcing();
    let mut stranger = alice("glue").sign({
        let mut request = glue("GetSecurityConfigurations");
        request.headers_mut().remove("x-amz-target");
        request
    });
    stranger.headers_mut().insert("x-amz-target", "AWSGlue.GetResourcePolicy".parse().unwrap());
    let answer = send(&cloud, stranger);
    assert_eq!(answer.code(), "InvalidSignatureException");
    assert_eq!(answer.message(), "'x-amz-target' must be a 'SignedHeader' in the AWS Authorization.");
    for name in ["x-amz-acl", "x-amz-user-agent", "x-amz-security-token"] {
        let mut request = alice("glue").sign(glue("GetSecurityConfigurations"));
        request.headers_mut().insert(name, "x".parse().unwrap());
        assert_ne!(send(&cloud, request).status, 200, "{name}");
    }
    let object = |header: Option<&'static str>| {
        let request = Request::put("http://localhost/bucket").header("host", "localhost");
        let mut request = root("s3")
            .sign(request.header("x-amz-content-sha256", "UNSIGNED-PAYLOAD").body(Bytes::new()).unwrap());
        if let Some(name) = header {
            request.headers_mut().insert(name, "private".parse().unwrap());
        }
        let answer = cloud.handle(request);
        (answer.status().as_u16(), String::from_utf8(answer.body().to_vec()).unwrap())
    };
    assert_eq!(object(None).0, 200);
    let (status, text) = object(Some("x-amz-acl"));
    assert_eq!(status, 403);
    assert!(text.contains("There were headers present in the request which were not signed"), "{text}");
    // A presigned URL is followed by clients that add headers of their own.
    let url = "http://localhost/?Action=GetCallerIdentity";
    let request = Request::get(url).header("host", "localhost").body(Bytes::new()).unwrap();
    let mut request = alice("sts").presigned(Duration::from_mins(1)).sign(request);
    request.headers_mut().insert("x-amz-user-agent", "browser".parse().unwrap());
    done(send(&cloud, request));
}

#[test]
fn a_root_key_is_the_account() {
    let answer = done(root("sts").ask(&enforcing(), &WHO));
    assert_eq!(text(&answer, "Arn"), "arn:aws:iam::123456789012:root");
}

#[test]
fn odd_hosts_and_headers_do_no_harm() {
    let cloud = enforcing();
    for host in ["", ":::", "a b", "[", "\u{e9}"] {
        let mut request = alice("glue").sign(glue("GetSecurityConfigurations"));
        request.headers_mut().insert("host", http::HeaderValue::from_bytes(host.as_bytes()).unwrap());
        *request.uri_mut() = "/".parse().unwrap();
        assert_eq!(send(&cloud, request).code(), "InvalidSignatureException", "{host}");
    }
    for header in ["x-amz-date", "x-amz-security-token"] {
        let mut request = alice("glue").sign(glue("GetSecurityConfigurations"));
        request.headers_mut().insert(header, http::HeaderValue::from_bytes(b"\xff\xfe").unwrap());
        assert_eq!(send(&cloud, request).status, 400, "{header}");
    }
}
