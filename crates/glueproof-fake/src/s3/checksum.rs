//! Checksums of objects: verifies those of a request, and computes those of S3.
//! Must not know what the bytes mean.
//! [`checked`], [`check_md5`] and [`of_parts`] are the entry points.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use s3s::crypto::{Checksum as _, Crc32, Crc32c, Crc64Nvme, Md5, Sha1, Sha256};
use s3s::dto::{Checksum, ChecksumType};
use serde::{Deserialize, Serialize};

use crate::error::ServiceError;

/// The algorithm of a checksum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Algorithm {
    Crc32,
    Crc32c,
    /// The default of S3.
    #[default]
    Crc64Nvme,
    Sha1,
    Sha256,
}

/// A checksum of an object or a part.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectChecksum {
    pub algorithm: Algorithm,
    /// Base64. A composite checksum ends with the number of parts.
    pub value: String,
    /// True for a checksum of the checksums of parts.
    pub composite: bool,
}

impl Algorithm {
    /// Returns the algorithm of a name in requests.
    pub fn read(name: &str) -> Option<Self> {
        match name {
            "CRC32" => Some(Self::Crc32),
            "CRC32C" => Some(Self::Crc32c),
            "CRC64NVME" => Some(Self::Crc64Nvme),
            "SHA1" => Some(Self::Sha1),
            "SHA256" => Some(Self::Sha256),
            _ => None,
        }
    }

    /// Returns the name in requests.
    pub fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
        }
    }

    fn of(self, bytes: &[u8]) -> String {
        match self {
            Self::Crc32 => STANDARD.encode(Crc32::checksum(bytes)),
            Self::Crc32c => STANDARD.encode(Crc32c::checksum(bytes)),
            Self::Crc64Nvme => STANDARD.encode(Crc64Nvme::checksum(bytes)),
            Self::Sha1 => STANDARD.encode(Sha1::checksum(bytes)),
            Self::Sha256 => STANDARD.encode(Sha256::checksum(bytes)),
        }
    }
}

/// Returns the checksum of bytes. A claimed checksum selects the algorithm, and must be correct.
pub fn checked(bytes: &[u8], claim: &Checksum, usual: Algorithm) -> Result<ObjectChecksum, ServiceError> {
    let claimed = claimed(claim);
    let algorithm = claimed.map_or(usual, |(algorithm, _)| algorithm);
    let value = algorithm.of(bytes);
    if claimed.is_some_and(|(_, claimed)| *claimed != value) {
        let name = algorithm.name();
        let text = format!("The {name} you specified did not match the calculated checksum.");
        return Err(ServiceError::with("BadDigest", text));
    }
    Ok(ObjectChecksum { algorithm, value, composite: false })
}

/// Refuses bytes with another MD5 than the claimed one.
pub fn check_md5(bytes: &[u8], claim: Option<&String>) -> Result<(), ServiceError> {
    let Some(claim) = claim else { return Ok(()) };
    let claimed = STANDARD.decode(claim).ok().filter(|digest| digest.len() == 16);
    let claimed = claimed
        .ok_or_else(|| ServiceError::with("InvalidDigest", "The Content-MD5 you specified is not valid."))?;
    if claimed == md5(bytes) {
        return Ok(());
    }
    Err(ServiceError::with("BadDigest", "The Content-MD5 you specified did not match what we received."))
}

/// Returns the sixteen bytes of the MD5.
pub fn md5(bytes: &[u8]) -> Vec<u8> {
    Md5::checksum(bytes).as_ref().to_vec()
}

/// Returns lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a text never fails.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Returns the checksum of a multipart object: of the whole object, or of the checksums of the parts, as the algorithm
/// requires.
pub fn of_parts(whole: &[u8], parts: &[&ObjectChecksum], algorithm: Algorithm) -> ObjectChecksum {
    if algorithm == Algorithm::Crc64Nvme || parts.iter().any(|part| part.algorithm != algorithm) {
        let algorithm = Algorithm::Crc64Nvme;
        return ObjectChecksum { algorithm, value: algorithm.of(whole), composite: false };
    }
    let sums: Vec<u8> =
        parts.iter().flat_map(|part| STANDARD.decode(&part.value).unwrap_or_default()).collect();
    ObjectChecksum { algorithm, value: format!("{}-{}", algorithm.of(&sums), parts.len()), composite: true }
}

impl ObjectChecksum {
    /// Returns the checksum as a response has it, in the member of its algorithm.
    pub fn to_response(&self) -> Checksum {
        let value = Some(self.value.clone());
        let kind = if self.composite { ChecksumType::COMPOSITE } else { ChecksumType::FULL_OBJECT };
        let mut shown =
            Checksum { checksum_type: Some(ChecksumType::from_static(kind)), ..Checksum::default() };
        match self.algorithm {
            Algorithm::Crc32 => shown.checksum_crc32 = value,
            Algorithm::Crc32c => shown.checksum_crc32c = value,
            Algorithm::Crc64Nvme => shown.checksum_crc64nvme = value,
            Algorithm::Sha1 => shown.checksum_sha1 = value,
            Algorithm::Sha256 => shown.checksum_sha256 = value,
        }
        shown
    }
}

fn claimed(claim: &Checksum) -> Option<(Algorithm, &String)> {
    [
        (Algorithm::Crc32, &claim.checksum_crc32),
        (Algorithm::Crc32c, &claim.checksum_crc32c),
        (Algorithm::Crc64Nvme, &claim.checksum_crc64nvme),
        (Algorithm::Sha1, &claim.checksum_sha1),
        (Algorithm::Sha256, &claim.checksum_sha256),
    ]
    .into_iter()
    .find_map(|(algorithm, value)| Some((algorithm, value.as_ref()?)))
}
