//! The users and roles a cloud starts with, and who exists at all. Must not know how a cloud is set up
//! beyond the seed files and ARNs it was told.

use super::document::Document;
use super::state::{Role, User};
use crate::fake::cloud::Cloud;

/// Lets in whom the seed files have, and makes users and roles of the principals that the cloud was told of.
/// Other ARNs, such as those of role sessions, exist without being anybody's.
pub fn populate(cloud: &mut Cloud) {
    for seed in cloud.settings.seeds.clone() {
        seed.sow(cloud);
    }
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
    let user = User::new(cloud, account, path, name);
    cloud.account_named(account).iam.users.entry(name.to_owned()).or_insert(user);
}

/// Its account may assume it, as far as the account's policies let it.
fn add_role(cloud: &mut Cloud, account: &str, path: String, name: &str) {
    let role = Role::new(cloud, account, path, name, Document::trusting(account));
    cloud.account_named(account).iam.roles.entry(name.to_owned()).or_insert(role);
}
