//! The text of the file: settings, defaults, and errors that point at their place and quote no secrets.

use std::path::Path;
use std::time::Duration;

use glueproof::config::{ConfigFile, ConfiguredKind};
use glueproof::model::Edition;

fn parse(text: &str) -> ConfigFile {
    ConfigFile::parse(text, Path::new("/project")).unwrap()
}

#[track_caller]
fn wrong(text: &str, place: &str, words: &[&str]) {
    let error = ConfigFile::parse(text, Path::new("/project")).unwrap_err().to_string();
    assert!(error.starts_with(&format!("{place}: ")), "{error}");
    for word in words {
        assert!(error.contains(word), "`{word}` in {error}");
    }
    assert!(!error.contains("s3cret"), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
}

#[test]
fn a_target_has_its_own_settings_and_else_the_defaults() {
    let file = parse(
        r#"
        [defaults]
        timeout = "30s"
        rate = 7
        headers = { x-shared = "a", x-both = "b" }

        [targets.moto]
        url = "http://127.0.0.1:5000"
        region = "eu-west-1"
        profile = "testing"
        headers = { x-both = "c" }
        capabilities = ["core", "crypto"]
        known = "known/moto.toml"
        rate = 2.5
        poll_timeout = "40s"
        edition = "2018"
        jobs = 3
        parity = true
        allow_insecure = ["moto.internal"]

        [targets.sandbox]
        kind = "aws"
        [targets.aws]
        region = "us-east-1"
        "#,
    );
    let moto = file.target("moto").unwrap();
    assert!(
        matches!(&moto.kind, ConfiguredKind::Endpoint { url, at } if url == "http://127.0.0.1:5000" && at.line == 8)
    );
    let settings = &moto.settings;
    assert_eq!(settings.timeout, Some(Duration::from_secs(30)));
    assert_eq!(settings.poll_timeout, Some(Duration::from_secs(40)));
    assert_eq!((settings.rate, settings.jobs, settings.parity), (Some(2.5), Some(3), Some(true)));
    assert_eq!(settings.edition, Some(Edition::E2018));
    assert_eq!(settings.known.as_deref(), Some(Path::new("/project/known/moto.toml")));
    assert_eq!(
        (settings.region.as_deref(), settings.profile.as_deref()),
        (Some("eu-west-1"), Some("testing"))
    );
    assert_eq!(settings.allow_insecure, ["moto.internal"]);
    let capabilities: Vec<&str> = settings.capabilities.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(capabilities, ["core", "crypto"]);
    let ready: Vec<_> = settings.headers.iter().map(|header| header.resolve().unwrap()).collect();
    let sent: Vec<(&str, &str)> = ready.iter().map(|(n, v)| (n.as_str(), v.to_str().unwrap())).collect();
    assert_eq!(sent, [("x-both", "c"), ("x-shared", "a")]);
    let sandbox = file.target("sandbox").unwrap();
    assert_eq!((&sandbox.kind, sandbox.settings.rate), (&ConfiguredKind::Aws, Some(7.0)));
    assert_eq!(file.target("aws").unwrap().kind, ConfiguredKind::Aws);
    assert_eq!(file.names().collect::<Vec<_>>(), ["aws", "moto", "sandbox"]);
}

#[test]
fn the_name_that_was_meant() {
    let file = parse("[targets.moto]\nurl = \"http://a\"\n[targets.floci]\nurl = \"http://b\"\n");
    assert_eq!((file.nearest("mtoo"), file.nearest("nothing-like-it")), (Some("moto"), None));
}

#[test]
fn errors_have_a_place() {
    let target = |line: &str| format!("[targets.moto]\nurl = \"http://a\"\n{line}\n");
    wrong(&target("ulr = 1"), "line 3, column 1", &["ulr", "region"]);
    wrong(&target("rate = 0"), "line 3, column 8", &["`rate`", "greater than zero"]);
    wrong(&target("rate = \"s3cret\""), "line 3, column 8", &["expected f64"]);
    wrong(&target("timeout = \"10h\""), "line 3, column 11", &["`timeout`", "is not a unit"]);
    wrong(&target("edition = \"2017\""), "line 3, column 11", &["`edition`", "2018"]);
    wrong(&target("jobs = 0"), "line 3, column 8", &["`jobs`"]);
    wrong(&target("region = \" \""), "line 3, column 10", &["`region`", "empty"]);
    wrong(&target("kind = \"gcp\""), "line 3, column 8", &["gcp", "endpoint"]);
    wrong(&target("kind = \"aws\""), "line 2, column 7", &["AWS has its own"]);
    wrong("[targets.moto]\nrate = 1\n", "line 1, column 10", &["`moto` needs a `url`"]);
    wrong("[targets.fake]\nurl = \"http://a\"\n", "line 1, column 10", &["embedded fake"]);
    wrong("[defaults]\nurl = \"http://a\"\n", "line 2, column 7", &["belongs to a target"]);
    wrong("[target.moto]\n", "line 1, column 2", &["target", "targets"]);
    wrong("targets = [\n", "line 1, column 12", &["array"]);
}

#[test]
fn headers_that_cannot_be_added() {
    let header = |text: &str| format!("[targets.moto]\nurl = \"http://a\"\nheaders = {text}\n");
    wrong(&header("\"s3cret\""), "line 3, column 11", &["headers"]);
    wrong(&header("{ \"x y\" = \"s3cret\" }"), "line 3, column 14", &["`x y`", "not a valid header name"]);
    wrong(
        &header("{ Authorization = \"s3cret\" }"),
        "line 3, column 13",
        &["the client sets this header itself"],
    );
    wrong(
        &header("{ x-amz-target = \"s3cret\" }"),
        "line 3, column 13",
        &["the client sets this header itself"],
    );
    wrong(&header("{ x-a = \"s3cret\\n\" }"), "line 3, column 13", &["`x-a`", "not valid in a header"]);
    wrong(&header("{ x-a = 1 }"), "line 3, column 13", &["`x-a`", "must be a string"]);
    wrong(&header("{ x-a = { environ = \"s3cret\" } }"), "line 3, column 13", &["env = \"NAME\""]);
}

#[test]
fn nothing_shows_the_value_of_a_header() {
    let text = "[targets.moto]\nurl = \"http://a\"\nheaders = { x-key = \"s3cret\" }\n";
    let shown = format!("{:?}", parse(text));
    assert!(shown.contains("x-key") && !shown.contains("s3cret"), "{shown}");
    let target = parse(text);
    let ready = target.target("moto").unwrap().settings.headers[0].resolve().unwrap();
    assert!(!format!("{ready:?}").contains("s3cret"));
}
