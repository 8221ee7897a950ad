//! Repeats work whose result may be transient. Must not wait: the client waits between the attempts of one call.

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
