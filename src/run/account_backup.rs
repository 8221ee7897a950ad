//! Saves account-wide state before a run, and restores it afterwards. A run on a real account starts only after the
//! state is in the journal and was verified to be restorable.

use std::collections::BTreeSet;

use crate::client::Target;
use crate::model::{Operation, Specs};

use super::account::AccountState;
use super::preflight::PreflightError;
use super::real_account::verify_restorable;
use super::undo::{UndoResult, delete_pending, leftover_sentences, undo};

/// Saves the account-wide state that is going to be touched, and writes it down where there is a journal.
///
/// # Errors
/// Returns an error if it is a real account whose state could not be put back.
pub async fn save_account_state(
    target: &Target,
    specs: &Specs,
    touched: &BTreeSet<String>,
) -> Result<Vec<AccountState>, PreflightError> {
    let mut states = Vec::new();
    for model in &specs.services {
        let wide = || model.resources.iter().filter(|r| r.is_account_wide()).map(|r| r.name.clone());
        let needed = model.operations.values().any(Operation::is_core) && target.is_real_account();
        let state = if needed {
            AccountState::save(target, model, &wide().collect()).await
        } else {
            AccountState::save(target, model, touched).await
        };
        if let (true, Some(why)) = (target.is_real_account(), state.read_errors().first()) {
            return Err(abandon(target, specs, why.clone()).await);
        }
        states.push(state);
    }
    let saved = || states.iter().flat_map(AccountState::saved);
    match target.journal() {
        Some(journal) => saved().try_for_each(|saved| journal.record_saved_state(saved.clone()))?,
        None if target.is_real_account() => {
            return Err(PreflightError::Unsafe("there is no journal".to_owned()));
        }
        None => {}
    }
    if target.is_real_account() {
        for (model, state) in specs.services.iter().zip(&states) {
            for saved in state.saved() {
                if let Err(why) = verify_restorable(target, model, saved).await {
                    return Err(abandon(target, specs, why).await);
                }
            }
        }
    }
    Ok(states)
}

/// Undoes the journal of a run that cannot start, and returns the error. The journal stays if something is left to
/// undo.
async fn abandon(target: &Target, specs: &Specs, why: String) -> PreflightError {
    if let Some(journal) = target.journal() {
        undo(target, specs, journal, false).await;
    }
    PreflightError::Unsafe(why)
}

/// Restores everything and deletes resources of lost calls. Returns one sentence for each difference that is left.
pub async fn restore_account_state(target: &Target, specs: &Specs, states: &[AccountState]) -> Vec<String> {
    if let (true, Some(journal)) = (target.is_real_account(), target.journal()) {
        let mut left = leftover_sentences(&undo(target, specs, journal, false).await.left);
        if !left.is_empty() {
            left.push(format!(
                "{} says what is left; `glueproof cleanup` tries again",
                journal.path().display()
            ));
        }
        return left;
    }
    let mut left = Vec::new();
    for (model, state) in specs.services.iter().zip(states) {
        left.extend(state.restore(target, model).await);
    }
    if let Some(journal) = target.journal() {
        let mut undone = UndoResult::default();
        delete_pending(target, specs, journal, &mut undone).await;
        // Leftovers on an emulator are reported; no cleanup is asked for.
        left.extend(leftover_sentences(&undone.left));
        left.extend(journal.close().err().map(|error| error.to_string()));
    }
    left
}
