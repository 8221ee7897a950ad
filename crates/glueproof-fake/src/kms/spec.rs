//! What kinds of keys there are, what each is for and which algorithms it takes. Names only: must not do
//! any cryptography.

use serde::{Deserialize, Serialize};

/// What a key is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(non_camel_case_types, reason = "the names of the service")]
pub enum KeySpec {
    RSA_2048,
    RSA_3072,
    RSA_4096,
    ECC_NIST_P256,
    ECC_NIST_P384,
    ECC_NIST_P521,
    ECC_SECG_P256K1,
    SYMMETRIC_DEFAULT,
    HMAC_224,
    HMAC_256,
    HMAC_384,
    HMAC_512,
    SM2,
}

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum KeyUsage {
    SignVerify,
    EncryptDecrypt,
    GenerateVerifyMac,
    KeyAgreement,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(non_camel_case_types, reason = "the names of the service")]
pub enum EncryptionAlgorithm {
    #[default]
    SYMMETRIC_DEFAULT,
    RSAES_OAEP_SHA_1,
    RSAES_OAEP_SHA_256,
    SM2PKE,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(non_camel_case_types, reason = "the names of the service")]
pub enum SigningAlgorithm {
    RSASSA_PSS_SHA_256,
    RSASSA_PSS_SHA_384,
    RSASSA_PSS_SHA_512,
    RSASSA_PKCS1_V1_5_SHA_256,
    RSASSA_PKCS1_V1_5_SHA_384,
    RSASSA_PKCS1_V1_5_SHA_512,
    ECDSA_SHA_256,
    ECDSA_SHA_384,
    ECDSA_SHA_512,
    SM2DSA,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(non_camel_case_types, reason = "the names of the service")]
pub enum MacAlgorithm {
    HMAC_SHA_224,
    HMAC_SHA_256,
    HMAC_SHA_384,
    HMAC_SHA_512,
}

/// What `GenerateDataKeyPair` makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(non_camel_case_types, reason = "the names of the service")]
pub enum DataKeyPairSpec {
    RSA_2048,
    RSA_3072,
    RSA_4096,
    ECC_NIST_P256,
    ECC_NIST_P384,
    ECC_NIST_P521,
    ECC_SECG_P256K1,
    SM2,
}

impl KeySpec {
    /// The usages a key of this kind can be made for; the first is the only one where there is no choice.
    pub fn usages(self) -> &'static [KeyUsage] {
        use KeyUsage::{EncryptDecrypt, GenerateVerifyMac, KeyAgreement, SignVerify};
        match self {
            Self::SYMMETRIC_DEFAULT => &[EncryptDecrypt],
            Self::RSA_2048 | Self::RSA_3072 | Self::RSA_4096 => &[EncryptDecrypt, SignVerify],
            Self::ECC_NIST_P256 | Self::ECC_NIST_P384 | Self::ECC_NIST_P521 => &[SignVerify, KeyAgreement],
            Self::ECC_SECG_P256K1 => &[SignVerify],
            Self::HMAC_224 | Self::HMAC_256 | Self::HMAC_384 | Self::HMAC_512 => &[GenerateVerifyMac],
            Self::SM2 => &[EncryptDecrypt, SignVerify, KeyAgreement],
        }
    }

    pub fn is_rsa(self) -> bool {
        matches!(self, Self::RSA_2048 | Self::RSA_3072 | Self::RSA_4096)
    }

    /// How a key of this kind encrypts.
    pub fn encryption_algorithms(self) -> &'static [EncryptionAlgorithm] {
        use EncryptionAlgorithm::{RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256, SYMMETRIC_DEFAULT};
        match self {
            Self::SYMMETRIC_DEFAULT => &[SYMMETRIC_DEFAULT],
            spec if spec.is_rsa() => &[RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256],
            _ => &[],
        }
    }

    /// How a key of this kind signs.
    pub fn signing_algorithms(self) -> &'static [SigningAlgorithm] {
        use SigningAlgorithm as Sign;
        match self {
            Self::ECC_NIST_P256 | Self::ECC_SECG_P256K1 => &[Sign::ECDSA_SHA_256],
            Self::ECC_NIST_P384 => &[Sign::ECDSA_SHA_384],
            Self::ECC_NIST_P521 => &[Sign::ECDSA_SHA_512],
            spec if spec.is_rsa() => &[
                Sign::RSASSA_PKCS1_V1_5_SHA_256,
                Sign::RSASSA_PKCS1_V1_5_SHA_384,
                Sign::RSASSA_PKCS1_V1_5_SHA_512,
                Sign::RSASSA_PSS_SHA_256,
                Sign::RSASSA_PSS_SHA_384,
                Sign::RSASSA_PSS_SHA_512,
            ],
            _ => &[],
        }
    }

    /// How a key of this kind authenticates messages.
    pub fn mac_algorithms(self) -> &'static [MacAlgorithm] {
        match self {
            Self::HMAC_224 => &[MacAlgorithm::HMAC_SHA_224],
            Self::HMAC_256 => &[MacAlgorithm::HMAC_SHA_256],
            Self::HMAC_384 => &[MacAlgorithm::HMAC_SHA_384],
            Self::HMAC_512 => &[MacAlgorithm::HMAC_SHA_512],
            _ => &[],
        }
    }
}

impl From<DataKeyPairSpec> for KeySpec {
    fn from(pair: DataKeyPairSpec) -> Self {
        match pair {
            DataKeyPairSpec::RSA_2048 => Self::RSA_2048,
            DataKeyPairSpec::RSA_3072 => Self::RSA_3072,
            DataKeyPairSpec::RSA_4096 => Self::RSA_4096,
            DataKeyPairSpec::ECC_NIST_P256 => Self::ECC_NIST_P256,
            DataKeyPairSpec::ECC_NIST_P384 => Self::ECC_NIST_P384,
            DataKeyPairSpec::ECC_NIST_P521 => Self::ECC_NIST_P521,
            DataKeyPairSpec::ECC_SECG_P256K1 => Self::ECC_SECG_P256K1,
            DataKeyPairSpec::SM2 => Self::SM2,
        }
    }
}

/// Returns a name of the service as it is written.
pub fn name<T: Serialize>(of: &T) -> String {
    serde_json::to_value(of).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
