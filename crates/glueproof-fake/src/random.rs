//! The fake's only source of randomness: a `SplitMix64` generator, the same numbers for the same seed.
//! Not for anything that must be secret.

use serde::{Deserialize, Serialize};

/// Seeded generator.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Random {
    state: u64,
}

impl Random {
    /// Starts the sequence that belongs to the seed.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Returns a number of capital letters and digits, as ids of IAM's have behind what tells their kind.
    pub fn letters(&mut self, count: usize) -> String {
        const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let letter = |number: u64| char::from(ALPHABET[(number >> 59) as usize]);
        (0..count).map(|_| letter(self.next())).collect()
    }

    /// A version 4 UUID, the shape of an `x-amzn-RequestId` (E070).
    pub fn uuid(&mut self) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let version = self.next() & !0xf000 | 0x4000;
        let variant = self.next() & (u64::MAX >> 2) | (1 << 63);
        let bytes = (u128::from(version) << 64 | u128::from(variant)).to_be_bytes();
        // Every answer carries one, and formatting machinery costs as much as the rest of a small answer.
        let mut text = String::with_capacity(36);
        for (index, byte) in bytes.into_iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            text.push(char::from(DIGITS[usize::from(byte >> 4)]));
            text.push(char::from(DIGITS[usize::from(byte & 0xf)]));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_version_4_uuids() {
        let mut random = Random::new(0);
        // The first two numbers of SplitMix64 from seed 0 are e220a8397b1dcdaf and 6e789e6aa1b965f4.
        assert_eq!(random.uuid(), "e220a839-7b1d-4daf-ae78-9e6aa1b965f4");
        assert_ne!(random.uuid(), random.uuid());
    }
}
