//! The extent of a run: cases, seed, the budget for shrinking, and the attempts to execute a case. Must not call a target.

use std::time::Duration;

/// The extent to which rules are tried.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// The minimum number of cases for each rule. Every kind of case is tried at least once.
    pub cases: usize,
    /// The seed of everything generated.
    pub seed: u64,
    /// The budget for shrinking a finding.
    pub budget: Budget,
    /// The number of further executions, from a clean state, before a violation is reported.
    pub confirmations: u32,
}

/// The usual number of confirmations.
const CONFIRMATIONS: u32 = 2;

impl Default for Plan {
    fn default() -> Self {
        Self { cases: 12, seed: 1, budget: Budget::default(), confirmations: CONFIRMATIONS }
    }
}

/// The budget for shrinking one finding.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// The number of requests.
    pub calls: usize,
    /// The wall time.
    pub time: Duration,
}

impl Default for Budget {
    fn default() -> Self {
        Self { calls: 200, time: Duration::from_secs(30) }
    }
}

/// The number of attempts to execute a case that receives no response.
const ATTEMPTS: usize = 3;

/// Repeats `attempt` while its result is transient, up to three attempts. Returns the last result.
pub async fn retry<T>(is_transient: impl Fn(&T) -> bool, mut attempt: impl AsyncFnMut() -> T) -> T {
    let mut result = attempt().await;
    for _ in 1..ATTEMPTS {
        if !is_transient(&result) {
            break;
        }
        result = attempt().await;
    }
    result
}
