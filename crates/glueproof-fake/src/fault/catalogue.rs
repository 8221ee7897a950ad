//! The catalogue of faults, by name: those of the TOML files, and those derived from the specs.
//! Must not apply a fault.
//! [`Fault`] is the entry point.

use std::num::NonZeroU64;
use std::sync::{Arc, OnceLock};

use indexmap::IndexMap;
use serde::Deserialize;

use super::bug::Bug;
use super::derived;
use super::edit::Edit;
use super::effect::{Effect, FaultPart};
use super::glue_store::GlueStoreFault;
use super::request::ParserFault;
use super::response::ResponseFault;
use super::state::{StateFault, WorkFault};
use glueproof_spec::{Edition, SpecError, Specs};

/// The files, by subject.
const FILES: [&str; 11] = [
    include_str!("catalogue/errors.toml"),
    include_str!("catalogue/wire.toml"),
    include_str!("catalogue/policy.toml"),
    include_str!("catalogue/configurations.toml"),
    include_str!("catalogue/settings.toml"),
    include_str!("catalogue/keys.toml"),
    include_str!("catalogue/access.toml"),
    include_str!("catalogue/workloads.toml"),
    include_str!("catalogue/impostors.toml"),
    include_str!("catalogue/values.toml"),
    include_str!("catalogue/rare.toml"),
];

/// A wrong behavior that can be injected into the fake. Command lines and reports show its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fault(&'static str);

/// One fault of the catalogue.
#[derive(Debug)]
struct CatalogueEntry {
    summary: String,
    caught_by: Vec<String>,
    equivalent: Option<String>,
    uncounted: Option<String>,
    parts: Vec<FaultPart>,
}

/// Every fault, in the order of the files, derived ones last.
#[derive(Debug)]
pub struct Catalogue {
    entries: IndexMap<String, CatalogueEntry>,
    /// Parts that refuse the calls of each operation with its first declared error.
    first_errors: Vec<FaultPart>,
}

/// An error of the catalogue.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CatalogueError {
    /// A file is invalid.
    #[error("a file of faults is invalid: {0}")]
    File(#[from] toml::de::Error),
    /// The specs compiled into the binary are invalid.
    #[error("the specs are invalid: {0}")]
    Specs(#[from] Arc<SpecError>),
    /// Two faults have one name.
    #[error("two faults have the name `{0}`")]
    Duplicate(String),
    /// A fault refers to an unknown one.
    #[error("`{0}` refers to `{1}`, which is not an earlier fault")]
    UnknownPart(String, String),
}

/// One fault in a file.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct FaultRow {
    name: String,
    summary: String,
    #[serde(default)]
    caught_by: Vec<String>,
    equivalent: Option<String>,
    /// The reason why the fault is not a mutant.
    uncounted: Option<String>,
    #[serde(default)]
    on: Vec<String>,
    /// Limits the effect to every so many calls of an operation.
    every: Option<NonZeroU64>,
    /// Earlier faults whose parts belong to this fault.
    #[serde(default)]
    with: Vec<String>,
    /// Prefixes of the names of such faults.
    #[serde(default)]
    with_all: Vec<String>,
    /// True if every operation refuses its calls with the first declared error.
    #[serde(default)]
    declared: bool,
    refuses: Option<String>,
    message: Option<String>,
    #[serde(default)]
    request: Vec<Edit>,
    applied_despite_error: Option<Vec<Edit>>,
    response: Option<ResponseFault>,
    state: Option<StateFault>,
    glue_store: Option<GlueStoreFault>,
    work: Option<WorkFault>,
    parser: Option<ParserFault>,
    bug: Option<Bug>,
    #[serde(default)]
    policies: Vec<Edit>,
    #[serde(default)]
    configurations: Vec<Edit>,
}

impl FaultRow {
    /// Takes the effects out of the row, in the order in which they are applied.
    fn take_effects(&mut self) -> Vec<Effect> {
        let edits = |edits: &mut Vec<Edit>| Some(std::mem::take(edits)).filter(|edits| !edits.is_empty());
        [
            self.refuses.take().map(|code| Effect::Refuse(code, self.message.take())),
            edits(&mut self.request).map(Effect::EditRequest),
            edits(&mut self.policies).map(Effect::EditPolicies),
            edits(&mut self.configurations).map(Effect::EditConfigurations),
            self.applied_despite_error.take().map(Effect::ApplyDespiteError),
            self.response.take().map(|fault| Effect::EditResponse(Box::new(fault))),
            self.state.map(Effect::State),
            self.glue_store.map(Effect::GlueStore),
            self.work.map(Effect::Work),
            self.parser.map(Effect::Parser),
            self.bug.map(Effect::Bug),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

#[derive(Debug, Deserialize)]
struct CatalogueFile {
    #[serde(default)]
    fault: Vec<FaultRow>,
    #[serde(default)]
    equivalent: Vec<EquivalentFaults>,
}

/// Derived faults that no client can notice.
#[derive(Debug, Deserialize)]
struct EquivalentFaults {
    faults: Vec<String>,
    reason: String,
}

impl Catalogue {
    /// Returns the catalogue, which is read once per process.
    ///
    /// # Errors
    /// Returns an error if the files or the specs compiled into the binary cannot be used.
    pub fn get() -> Result<&'static Self, CatalogueError> {
        static CATALOGUE: OnceLock<Result<Catalogue, CatalogueError>> = OnceLock::new();
        CATALOGUE.get_or_init(Self::read).as_ref().map_err(Clone::clone)
    }

    fn read() -> Result<Self, CatalogueError> {
        let mut catalogue = Self::derived()?;
        let mut equivalents = Vec::new();
        for text in FILES {
            let file: CatalogueFile = toml::from_str(text)?;
            file.fault.into_iter().try_for_each(|row| catalogue.add(row))?;
            equivalents.extend(file.equivalent);
        }
        for EquivalentFaults { faults, reason } in equivalents {
            for name in faults {
                let missing = || CatalogueError::UnknownPart(reason.clone(), name.clone());
                catalogue.entries.get_mut(&name).ok_or_else(missing)?.equivalent = Some(reason.clone());
            }
        }
        // Faults of the files come before derived ones.
        catalogue.entries.sort_by_cached_key(|name, _| name.contains('/'));
        Ok(catalogue)
    }

    fn derived() -> Result<Self, CatalogueError> {
        let (mut entries, mut first_errors) = (IndexMap::new(), Vec::new());
        let specs = Specs::embedded(Edition::Current).map_err(Arc::new)?;
        for model in specs.services.iter().filter(|model| model.name == "glue") {
            first_errors.extend(derived::first_errors(model));
            for derived in derived::constraint_faults(model).into_iter().chain(derived::guard_faults(model)) {
                let entry = CatalogueEntry {
                    summary: derived.summary,
                    caught_by: derived.caught_by,
                    equivalent: None,
                    uncounted: None,
                    parts: vec![derived.part],
                };
                entries.insert(derived.name, entry);
            }
        }
        Ok(Self { entries, first_errors })
    }

    fn add(&mut self, mut row: FaultRow) -> Result<(), CatalogueError> {
        let own = row.take_effects().into_iter();
        let FaultRow { name, summary, caught_by, equivalent, uncounted, on, every, with, .. } = row;
        let mut parts: Vec<FaultPart> =
            own.map(|effect| FaultPart { on: on.clone(), every, effect }).collect();
        for earlier in &with {
            let missing = || CatalogueError::UnknownPart(name.clone(), earlier.clone());
            parts.extend(self.entries.get(earlier).ok_or_else(missing)?.parts.iter().cloned());
        }
        for prefix in &row.with_all {
            let earlier = self.entries.iter().filter(|(name, _)| name.starts_with(prefix));
            parts.extend(earlier.flat_map(|(_, entry)| entry.parts.iter().cloned()));
        }
        if row.declared {
            parts.extend(self.first_errors.iter().cloned());
        }
        let entry = CatalogueEntry { summary, caught_by, equivalent, uncounted, parts };
        match self.entries.insert(name.clone(), entry) {
            None => Ok(()),
            Some(_) => Err(CatalogueError::Duplicate(name)),
        }
    }
}

impl Fault {
    /// `InternalServiceException`, 500.
    pub const INTERNAL_SERVICE: Self = Self("internal-service");
    /// `OperationTimeoutException`, 400.
    pub const OPERATION_TIMEOUT: Self = Self("operation-timeout");
    /// `ThrottlingException`, 400.
    pub const THROTTLING: Self = Self("throttling");

    /// Returns every fault, in the order of the catalogue.
    pub fn all() -> impl Iterator<Item = Self> {
        let entries = Catalogue::get().ok().map(|catalogue| catalogue.entries.keys());
        entries.into_iter().flatten().map(|name| Self(name))
    }

    /// Returns the name in command lines and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0
    }

    /// Returns the wrong behavior in a sentence.
    #[must_use]
    pub fn summary(self) -> &'static str {
        self.entry().map_or("", |entry| &entry.summary)
    }

    /// Returns the ids of the rules that should find the fault. `*` means any characters.
    #[must_use]
    pub fn caught_by(self) -> &'static [String] {
        self.entry().map_or(&[], |entry| &entry.caught_by)
    }

    /// Returns the reason why no client can notice the fault, if there is one.
    #[must_use]
    pub fn equivalent(self) -> Option<&'static str> {
        self.entry()?.equivalent.as_deref()
    }

    /// Returns true if the fault shows earlier state.
    pub(super) fn is_stale(self) -> bool {
        self.parts().iter().any(|part| matches!(part.effect, Effect::State(StateFault::Stale)))
    }

    /// Returns the reason why the suite need not find the fault, if there is one.
    #[must_use]
    pub fn uncounted(self) -> Option<&'static str> {
        self.entry()?.uncounted.as_deref()
    }

    /// Returns true if the fault is derived from the specs. Not all rules of [`Fault::caught_by`] need exist then.
    #[must_use]
    pub fn is_derived(self) -> bool {
        self.0.contains('/')
    }

    pub(super) fn parts(self) -> &'static [FaultPart] {
        self.entry().map_or(&[], |entry| &entry.parts)
    }

    fn entry(self) -> Option<&'static CatalogueEntry> {
        Catalogue::get().ok()?.entries.get(self.0)
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that no fault of the catalogue has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no fault `{0}`; the faults are {names} and {more} more, which `glueproof mutants --list` shows", names = first_names(), more = more())]
pub struct UnknownFault(pub String);

/// The number of names in the message.
const NAMES_IN_MESSAGE: usize = 3;

fn first_names() -> String {
    Fault::all().take(NAMES_IN_MESSAGE).map(Fault::name).collect::<Vec<_>>().join(", ")
}

fn more() -> usize {
    Fault::all().count().saturating_sub(NAMES_IN_MESSAGE)
}

impl std::str::FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::all().find(|fault| fault.name() == name).ok_or_else(|| UnknownFault(name.to_owned()))
    }
}
