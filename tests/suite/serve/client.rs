//! A client that sends any bytes and reads answers one by one. Every wait is bounded.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use glueproof::fake::FakeCloud;
use glueproof::fake::transport::{Options, Server};
use serde_json::Value;

/// Far more than any answer needs.
pub const BOUND: Duration = Duration::from_mins(2);

pub fn serve(cloud: &FakeCloud) -> Server {
    Server::start(cloud.clone(), Options::default()).unwrap()
}

pub struct Client {
    stream: BufReader<TcpStream>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    #[track_caller]
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        self.json()
    }

    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.json()["__type"].as_str()), (status, Some(code)), "{self:?}");
    }
}

/// A call as an SDK writes it, up to the end of its head.
pub fn call_head(operation: &str, length: usize) -> String {
    format!(
        "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-amz-json-1.1\r\n\
         x-amz-target: AWSGlue.{operation}\r\ncontent-length: {length}\r\n\r\n"
    )
}

pub fn call(operation: &str, body: &str) -> String {
    call_head(operation, body.len()) + body
}

pub fn create(name: &str) -> String {
    let body = serde_json::json!({ "Name": name, "EncryptionConfiguration": {} }).to_string();
    call("CreateSecurityConfiguration", &body)
}

impl Client {
    pub fn to(address: SocketAddr) -> Self {
        let stream = TcpStream::connect_timeout(&address, BOUND).unwrap();
        stream.set_read_timeout(Some(BOUND)).unwrap();
        stream.set_write_timeout(Some(BOUND)).unwrap();
        Self { stream: BufReader::new(stream) }
    }

    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.get_mut().write_all(bytes.as_ref()).unwrap();
    }

    /// Sends, and returns if the server still reads.
    pub fn try_send(&mut self, bytes: &[u8]) -> bool {
        match self.stream.get_mut().write_all(bytes) {
            Ok(()) => true,
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                panic!("not dropped")
            }
            Err(_) => false,
        }
    }

    /// The next answer.
    #[track_caller]
    pub fn receive(&mut self) -> Answer {
        self.next().expect("the server closed the connection")
    }

    #[track_caller]
    pub fn ask(&mut self, bytes: impl AsRef<[u8]>) -> Answer {
        self.send(bytes);
        self.receive()
    }

    /// The next answer, or nothing once the connection is closed.
    pub fn next(&mut self) -> Option<Answer> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.line(&mut head) == 0 {
                assert_eq!(head, "", "closed in the middle of a head");
                return None;
            }
        }
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
        self.stream.read_exact(&mut body).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Some(Answer { status, head, body: String::from_utf8(body).unwrap() })
    }

    /// The head of an interim answer.
    #[track_caller]
    pub fn interim(&mut self) -> String {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(self.line(&mut head), 0, "closed: {head}");
        }
        head
    }

    fn line(&mut self, into: &mut String) -> usize {
        match self.stream.read_line(into) {
            Err(e) if e.kind() == ErrorKind::ConnectionReset => 0,
            read => read.unwrap(),
        }
    }
}

/// One exchange on a connection of its own.
#[track_caller]
pub fn ask(address: SocketAddr, bytes: impl AsRef<[u8]>) -> Answer {
    Client::to(address).ask(bytes)
}

/// One request at the admin path.
#[track_caller]
pub fn admin(address: SocketAddr, method: &str, path: &str, body: &str) -> Answer {
    let length = body.len();
    let head = format!("{method} /_glueproof{path} HTTP/1.1\r\nhost: {address}\r\ncontent-length: {length}");
    ask(address, format!("{head}\r\n\r\n{body}"))
}
