//! The users and roles a cloud starts with, and who exists at all. Must not know how a cloud is set up
//! beyond the seed files and ARNs it was told.

use super::document::Document;
use super::state::{Role, User};
use crate::cloud::Cloud;

/// Lets in whom the seed files have, and makes users and roles of the principals that the cloud was told of.
/// Other ARNs, such as those of role sessions, exist without being anybody's.
pub fn populate(cloud: &mut Cloud) {
    for seed in cloud.settings.seeds.clone() {
        seed.sow(cloud);
    }
    for arn in cloud.settings.principals.clone() {
        if let Some((account, kind, path, name)) = taken_apart(&arn) {
            match kind {
                Kind::User => add_user(cloud, account, path, name),
                Kind::Role => add_role(cloud, account, path, name),
            }
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    User,
    Role,
}

/// ARNs of everybody who exists.
pub fn principals(cloud: &Cloud) -> Vec<String> {
    let known = cloud.accounts().flat_map(|(_, account)| account.iam.principals());
    let others = cloud.settings.principals.iter().filter(|arn| taken_apart(arn).is_none()).cloned();
    known.map(str::to_owned).chain(others).collect()
}

/// Account, kind, path and name of `arn:aws:iam::ACCOUNT:user/PATH/NAME`.
fn taken_apart(arn: &str) -> Option<(&str, Kind, String, &str)> {
    let (account, rest) = arn.strip_prefix("arn:aws:iam::")?.split_once(':')?;
    let (kind, rest) = rest.split_once('/')?;
    let kind = match kind {
        "user" => Kind::User,
        "role" => Kind::Role,
        _ => return None,
    };
    let (path, name) = rest.rsplit_once('/').map_or(("", rest), |(path, name)| (path, name));
    let path = if path.is_empty() { "/".to_owned() } else { format!("/{path}/") };
    Some((account, kind, path, name))
}

fn add_user(cloud: &mut Cloud, account: &str, path: String, name: &str) {
    let user = User::new(cloud, account, path, name);
    cloud.account_named(account).iam.users.entry(name.to_owned()).or_insert(user);
}

/// Its account may assume it, as far as the account's policies let it.
fn add_role(cloud: &mut Cloud, account: &str, path: String, name: &str) {
    let role = Role::new(cloud, account, path, name, Document::trusting(account));
    cloud.account_named(account).iam.roles.entry(name.to_owned()).or_insert(role);
}
