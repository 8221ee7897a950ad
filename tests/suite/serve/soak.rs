//! A million mixed calls from 64 connections on the program, far too long for every day:
//! `cargo test --release --test suite -- --ignored --nocapture soak`. `GLUEPROOF_SOAK_CALLS` makes it shorter.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use super::client::{BOUND, Client, ask, call, create};
use super::program::Served;
use crate::trial::Setting;

const CONNECTIONS: usize = 64;

/// Of the program, from the system's books.
#[derive(Debug)]
struct Spent {
    resident_kib: u64,
    descriptors: usize,
}

impl Spent {
    fn by(served: &Served) -> Self {
        let room = format!("/proc/{}", served.child.id());
        let status = std::fs::read_to_string(format!("{room}/status")).unwrap();
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        let resident_kib = resident.trim().trim_end_matches(" kB").parse().unwrap();
        Self { resident_kib, descriptors: std::fs::read_dir(format!("{room}/fd")).unwrap().count() }
    }
}

impl Spent {
    /// After every connection was closed. The server closes connections in its own time.
    #[track_caller]
    fn at_rest(served: &Served, idle: usize) -> Self {
        let since = Instant::now();
        loop {
            let spent = Self::by(served);
            if spent.descriptors <= idle {
                return spent;
            }
            assert!(since.elapsed() < BOUND, "descriptors leaked: {idle} before, {spent:?}");
            thread::sleep(Duration::from_millis(10));
        }
    }
}

/// The calls that one client repeats. After each round the state is as before.
struct Round {
    calls: Vec<(String, u16)>,
}

impl Round {
    fn of(client: usize) -> Self {
        let name = json!({ "Name": format!("soak-{client}") }).to_string();
        let settings = json!({ "DataCatalogEncryptionSettings": {} }).to_string();
        let calls = vec![
            (create(&format!("soak-{client}")), 200),
            (call("GetSecurityConfiguration", &name), 200),
            (create(&format!("soak-{client}")), 400),
            (call("GetSecurityConfigurations", r#"{"MaxResults":10}"#), 200),
            (call("PutDataCatalogEncryptionSettings", &settings), 200),
            (call("GetDataCatalogEncryptionSettings", "{}"), 200),
            (call("GetResourcePolicy", "{}"), 200),
            (call("CreateSecurityConfiguration", "{\"Name\":1"), 400),
            (call("DeleteSecurityConfiguration", &name), 200),
            (call("GetSecurityConfiguration", &name), 400),
        ];
        Self { calls }
    }
}

/// Makes so many calls altogether; returns how many each connection made.
fn hammer(served: &Served, calls: u64) -> Vec<u64> {
    let begun = AtomicU64::new(0);
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CONNECTIONS)
            .map(|client| {
                let begun = &begun;
                scope.spawn(move || {
                    let round = Round::of(client);
                    let mut connection = Client::to(served.address);
                    let mut made = 0;
                    while begun.fetch_add(round.calls.len() as u64, Ordering::Relaxed) < calls {
                        for (request, status) in &round.calls {
                            let answer = connection.ask(request);
                            assert_eq!(answer.status, *status, "{request} {answer:?}");
                        }
                        made += round.calls.len() as u64;
                    }
                    made
                })
            })
            .collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    })
}

#[test]
#[ignore = "takes minutes: a million calls"]
fn a_million_calls_leave_nothing_behind() {
    let calls = std::env::var("GLUEPROOF_SOAK_CALLS").map_or(1_000_000, |calls| calls.parse().unwrap());
    let setting = Setting::new();
    let served = Served::start(&setting, &[]);
    let policy = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Principal": "*",
        "Action": "glue:*", "Resource": "arn:aws:glue:us-east-1:123456789012:catalog" }] });
    ask(
        served.address,
        call("PutResourcePolicy", &json!({ "PolicyInJson": policy.to_string() }).to_string()),
    )
    .ok();
    let idle = Spent::by(&served).descriptors;
    hammer(&served, calls / 10);
    let early = Spent::at_rest(&served, idle);
    let since = Instant::now();
    let mut made = hammer(&served, calls - calls / 10);
    let took = since.elapsed();
    let late = Spent::at_rest(&served, idle);
    made.sort_unstable();
    let total: u64 = made.iter().sum();
    eprintln!(
        "soak: {total} calls in {took:.1?}; {early:?} after the first tenth, {late:?} at the end; \
         per connection {} to {}",
        made[0],
        made[CONNECTIONS - 1]
    );
    assert!(late.resident_kib * 10 <= early.resident_kib * 11, "memory grew: {early:?} {late:?}");
}
