//! The gate lets in programs on this machine. Web pages and requests for hosts of other names are refused, on the admin path
//! and on every service.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};

use glueproof::fake::FakeCloud;
use glueproof::fake::transport::{Options, Server};

use super::client::{Answer, ask, call, serve};
use super::program::Served;
use crate::trial::Setting;

/// Asks for all state with these headers.
fn with(address: SocketAddr, headers: &[&str]) -> Answer {
    let head = [&["GET /_glueproof/state HTTP/1.1"], headers].concat().join("\r\n");
    ask(address, head + "\r\n\r\n")
}

/// One request to each protocol, all of which would succeed.
const REQUESTS: [(&str, &str); 5] = [
    (
        "POST / HTTP/1.1\r\ncontent-type: application/x-amz-json-1.1\r\nx-amz-target: AWSGlue.GetSecurityConfigurations",
        "{}",
    ),
    (
        "POST / HTTP/1.1\r\ncontent-type: application/x-amz-json-1.1\r\nx-amz-target: TrentService.CreateKey",
        "{}",
    ),
    (
        "POST / HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded",
        "Action=CreateUser&UserName=mallory",
    ),
    ("GET /?Action=CreateUser&UserName=eve HTTP/1.1", ""),
    ("PUT /bucket HTTP/1.1", ""),
];

/// The answers to all of them with these headers.
fn all_with(address: SocketAddr, headers: &str) -> Vec<Answer> {
    let answer = |(head, body): (&str, &str)| {
        ask(address, format!("{head}\r\n{headers}\r\ncontent-length: {}\r\n\r\n{body}", body.len()))
    };
    REQUESTS.into_iter().map(answer).collect()
}

#[track_caller]
fn kept_out(answer: &Answer) {
    assert_eq!(answer.status, 403, "{answer:?}");
    assert!(answer.json()["error"]["to_do"].is_string(), "{answer:?}");
    assert!(!answer.head.to_lowercase().contains("access-control"), "{answer:?}");
}

/// Every service refuses these headers with a text that has the word.
#[track_caller]
fn all_refused(address: SocketAddr, headers: &str, word: &str) {
    for answer in all_with(address, headers) {
        assert_eq!(answer.status, 403, "{headers}: {answer:?}");
        assert!(answer.body.contains("AccessDenied") && answer.body.contains(word), "{headers}: {answer:?}");
        assert!(!answer.head.to_lowercase().contains("access-control"), "{answer:?}");
    }
    // Nothing has been made.
    let users = "GET /?Action=ListUsers HTTP/1.1\r\nhost: localhost\r\n\r\n";
    assert!(!ask(address, users).body.contains("UserName"));
    let buckets = ask(address, "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n");
    assert!(!buckets.body.contains("<Name>"), "{buckets:?}");
}

#[track_caller]
fn all_served(address: SocketAddr, headers: &str) {
    for answer in all_with(address, headers) {
        assert_eq!(answer.status, 200, "{headers}: {answer:?}");
    }
}

#[test]
fn services_answer_to_names_of_this_machine() {
    for host in ["127.0.0.1:4566", "127.8.8.8", "localhost", "LOCALHOST:80", "[::1]:4566", "glue.localhost:1"]
    {
        let server = serve(&FakeCloud::new().unwrap());
        all_served(server.address(), &format!("host: {host}"));
    }
    let server = serve(&FakeCloud::new().unwrap());
    let head = |method: &str, path: &str| {
        let host = "host: bucket.s3.eu-west-1.amazonaws.com";
        ask(server.address(), format!("{method} {path} HTTP/1.1\r\n{host}\r\ncontent-length: 0\r\n\r\n"))
            .status
    };
    assert_eq!((head("PUT", "/"), head("PUT", "/key"), head("GET", "/key")), (200, 200, 200));
}

#[test]
fn services_refuse_names_that_were_pointed_here() {
    let server = serve(&FakeCloud::new().unwrap());
    for host in [
        "evil.example",
        "evil.example:4566",
        "localhost.evil.example",
        "127.0.0.1.nip.io",
        "10.0.0.1",
        "a",
        "",
    ] {
        all_refused(server.address(), &format!("host: {host}"), "--allow-host");
    }
    let absolute =
        "GET http://evil.example/?Action=CreateUser&UserName=eve HTTP/1.1\r\nhost: localhost\r\n\r\n";
    assert_eq!(ask(server.address(), absolute).status, 403);
}

#[test]
fn services_refuse_web_pages_of_other_origins() {
    let server = serve(&FakeCloud::new().unwrap());
    for header in [
        "origin: https://evil.example",
        "origin: null",
        "origin: http://localhost:3000",
        "referer: https://evil.example/page",
        "referer: about:blank",
        "sec-fetch-site: cross-site",
        "sec-fetch-site: same-site",
        "sec-fetch-site: same-origin\r\norigin: https://evil.example",
    ] {
        all_refused(server.address(), &format!("host: localhost\r\n{header}"), "pages");
    }
    let preflight = "OPTIONS / HTTP/1.1\r\nhost: localhost\r\norigin: https://evil.example\r\n\
                     access-control-request-method: POST\r\n\r\n";
    let answer = ask(server.address(), preflight);
    assert_eq!(answer.status, 403, "{answer:?}");
    assert!(!answer.head.contains("access-control"), "{answer:?}");
}

#[test]
fn pages_of_the_server_itself_and_typed_addresses_are_served() {
    let page = "host: localhost:4566\r\norigin: http://localhost:4566\r\nsec-fetch-site: same-origin";
    for headers in [
        page,
        "host: localhost\r\nsec-fetch-site: none",
        "host: a.localhost\r\nreferer: http://a.localhost/x",
    ] {
        let server = serve(&FakeCloud::new().unwrap());
        all_served(server.address(), headers);
    }
}

#[test]
fn allowed_hosts_and_origins_are_let_in_by_the_program() {
    let setting = Setting::new();
    let served = Served::start(
        &setting,
        &["--allow-host", "fake", "--allow-host", "*.Example.com", "--allow-origin", "http://localhost:3000"],
    );
    all_served(
        served.address,
        "host: fake:4566\r\norigin: http://localhost:3000\r\nsec-fetch-site: cross-site",
    );
    for host in ["fakes", "example.com", "evil.example"] {
        let answer = ask(served.address, format!("GET / HTTP/1.1\r\nhost: {host}\r\n\r\n"));
        assert_eq!(answer.status, 403, "{host}: {answer:?}");
    }
    let image = "GET / HTTP/1.1\r\nhost: glue.example.com\r\nreferer: http://localhost:3000/page\r\n\r\n";
    let answer = ask(served.address, image);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(answer.head.contains("access-control-allow-origin: http://localhost:3000\r\n"), "{answer:?}");
    let answer = ask(served.address, "GET / HTTP/1.1\r\nhost: fake\r\norigin: http://localhost:3001\r\n\r\n");
    assert_eq!(answer.status, 403, "{answer:?}");
    // No page may use the admin path, nor ask for it.
    let preflight = "OPTIONS /_glueproof/state HTTP/1.1\r\nhost: localhost\r\norigin: http://localhost:3000\r\n\
                     access-control-request-method: GET\r\n\r\n";
    kept_out(&ask(served.address, preflight));
    kept_out(&with(served.address, &["host: localhost", "origin: http://localhost:3000"]));
}

#[test]
fn a_browser_asks_first_and_is_told() {
    let options = Options { allow_origins: vec!["http://localhost:3000".to_owned()], ..Options::default() };
    let server = Server::start(FakeCloud::new().unwrap(), options).unwrap();
    let preflight = "OPTIONS / HTTP/1.1\r\nhost: localhost\r\norigin: http://localhost:3000\r\n\
        sec-fetch-site: same-site\r\naccess-control-request-method: POST\r\n\
        access-control-request-headers: authorization,x-amz-target\r\naccess-control-request-private-network: true\r\n\r\n";
    let answer = ask(server.address(), preflight);
    assert_eq!(answer.status, 204, "{answer:?}");
    for header in [
        "access-control-allow-origin: http://localhost:3000",
        "access-control-allow-headers: authorization,x-amz-target",
        "access-control-allow-methods: GET, HEAD, POST, PUT, DELETE",
        "access-control-allow-private-network: true",
        "vary: origin",
    ] {
        assert!(answer.head.contains(&format!("{header}\r\n")), "{header}: {answer:?}");
    }
    let request = call("GetSecurityConfigurations", "{}");
    let answer = ask(server.address(), request.replacen("\r\n", "\r\norigin: http://localhost:3000\r\n", 1));
    answer.ok();
    assert!(answer.head.contains("access-control-allow-origin: http://localhost:3000"), "{answer:?}");
    assert!(
        answer.head.contains("access-control-expose-headers: content-type, content-length, x-amzn-requestid"),
        "{answer:?}"
    );
}

#[test]
fn a_request_of_http_1_1_has_one_host() {
    let server = serve(&FakeCloud::new().unwrap());
    for hosts in ["", "host: localhost\r\nhost: localhost\r\n", "host: localhost\r\nhost: evil.example\r\n"] {
        for path in ["/", "/_glueproof/health"] {
            let answer = ask(server.address(), format!("GET {path} HTTP/1.1\r\n{hosts}\r\n"));
            assert_eq!(answer.status, 400, "{hosts}: {answer:?}");
        }
    }
    let answer = ask(server.address(), "GET /_glueproof/health HTTP/1.0\r\nhost: localhost\r\n\r\n");
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[test]
fn the_admin_path_answers_to_names_of_this_machine() {
    let server = serve(&FakeCloud::new().unwrap());
    for host in ["127.0.0.1:4566", "localhost", "localhost:80", "[::1]:4566", "cloud.localhost:1"] {
        with(server.address(), &[&format!("Host: {host}")]).ok();
    }
    with(server.address(), &["host: localhost", "sec-fetch-site: none"]).ok();
}

#[test]
fn the_admin_path_refuses_names_that_were_pointed_here() {
    let server = serve(&FakeCloud::new().unwrap());
    for host in [
        "evil.example",
        "evil.example:4566",
        "localhost.evil.example",
        "127.0.0.1.nip.io:4566",
        "evillocalhost",
        "",
    ] {
        kept_out(&with(server.address(), &[&format!("Host: {host}")]));
    }
    let old = "GET /_glueproof/state HTTP/1.0\r\n\r\n";
    kept_out(&ask(server.address(), old));
}

#[test]
fn the_admin_path_refuses_web_pages() {
    let server = serve(&FakeCloud::new().unwrap());
    for header in [
        "Origin: https://evil.example",
        "Origin: null",
        "Origin: http://localhost:4566",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Sec-Fetch-Site: same-origin",
    ] {
        kept_out(&with(server.address(), &["host: localhost", header]));
    }
}

#[test]
fn a_refused_request_changes_nothing() {
    let server = serve(&FakeCloud::new().unwrap());
    let head = "POST /_glueproof/faults HTTP/1.1\r\nhost: localhost\r\norigin: null\r\ncontent-length: 22";
    kept_out(&ask(server.address(), format!("{head}\r\n\r\n{{\"fault\":\"throttling\"}}")));
    ask(server.address(), call("GetSecurityConfigurations", "{}")).ok();
}

/// An address of this machine that is not loopback, and that others would have.
fn outside() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // Sends nothing; the system only chooses the address.
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    socket.local_addr().ok().map(|address| address.ip()).filter(|ip| !ip.is_loopback())
}

#[test]
fn the_admin_path_refuses_other_machines_unless_told() {
    // A machine without a network has no such address.
    let Some(ip) = outside() else { return };
    for let_in in [false, true] {
        let options = Options {
            address: SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
            admin_from_anywhere: let_in,
            ..Options::default()
        };
        let server = Server::start(FakeCloud::new().unwrap(), options).unwrap();
        let address = SocketAddr::new(ip, server.address().port());
        let host = format!("host: {address}");
        ask(address, call("GetSecurityConfigurations", "{}").replacen("localhost", &address.to_string(), 1))
            .ok();
        if let_in {
            with(address, &[&host]).ok();
            with(address, &["host: glueproof:4566"]).ok();
            kept_out(&with(address, &["host: evil.example"]));
            kept_out(&with(address, &[&host, "origin: null"]));
        } else {
            kept_out(&with(address, &[&host]));
        }
    }
}
