//! The kinds of keys, their usages and their algorithms. Must not contain
//! cryptography.

use serde::{Deserialize, Serialize};

/// The kind of a key.
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

/// The usage of a key.
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

/// An algorithm that encrypts imported key material.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(non_camel_case_types, reason = "the names of the service")]
pub enum WrappingAlgorithm {
    RSAES_PKCS1_V1_5,
    RSAES_OAEP_SHA_1,
    RSAES_OAEP_SHA_256,
    RSA_AES_KEY_WRAP_SHA_1,
    RSA_AES_KEY_WRAP_SHA_256,
    SM2PKE,
}

/// A key that encrypts imported key material.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(non_camel_case_types, reason = "the names of the service")]
pub enum WrappingKeySpec {
    RSA_2048,
    RSA_3072,
    RSA_4096,
    SM2,
}

/// An algorithm of key agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyAgreementAlgorithm {
    #[serde(rename = "ECDH")]
    Ecdh,
}

/// The kind of a data key pair.
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
    /// Returns the possible usages of a key of this kind.
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

    /// Returns the algorithms of key agreement of a key of this kind.
    pub fn key_agreement_algorithms(self) -> &'static [KeyAgreementAlgorithm] {
        if self.usages().contains(&KeyUsage::KeyAgreement) { &[KeyAgreementAlgorithm::Ecdh] } else { &[] }
    }

    pub fn is_rsa(self) -> bool {
        matches!(self, Self::RSA_2048 | Self::RSA_3072 | Self::RSA_4096)
    }

    /// Returns the encryption algorithms of a key of this kind.
    pub fn encryption_algorithms(self) -> &'static [EncryptionAlgorithm] {
        use EncryptionAlgorithm::{RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256, SYMMETRIC_DEFAULT};
        match self {
            Self::SYMMETRIC_DEFAULT => &[SYMMETRIC_DEFAULT],
            spec if spec.is_rsa() => &[RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256],
            _ => &[],
        }
    }

    /// Returns the signing algorithms of a key of this kind.
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

    /// Returns the MAC algorithms of a key of this kind.
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

impl From<WrappingKeySpec> for KeySpec {
    fn from(wrapping: WrappingKeySpec) -> Self {
        match wrapping {
            WrappingKeySpec::RSA_2048 => Self::RSA_2048,
            WrappingKeySpec::RSA_3072 => Self::RSA_3072,
            WrappingKeySpec::RSA_4096 => Self::RSA_4096,
            WrappingKeySpec::SM2 => Self::SM2,
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
