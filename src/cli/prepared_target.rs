//! A target that is ready for calls: connected, probed, and with its account-wide state saved for restoring.
//!
//! Must not judge. The entry point is [`PreparedTarget::prepare`].

use std::collections::BTreeSet;
use std::path::Path;

use crate::model::{Capability, Specs};
use crate::rule::Rule;
use crate::run::{AccountState, CancelToken, preflight, restore_account_state, save_account_state};
use crate::suite::capabilities;

use super::args::CallArgs;
use super::connection::{Connection, connect};
use super::error::CliError;
use super::journals::begin;
use super::notice::print_notice;
use super::target::{TargetKind, TargetSpec};

/// The options of preparing a target.
#[derive(Debug, Clone, Copy)]
pub struct TargetOptions<'a> {
    /// The target.
    pub spec: &'a TargetSpec,
    /// The call settings.
    pub calls: &'a CallArgs,
    /// The AWS account.
    pub account: Option<&'a str>,
    /// The file of the journal, unless it is in the usual folder.
    pub journal: Option<&'a Path>,
}

impl<'a> TargetOptions<'a> {
    /// Creates options for commands that must not call AWS.
    ///
    /// # Errors
    /// Returns an error if the target is AWS.
    pub fn without_aws(spec: &'a TargetSpec, calls: &'a CallArgs) -> Result<Self, CliError> {
        match spec.kind {
            TargetKind::Aws => Err(CliError::NotOnAws(spec.name.clone())),
            _ => Ok(Self { spec, calls, account: None, journal: None }),
        }
    }
}

/// A connected target with its capabilities and the account state to restore.
#[derive(Debug)]
pub struct PreparedTarget {
    /// The target.
    pub connection: Connection,
    /// The capabilities that are tested.
    pub capabilities: BTreeSet<Capability>,
    /// The account-wide state before the run.
    states: Vec<AccountState>,
}

impl PreparedTarget {
    /// Connects to a target, sends a first call, and saves the account-wide state. Capabilities in `asked` are not
    /// probed.
    ///
    /// # Errors
    /// Returns an error if the target does not respond, or if its state cannot be saved.
    pub async fn prepare(
        options: &TargetOptions<'_>,
        specs: &Specs,
        asked: &[String],
        chosen: &[&Rule],
    ) -> Result<Self, CliError> {
        let connection = connect(options.spec, options.calls, options.account, specs).await?;
        let connection = begin(connection, options.journal, false)?;
        let target = &connection.target;
        for model in specs.services.iter().filter(|model| model.is_core()) {
            preflight(target, model).await?;
        }
        let capabilities = capabilities(asked, target, specs, chosen, &CancelToken::default()).await;
        let has = |rule: &&&Rule| {
            specs.service(&rule.service).is_some_and(|model| rule.needs(model).is_subset(&capabilities))
        };
        let tried: Vec<&Rule> = chosen.iter().filter(has).copied().collect();
        let needed =
            tried.iter().filter_map(|rule| Some(rule.needs(specs.service(&rule.service)?))).flatten();
        print_notice(target, needed, tried.len(), options.calls);
        let shared = specs.services.iter().flat_map(|model| &model.resources);
        let shared = shared.filter(|resource| resource.is_account_wide());
        let shared = shared.map(|resource| resource.name.clone()).collect();
        let states = save_account_state(target, specs, &shared).await?;
        Ok(Self { connection, capabilities, states })
    }

    /// Restores the account-wide state. Returns one sentence for each failure.
    pub async fn restore(&self, specs: &Specs) -> Vec<String> {
        restore_account_state(&self.connection.target, specs, &self.states).await
    }
}
