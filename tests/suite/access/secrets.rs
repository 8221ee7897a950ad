//! Credentials that a call borrows are in no report, no saved case and no file, also if the rule is violated.

use glueproof::fake::{FakeCloud, Mode};

use crate::server::fake;
use crate::trial::{Judge, validate};

/// Roles are lent and nothing is refused, so that every rule of refusals has a finding with a lent role in it.
#[test]
fn findings_show_the_caller_without_credentials() {
    let cloud = FakeCloud::builder().mode(Mode::Identify).build().unwrap();
    let judged =
        Judge::only(&["glue/GetSecurityConfigurations/access/*", "kms/Encrypt/access/statement/not-named"])
            .run(fake(&cloud));
    let failed: Vec<&str> = judged.ids(glueproof::run::Outcome::Failed);
    assert_eq!(
        failed,
        [
            "glue/GetSecurityConfigurations/access/denied",
            "glue/GetSecurityConfigurations/access/late",
            "glue/GetSecurityConfigurations/access/not-permitted",
            "glue/GetSecurityConfigurations/access/unknown-key",
            "glue/GetSecurityConfigurations/access/unsigned",
            "glue/GetSecurityConfigurations/access/wrong-secret",
            "kms/Encrypt/access/statement/not-named",
        ]
    );
    let report = glueproof::report::json::write(&judged.report).unwrap();
    validate(&serde_json::from_str(&report).unwrap());
    let cases: String = judged.cases.values().map(|case| case.to_json().unwrap()).collect();
    assert!(report.contains(r#""by": "session""#) && report.contains(r#""lends": "session""#), "{report}");
    let lent = lent(&cloud);
    assert!(lent.len() >= 4, "every lent role has a secret and a token: {lent:?}");
    let shown = format!("{report}{cases}{judged:?}");
    assert!(!lent.iter().any(|secret| shown.contains(secret.as_str())));
}

/// Every secret and token that the fake has handed out.
fn lent(cloud: &FakeCloud) -> Vec<String> {
    fn collect(value: &serde_json::Value, found: &mut Vec<String>) {
        match value {
            serde_json::Value::Object(map) => {
                for (name, inner) in map {
                    match (name.as_str(), inner) {
                        ("secret" | "token", serde_json::Value::String(text)) => found.push(text.clone()),
                        _ => collect(inner, found),
                    }
                }
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    collect(&serde_json::from_str(&cloud.snapshot().to_json().unwrap()).unwrap(), &mut found);
    found
}
