//! From an operation's name to its handler, and between JSON values and the handler's types. Must not
//! decide anything about an operation.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::key::broken;
use super::{
    alias, create_key, crypt, data_key, describe, grant, grant_end, key_policy, lifecycle, limits, list_keys,
    mac, rotation, signing, tag,
};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::wire::json_text;

type Given = Map<String, Value>;
type Answer = Result<Vec<u8>, ServiceError>;

/// One operation, from the members of the body to those of the answer.
pub type Operation = fn(&mut Cloud, &Caller, Given) -> Answer;

/// The operation of that name, with the members that it cannot do without.
pub fn operation(name: &str) -> Option<Operation> {
    Some(match name {
        "CancelKeyDeletion" => {
            |cloud, who, given| call(lifecycle::cancel_deletion, &["KeyId"], cloud, who, given)
        }
        "CreateAlias" => {
            |cloud, who, given| call(alias::create, &["AliasName", "TargetKeyId"], cloud, who, given)
        }
        "CreateGrant" => |cloud, who, given| {
            call(grant::create, &["KeyId", "GranteePrincipal", "Operations"], cloud, who, given)
        },
        "CreateKey" => |cloud, who, given| call(create_key::create, &[], cloud, who, given),
        "Decrypt" => |cloud, who, given| call(crypt::decrypt, &["CiphertextBlob"], cloud, who, given),
        "DeleteAlias" => |cloud, who, given| call(alias::delete, &["AliasName"], cloud, who, given),
        "DescribeKey" => |cloud, who, given| call(describe::describe, &["KeyId"], cloud, who, given),
        "DisableKey" => |cloud, who, given| call(lifecycle::disable, &["KeyId"], cloud, who, given),
        "DisableKeyRotation" => |cloud, who, given| call(rotation::disable, &["KeyId"], cloud, who, given),
        "EnableKey" => |cloud, who, given| call(lifecycle::enable, &["KeyId"], cloud, who, given),
        "EnableKeyRotation" => |cloud, who, given| call(rotation::enable, &["KeyId"], cloud, who, given),
        "Encrypt" => |cloud, who, given| call(crypt::encrypt, &["KeyId", "Plaintext"], cloud, who, given),
        "GenerateDataKey" => |cloud, who, given| call(data_key::generate, &["KeyId"], cloud, who, given),
        "GenerateDataKeyPair" => {
            |cloud, who, given| call(data_key::generate_pair, &["KeyId", "KeyPairSpec"], cloud, who, given)
        }
        "GenerateDataKeyPairWithoutPlaintext" => |cloud, who, given| {
            call(data_key::generate_sealed_pair, &["KeyId", "KeyPairSpec"], cloud, who, given)
        },
        "GenerateDataKeyWithoutPlaintext" => {
            |cloud, who, given| call(data_key::generate_sealed, &["KeyId"], cloud, who, given)
        }
        "GenerateMac" => {
            |cloud, who, given| call(mac::generate, &["Message", "KeyId", "MacAlgorithm"], cloud, who, given)
        }
        "GenerateRandom" => |cloud, who, given| call(data_key::random, &[], cloud, who, given),
        "GetKeyPolicy" => |cloud, who, given| call(key_policy::get, &["KeyId"], cloud, who, given),
        "GetKeyRotationStatus" => |cloud, who, given| call(rotation::status, &["KeyId"], cloud, who, given),
        "GetPublicKey" => |cloud, who, given| call(signing::public_key, &["KeyId"], cloud, who, given),
        "ListAliases" => |cloud, who, given| call(alias::list, &[], cloud, who, given),
        "ListGrants" => |cloud, who, given| call(grant_end::list, &["KeyId"], cloud, who, given),
        "ListKeyPolicies" => |cloud, who, given| call(key_policy::list, &["KeyId"], cloud, who, given),
        "ListKeyRotations" => |cloud, who, given| call(rotation::list, &["KeyId"], cloud, who, given),
        "ListKeys" => |cloud, who, given| call(list_keys::list, &[], cloud, who, given),
        "ListResourceTags" => |cloud, who, given| call(tag::list, &["KeyId"], cloud, who, given),
        "ListRetirableGrants" => {
            |cloud, who, given| call(grant_end::list_retirable, &["RetiringPrincipal"], cloud, who, given)
        }
        "PutKeyPolicy" => |cloud, who, given| call(key_policy::put, &["KeyId", "Policy"], cloud, who, given),
        "ReEncrypt" => |cloud, who, given| {
            call(crypt::re_encrypt, &["CiphertextBlob", "DestinationKeyId"], cloud, who, given)
        },
        "RetireGrant" => |cloud, who, given| call(grant_end::retire, &[], cloud, who, given),
        "RevokeGrant" => {
            |cloud, who, given| call(grant_end::revoke, &["KeyId", "GrantId"], cloud, who, given)
        }
        "RotateKeyOnDemand" => |cloud, who, given| call(rotation::on_demand, &["KeyId"], cloud, who, given),
        "ScheduleKeyDeletion" => {
            |cloud, who, given| call(lifecycle::schedule_deletion, &["KeyId"], cloud, who, given)
        }
        "Sign" => |cloud, who, given| {
            call(signing::sign, &["KeyId", "Message", "SigningAlgorithm"], cloud, who, given)
        },
        "TagResource" => |cloud, who, given| call(tag::tag, &["KeyId", "Tags"], cloud, who, given),
        "UntagResource" => |cloud, who, given| call(tag::untag, &["KeyId", "TagKeys"], cloud, who, given),
        "UpdateAlias" => {
            |cloud, who, given| call(alias::update, &["AliasName", "TargetKeyId"], cloud, who, given)
        }
        "UpdateKeyDescription" => {
            |cloud, who, given| call(lifecycle::describe_anew, &["KeyId", "Description"], cloud, who, given)
        }
        "Verify" => |cloud, who, given| {
            call(signing::verify, &["KeyId", "Message", "Signature", "SigningAlgorithm"], cloud, who, given)
        },
        "VerifyMac" => |cloud, who, given| {
            call(mac::verify, &["Message", "KeyId", "MacAlgorithm", "Mac"], cloud, who, given)
        },
        _ => return None,
    })
}

fn call<I: DeserializeOwned, O: Serialize>(
    handler: fn(&mut Cloud, &Caller, I) -> Result<O, ServiceError>,
    required: &[&str],
    cloud: &mut Cloud,
    caller: &Caller,
    mut given: Given,
) -> Answer {
    given.retain(|_, value| !value.is_null());
    limits::check(required, &given)?;
    // What serde says could quote a secret.
    let unreadable = |_| ServiceError::bare("SerializationException");
    let input = serde_json::from_value(Value::Object(given)).map_err(unreadable)?;
    json_text::sorted(&handler(cloud, caller, input)?).map_err(|_| broken())
}
