//! `glueproof serve`: the fake cloud on a port, until it is interrupted. Prints its address in one line on standard output,
//! and a line for each request on standard error if the user wants a log.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use tokio::runtime::Builder;

use crate::fake::transport::{Certificate, Options, Server};
use crate::fake::{FakeCloud, FakeCloudBuilder, Fault, Injection, SeedFile, StateKey};

use super::args::ServeArgs;
use super::error::CliError;
use super::mutants::list;
use super::output;
use super::signal::Signals;

/// The variable with the key of the state file.
const STATE_KEY: &str = "GLUEPROOF_STATE_KEY";

/// Serves until interrupted; the second interruption ends it at once.
///
/// # Errors
/// Returns an error if the state file cannot be used, or the port is taken.
pub fn serve(args: &ServeArgs) -> Result<u8, CliError> {
    if args.fault.iter().any(|name| name == "help") {
        output::print(&list(&Fault::all().collect::<Vec<_>>()))?;
        return Ok(0);
    }
    let cloud = cloud(args)?;
    let certificate = args.tls.as_ref().map(|file| certificate(args, file)).transpose()?;
    let options = Options {
        address: SocketAddr::new(args.host, args.port),
        allow_hosts: args.allow_host.clone(),
        allow_origins: args.allow_origin.clone(),
        max_connections: args.max_connections,
        admin_from_anywhere: args.admin_from_anywhere,
        log: args.log.then_some(output::print_error as fn(&str)),
        tls: certificate.as_ref().map(|(certificate, _)| certificate.clone()),
        ..Options::default()
    };
    // Before readiness is announced, so that the reader of the line may end the program at once.
    let waiting = Builder::new_current_thread().enable_all().build().map_err(CliError::Start)?;
    let mut signals = waiting.block_on(async { Signals::listen() }).map_err(CliError::Start)?;
    let server = Server::start(cloud, options)?;
    if !args.host.is_loopback() {
        output::print_error(&exposed(args));
    }
    let trust = certificate.as_ref().map(|(_, file)| {
        format!(
            "glueproof serve: its certificate is {}; trust it with --ca-bundle or AWS_CA_BUNDLE\n",
            file.display()
        )
    });
    output::print(&format!("glueproof serve: ready on {}\n{}", server.url(), trust.unwrap_or_default()))?;
    waiting.block_on(async {
        signals.next().await;
        let stopped = tokio::task::spawn_blocking(move || server.stop());
        tokio::select! {
            _ = stopped => {}
            () = signals.next() => std::process::exit(0),
        }
    });
    Ok(0)
}

/// Makes the certificate and writes it to the file, or to a temporary one for `-`.
fn certificate(args: &ServeArgs, file: &Path) -> Result<(Certificate, PathBuf), CliError> {
    let certificate = Certificate::self_signed(args.host, &args.allow_host)?;
    let file = if file == Path::new("-") {
        let named = tempfile::Builder::new().prefix("glueproof-").suffix(".pem").tempfile();
        let named = named.and_then(|named| named.keep().map_err(|error| error.error));
        let unwritable = |source| CliError::Unwritable { path: std::env::temp_dir(), source, rescued: None };
        named.map_err(unwritable)?.1
    } else {
        file.to_owned()
    };
    output::write(&file, certificate.pem())?;
    Ok((certificate, file))
}

fn cloud(args: &ServeArgs) -> Result<FakeCloud, CliError> {
    let builder = FakeCloud::builder()
        .account(&args.account)
        .region(&args.region)
        .edition(args.edition)
        .security_configuration_quota(args.quota)
        .mode(args.mode)
        .notices(|sentence| output::print_error(&format!("note: {sentence}")));
    let builder = identities(args)?.into_iter().fold(builder, FakeCloudBuilder::identities);
    let builder = args.state.iter().fold(builder, FakeCloudBuilder::state_file);
    let builder = state_key(args)?.into_iter().fold(builder, FakeCloudBuilder::state_key);
    let cloud = builder.build()?;
    for fault in &args.fault {
        cloud.inject(Injection::new(fault.parse()?));
    }
    Ok(cloud)
}

/// Reads the key of the state file, if there is one.
fn state_key(args: &ServeArgs) -> Result<Option<StateKey>, CliError> {
    let (origin, text) = match (&args.state_key, std::env::var(STATE_KEY)) {
        (Some(path), _) => {
            let unreadable = |source| CliError::Unreadable { path: path.clone(), source };
            (path.display().to_string(), std::fs::read_to_string(path).map_err(unreadable)?)
        }
        (None, Ok(text)) if args.state.is_some() => (STATE_KEY.to_owned(), text),
        (None, _) => return Ok(None),
    };
    StateKey::parse(&text).map(Some).map_err(|source| CliError::StateKey { origin, source })
}

fn identities(args: &ServeArgs) -> Result<Vec<SeedFile>, CliError> {
    let read = |path: &PathBuf| {
        let unreadable = |source| CliError::Unreadable { path: path.clone(), source };
        let text = std::fs::read_to_string(path).map_err(unreadable)?;
        SeedFile::parse(&text).map_err(|source| CliError::Seed { path: path.clone(), source })
    };
    args.seed.iter().map(read).collect()
}

fn exposed(args: &ServeArgs) -> String {
    let admin = if args.admin_from_anywhere {
        "The admin path is open to them too: they can read all keys, and replace all state."
    } else {
        "The admin path stays with this machine."
    };
    format!(
        "warning: {} is not a loopback address. Everyone who reaches it can use this cloud as if it were \
         theirs. {admin}",
        args.host
    )
}
