//! Who may use the admin path: programs on this machine, not web pages, not other machines.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};

use glueproof::fake::FakeCloud;
use glueproof::fake::doors::{Options, Server};

use super::client::{Answer, ask, call, serve};

/// Asks for all state with these headers.
fn with(address: SocketAddr, headers: &[&str]) -> Answer {
    let head = [&["GET /_glueproof/state HTTP/1.1"], headers].concat().join("\r\n");
    ask(address, head + "\r\n\r\n")
}

#[track_caller]
fn kept_out(answer: &Answer) {
    assert_eq!(answer.status, 403, "{answer:?}");
    assert!(answer.json()["error"]["to_do"].is_string(), "{answer:?}");
    assert!(!answer.head.to_lowercase().contains("access-control"), "{answer:?}");
}

#[test]
fn names_of_this_machine_lead_in() {
    let server = serve(&FakeCloud::new().unwrap());
    for host in ["127.0.0.1:4566", "localhost", "localhost:80", "[::1]:4566", "cloud.localhost:1"] {
        with(server.address(), &[&format!("Host: {host}")]).ok();
    }
    with(server.address(), &["host: localhost", "sec-fetch-site: none"]).ok();
}

#[test]
fn names_that_somebody_pointed_here_do_not() {
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
    kept_out(&with(server.address(), &["host: localhost", "host: evil.example"]));
    let old = "GET /_glueproof/state HTTP/1.0\r\n\r\n";
    kept_out(&ask(server.address(), old));
}

#[test]
fn web_pages_are_kept_out() {
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
fn who_is_kept_out_changes_nothing() {
    let server = serve(&FakeCloud::new().unwrap());
    let head = "POST /_glueproof/faults HTTP/1.1\r\nhost: localhost\r\norigin: null\r\ncontent-length: 22";
    kept_out(&ask(server.address(), format!("{head}\r\n\r\n{{\"fault\":\"throttling\"}}")));
    ask(server.address(), call("GetSecurityConfigurations", "{}")).ok();
}

/// An address of this machine that is not loopback, and that others would have.
fn outside() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // Sends nothing: it only asks for the way.
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    socket.local_addr().ok().map(|address| address.ip()).filter(|ip| !ip.is_loopback())
}

#[test]
fn other_machines_are_kept_out_unless_let_in() {
    // A machine without a network has nobody to keep out.
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
        ask(address, call("GetSecurityConfigurations", "{}")).ok();
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
