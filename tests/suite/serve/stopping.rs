//! The end of a server: running calls are finished, no new ones begin, and idle clients are not waited for.

use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use glueproof::fake::FakeCloud;
use glueproof::fake::transport::{Options, ServeError, Server};

use super::client::{Client, call, call_head, serve};

#[test]
fn running_exchanges_are_finished() {
    let cloud = FakeCloud::new().unwrap();
    let server = serve(&cloud);
    let address = server.address();
    let mut busy = Client::to(address);
    let body = "{\"Name\":\"late\",\"EncryptionConfiguration\":{}}";
    busy.send(call_head("CreateSecurityConfiguration", body.len()) + &body[..10]);
    // An exchange on another connection behind it: the half request has been seen by then.
    Client::to(address).ask(call("GetSecurityConfigurations", "{}")).ok();
    let stopping = thread::spawn(move || server.stop());
    while TcpStream::connect(address).is_ok() {
        thread::sleep(Duration::from_millis(1));
    }
    assert!(!stopping.is_finished(), "the exchange was cut off");
    busy.send(&body[10..]);
    assert_eq!(busy.receive().ok()["Name"], "late");
    stopping.join().unwrap();
    assert!(busy.next().is_none(), "the connection outlives the server");
}

#[test]
fn idle_clients_are_not_waited_for() {
    let server = serve(&FakeCloud::new().unwrap());
    let mut used = Client::to(server.address());
    used.ask(call("GetSecurityConfigurations", "{}")).ok();
    let mut fresh = Client::to(server.address());
    let since = Instant::now();
    server.stop();
    assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
    assert!(used.next().is_none() && fresh.next().is_none());
}

#[test]
fn a_request_that_does_not_finish_within_the_grace_period_is_cut_off() {
    let options = Options { grace: Duration::from_millis(100), ..Options::default() };
    let server = Server::start(FakeCloud::new().unwrap(), options).unwrap();
    let mut stuck = Client::to(server.address());
    stuck.send(call_head("GetResourcePolicy", 10) + "{");
    Client::to(server.address()).ask(call("GetSecurityConfigurations", "{}")).ok();
    let since = Instant::now();
    server.stop();
    assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
    assert!(stuck.next().is_none());
}

#[test]
fn the_port_is_free_again_and_was_not_before() {
    let server = serve(&FakeCloud::new().unwrap());
    let options = Options { address: server.address(), ..Options::default() };
    let second = Server::start(FakeCloud::new().unwrap(), options.clone());
    assert!(matches!(second, Err(ServeError::Taken(taken)) if taken == options.address), "{second:?}");
    server.stop();
    Server::start(FakeCloud::new().unwrap(), options).unwrap().stop();
}

#[test]
fn dropping_it_ends_it_too() {
    let server = serve(&FakeCloud::new().unwrap());
    let mut client = Client::to(server.address());
    client.ask(call("GetSecurityConfigurations", "{}")).ok();
    drop(server);
    assert!(client.next().is_none());
}
