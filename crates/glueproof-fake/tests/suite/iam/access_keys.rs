//! Users' access keys: a secret is shown once, and a key tells who calls.

use super::support::{Signer, all, ask, done, refusal, text};
use crate::support::{ACCOUNT, cloud};

const ALICE: (&str, &str) = ("UserName", "alice");

#[test]
fn a_key_is_shown_once_with_its_secret() {
    let cloud = cloud();
    done(ask(&cloud, &[("Action", "CreateUser"), ALICE]));
    let made = done(ask(&cloud, &[("Action", "CreateAccessKey"), ALICE]));
    let (id, secret) = (text(&made, "AccessKeyId"), text(&made, "SecretAccessKey"));
    assert!(id.starts_with("AKIA") && id.len() == 20, "{id}");
    assert_eq!(secret.len(), 40);
    let listed = done(ask(&cloud, &[("Action", "ListAccessKeys"), ALICE]));
    assert_eq!((all(&listed, "AccessKeyId"), text(&listed, "Status")), (vec![id], "Active".to_owned()));
    assert!(!listed.text.contains(&secret));
    assert!(!format!("{cloud:?}").contains(&secret));
}

#[test]
fn secrets_do_not_follow_the_seed() {
    let secret = || {
        let cloud = cloud();
        done(ask(&cloud, &[("Action", "CreateUser"), ALICE]));
        text(&done(ask(&cloud, &[("Action", "CreateAccessKey"), ALICE])), "SecretAccessKey")
    };
    assert_ne!(secret(), secret());
}

#[test]
fn an_access_key_identifies_its_caller() {
    let cloud = cloud();
    done(ask(&cloud, &[("Action", "CreateUser"), ALICE, ("Path", "/team/")]));
    let made = done(ask(&cloud, &[("Action", "CreateAccessKey"), ALICE]));
    let signer = Signer::new(&text(&made, "AccessKeyId"), "whatever", "sts");
    let answer = done(signer.ask(&cloud, &[("Action", "GetCallerIdentity")]));
    assert_eq!(text(&answer, "Arn"), format!("arn:aws:iam::{ACCOUNT}:user/team/alice"));
    assert!(text(&answer, "UserId").starts_with("AIDA"));
    let own = done(signer.ask(&cloud, &[("Action", "GetUser")]));
    assert_eq!(text(&own, "UserName"), "alice");
}

#[test]
fn a_user_has_two_keys_at_most_and_goes_after_them() {
    let cloud = cloud();
    done(ask(&cloud, &[("Action", "CreateUser"), ALICE]));
    let ids =
        [(); 2].map(|()| text(&done(ask(&cloud, &[("Action", "CreateAccessKey"), ALICE])), "AccessKeyId"));
    let third = ask(&cloud, &[("Action", "CreateAccessKey"), ALICE]);
    assert_eq!(refusal(&third), (409, "LimitExceeded".to_owned()));
    let early = ask(&cloud, &[("Action", "DeleteUser"), ALICE]);
    assert_eq!(refusal(&early), (409, "DeleteConflict".to_owned()));
    for id in &ids {
        done(ask(&cloud, &[("Action", "DeleteAccessKey"), ALICE, ("AccessKeyId", id)]));
        let again = ask(&cloud, &[("Action", "DeleteAccessKey"), ALICE, ("AccessKeyId", id)]);
        assert_eq!(refusal(&again), (404, "NoSuchEntity".to_owned()));
    }
    done(ask(&cloud, &[("Action", "DeleteUser"), ALICE]));
}

#[test]
fn callers_that_are_no_users_must_name_one() {
    let answer = ask(&cloud(), &[("Action", "CreateAccessKey")]);
    assert_eq!(refusal(&answer), (400, "ValidationError".to_owned()));
}
