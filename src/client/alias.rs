//! Puts the real run and account into requests and takes them back out of answers, so that cases and
//! reports speak of canonical ones. Works on bytes; knows no JSON.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;

use crate::case::{ACCOUNT, RUN};

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
/// Digits of the tag that tell runs apart, then executions within a run; with `gp-` as long as `RUN`.
const RUN_DIGITS: usize = 5;
const EXECUTION_DIGITS: usize = 6;

/// The names of one execution of one case.
#[derive(Debug, Clone)]
pub struct Alias {
    tag: String,
    account: String,
}

/// Hands out aliases, each with names nobody had before.
#[derive(Debug)]
pub struct Aliases {
    run: u64,
    account: String,
    next: AtomicU64,
}

impl Aliases {
    /// For a run on an account. The run's own digits come from the clock and the process, the only place
    /// where two runs with one seed differ.
    #[must_use]
    pub fn new(account: &str) -> Self {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |d| d.as_secs() ^ (u64::from(d.subsec_nanos()) << 32));
        let run = now.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(17) ^ u64::from(std::process::id());
        Self { run, account: account.to_owned(), next: AtomicU64::new(0) }
    }

    /// The real account.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }

    /// No names but those that are written: what is in a request stays, and so does what is in an answer.
    #[must_use]
    pub fn plain() -> Alias {
        Alias { tag: RUN.to_owned(), account: ACCOUNT.to_owned() }
    }

    /// Names for one more execution.
    #[must_use]
    pub fn next(&self) -> Alias {
        let execution = self.next.fetch_add(1, Ordering::Relaxed);
        let tag = format!("gp-{}{}", base36(self.run, RUN_DIGITS), base36(execution, EXECUTION_DIGITS));
        Alias { tag, account: self.account.clone() }
    }
}

fn base36(mut number: u64, digits: usize) -> String {
    let mut text = vec![b'0'; digits];
    for place in text.iter_mut().rev() {
        *place = DIGITS[(number % 36) as usize];
        number /= 36;
    }
    text.into_iter().map(char::from).collect()
}

impl Alias {
    /// Real names instead of canonical ones.
    #[must_use]
    pub fn outward(&self, bytes: Bytes) -> Bytes {
        replace(replace(bytes, RUN, &self.tag), ACCOUNT, &self.account)
    }

    /// Canonical names instead of real ones.
    #[must_use]
    pub fn inward(&self, bytes: Bytes) -> Bytes {
        replace(replace(bytes, &self.tag, RUN), &self.account, ACCOUNT)
    }
}

fn replace(bytes: Bytes, from: &str, to: &str) -> Bytes {
    let finder = memchr::memmem::Finder::new(from);
    if from == to || finder.find(&bytes).is_none() {
        return bytes;
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut done = 0;
    for at in finder.find_iter(&bytes) {
        out.extend_from_slice(&bytes[done..at]);
        out.extend_from_slice(to.as_bytes());
        done = at + from.len();
    }
    out.extend_from_slice(&bytes[done..]);
    Bytes::from(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn out_and_back_is_the_same_and_lengths_stay() {
        let aliases = Aliases::new("123456789012");
        let alias = aliases.next();
        let canonical = Bytes::from(format!("{RUN}-a {RUN}-b arn:aws:kms:x:{ACCOUNT}:key"));
        let real = alias.outward(canonical.clone());
        assert_ne!(real, canonical);
        assert_eq!(real.len(), canonical.len());
        assert_eq!(alias.inward(real), canonical);
    }

    #[test]
    fn every_execution_has_its_own_names() {
        let aliases = Aliases::new(ACCOUNT);
        let names: std::collections::BTreeSet<_> =
            (0..100).map(|_| aliases.next().outward(Bytes::from_static(RUN.as_bytes()))).collect();
        assert_eq!(names.len(), 100);
    }
}
