//! Users: made, read, listed, removed, and refused as IAM refuses.

use super::support::{all, ask, done, refusal, text};
use crate::support::{ACCOUNT, cloud};

#[test]
fn a_user_reads_back_as_created() {
    let cloud = cloud();
    let made = done(ask(&cloud, &[("Action", "CreateUser"), ("UserName", "a+b"), ("Path", "/team/x/")]));
    assert!(
        made.text.starts_with(r#"<CreateUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">"#)
    );
    assert_eq!(made.headers["content-type"], "text/xml");
    assert_eq!(text(&made, "RequestId"), made.headers["x-amzn-requestid"].to_str().unwrap());
    let read = done(ask(&cloud, &[("Action", "GetUser"), ("UserName", "a+b")]));
    for answer in [made, read] {
        assert_eq!(text(&answer, "Arn"), format!("arn:aws:iam::{ACCOUNT}:user/team/x/a+b"));
        assert_eq!(
            (text(&answer, "UserName"), text(&answer, "Path")),
            ("a+b".to_owned(), "/team/x/".to_owned())
        );
        assert_eq!(text(&answer, "CreateDate"), "2020-05-27T23:23:42Z");
        let id = text(&answer, "UserId");
        assert!(id.starts_with("AIDA") && id.len() == 21, "{id}");
    }
}

#[test]
fn a_removed_user_is_gone() {
    let cloud = cloud();
    let named = |action| ask(&cloud, &[("Action", action), ("UserName", "alice")]);
    done(named("CreateUser"));
    let removed = done(named("DeleteUser"));
    assert!(!removed.text.contains("Result"), "{}", removed.text);
    for action in ["GetUser", "DeleteUser"] {
        let answer = named(action);
        assert_eq!(refusal(&answer), (404, "NoSuchEntity".to_owned()));
        assert_eq!(text(&answer, "Message"), "The user with name alice cannot be found.");
    }
}

#[test]
fn names_are_taken_whatever_their_case() {
    let cloud = cloud();
    done(ask(&cloud, &[("Action", "CreateUser"), ("UserName", "alice")]));
    let answer = ask(&cloud, &[("Action", "CreateUser"), ("UserName", "Alice")]);
    assert_eq!(refusal(&answer), (409, "EntityAlreadyExists".to_owned()));
}

#[test]
fn lists_come_in_pages_and_by_path() {
    let cloud = cloud();
    for (name, path) in [("c", "/x/"), ("a", "/x/"), ("b", "/y/"), ("d", "/x/")] {
        done(ask(&cloud, &[("Action", "CreateUser"), ("UserName", name), ("Path", path)]));
    }
    let list = [("Action", "ListUsers"), ("PathPrefix", "/x/"), ("MaxItems", "2")];
    let first = done(ask(&cloud, &list));
    assert_eq!(
        (all(&first, "UserName").join(""), text(&first, "IsTruncated")),
        ("ac".to_owned(), "true".to_owned())
    );
    let marker = text(&first, "Marker");
    let second = done(ask(&cloud, &[&list[..], &[("Marker", &marker)]].concat()));
    assert_eq!(
        (all(&second, "UserName").join(""), text(&second, "IsTruncated")),
        ("d".to_owned(), "false".to_owned())
    );
    assert!(all(&second, "Marker").is_empty());
}

#[test]
fn invalid_names_and_paths_are_refused() {
    let long = "x".repeat(65);
    for (name, path) in [("a b", "/"), ("", "/"), (&*long, "/"), ("a", "x/"), ("a", "/x"), ("a", "/\u{e9}/")]
    {
        let answer = ask(&cloud(), &[("Action", "CreateUser"), ("UserName", name), ("Path", path)]);
        assert_eq!(refusal(&answer), (400, "ValidationError".to_owned()), "{name} {path}");
    }
    assert_eq!(refusal(&ask(&cloud(), &[("Action", "CreateUser")])).1, "ValidationError");
}

#[test]
fn the_account_itself_is_a_user_without_name() {
    let answer = done(ask(&cloud(), &[("Action", "GetUser")]));
    assert_eq!(text(&answer, "Arn"), format!("arn:aws:iam::{ACCOUNT}:root"));
    assert!(all(&answer, "UserName").is_empty());
}

#[test]
fn unknown_and_missing_actions_are_refused() {
    for (pairs, code) in
        [(&[("Action", "Destroy<&>")][..], "InvalidAction"), (&[("Version", "2010-05-08")], "MissingAction")]
    {
        let answer = ask(&cloud(), pairs);
        assert_eq!(refusal(&answer), (400, code.to_owned()), "{}", answer.text);
    }
}

#[test]
fn names_that_mean_nothing_do_no_harm() {
    let cloud = cloud();
    let deep = "a.".repeat(50_000);
    for name in ["UserName.x", "UserName.member.1", ".", "member.1", "UserName.member", &deep] {
        let answer = ask(&cloud, &[("Action", "CreateUser"), (name, "v")]);
        assert_eq!(answer.status, 400, "{}", answer.text);
    }
    let both = [("Action", "CreateUser"), ("UserName", "a"), ("UserName.member.1", "b")];
    done(ask(&cloud, &both));
}
