//! Targets that cannot be judged at all: exit code 3 and one line, or 2 where there is no address to try.

use std::io::{BufReader, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use crate::server::{Socket, receive};
use crate::trial::{Ended, Setting};

/// Far more than any of these needs, far less than for ever.
const SOON: Duration = Duration::from_mins(1);

#[track_caller]
fn judged(url: &str) -> Ended {
    let ended = Setting::new().run(&["run", url, "--timeout", "1s"]);
    assert!(ended.took < SOON, "{ended:#?}");
    assert_eq!(ended.stdout, "");
    assert_eq!(ended.stderr.lines().count(), 1, "one line: {}", ended.stderr);
    ended
}

/// The line must name the address and hold these words.
#[track_caller]
fn unfit(url: &str, words: &[&str]) {
    let ended = judged(url);
    assert_eq!(ended.code(), 3, "{ended:#?}");
    for word in [&["error: ", url], words].concat() {
        assert!(ended.stderr.contains(word), "`{word}` in {}", ended.stderr);
    }
}

#[track_caller]
fn misbehaving(behaviour: impl Fn(TcpStream) + Send + Sync + 'static, words: &[&str]) {
    let server = Socket::misbehave(behaviour);
    unfit(&server.url(), words);
}

/// Reads a request, then sends these bytes and closes.
#[track_caller]
fn sending(bytes: impl Into<Vec<u8>>, words: &[&str]) {
    let bytes = bytes.into();
    let behaviour = move |mut stream: TcpStream| {
        let _ = receive(&mut BufReader::new(&stream));
        // A server that receives too much closes the connection.
        let _ = stream.write_all(&bytes);
    };
    misbehaving(behaviour, words);
}

fn http(kind: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

#[test]
fn no_server() {
    unfit(&Socket::closed_url(), &["does not answer", "Connection refused"]);
}

#[test]
fn no_address() {
    for url in ["ftp://127.0.0.1:21", "http://", "http://[", "http://127.0.0.1:99999", "://x", "http:///path"]
    {
        let ended = judged(url);
        assert_eq!(ended.code(), 2, "{ended:#?}");
        assert!(ended.stderr.starts_with(&format!("error: `{url}` is not a usable URL: ")), "{ended:#?}");
    }
    let ended = judged("http://a-user:secret@127.0.0.1:5000");
    assert_eq!(ended.code(), 2, "{ended:#?}");
    assert!(!ended.stderr.contains("secret"), "{ended:#?}");
    let ended = judged("127.0.0.1:5000");
    assert_eq!(ended.code(), 2, "{ended:#?}");
    assert!(ended.stderr.contains("did you mean `http://127.0.0.1:5000`?"), "{ended:#?}");
}

#[test]
fn a_server_that_accepts_and_hangs() {
    let hang = |stream: TcpStream| {
        // Until the client gives up.
        while let Ok(Some(_)) = receive(&mut BufReader::new(&stream)) {}
    };
    misbehaving(hang, &["does not answer", "no complete response within 1s"]);
}

#[test]
fn a_server_that_sends_a_byte_a_second() {
    let drip = |mut stream: TcpStream| {
        let _ = receive(&mut BufReader::new(&stream));
        for byte in http("application/x-amz-json-1.1", b"{}") {
            if stream.write_all(&[byte]).is_err() {
                return;
            }
            thread::sleep(Duration::from_secs(1));
        }
    };
    misbehaving(drip, &["does not answer", "no complete response within 1s"]);
}

#[test]
fn a_server_that_sends_the_body_slowly() {
    let drip = |mut stream: TcpStream| {
        let _ = receive(&mut BufReader::new(&stream));
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{");
        while stream.write_all(b" ").is_ok() {
            thread::sleep(Duration::from_millis(100));
        }
    };
    misbehaving(drip, &["does not answer", "no complete response within 1s"]);
}

#[test]
fn a_server_that_resets_the_connection() {
    // Data that was sent and not read makes the close a reset.
    misbehaving(drop, &["does not answer"]);
}

#[test]
fn a_server_that_closes_in_the_middle() {
    sending("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"a\"", &["does not answer"]);
}

#[test]
fn a_server_that_answers_html() {
    let page = b"<html>\x1b[31m<body>Welcome to nginx!</body></html>";
    sending(
        http("text/html", page),
        &["does not implement AWS Glue", "200 (text/html)", "Welcome to nginx!"],
    );
}

#[test]
fn a_server_that_answers_bytes_that_are_no_text() {
    sending(http("application/x-amz-json-1.1", b"{\"a\":\"\xff\xfe\"}"), &["does not implement AWS Glue"]);
}

#[test]
fn a_server_that_answers_nothing() {
    sending(http("application/x-amz-json-1.1", b""), &["does not implement AWS Glue", "without a body"]);
}

#[test]
fn a_server_that_answers_too_much() {
    let mut body = vec![b' '; 100 * 1024 * 1024];
    body[0] = b'{';
    sending(http("application/x-amz-json-1.1", &body), &["does not answer", "larger than 16777216 bytes"]);
}

#[test]
fn a_server_that_answers_too_deeply_nested_json() {
    let body = ["{\"a\":", &"[".repeat(200_000), &"]".repeat(200_000), "}"].concat();
    sending(http("application/x-amz-json-1.1", body.as_bytes()), &["does not implement AWS Glue"]);
}

#[test]
fn a_server_that_does_not_speak_http() {
    sending("\0\u{1}garbage\r\n\r\n", &["does not answer"]);
    sending("220 mail.example.com ESMTP\r\n", &["does not answer"]);
}
