//! A target that answers, with what it has and what must be put back on it afterwards.

use std::collections::BTreeSet;
use std::path::Path;

use crate::model::Specs;
use crate::rule::Rule;
use crate::run::{AccountState, hand_back, preflight, secure};

use super::aim::{Aim, Place};
use super::announcement::announce;
use super::args::CallArgs;
use super::error::CliError;
use super::journals::begin;
use super::open::{Opened, open};
use super::run::capabilities;

/// How a target is to be reached.
#[derive(Debug, Clone, Copy)]
pub struct Approach<'a> {
    /// What it is.
    pub aim: &'a Aim,
    /// How it is called.
    pub calls: &'a CallArgs,
    /// The account, where it is a real one.
    pub account: Option<&'a str>,
    /// Where to write down what is made there, if not where it usually is.
    pub journal: Option<&'a Path>,
}

impl<'a> Approach<'a> {
    /// For commands that have no business on a real account.
    ///
    /// # Errors
    /// When it is one.
    pub fn harmless(aim: &'a Aim, calls: &'a CallArgs) -> Result<Self, CliError> {
        match aim.place {
            Place::Aws => Err(CliError::NotOnAws(aim.name.clone())),
            _ => Ok(Self { aim, calls, account: None, journal: None }),
        }
    }
}

/// A target in use.
#[derive(Debug)]
pub struct Ready {
    /// The target.
    pub opened: Opened,
    /// What rules may need.
    pub there: BTreeSet<String>,
    /// State that all callers share, as it was.
    states: Vec<AccountState>,
}

impl Ready {
    /// Opens a target, sees whether it answers, and makes sure of the state that all callers share. `asked` are
    /// capabilities taken for granted.
    ///
    /// # Errors
    /// When it does not answer, or it cannot be made sure that it will be left as it is.
    pub async fn open(
        approach: &Approach<'_>,
        specs: &Specs,
        asked: &[String],
        chosen: &[&Rule],
    ) -> Result<Self, CliError> {
        let opened = open(approach.aim, approach.calls, approach.account, specs).await?;
        let opened = begin(opened, approach.journal)?;
        for model in specs.services.iter().filter(|model| model.is_core()) {
            preflight(&opened.target, model).await?;
        }
        let there = capabilities(asked, &opened.target, specs, chosen).await;
        let has = |rule: &&&Rule| {
            specs.service(&rule.service).is_some_and(|model| rule.needs(model).is_subset(&there))
        };
        let tried: Vec<&Rule> = chosen.iter().filter(has).copied().collect();
        announce(&opened.target, specs, &tried, approach.calls);
        let shared = specs.services.iter().flat_map(|model| &model.resources);
        let shared = shared.filter(|resource| resource.is_account_wide());
        let shared = shared.map(|resource| resource.name.clone()).collect();
        let states = secure(&opened.target, specs, &shared).await?;
        Ok(Self { opened, there, states })
    }

    /// Puts account-wide state back. What could not be is told, one sentence each.
    pub async fn close(&self, specs: &Specs) -> Vec<String> {
        hand_back(&self.opened.target, specs, &self.states).await
    }
}
