//! TLS: certificates that the user names are trusted, and errors of certificates say what to do.

use glueproof::fake::transport::{Certificate, Options, Server};
use glueproof::fake::{FakeCloud, Fault, Injection, Mode, SeedFile};

use crate::server::{Socket, fake};
use crate::trial::{Setting, cloud};

const QUICK: &str = "GetSecurityConfiguration/errors";
const ACCOUNT: &str = "000000000000";

fn serve(cloud: FakeCloud, certificate: &Certificate) -> Server {
    Server::start(cloud, Options { tls: Some(certificate.clone()), ..Options::default() }).unwrap()
}

/// A certificate that signs itself and says that it belongs to an authority, as `openssl req -x509` makes them.
fn authority(names: &[&str]) -> Certificate {
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let mut parameters = rcgen::CertificateParams::new(names).unwrap();
    parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let key = rcgen::KeyPair::generate().unwrap();
    Certificate::new(&parameters.self_signed(&key).unwrap(), &key).unwrap()
}

fn usual() -> Certificate {
    Certificate::self_signed("127.0.0.1".parse().unwrap(), &[]).unwrap()
}

#[test]
fn a_certificate_of_an_unknown_authority_is_refused_with_advice() {
    let (setting, server) = (Setting::new(), serve(cloud(), &usual()));
    let ended = setting.run(&["run", &server.url(), "--only", QUICK]);
    assert_eq!(ended.code(), 3, "{ended:#?}");
    for part in ["UnknownIssuer", "--ca-bundle FILE", "AWS_CA_BUNDLE"] {
        assert!(ended.stderr.contains(part), "`{part}` in {}", ended.stderr);
    }
}

#[test]
fn certificates_are_named_on_the_command_line_in_the_file_or_in_the_environment() {
    for certificate in [usual(), authority(&["localhost", "127.0.0.1"])] {
        let (setting, server) = (Setting::new(), serve(cloud(), &certificate));
        std::fs::write(setting.path("server.pem"), certificate.pem()).unwrap();
        let url = server.url();
        let ended = setting.run(&["run", &url, "--only", QUICK, "--ca-bundle", "server.pem"]);
        assert_eq!(ended.code(), 0, "{ended:#?}");
        let run = setting.program(&["run", &url, "--only", QUICK]).env("AWS_CA_BUNDLE", "server.pem");
        let ended = run.start().end();
        assert_eq!(ended.code(), 0, "{ended:#?}");
        let text = format!("[targets.mine]\nurl = \"{url}\"\nca_bundle = \"server.pem\"\n");
        std::fs::write(setting.path("glueproof.toml"), text).unwrap();
        let ended = setting.run(&["run", "mine", "--only", QUICK]);
        assert_eq!(ended.code(), 0, "{ended:#?}");
    }
}

#[test]
fn a_trusted_certificate_still_needs_the_name_of_the_host() {
    let certificate = authority(&["other.example"]);
    let (setting, server) = (Setting::new(), serve(cloud(), &certificate));
    std::fs::write(setting.path("server.pem"), certificate.pem()).unwrap();
    let ended = setting.run(&["run", &server.url(), "--only", QUICK, "--ca-bundle", "server.pem"]);
    assert_eq!(ended.code(), 3, "{ended:#?}");
    assert!(ended.stderr.contains("by a name that the certificate contains"), "{}", ended.stderr);
}

#[test]
fn a_file_without_certificates_is_refused_before_the_run() {
    let setting = Setting::new();
    std::fs::write(setting.path("empty.pem"), "no certificate").unwrap();
    for (file, problem) in [("empty.pem", "no certificate"), ("none.pem", "No such file")] {
        let ended = setting.run(&["run", "https://127.0.0.1:9", "--ca-bundle", file]);
        assert_eq!(ended.code(), 2, "{ended:#?}");
        assert!(ended.stderr.contains(file) && ended.stderr.contains(problem), "{}", ended.stderr);
    }
}

/// An emulator of AWS: HTTPS on this machine, signatures checked, endpoint and keys in a profile of the AWS configuration.
#[test]
fn a_profile_of_the_aws_configuration_leads_to_an_emulator_with_tls() {
    const SEED: &str = r#"
        account = "000000000000"
        [[users]]
        name = "emulated"
        access_keys = [{ id = "AKIAGLUEPROOFTEST123", secret = "s3cret-of-emulator" }]
        [users.policies.everything]
        Version = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
    "#;
    let builder = FakeCloud::builder().account(ACCOUNT).mode(Mode::Enforce);
    let cloud = builder.identities(SeedFile::parse(SEED).unwrap()).build().unwrap();
    let (setting, certificate) = (Setting::new(), usual());
    let server = serve(cloud, &certificate);
    std::fs::write(setting.path("server.pem"), certificate.pem()).unwrap();
    let config = format!(
        "[profile emulator]\nendpoint_url = {}\nregion = us-east-1\naws_access_key_id = AKIAGLUEPROOFTEST123\n\
         aws_secret_access_key = s3cret-of-emulator\n",
        server.url()
    );
    std::fs::write(setting.path("aws-config"), config).unwrap();
    let arguments =
        ["run", "aws", "--account", ACCOUNT, "--profile", "emulator", "--only", QUICK, "--rate", "100000"];
    let run = setting.program(&[&arguments[..], &["--ca-bundle", "server.pem"]].concat());
    let ended = run.env("AWS_CONFIG_FILE", "aws-config").start().end();
    assert_eq!(ended.code(), 0, "{ended:#?}");
}

/// The environment of a machine may name certificates that have nothing to do with this target.
#[test]
fn printed_commands_for_a_target_without_tls_name_no_certificate() {
    let (setting, cloud) = (Setting::new(), cloud());
    cloud.inject(Injection::new("no-request-id".parse::<Fault>().unwrap()));
    let server = Socket::serve(fake(&cloud));
    std::fs::write(setting.path("some.pem"), usual().pem()).unwrap();
    let only = "glue/GetSecurityConfiguration/wire/request-id";
    let arguments = ["run", &server.url(), "--only", only, "--parity", "--json", "report.json"];
    assert_eq!(setting.program(&arguments).env("AWS_CA_BUNDLE", "some.pem").start().end().code(), 1);
    let report = setting.report("report.json");
    let commands = &report.results[0].finding.as_ref().unwrap().reproduce;
    assert!(!commands.curl.is_empty() && commands.replay.is_some(), "{commands:?}");
    assert!(!format!("{commands:?}").contains("some.pem"), "{commands:?}");
}

#[test]
fn printed_commands_name_the_trusted_certificate() {
    let (setting, certificate, cloud) = (Setting::new(), usual(), cloud());
    cloud.inject(Injection::new("no-request-id".parse::<Fault>().unwrap()));
    let server = serve(cloud, &certificate);
    std::fs::write(setting.path("server.pem"), certificate.pem()).unwrap();
    let only = "glue/GetSecurityConfiguration/wire/request-id";
    let arguments = [
        "run",
        &server.url(),
        "--only",
        only,
        "--ca-bundle",
        "server.pem",
        "--parity",
        "--json",
        "report.json",
    ];
    assert_eq!(setting.run(&arguments).code(), 1);
    let report = setting.report("report.json");
    let commands = &report.results[0].finding.as_ref().unwrap().reproduce;
    assert!(commands.curl.iter().all(|command| command.contains("--cacert server.pem")), "{commands:?}");
    assert!(commands.replay.as_ref().unwrap().ends_with("--ca-bundle server.pem"), "{commands:?}");
}
