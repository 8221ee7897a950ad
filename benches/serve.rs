//! The speed at which `glueproof serve` answers `GetSecurityConfiguration`, beside a bare hyper server that answers
//! the same bytes whatever it is asked: `cargo bench --bench serve`. Both are processes of their own, asked in
//! turns by the same 64 connections. Where `GLUEPROOF_BENCH_BESIDE` holds the URL of another emulator, it is
//! asked too, in the same run. Prints figures and asserts nothing about time.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a benchmark prints, stops where it cannot go on, and counts far below 2^52"
)]

use std::convert::Infallible;
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

const CONNECTIONS: usize = 64;
const ROUNDS: usize = 5;
const CALLS: u64 = 100_000;
/// Other emulators are asked less: they are slow, and the figure is one of many a second anyway.
const CALLS_BESIDE: u64 = 2_000;
const STARTS: usize = 20;

fn request(operation: &str, body: &str) -> Vec<u8> {
    // As SDKs send it.
    format!(
        "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-amz-json-1.1\r\n\
         X-Amz-Target: AWSGlue.{operation}\r\nX-Amz-Date: 20261121T120000Z\r\n\
         User-Agent: aws-sdk-rust/1.3 os/linux lang/rust/1.95\r\n\
         Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/glue/aws4_request, \
         SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature={}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        "0123456789abcdef".repeat(4),
        body.len()
    )
    .into_bytes()
}

fn create() -> Vec<u8> {
    let configuration = r#"{"S3Encryption":[{"S3EncryptionMode":"SSE-KMS","KmsKeyArn":"arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"}],"CloudWatchEncryption":{"CloudWatchEncryptionMode":"DISABLED"},"JobBookmarksEncryption":{"JobBookmarksEncryptionMode":"DISABLED"}}"#;
    let body = format!(r#"{{"Name":"bench","EncryptionConfiguration":{configuration}}}"#);
    request("CreateSecurityConfiguration", &body)
}

fn get() -> Vec<u8> {
    request("GetSecurityConfiguration", r#"{"Name":"bench"}"#)
}

/// A server in a process of its own, stopped when dropped.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    fn start(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim_end().rsplit_once("http://").unwrap().1.parse().unwrap();
        Self { child, address }
    }

    fn glueproof() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_glueproof"));
        command.args(["serve", "--port", "0"]);
        Self::start(command)
    }

    /// This program again, as [`echo`], with the answer it is to give.
    fn echo(answer: &[u8]) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg("--echo").arg(String::from_utf8(answer.to_vec()).unwrap());
        Self::start(command)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Answers that body to everything, with as many headers as the fake sends.
fn echo(body: &str) {
    let body = Bytes::copy_from_slice(body.as_bytes());
    Runtime::new().unwrap().block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("http://{}", listener.local_addr().unwrap());
        std::io::stdout().flush().unwrap();
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            let body = body.clone();
            let service = service_fn(move |request: Request<Incoming>| {
                let body = body.clone();
                async move {
                    drop(request.into_body().collect().await.unwrap());
                    let response = Response::builder()
                        .header("content-type", "application/x-amz-json-1.1")
                        .header("x-amzn-requestid", "01234567-89ab-4cde-8f01-23456789abcd");
                    Ok::<_, Infallible>(response.body(Full::new(body)).unwrap())
                }
            });
            let connection = hyper::server::conn::http1::Builder::new();
            tokio::spawn(connection.serve_connection(TokioIo::new(stream), service));
        }
    });
}

/// One client's end of a connection; opened again where the server closes it.
struct Connection {
    address: SocketAddr,
    stream: Option<TcpStream>,
    received: Vec<u8>,
}

impl Connection {
    fn to(address: SocketAddr) -> Self {
        Self { address, stream: None, received: Vec::new() }
    }

    /// Sends a request and returns the body of its answer, which must be a success.
    async fn ask(&mut self, request: &[u8]) -> &[u8] {
        if self.stream.is_none() {
            let stream = TcpStream::connect(self.address).await.unwrap();
            stream.set_nodelay(true).unwrap();
            self.stream = Some(stream);
        }
        let stream = self.stream.as_mut().unwrap();
        stream.write_all(request).await.unwrap();
        self.received.clear();
        let (start, whole, closes) = loop {
            assert_ne!(stream.read_buf(&mut self.received).await.unwrap(), 0, "closed");
            let Some(end) = self.received.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
            let head = std::str::from_utf8(&self.received[..end]).unwrap().to_ascii_lowercase();
            assert!(head[9..].starts_with("200"), "{head}");
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
            let closes = head.starts_with("http/1.0") || head.contains("connection: close");
            break (end + 4, end + 4 + length.parse::<usize>().unwrap(), closes);
        };
        while self.received.len() < whole {
            assert_ne!(stream.read_buf(&mut self.received).await.unwrap(), 0, "closed");
        }
        if closes {
            self.stream = None;
        }
        &self.received[start..whole]
    }
}

/// Calls a second, and the fewest and the most that one connection got answered.
struct Rate {
    each_second: f64,
    fewest: u64,
    most: u64,
}

fn measure(runtime: &Runtime, address: SocketAddr, calls: u64) -> Rate {
    let (begun, request) = (Arc::new(AtomicU64::new(0)), Arc::new(get()));
    let start = Instant::now();
    let mut made: Vec<u64> = runtime.block_on(async {
        let clients: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                let (begun, request) = (Arc::clone(&begun), Arc::clone(&request));
                tokio::spawn(async move {
                    let (mut connection, mut made) = (Connection::to(address), 0);
                    while begun.fetch_add(1, Ordering::Relaxed) < calls {
                        connection.ask(&request).await;
                        made += 1;
                    }
                    made
                })
            })
            .collect();
        let mut made = Vec::new();
        for client in clients {
            made.push(client.await.unwrap());
        }
        made
    });
    let seconds = start.elapsed().as_secs_f64();
    made.sort_unstable();
    Rate { each_second: calls as f64 / seconds, fewest: made[0], most: made[CONNECTIONS - 1] }
}

fn once(runtime: &Runtime, address: SocketAddr, request: &[u8]) -> Vec<u8> {
    runtime.block_on(async { Connection::to(address).ask(request).await.to_vec() })
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// Milliseconds from starting the process to the line that says it is ready.
fn readiness() -> f64 {
    let figures = (0..STARTS).map(|_| {
        let since = Instant::now();
        let server = Server::glueproof();
        let ready = since.elapsed().as_secs_f64() * 1000.0;
        drop(server);
        ready
    });
    median(figures.collect())
}

fn beside(runtime: &Runtime, url: &str, ours: f64) {
    let address = url.trim_end_matches('/').trim_start_matches("http://").parse().unwrap();
    once(runtime, address, &create());
    measure(runtime, address, CALLS_BESIDE / 4);
    let theirs = measure(runtime, address, CALLS_BESIDE).each_second;
    println!("{url}: {theirs:.0}/s; glueproof serve answers {:.1} times as many", ours / theirs);
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, flag, body] = arguments.as_slice()
        && flag == "--echo"
    {
        return echo(body);
    }
    println!("ready after {:.1} ms (median of {STARTS} starts)", readiness());
    let runtime = Runtime::new().unwrap();
    let fake = Server::glueproof();
    once(&runtime, fake.address, &create());
    let bare = Server::echo(&once(&runtime, fake.address, &get()));
    let (mut ours, mut theirs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (serve, echo) = (measure(&runtime, fake.address, CALLS), measure(&runtime, bare.address, CALLS));
        println!(
            "serve {:.0}/s   bare hyper {:.0}/s   ratio {:.2}   per connection {} to {}",
            serve.each_second,
            echo.each_second,
            serve.each_second / echo.each_second,
            serve.fewest,
            serve.most
        );
        ratios.push(serve.each_second / echo.each_second);
        ours.push(serve.each_second);
        theirs.push(echo.each_second);
    }
    let (ours, theirs, ratio) = (median(ours), median(theirs), median(ratios));
    println!(
        "median of {ROUNDS}, {CONNECTIONS} connections: serve {ours:.0}/s, bare hyper {theirs:.0}/s, ratio {ratio:.2}"
    );
    if let Ok(url) = std::env::var("GLUEPROOF_BENCH_BESIDE") {
        beside(&runtime, &url, ours);
    }
}
