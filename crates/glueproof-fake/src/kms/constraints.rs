//! The constraints that the model of KMS puts on single members, by name. A name has the same
//! constraints in all operations. Must not know operations beyond which members they require.

use serde_json::{Map, Value};

use super::data_key::DataKeySpec;
use super::grant::GrantOperation;
use super::key::Origin;
use super::signing::MessageType;
use super::spec::{
    DataKeyPairSpec, EncryptionAlgorithm, KeyAgreementAlgorithm, KeySpec, KeyUsage, MacAlgorithm,
    SigningAlgorithm, WrappingAlgorithm, WrappingKeySpec,
};
use crate::error::ServiceError;
use crate::member_limit::{self, Limit, Pattern, unknown};

/// Checks required members and constraints, with the texts of the service (E080).
pub fn check(required: &[&str], given: &Map<String, Value>) -> Result<(), ServiceError> {
    let on_key = given.contains_key("KeyId");
    let violations = member_limit::violations(required, given, |member| of(member, on_key));
    violations.map_or(Ok(()), |text| Err(ServiceError::with("ValidationException", text)))
}

const ALIAS: Pattern =
    Pattern { written: "^[a-zA-Z0-9:/_-]+$", admits: |c| c.is_ascii_alphanumeric() || ":/_-".contains(c) };

const PRINCIPAL: Pattern =
    Pattern { written: r"^[\w+=,.@:/-]+$", admits: |c| c.is_ascii_alphanumeric() || "_+=,.@:/-".contains(c) };

const REGION: Pattern = Pattern {
    written: r"^([a-z]+-){2,3}\d+$",
    admits: |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-',
};

const WORD: Pattern = Pattern { written: r"^[\w]+$", admits: |c| c.is_ascii_alphanumeric() || c == '_' };

const LATIN: Pattern = Pattern {
    written: r"[\u0009\u000A\u000D\u0020-\u00FF]+",
    admits: |c| "\t\n\r".contains(c) || ('\u{20}'..='\u{ff}').contains(&c),
};

const MARKER: Pattern =
    Pattern { written: r"[\u0020-\u00FF]*", admits: |c| ('\u{20}'..='\u{ff}').contains(&c) };

fn of(member: &str, on_key: bool) -> Option<Limit> {
    Some(match member {
        "KeyId" | "TargetKeyId" | "SourceKeyId" | "DestinationKeyId" => Limit::text(1, 2048, None),
        "AliasName" | "Name" => Limit::text(1, 256, Some(ALIAS)),
        "GranteePrincipal" | "RetiringPrincipal" => Limit::text(1, 256, Some(PRINCIPAL)),
        "GrantId" => Limit::text(1, 128, None),
        "GrantToken" => Limit::text(1, 8192, None),
        "Description" => Limit::text(0, 8192, None),
        "Policy" => Limit::text(1, 131_072, Some(LATIN)),
        "PolicyName" => Limit::text(1, 128, Some(WORD)),
        "Marker" => Limit::text(1, 1024, Some(MARKER)),
        "Plaintext" | "Message" => Limit::Bytes { min: 1, max: 4096 },
        "PublicKey" => Limit::Bytes { min: 1, max: 8192 },
        "CiphertextBlob" | "Signature" | "Mac" | "ImportToken" | "EncryptedKeyMaterial" => {
            Limit::Bytes { min: 1, max: 6144 }
        }
        "Limit" => Limit::Whole { min: 1, max: 1000 },
        "NumberOfBytes" => Limit::Whole { min: 1, max: 1024 },
        "PendingWindowInDays" => Limit::Whole { min: 1, max: 365 },
        "RotationPeriodInDays" => Limit::Whole { min: 90, max: 2560 },
        "GrantTokens" => Limit::Items { min: 0, max: 10 },
        // `KeySpec` is a DataKeySpec in operations on a key, and a KeySpec in CreateKey.
        "KeySpec" if on_key => Limit::Enum(unknown::<DataKeySpec>),
        "KeySpec" | "CustomerMasterKeySpec" => Limit::Enum(unknown::<KeySpec>),
        "KeyUsage" => Limit::Enum(unknown::<KeyUsage>),
        "KeyPairSpec" => Limit::Enum(unknown::<DataKeyPairSpec>),
        "EncryptionAlgorithm" | "SourceEncryptionAlgorithm" | "DestinationEncryptionAlgorithm" => {
            Limit::Enum(unknown::<EncryptionAlgorithm>)
        }
        "MessageType" => Limit::Enum(unknown::<MessageType>),
        "WrappingAlgorithm" => Limit::Enum(unknown::<WrappingAlgorithm>),
        "WrappingKeySpec" => Limit::Enum(unknown::<WrappingKeySpec>),
        "KeyAgreementAlgorithm" => Limit::Enum(unknown::<KeyAgreementAlgorithm>),
        "ReplicaRegion" | "PrimaryRegion" => Limit::text(1, 32, Some(REGION)),
        "Origin" => Limit::Enum(unknown::<Origin>),
        "Operations" => Limit::Enums(unknown::<GrantOperation>),
        "SigningAlgorithm" => Limit::Enum(unknown::<SigningAlgorithm>),
        "MacAlgorithm" => Limit::Enum(unknown::<MacAlgorithm>),
        _ => return None,
    })
}
