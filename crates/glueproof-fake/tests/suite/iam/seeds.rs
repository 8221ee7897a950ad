//! Seed files: what they say is there from the start, and what is wrong with one is said with its place.

use glueproof_fake::{FakeCloud, SeedFile};

use super::support::{all, ask, done, seed, text};

fn problem(text: &str) -> String {
    SeedFile::parse(text).map_or_else(|e| e.to_string(), |_| "no problem".to_owned())
}

#[test]
fn identities_of_the_file_exist() {
    let cloud = FakeCloud::builder().identities(seed()).build().unwrap();
    assert_eq!(
        all(&done(ask(&cloud, &[("Action", "ListUsers")])), "Arn"),
        ["arn:aws:iam::123456789012:user/alice"]
    );
    let role = done(ask(&cloud, &[("Action", "GetRole"), ("RoleName", "writer")]));
    assert_eq!(text(&role, "Arn"), "arn:aws:iam::123456789012:role/team/writer");
    assert!(text(&role, "AssumeRolePolicyDocument").contains("123456789012%3Aroot"));
    let keys = done(ask(&cloud, &[("Action", "ListAccessKeys"), ("UserName", "alice")]));
    assert_eq!(all(&keys, "AccessKeyId"), ["AKIAALICE"]);
    let policies = done(ask(&cloud, &[("Action", "ListRolePolicies"), ("RoleName", "writer")]));
    assert_eq!(all(&policies, "member"), ["writes"]);
}

#[test]
fn a_file_may_be_of_another_account_and_hold_policies_as_json() {
    let seed = SeedFile::parse(
        r#"
        account = "999999999999"
        [[roles]]
        name = "r"
        description = "reads"
        max_session_duration = 7200
        trust = '{"Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}}'
        policies = { p = '''{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}''' }
        "#,
    );
    let cloud =
        FakeCloud::builder().identities(seed.unwrap()).identities(super::support::seed()).build().unwrap();
    assert_eq!(all(&done(ask(&cloud, &[("Action", "ListRoles")])), "RoleName"), ["writer"]);
    let assume = [
        ("Action", "AssumeRole"),
        ("RoleSessionName", "now"),
        ("RoleArn", "arn:aws:iam::999999999999:role/r"),
    ];
    let answer = done(ask(&cloud, &[&assume[..], &[("DurationSeconds", "7200")]].concat()));
    assert_eq!(text(&answer, "Arn"), "arn:aws:sts::999999999999:assumed-role/r/now");
}

#[test]
fn problems_are_said_with_their_place() {
    let key = |id: &str, secret: &str| format!("root_keys = [{{ id = \"{id}\", secret = \"{secret}\" }}]");
    for (text, at) in [
        ("[[users]]\nname = \"a\"\nkeys = []", "line 3, column 1: unknown field `keys`"),
        ("[[users]]\npath = \"/\"", "line 1, column 1: missing field `name`"),
        ("users = 7", "line 1, column 9: "),
        ("[[users]]\nname = \"a b\"", "line 2, column 8: "),
        ("[[users]]\n  name = \"a\"\n  path = \"x\"", "line 3, column 10: "),
        ("account = \"12\"", "line 1, column 11: an account has twelve digits"),
        (
            "[[users]]\nname = \"a\"\npolicies = { p = '{' }",
            "line 3, column 18: This policy contains invalid Json",
        ),
        (
            "[[roles]]\nname = \"a\"\ntrust = '{\"Statement\":[]}'",
            "line 3, column 9: Syntax errors in policy.",
        ),
        ("[[roles]]\nname = \"a\"\nmax_session_duration = 5", "line 3, column 24: "),
        ("= 1", "line 1, column 1: "),
        (&key("", "s"), "line 1, column 21: "),
        (&key("AKIA", ""), "line 1, column 38: "),
    ] {
        let problem = problem(text);
        assert!(problem.starts_with(at), "{text:?}: {problem}");
    }
}

#[test]
fn names_and_keys_are_unique() {
    let twice = |text: &str| problem(&format!("{text}\n{text}"));
    assert!(
        twice("[[users]]\nname = \"a\"").starts_with("line 4, column 8: "),
        "{}",
        twice("[[users]]\nname = \"a\"")
    );
    assert!(twice("[[roles]]\nname = \"a\"").starts_with("line 4, column 8: "));
    let keys = "[[users]]\nname = \"a\"\naccess_keys = [{ id = \"K\", secret = \"s\" }, { id = \"K\", secret = \"t\" }]";
    assert!(problem(keys).starts_with("line 3, column 51: "), "{}", problem(keys));
}

#[test]
fn no_secret_is_told() {
    let text = "root_keys = [{ id = \"K\", secret = \"hush\" }]";
    let cloud = FakeCloud::builder().identities(SeedFile::parse(text).unwrap()).build().unwrap();
    assert!(!format!("{:?} {cloud:?}", SeedFile::parse(text)).contains("hush"));
    for wrong in
        ["root_keys = [{ id = \"K\", secret = [\"hush\"] }]", "root_keys = [{ id = \"K\", secret = \"hush }]"]
    {
        assert!(!format!("{:?}", SeedFile::parse(wrong)).contains("hush"), "{:?}", SeedFile::parse(wrong));
    }
}
