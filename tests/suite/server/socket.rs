//! A listener on a free port of this machine: one thread a connection, HTTP/1.1 as far as SDKs need it, or
//! whatever a test does to the stream. It stops accepting when dropped.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use bytes::Bytes;
use http::{Request, Response};

use super::Answers;

pub struct Socket {
    address: SocketAddr,
    closed: Arc<AtomicBool>,
}

impl Socket {
    /// Answers HTTP.
    pub fn serve(answers: Answers) -> Self {
        Self::misbehave(move |stream| {
            // A client that went away is no concern of the server's.
            let _ = converse(&stream, &answers);
        })
    }

    /// Does that to every connection.
    pub fn misbehave(behaviour: impl Fn(TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, closed) = (listener.local_addr().unwrap(), Arc::new(AtomicBool::new(false)));
        let (behaviour, over) = (Arc::new(behaviour), Arc::clone(&closed));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if over.load(Ordering::Relaxed) {
                    break;
                }
                let behaviour = Arc::clone(&behaviour);
                thread::spawn(move || behaviour(stream));
            }
        });
        Self { address, closed }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// An address on which no server listens.
    pub fn closed_url() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::Relaxed);
        // Wakes the listener, so that it looks at the flag.
        let _ = TcpStream::connect(self.address);
    }
}

fn converse(stream: &TcpStream, answers: &Answers) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = receive(&mut reader)? {
        let Some(response) = answers(request) else { return Ok(()) };
        send(stream, &response)?;
    }
    Ok(())
}

/// The next request; `None` when the client has gone.
pub fn receive(reader: &mut impl BufRead) -> io::Result<Option<Request<Bytes>>> {
    let invalid = |_| io::ErrorKind::InvalidData;
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut start = line.split_whitespace();
    let (Some(method), Some(uri)) = (start.next(), start.next()) else { return Ok(None) };
    let mut request = Request::builder().method(method).uri(uri);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().map_err(|_| io::ErrorKind::InvalidData)?;
        }
        request = request.header(name, value.trim());
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Some(request.body(body.into()).map_err(invalid)?))
}

fn send(mut stream: &TcpStream, response: &Response<Bytes>) -> io::Result<()> {
    let mut bytes = format!("HTTP/1.1 {}\r\n", response.status()).into_bytes();
    for (name, value) in response.headers().iter().filter(|(name, _)| *name != "content-length") {
        bytes.extend_from_slice(format!("{name}: ").as_bytes());
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("content-length: {}\r\n\r\n", response.body().len()).as_bytes());
    bytes.extend_from_slice(response.body());
    stream.write_all(&bytes)
}
