//! KMS as a service: its names, and a row for each operation. Must not decide anything about an operation.

use std::sync::LazyLock;

use super::{
    alias, create_key, crypt, data_key, describe, grant_operations, key_policy, lifecycle, limits, list_keys,
    mac, rotation, signing, tag,
};
use crate::error::ServiceError;
use crate::service::{Members, Operation, OperationTable, Service};
use crate::wire::json11::Dialect;

/// AWS Key Management Service.
pub struct Kms;

/// The names of KMS (E059). Every mistake of the caller is answered with 400, whatever the model says (E072 to E080).
const DIALECT: Dialect = Dialect {
    service: "kms",
    prefix: "TrentService",
    message: "message",
    faults: &["KMSInternalException", "InternalServiceException"],
};

impl Service for Kms {
    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }

    fn operations(&self) -> &'static OperationTable {
        static OPERATIONS: LazyLock<OperationTable> = LazyLock::new(operations);
        &OPERATIONS
    }

    fn check_input(&self, operation: &Operation, members: &Members) -> Result<(), ServiceError> {
        limits::check(operation.required, members)
    }
}

fn operations() -> OperationTable {
    OperationTable::new([
        Operation::new("CancelKeyDeletion", lifecycle::cancel_deletion).requires(&["KeyId"]),
        Operation::new("CreateAlias", alias::create).requires(&["AliasName", "TargetKeyId"]),
        Operation::new("CreateGrant", grant_operations::create).requires(&[
            "KeyId",
            "GranteePrincipal",
            "Operations",
        ]),
        Operation::new("CreateKey", create_key::create),
        Operation::new("Decrypt", crypt::decrypt).requires(&["CiphertextBlob"]),
        Operation::new("DeleteAlias", alias::delete).requires(&["AliasName"]),
        Operation::new("DescribeKey", describe::describe).requires(&["KeyId"]),
        Operation::new("DisableKey", lifecycle::disable).requires(&["KeyId"]),
        Operation::new("DisableKeyRotation", rotation::disable).requires(&["KeyId"]),
        Operation::new("EnableKey", lifecycle::enable).requires(&["KeyId"]),
        Operation::new("EnableKeyRotation", rotation::enable).requires(&["KeyId"]),
        Operation::new("Encrypt", crypt::encrypt).requires(&["KeyId", "Plaintext"]),
        Operation::new("GenerateDataKey", data_key::generate).requires(&["KeyId"]),
        Operation::new("GenerateDataKeyPair", data_key::generate_pair).requires(&["KeyId", "KeyPairSpec"]),
        Operation::new("GenerateDataKeyPairWithoutPlaintext", data_key::generate_sealed_pair)
            .requires(&["KeyId", "KeyPairSpec"]),
        Operation::new("GenerateDataKeyWithoutPlaintext", data_key::generate_sealed).requires(&["KeyId"]),
        Operation::new("GenerateMac", mac::generate).requires(&["Message", "KeyId", "MacAlgorithm"]),
        Operation::new("GenerateRandom", data_key::random),
        Operation::new("GetKeyPolicy", key_policy::get).requires(&["KeyId"]),
        Operation::new("GetKeyRotationStatus", rotation::status).requires(&["KeyId"]),
        Operation::new("GetPublicKey", signing::public_key).requires(&["KeyId"]),
        Operation::new("ListAliases", alias::list),
        Operation::new("ListGrants", grant_operations::list).requires(&["KeyId"]),
        Operation::new("ListKeyPolicies", key_policy::list).requires(&["KeyId"]),
        Operation::new("ListKeyRotations", rotation::list).requires(&["KeyId"]),
        Operation::new("ListKeys", list_keys::list),
        Operation::new("ListResourceTags", tag::list).requires(&["KeyId"]),
        Operation::new("ListRetirableGrants", grant_operations::list_retirable)
            .requires(&["RetiringPrincipal"]),
        Operation::new("PutKeyPolicy", key_policy::put).requires(&["KeyId", "Policy"]),
        Operation::new("ReEncrypt", crypt::re_encrypt).requires(&["CiphertextBlob", "DestinationKeyId"]),
        Operation::new("RetireGrant", grant_operations::retire),
        Operation::new("RevokeGrant", grant_operations::revoke).requires(&["KeyId", "GrantId"]),
        Operation::new("RotateKeyOnDemand", rotation::on_demand).requires(&["KeyId"]),
        Operation::new("ScheduleKeyDeletion", lifecycle::schedule_deletion).requires(&["KeyId"]),
        Operation::new("Sign", signing::sign).requires(&["KeyId", "Message", "SigningAlgorithm"]),
        Operation::new("TagResource", tag::tag).requires(&["KeyId", "Tags"]),
        Operation::new("UntagResource", tag::untag).requires(&["KeyId", "TagKeys"]),
        Operation::new("UpdateAlias", alias::update).requires(&["AliasName", "TargetKeyId"]),
        Operation::new("UpdateKeyDescription", lifecycle::describe_anew).requires(&["KeyId", "Description"]),
        Operation::new("Verify", signing::verify).requires(&[
            "KeyId",
            "Message",
            "Signature",
            "SigningAlgorithm",
        ]),
        Operation::new("VerifyMac", mac::verify).requires(&["Message", "KeyId", "MacAlgorithm", "Mac"]),
    ])
}
