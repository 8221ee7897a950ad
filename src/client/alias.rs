//! Replaces the placeholder names of run and account in requests by real ones, and vice versa in responses.
//!
//! Cases and reports therefore contain placeholders only. Works on bytes and knows no JSON. The entry point is [`Aliases`].

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;

use crate::case::{ACCOUNT, RUN};

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
/// The digits of a tag that identify the run and the execution. With `gp-`, a tag is as long as `RUN`.
const RUN_DIGITS: usize = 5;
const EXECUTION_DIGITS: usize = 6;

/// The real names in one execution of one case.
#[derive(Debug, Clone)]
pub struct Alias {
    tag: String,
    account: String,
}

/// Creates aliases. Every alias has new names.
#[derive(Debug)]
pub struct Aliases {
    run: u64,
    account: String,
    next: AtomicU64,
}

impl Aliases {
    /// Creates the aliases of a run. The digits of the run come from the clock and the process id: two runs with one seed
    /// differ only here.
    #[must_use]
    pub fn new(account: &str) -> Self {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |d| d.as_secs() ^ (u64::from(d.subsec_nanos()) << 32));
        let run = now.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(17) ^ u64::from(std::process::id());
        Self { run, account: account.to_owned(), next: AtomicU64::new(0) }
    }

    /// Returns the real account.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Returns an alias that changes nothing.
    #[must_use]
    pub fn identity() -> Alias {
        Alias { tag: RUN.to_owned(), account: ACCOUNT.to_owned() }
    }

    /// Returns the names of the next execution.
    #[must_use]
    pub fn next(&self) -> Alias {
        let execution = self.next.fetch_add(1, Ordering::Relaxed);
        let tag = format!("gp-{}{}", base36(self.run, RUN_DIGITS), base36(execution, EXECUTION_DIGITS));
        Alias { tag, account: self.account.clone() }
    }
}

fn base36(mut number: u64, digits: usize) -> String {
    let mut text = vec![b'0'; digits];
    for digit in text.iter_mut().rev() {
        *digit = DIGITS[(number % 36) as usize];
        number /= 36;
    }
    text.into_iter().map(char::from).collect()
}

impl Alias {
    /// Replaces placeholders by real names.
    #[must_use]
    pub fn to_real_names(&self, bytes: Bytes) -> Bytes {
        replace(replace(bytes, RUN, &self.tag), ACCOUNT, &self.account)
    }

    /// Replaces real names by placeholders.
    #[must_use]
    pub fn to_placeholders(&self, bytes: Bytes) -> Bytes {
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
    fn aliases_round_trip_and_keep_lengths() {
        let aliases = Aliases::new("123456789012");
        let alias = aliases.next();
        let placeholders = Bytes::from(format!("{RUN}-a {RUN}-b arn:aws:kms:x:{ACCOUNT}:key"));
        let real = alias.to_real_names(placeholders.clone());
        assert_ne!(real, placeholders);
        assert_eq!(real.len(), placeholders.len());
        assert_eq!(alias.to_placeholders(real), placeholders);
    }

    #[test]
    fn executions_have_distinct_names() {
        let aliases = Aliases::new(ACCOUNT);
        let names: std::collections::BTreeSet<_> =
            (0..100).map(|_| aliases.next().to_real_names(Bytes::from_static(RUN.as_bytes()))).collect();
        assert_eq!(names.len(), 100);
    }
}
