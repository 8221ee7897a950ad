//! The arguments of `glueproof serve`.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::Args;

use crate::client::DEFAULT_REGION;
use crate::config::account;
use crate::fake::Mode;
use crate::model::Edition;

/// `serve`.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// Port to listen on; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 4566)]
    pub port: u16,
    /// Address to listen on. Everyone who reaches another address than loopback can read and change everything in the
    /// cloud, keys included
    #[arg(long, value_name = "ADDR", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub host: IpAddr,
    /// Answer to this name in `Host` too, or to every name below one: `fake`, `*.example.com`; may be repeated
    /// [default: loopback, the address of --host, and host names of buckets]
    #[arg(long, value_name = "NAME")]
    pub allow_host: Vec<String>,
    /// Let web pages of this origin call the services, such as `http://localhost:3000`; may be repeated [default: none]
    #[arg(long, value_name = "ORIGIN", value_parser = origin)]
    pub allow_origin: Vec<String>,
    /// The most connections. Beyond it, the one that is idle longest ends; if none is idle, the answer is 503
    #[arg(long, value_name = "N", default_value_t = 512)]
    pub max_connections: usize,
    /// Serve HTTPS, with a certificate made at the start that signs itself. It is written to FILE, or to a file in the
    /// folder for temporary files, whose name is printed
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "-")]
    pub tls: Option<PathBuf>,
    /// Print a line for each request on standard error: service, operation, caller, outcome and time
    #[arg(long)]
    pub log: bool,
    /// Let other machines use the admin path `/_glueproof/` too
    #[arg(long)]
    pub admin_from_anywhere: bool,
    /// Switch this fault on; may be repeated. `help` lists all faults
    #[arg(long, value_name = "NAME")]
    pub fault: Vec<String>,
    /// Keep state in this file, and begin with the state in it. The file contains keys in plain text unless there is a
    /// state key
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// Encrypt the state file with the key in this file: 32 bytes in base64, as `openssl rand -base64 32` prints them
    /// [default: the variable `GLUEPROOF_STATE_KEY`]
    #[arg(long, value_name = "FILE", requires = "state")]
    pub state_key: Option<PathBuf>,
    /// Checks on callers: `off`, `identify` (the access key id identifies the caller, and no call is refused) or `enforce`
    /// (signatures are verified, and policies decide)
    #[arg(long, value_name = "MODE", default_value = "identify")]
    pub mode: Mode,
    /// Users, roles, policies and access keys to begin with, in TOML; may be repeated
    #[arg(long, value_name = "FILE")]
    pub seed: Vec<PathBuf>,
    /// Account of callers whose access key id is not itself an account number
    #[arg(long, value_name = "DIGITS", default_value = "123456789012", value_parser = account)]
    pub account: String,
    /// Region of requests that are not signed for one
    #[arg(long, value_name = "NAME", default_value = DEFAULT_REGION)]
    pub region: String,
    /// API of the fake: `2018` or `current`
    #[arg(long, value_name = "EDITION", default_value_t)]
    pub edition: Edition,
    /// Security configurations that an account may have in a region
    #[arg(long, value_name = "N", default_value_t = 250)]
    pub quota: usize,
}

/// Checks an origin as browsers write it.
fn origin(text: &str) -> Result<String, String> {
    let authority = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let is_bare =
        authority.is_some_and(|authority| !authority.is_empty() && !authority.contains(['/', '*', ' ']));
    if is_bare || text == "null" {
        Ok(text.to_owned())
    } else {
        Err("write scheme, host and port, such as http://localhost:3000, or null for pages without an origin"
            .to_owned())
    }
}
