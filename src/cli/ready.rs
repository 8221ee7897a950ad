//! A target that answers, with what it has and what must be put back on it afterwards.

use std::collections::BTreeSet;

use crate::model::Specs;
use crate::rule::Rule;
use crate::run::{AccountState, preflight};

use super::error::CliError;
use super::open::{Manner, Opened, open};
use super::run::capabilities;

/// A target in use.
#[derive(Debug)]
pub struct Ready {
    /// The target.
    pub opened: Opened,
    /// What rules may need.
    pub there: BTreeSet<String>,
    /// Of every service, in the order of the specs.
    states: Vec<AccountState>,
}

impl Ready {
    /// Opens a target, sees whether it answers, and looks at the state that all callers share. `asked` are
    /// capabilities taken for granted.
    ///
    /// # Errors
    /// When it is no target, or does not answer.
    pub async fn open(
        name: &str,
        manner: Manner,
        specs: &Specs,
        asked: &[String],
        chosen: &[&Rule],
    ) -> Result<Self, CliError> {
        let opened = open(name, manner, specs).await?;
        let mut states = Vec::new();
        for model in &specs.services {
            if model.is_core() {
                preflight(&opened.target, model).await?;
            }
            let shared = model.resources.iter().filter(|resource| resource.is_account_wide());
            let shared = shared.map(|resource| resource.name.clone()).collect();
            states.push(AccountState::save(&opened.target, model, &shared).await);
        }
        let there = capabilities(asked, &opened.target, specs, chosen).await;
        Ok(Self { opened, there, states })
    }

    /// Puts account-wide state back. What could not be is told, one sentence each.
    pub async fn close(&self, specs: &Specs) -> Vec<String> {
        let mut failed = Vec::new();
        for (model, state) in specs.services.iter().zip(&self.states) {
            failed.extend(state.restore(&self.opened.target, model).await);
        }
        failed
    }
}
