//! Secrets that the run was given appear in no output, although the target echoes everything it receives.

use std::sync::Arc;

use bytes::Bytes;
use http::Response;

use crate::server::{Answers, Socket, fake, operation};
use crate::trial::{Setting, cloud};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfi";
const TOKEN: &str = "FwoGZXIvYXdzE/token+with/special==";
const HEADER: &str = "header-value-0815";

/// The fake, but one operation answers with the headers of the request and with the secret.
fn echoing() -> Answers {
    let right = fake(&cloud());
    Arc::new(move |request| {
        if operation(&request) != "GetSecurityConfiguration" {
            return right(request);
        }
        let headers: Vec<String> = request
            .headers()
            .iter()
            .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
            .collect();
        let message = format!("{SECRET} {}", headers.join("; "));
        let body =
            serde_json::json!({ "__type": "EntityNotFoundException", "Message": message, "Name": message });
        Some(Response::builder().status(200).body(Bytes::from(body.to_string())).unwrap())
    })
}

#[test]
fn echoed_secrets_reach_no_output() {
    let (setting, server) = (Setting::new(), Socket::serve(echoing()));
    let config =
        format!("[targets.echo]\nurl = \"{}\"\nheaders = {{ x-api-key = \"{HEADER}\" }}\n", server.url());
    std::fs::write(setting.path("glueproof.toml"), config).unwrap();
    let files = ["--json", "r.json", "--junit", "r.xml", "--html", "r.html", "--markdown", "r.md"];
    let arguments = [
        &["run", "echo", "--all", "--only", "glue/GetSecurityConfiguration/", "--cases", "1"][..],
        &files[..],
    ];
    let run = setting.program(&arguments.concat()).env("AWS_ACCESS_KEY_ID", "AKIAGLUEPROOFTEST123");
    let ended = run.env("AWS_SECRET_ACCESS_KEY", SECRET).env("AWS_SESSION_TOKEN", TOKEN).start().end();
    assert_eq!(ended.code(), 1, "{ended:#?}");
    let mut texts = vec![("stdout".to_owned(), ended.stdout), ("stderr".to_owned(), ended.stderr)];
    for entry in walk(&setting.path(".")) {
        let text = std::fs::read(&entry).unwrap();
        texts.push((entry.display().to_string(), String::from_utf8_lossy(&text).into_owned()));
    }
    assert!(texts.len() > 6, "reports and findings are written");
    for (name, text) in texts.iter().filter(|(name, _)| !name.ends_with("glueproof.toml")) {
        for secret in [SECRET, TOKEN, HEADER] {
            assert!(!text.contains(secret), "{secret} in {name}");
        }
        let signature = text.split("Signature=").nth(1).map(|rest| rest.chars().take(64).collect::<String>());
        assert!(
            signature.as_ref().is_none_or(|text| !text.chars().all(|c| c.is_ascii_hexdigit())),
            "{signature:?} in {name}"
        );
    }
    assert!(
        texts.iter().any(|(_, text)| text.contains("[hidden]")),
        "the echo is reported without the secrets"
    );
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}
