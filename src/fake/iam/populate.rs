//! The users and roles a cloud starts with, and who exists at all. Must not know how a cloud is set up
//! beyond the ARNs it was told.

use serde_json::json;

use super::state::{Policies, Role, User};
use crate::fake::cloud::Cloud;

/// The longest session of a role for which nothing else was said, in seconds.
const AN_HOUR: u32 = 3600;

/// Makes users and roles of the principals that the cloud was told of. Other ARNs, such as those of role
/// sessions, exist without being anybody's.
pub fn populate(cloud: &mut Cloud) {
    for arn in cloud.settings.principals.clone() {
        let Some((account, kind, path, name)) = taken_apart(&arn) else { continue };
        match kind.as_str() {
            "user" => add_user(cloud, &account, path, &name),
            "role" => add_role(cloud, &account, path, &name),
            _ => {}
        }
    }
}

/// ARNs of everybody who exists.
pub fn principals(cloud: &Cloud) -> Vec<String> {
    let known = cloud.accounts().flat_map(|(_, account)| account.iam.principals());
    known.map(str::to_owned).chain(cloud.settings.principals.iter().cloned()).collect()
}

/// Account, kind, path and name of `arn:aws:iam::ACCOUNT:user/PATH/NAME`.
fn taken_apart(arn: &str) -> Option<(String, String, String, String)> {
    let (_, rest) = arn.split_once(":iam::")?;
    let (account, rest) = rest.split_once(':')?;
    let (kind, rest) = rest.split_once('/')?;
    let (path, name) =
        rest.rsplit_once('/').map_or((String::new(), rest), |(path, name)| (format!("{path}/"), name));
    Some((account.to_owned(), kind.to_owned(), format!("/{path}"), name.to_owned()))
}

fn add_user(cloud: &mut Cloud, account: &str, path: String, name: &str) {
    let (id, created) = (cloud.random.identifier("AIDA"), cloud.now());
    let arn = format!("arn:aws:iam::{account}:user{path}{name}");
    let user =
        User { path, id, arn, created, policies: Policies::new(), keys: std::collections::BTreeMap::new() };
    cloud.account_named(account).iam.users.insert(name.to_owned(), user);
}

/// Its account may assume it, as far as the account's policies let it.
fn add_role(cloud: &mut Cloud, account: &str, path: String, name: &str) {
    let (id, created) = (cloud.random.identifier("AROA"), cloud.now());
    let arn = format!("arn:aws:iam::{account}:role{path}{name}");
    let trust = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow",
        "Principal": { "AWS": format!("arn:aws:iam::{account}:root") },
        "Action": "sts:AssumeRole",
    }] });
    let role = Role {
        path,
        id,
        arn,
        created,
        description: None,
        longest: AN_HOUR,
        trust,
        policies: Policies::new(),
    };
    cloud.account_named(account).iam.roles.insert(name.to_owned(), role);
}
