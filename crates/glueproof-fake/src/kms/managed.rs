//! The keys that AWS keeps for its services, there as soon as somebody names their alias. Must not let
//! anybody change one.

use serde_json::json;

use super::create_key::{self, NewKey};
use super::key::Manager;
use super::principal;
use super::spec::{KeySpec, KeyUsage};
use super::state::Alias;
use crate::caller::{Caller, service_host};
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::tags::Tags;

/// How the aliases of such keys begin; nobody else may use it.
pub const PREFIX: &str = "alias/aws/";

/// A service with a key of its own.
struct Keeper {
    service: &'static str,
    description: &'static str,
}

/// E079 has Glue's text.
const KEEPERS: [Keeper; 3] = [
    Keeper {
        service: "glue",
        description: "Default master key that protects my Glue data when no other key is defined",
    },
    Keeper {
        service: "s3",
        description: "Default master key that protects my S3 objects when no other key is defined",
    },
    Keeper {
        service: "secretsmanager",
        description: "Default master key that protects my Secrets Manager secrets when no other key is defined",
    },
];

/// Makes the key of that alias unless it is there already, or the alias is none of AWS's.
pub fn provide(cloud: &mut Cloud, caller: &Caller, alias: &str) -> Result<(), ServiceError> {
    let service = alias.strip_prefix(PREFIX);
    let Some(keeper) = KEEPERS.iter().find(|keeper| Some(keeper.service) == service) else { return Ok(()) };
    if cloud.region(caller).kms.aliases.contains_key(alias) {
        return Ok(());
    }
    let key = create_key::insert(
        cloud,
        caller,
        NewKey {
            spec: KeySpec::SYMMETRIC_DEFAULT,
            usage: KeyUsage::EncryptDecrypt,
            manager: Manager::Aws,
            description: keeper.description.to_owned(),
            policy: policy(keeper.service, caller),
            tags: Tags::new(),
        },
    )?;
    let (target, created) = (key.id.clone(), key.created);
    let entry = Alias { target, created, updated: created };
    cloud.region(caller).kms.aliases.insert(alias.to_owned(), entry);
    Ok(())
}

/// Everybody in the account, but only through the service.
fn policy(service: &str, caller: &Caller) -> String {
    let (account, region) = (&caller.account, &caller.region);
    json!({
        "Version": "2012-10-17",
        "Id": format!("auto-{service}-1"),
        "Statement": [
            {
                "Sid": format!("Allow access through {service} for all principals in the account"),
                "Effect": "Allow",
                "Principal": { "AWS": "*" },
                "Action": [
                    "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey",
                ],
                "Resource": "*",
                "Condition": { "StringEquals": {
                    "kms:CallerAccount": account,
                    "kms:ViaService": service_host(service, region),
                }},
            },
            {
                "Sid": "Allow direct access to key metadata to the account",
                "Effect": "Allow",
                "Principal": { "AWS": principal::root(caller) },
                "Action": ["kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant"],
                "Resource": "*",
            },
        ],
    })
    .to_string()
}
