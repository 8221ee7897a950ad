//! The limits of a client: time for a head, a body and an answer, and the number of connections.

use std::time::{Duration, Instant};

use glueproof::fake::FakeCloud;
use glueproof::fake::transport::{Options, Server};
use serde_json::json;

use super::client::{BOUND, Client, ask, call, call_head};
use super::program::Served;
use crate::trial::Setting;

const SHORT: Duration = Duration::from_millis(150);

fn server(options: Options) -> Server {
    Server::start(FakeCloud::new().unwrap(), options).unwrap()
}

/// The server hangs up, and not before the time is over.
#[track_caller]
fn dropped(mut client: Client, since: Instant) {
    while client.next().is_some() {}
    assert!((SHORT..BOUND).contains(&since.elapsed()), "{:?}", since.elapsed());
}

#[test]
fn a_slow_head_is_not_waited_for() {
    let server = server(Options { header_timeout: SHORT, ..Options::default() });
    for sent in ["", "PO", "POST / HTTP/1.1\r\nhost: a\r\n"] {
        let since = Instant::now();
        let mut client = Client::to(server.address());
        client.send(sent);
        dropped(client, since);
    }
}

#[test]
fn a_head_that_trickles_is_not_waited_for() {
    let server = server(Options { header_timeout: SHORT, ..Options::default() });
    let since = Instant::now();
    let mut client = Client::to(server.address());
    while client.try_send(b"G") {
        assert!(since.elapsed() < BOUND, "still connected");
        std::thread::sleep(SHORT / 10);
    }
    assert!(since.elapsed() >= SHORT);
}

#[test]
fn an_idle_connection_ends() {
    let server = server(Options { header_timeout: SHORT, ..Options::default() });
    let mut client = Client::to(server.address());
    // The server's timer starts between the request and its response.
    let since = Instant::now();
    client.ask(call("GetSecurityConfigurations", "{}")).ok();
    dropped(client, since);
}

#[test]
fn a_slow_body_is_not_waited_for() {
    let server = server(Options { body_timeout: SHORT, ..Options::default() });
    let mut client = Client::to(server.address());
    let since = Instant::now();
    let answer = client.ask(call_head("GetResourcePolicy", 100) + "{");
    assert_eq!(answer.status, 408, "{answer:?}");
    dropped(client, since);
}

#[test]
fn a_client_that_reads_nothing_is_dropped() {
    let server = server(Options { write_timeout: SHORT, ..Options::default() });
    let statement = json!({ "Sid": "s".repeat(9000), "Effect": "Allow", "Principal": "*", "Action": "glue:*",
        "Resource": "arn:aws:glue:us-east-1:123456789012:catalog" });
    let policy = json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string();
    let put = json!({ "PolicyInJson": policy }).to_string();
    ask(server.address(), call("PutResourcePolicy", &put)).ok();
    let requests = call("GetResourcePolicy", "{}").repeat(100);
    let mut client = Client::to(server.address());
    let since = Instant::now();
    while client.try_send(requests.as_bytes()) {
        assert!(since.elapsed() < BOUND, "still connected");
    }
    ask(server.address(), call("GetResourcePolicy", "{}")).ok();
}

#[test]
fn the_connection_that_is_idle_longest_makes_room() {
    let server = server(Options { max_connections: 2, ..Options::default() });
    let (mut first, mut second) = (Client::to(server.address()), Client::to(server.address()));
    for client in [&mut first, &mut second] {
        client.ask(call("GetSecurityConfigurations", "{}")).ok();
    }
    first.ask(call("GetSecurityConfigurations", "{}")).ok();
    let mut third = Client::to(server.address());
    third.ask(call("GetSecurityConfigurations", "{}")).ok();
    assert!(second.next().is_none());
    first.ask(call("GetSecurityConfigurations", "{}")).ok();
}

#[test]
fn idle_connections_do_not_keep_the_next_client_waiting() {
    let server = server(Options::default());
    let silent: Vec<Client> = (0..600).map(|_| Client::to(server.address())).collect();
    ask(server.address(), call("GetSecurityConfigurations", "{}")).ok();
    let mut begun: Vec<Client> = (0..600).map(|_| Client::to(server.address())).collect();
    for client in &mut begun {
        client.try_send(b"POST / HTTP/1.1\r\n");
    }
    ask(server.address(), call("GetSecurityConfigurations", "{}")).ok();
    drop(silent);
}

#[test]
fn a_client_beyond_the_limit_is_told_when_no_connection_is_idle() {
    let setting = Setting::new();
    let served = Served::start(&setting, &["--max-connections", "2"]);
    let mut busy: Vec<Client> = (0..2).map(|_| Client::to(served.address)).collect();
    for client in &mut busy {
        // The server reads the body once it asks for it.
        let head = call_head("GetSecurityConfigurations", 2);
        client.send(head.replacen("\r\n", "\r\nexpect: 100-continue\r\n", 1));
        assert!(client.interim().starts_with("HTTP/1.1 100 "));
    }
    let answer = Client::to(served.address).receive();
    assert_eq!(answer.status, 503, "{answer:?}");
    assert!(answer.body.contains("--max-connections"), "{answer:?}");
    for client in &mut busy {
        client.ask("{}").ok();
    }
    ask(served.address, call("GetSecurityConfigurations", "{}")).ok();
}

#[test]
fn small_calls_do_not_wait_behind_large_bodies() {
    let server = server(Options { threads: 1, ..Options::default() });
    let address = server.address();
    let filler = "x".repeat(90);
    let members: Vec<String> = (0..49_000).map(|n| format!("\"{n}\":[\"{filler}\"]")).collect();
    let large = call("GetSecurityConfiguration", &format!("{{{},\"Name\":1}}", members.join(",")));
    let time = |request: &str, client: &mut Client| {
        let since = Instant::now();
        client.ask(request);
        since.elapsed()
    };
    std::thread::scope(|scope| {
        let heavy = scope.spawn(|| time(&large, &mut Client::to(address)));
        let (mut client, mut longest) = (Client::to(address), Duration::ZERO);
        while !heavy.is_finished() {
            longest = longest.max(time(&call("GetSecurityConfigurations", "{}"), &mut client));
        }
        let took = heavy.join().unwrap();
        assert!(longest * 2 < took, "waited {longest:?} while {took:?} were spent on a large body");
    });
}
