//! KMS as a service: its names, and a row for each operation. Must not decide anything about an operation.

use std::sync::LazyLock;

use super::material::PreparedMaterial;
use super::{
    agreement, alias, constraints, create_key, crypt, data_key, describe, grant_operations, import,
    key_policy, lifecycle, list_keys, mac, material, multi_region, rotation, signing, tag,
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

    fn prepare(&self, operation: &Operation, members: &Members) -> Option<PreparedMaterial> {
        material::prepare(operation.name, members)
    }

    fn unimplemented_code(&self) -> &'static str {
        "UnsupportedOperationException"
    }

    fn check_input(&self, operation: &Operation, members: &Members) -> Result<(), ServiceError> {
        refuse_newer_keys(members)?;
        constraints::check(operation.required, members)
    }
}

/// Refuses kinds of keys of newer models, which the fake does not implement (E251).
fn refuse_newer_keys(members: &Members) -> Result<(), ServiceError> {
    const SPECS: [&str; 7] = [
        "ECC_NIST_EDWARDS25519",
        "ML_DSA_44",
        "ML_DSA_65",
        "ML_DSA_87",
        "ML_KEM_512",
        "ML_KEM_768",
        "ML_KEM_1024",
    ];
    const USAGE: &str = "ENCAPSULATE_DECAPSULATE";
    let of = |member: &str| members.get(member).and_then(|value| value.as_str()).unwrap_or_default();
    let given = ["KeySpec", "CustomerMasterKeySpec", "KeyPairSpec"].map(of);
    let text = match given.into_iter().find(|spec| SPECS.contains(spec)) {
        Some(spec) => format!("glueproof does not implement the key spec {spec}"),
        None if of("KeyUsage") == USAGE => format!("glueproof does not implement the key usage {USAGE}"),
        None => return Ok(()),
    };
    Err(ServiceError::with("UnsupportedOperationException", text))
}

fn operations() -> OperationTable {
    let all = [key_operations(), alias_and_grant_operations(), cryptographic_operations()];
    OperationTable::new(all.into_iter().flatten())
}

/// Keys and their properties.
fn key_operations() -> Vec<Operation> {
    vec![
        Operation::new("CancelKeyDeletion", lifecycle::cancel_deletion).requires(&["KeyId"]),
        Operation::new("CreateKey", create_key::create).refuses(&["CustomKeyStoreId", "XksKeyId"]),
        Operation::new("DeleteImportedKeyMaterial", import::delete)
            .refuses(&["KeyMaterialId"])
            .requires(&["KeyId"]),
        Operation::new("DescribeKey", describe::describe)
            .without_effect_of(&["GrantTokens"])
            .requires(&["KeyId"]),
        Operation::new("DisableKey", lifecycle::disable).requires(&["KeyId"]),
        Operation::new("DisableKeyRotation", rotation::disable).requires(&["KeyId"]),
        Operation::new("EnableKey", lifecycle::enable).requires(&["KeyId"]),
        Operation::new("EnableKeyRotation", rotation::enable).requires(&["KeyId"]),
        Operation::new("GetKeyPolicy", key_policy::get).requires(&["KeyId"]),
        Operation::new("GetKeyRotationStatus", rotation::status).requires(&["KeyId"]),
        Operation::new("GetParametersForImport", import::parameters).requires(&[
            "KeyId",
            "WrappingAlgorithm",
            "WrappingKeySpec",
        ]),
        Operation::new("ImportKeyMaterial", import::import)
            .refuses(&["ImportType", "KeyMaterialDescription", "KeyMaterialId"])
            .requires(&["KeyId", "ImportToken", "EncryptedKeyMaterial"]),
        Operation::new("ListKeyPolicies", key_policy::list).requires(&["KeyId"]),
        Operation::new("ListKeyRotations", rotation::list).requires(&["KeyId"]),
        Operation::new("ListKeys", list_keys::list).refuses(&["ResourceOwners"]),
        Operation::new("ListResourceTags", tag::list).requires(&["KeyId"]),
        Operation::new("PutKeyPolicy", key_policy::put).requires(&["KeyId", "Policy"]),
        Operation::new("ReplicateKey", multi_region::replicate).requires(&["KeyId", "ReplicaRegion"]),
        Operation::new("RotateKeyOnDemand", rotation::on_demand).requires(&["KeyId"]),
        Operation::new("ScheduleKeyDeletion", lifecycle::schedule_deletion).requires(&["KeyId"]),
        Operation::new("TagResource", tag::tag).requires(&["KeyId", "Tags"]),
        Operation::new("UntagResource", tag::untag).requires(&["KeyId", "TagKeys"]),
        Operation::new("UpdateKeyDescription", lifecycle::describe_anew).requires(&["KeyId", "Description"]),
        Operation::new("UpdatePrimaryRegion", multi_region::update_primary)
            .requires(&["KeyId", "PrimaryRegion"]),
    ]
}

/// Other names of keys, and permissions on them.
fn alias_and_grant_operations() -> Vec<Operation> {
    vec![
        Operation::new("CreateAlias", alias::create).requires(&["AliasName", "TargetKeyId"]),
        Operation::new("CreateGrant", grant_operations::create)
            .refuses(&["GranteeServicePrincipal", "RetiringServicePrincipal"])
            .without_effect_of(&["GrantTokens"])
            .requires(&["KeyId", "GranteePrincipal", "Operations"]),
        Operation::new("DeleteAlias", alias::delete).requires(&["AliasName"]),
        Operation::new("ListAliases", alias::list),
        Operation::new("ListGrants", grant_operations::list)
            .refuses(&["GranteeServicePrincipal"])
            .requires(&["KeyId"]),
        Operation::new("ListRetirableGrants", grant_operations::list_retirable)
            .refuses(&["RetiringServicePrincipal"])
            .requires(&["RetiringPrincipal"]),
        Operation::new("RetireGrant", grant_operations::retire),
        Operation::new("RevokeGrant", grant_operations::revoke).requires(&["KeyId", "GrantId"]),
        Operation::new("UpdateAlias", alias::update).requires(&["AliasName", "TargetKeyId"]),
    ]
}

/// The use of keys.
fn cryptographic_operations() -> Vec<Operation> {
    vec![
        Operation::new("Decrypt", crypt::decrypt)
            .refuses(&["Recipient", "DryRunModifiers"])
            .without_effect_of(&["GrantTokens"])
            .requires(&["CiphertextBlob"]),
        Operation::new("DeriveSharedSecret", agreement::derive)
            .refuses(&["Recipient"])
            .without_effect_of(&["GrantTokens"])
            .requires(&["KeyId", "KeyAgreementAlgorithm", "PublicKey"]),
        Operation::new("Encrypt", crypt::encrypt)
            .without_effect_of(&["GrantTokens"])
            .requires(&["KeyId", "Plaintext"]),
        Operation::new("GenerateDataKey", data_key::generate)
            .refuses(&["Recipient"])
            .without_effect_of(&["GrantTokens"])
            .requires(&["KeyId"]),
        Operation::new("GenerateDataKeyPair", data_key::generate_pair)
            .refuses(&["Recipient"])
            .without_effect_of(&["GrantTokens"])
            .requires(&["KeyId", "KeyPairSpec"]),
        Operation::new("GenerateDataKeyPairWithoutPlaintext", data_key::generate_sealed_pair)
            .without_effect_of(&["GrantTokens"])
            .requires(&["KeyId", "KeyPairSpec"]),
        Operation::new("GenerateDataKeyWithoutPlaintext", data_key::generate_sealed)
            .without_effect_of(&["GrantTokens"])
            .requires(&["KeyId"]),
        Operation::new("GenerateMac", mac::generate).without_effect_of(&["GrantTokens"]).requires(&[
            "Message",
            "KeyId",
            "MacAlgorithm",
        ]),
        Operation::new("GenerateRandom", data_key::random).refuses(&["CustomKeyStoreId", "Recipient"]),
        Operation::new("GetPublicKey", signing::public_key)
            .without_effect_of(&["GrantTokens"])
            .requires(&["KeyId"]),
        Operation::new("ReEncrypt", crypt::re_encrypt)
            .refuses(&["DryRunModifiers"])
            .without_effect_of(&["GrantTokens"])
            .requires(&["CiphertextBlob", "DestinationKeyId"]),
        Operation::new("Sign", signing::sign).without_effect_of(&["GrantTokens"]).requires(&[
            "KeyId",
            "Message",
            "SigningAlgorithm",
        ]),
        Operation::new("Verify", signing::verify).without_effect_of(&["GrantTokens"]).requires(&[
            "KeyId",
            "Message",
            "Signature",
            "SigningAlgorithm",
        ]),
        Operation::new("VerifyMac", mac::verify).without_effect_of(&["GrantTokens"]).requires(&[
            "Message",
            "KeyId",
            "MacAlgorithm",
            "Mac",
        ]),
    ]
}
