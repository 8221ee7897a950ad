//! What a client may spend: time for a head, a body, an answer, and connections.

use std::time::{Duration, Instant};

use glueproof::fake::FakeCloud;
use glueproof::fake::doors::{Options, Server};
use serde_json::json;

use super::client::{BOUND, Client, ask, call, call_head};

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
fn clients_beyond_the_most_wait_for_their_turn() {
    let server = server(Options { connections: 2, ..Options::default() });
    let mut first = Client::to(server.address());
    let mut second = Client::to(server.address());
    for client in [&mut first, &mut second] {
        client.ask(call("GetSecurityConfigurations", "{}")).ok();
    }
    let mut third = Client::to(server.address());
    third.send(call("GetSecurityConfigurations", "{}"));
    assert!(!third.has_answer_within(SHORT));
    drop(first);
    third.receive().ok();
    second.ask(call("GetSecurityConfigurations", "{}")).ok();
}

#[test]
fn nobody_waits_behind_large_bodies() {
    let server = server(Options { threads: 1, ..Options::default() });
    let address = server.address();
    let members: Vec<String> = (0..400_000).map(|n| format!("\"{n}\":[]")).collect();
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
