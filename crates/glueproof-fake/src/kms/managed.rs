//! The keys that AWS manages for its services. They exist as soon as a call names their alias. Must not
//! change a key.

use serde_json::json;

use super::key::{Manager, Origin};
use super::new_key::{self, NewKey};
use super::principal;
use super::spec::{KeySpec, KeyUsage};
use super::state::Alias;
use crate::caller::{Caller, service_host};
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::tags::Tags;

/// The prefix of aliases of managed keys. Callers cannot use it.
pub const PREFIX: &str = "alias/aws/";

/// A service with a managed key.
struct ManagedKeyService {
    service: &'static str,
    description: &'static str,
}

/// The services with managed keys. The description of Glue's is that of E079.
const MANAGED_KEYS: [ManagedKeyService; 3] = [
    ManagedKeyService {
        service: "glue",
        description: "Default master key that protects my Glue data when no other key is defined",
    },
    ManagedKeyService {
        service: "s3",
        description: "Default master key that protects my S3 objects when no other key is defined",
    },
    ManagedKeyService {
        service: "secretsmanager",
        description: "Default master key that protects my Secrets Manager secrets when no other key is defined",
    },
];

/// Creates the managed key of an alias, unless it exists.
pub fn provide(cloud: &mut Cloud, caller: &Caller, alias: &str) -> Result<(), ServiceError> {
    let service = alias.strip_prefix(PREFIX);
    let Some(managed) = MANAGED_KEYS.iter().find(|managed| Some(managed.service) == service) else {
        return Ok(());
    };
    if cloud.region(caller).kms.aliases.contains_key(alias) {
        return Ok(());
    }
    let key = new_key::insert(
        cloud,
        caller,
        NewKey {
            spec: KeySpec::SYMMETRIC_DEFAULT,
            usage: KeyUsage::EncryptDecrypt,
            manager: Manager::Aws,
            description: managed.description.to_owned(),
            policy: policy(managed.service, caller),
            tags: Tags::new(),
            origin: Origin::AwsKms,
            multi_region: false,
        },
    )?;
    let (target, created) = (key.id.clone(), key.created);
    let entry = Alias { target, created, updated: created };
    cloud.region(caller).kms.aliases.insert(alias.to_owned(), entry);
    Ok(())
}

/// Returns the policy of a managed key: all principals of the account, through the service.
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
