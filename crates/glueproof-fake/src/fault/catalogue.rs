//! All faults there are, by name: those written down in TOML, and one for each constraint of the specs. Must not
//! know what a fault does.

use std::sync::{Arc, OnceLock};

use indexmap::IndexMap;
use serde::Deserialize;

use super::answer::AnswerFault;
use super::astray::Astray;
use super::derived;
use super::edit::Edit;
use super::part::{Effect, Part, Unread};
use super::wrong::Wrong;
use glueproof_spec::{Edition, SpecError, Specs};

/// The files, by what their faults are about.
const FILES: [&str; 9] = [
    include_str!("catalogue/errors.toml"),
    include_str!("catalogue/wire.toml"),
    include_str!("catalogue/policy.toml"),
    include_str!("catalogue/configurations.toml"),
    include_str!("catalogue/settings.toml"),
    include_str!("catalogue/keys.toml"),
    include_str!("catalogue/access.toml"),
    include_str!("catalogue/workloads.toml"),
    include_str!("catalogue/impostors.toml"),
];

/// A wrong behaviour that the fake can be told to show. Each has a name, for command lines and reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fault(&'static str);

/// What there is to know of one fault.
#[derive(Debug)]
pub struct Entry {
    summary: String,
    caught_by: Vec<String>,
    equivalent: Option<String>,
    uncounted: Option<String>,
    parts: Vec<Part>,
}

/// Every fault, in the order of the files, derived ones last.
#[derive(Debug)]
pub struct Catalogue {
    entries: IndexMap<String, Entry>,
    /// The first error that each operation declares, instead of its answer.
    refusals: Vec<Part>,
}

/// Why there is no catalogue.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CatalogueError {
    /// A file that does not say what it should.
    #[error("a file of faults cannot be read: {0}")]
    File(#[from] toml::de::Error),
    /// The specs compiled into the binary cannot be used.
    #[error("the specs cannot be used: {0}")]
    Specs(#[from] Arc<SpecError>),
    /// Two faults with one name.
    #[error("there are two faults `{0}`")]
    Twice(String),
    /// A fault made of one that there is not.
    #[error("`{0}` is made of `{1}`, which is no fault before it")]
    MadeOf(String, String),
}

/// One fault as it is written down.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Written {
    name: String,
    summary: String,
    #[serde(default)]
    caught_by: Vec<String>,
    equivalent: Option<String>,
    /// Why it is no mutant.
    uncounted: Option<String>,
    #[serde(default)]
    on: Vec<String>,
    refuses: Option<String>,
    message: Option<String>,
    #[serde(default)]
    asks: Vec<Edit>,
    does_all_the_same: Option<Vec<Edit>>,
    answers: Option<AnswerFault>,
    astray: Option<Astray>,
    unread: Option<Unread>,
    wrong: Option<Wrong>,
    #[serde(default)]
    misreads: Vec<Edit>,
    /// Faults before it that it consists of.
    #[serde(default)]
    with: Vec<String>,
    /// What begins the names of such.
    #[serde(default)]
    with_all: Vec<String>,
    /// Every operation refuses with the first error that it declares.
    #[serde(default)]
    declared: bool,
}

#[derive(Debug, Deserialize)]
struct File {
    #[serde(default)]
    fault: Vec<Written>,
    #[serde(default)]
    equivalent: Vec<Equivalent>,
}

/// Derived faults that nobody can notice.
#[derive(Debug, Deserialize)]
struct Equivalent {
    faults: Vec<String>,
    reason: String,
}

impl Written {
    fn effects(&mut self) -> Vec<Effect> {
        let refuses = self.refuses.take().map(|code| Effect::Refuses(code, self.message.take()));
        let asks = Some(std::mem::take(&mut self.asks)).filter(|edits| !edits.is_empty()).map(Effect::Asks);
        let misread = Some(std::mem::take(&mut self.misreads)).filter(|edits| !edits.is_empty());
        let misread = misread.map(Effect::Misreads);
        let done = self.does_all_the_same.take().map(Effect::DoesAllTheSame);
        let answers = self.answers.take().map(|answers| Effect::Answers(Box::new(answers)));
        let others =
            [self.astray.map(Effect::Astray), self.unread.map(Effect::Unread), self.wrong.map(Effect::Wrong)];
        [refuses, asks, misread, done, answers].into_iter().chain(others).flatten().collect()
    }
}

impl Catalogue {
    /// The catalogue, read once a process.
    ///
    /// # Errors
    /// When the files or the specs compiled into the binary cannot be used.
    pub fn get() -> Result<&'static Self, CatalogueError> {
        static CATALOGUE: OnceLock<Result<Catalogue, CatalogueError>> = OnceLock::new();
        CATALOGUE.get_or_init(Self::read).as_ref().map_err(Clone::clone)
    }

    fn read() -> Result<Self, CatalogueError> {
        let mut catalogue = Self::derived()?;
        let mut equivalents = Vec::new();
        for text in FILES {
            let file: File = toml::from_str(text)?;
            file.fault.into_iter().try_for_each(|written| catalogue.add(written))?;
            equivalents.extend(file.equivalent);
        }
        for Equivalent { faults, reason } in equivalents {
            for name in faults {
                let missing = || CatalogueError::MadeOf(reason.clone(), name.clone());
                catalogue.entries.get_mut(&name).ok_or_else(missing)?.equivalent = Some(reason.clone());
            }
        }
        // Those with names that people give come first.
        catalogue.entries.sort_by_cached_key(|name, _| name.contains('/'));
        Ok(catalogue)
    }

    fn derived() -> Result<Self, CatalogueError> {
        let (mut entries, mut refusals) = (IndexMap::new(), Vec::new());
        let specs = Specs::embedded(Edition::Current).map_err(Arc::new)?;
        for model in specs.services.iter().filter(|model| model.name == "glue") {
            refusals.extend(derived::refusals(model));
            for derived in derived::faults(model).into_iter().chain(derived::unguarded(model)) {
                let entry = Entry {
                    summary: derived.summary,
                    caught_by: derived.caught_by,
                    equivalent: None,
                    uncounted: None,
                    parts: vec![derived.part],
                };
                entries.insert(derived.name, entry);
            }
        }
        Ok(Self { entries, refusals })
    }

    fn add(&mut self, mut written: Written) -> Result<(), CatalogueError> {
        let own = written.effects();
        let mut parts: Vec<Part> =
            own.into_iter().map(|effect| Part { on: written.on.clone(), effect }).collect();
        for name in &written.with {
            let missing = || CatalogueError::MadeOf(written.name.clone(), name.clone());
            parts.extend(self.entries.get(name).ok_or_else(missing)?.parts.iter().cloned());
        }
        for begin in &written.with_all {
            let made_of = self.entries.iter().filter(|(name, _)| name.starts_with(begin));
            parts.extend(made_of.flat_map(|(_, entry)| entry.parts.iter().cloned()));
        }
        if written.declared {
            parts.extend(self.refusals.iter().cloned());
        }
        let Written { name, summary, caught_by, equivalent, uncounted, .. } = written;
        let entry = Entry { summary, caught_by, equivalent, uncounted, parts };
        match self.entries.insert(name.clone(), entry) {
            None => Ok(()),
            Some(_) => Err(CatalogueError::Twice(name)),
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

    /// Every fault, in the order of the catalogue.
    pub fn all() -> impl Iterator<Item = Self> {
        let entries = Catalogue::get().ok().map(|catalogue| catalogue.entries.keys());
        entries.into_iter().flatten().map(|name| Self(name))
    }

    /// As command lines and reports write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0
    }

    /// What goes wrong, in a sentence.
    #[must_use]
    pub fn summary(self) -> &'static str {
        self.entry().map_or("", |entry| &entry.summary)
    }

    /// The ids of the rules that are meant to catch it; `*` stands for any characters.
    #[must_use]
    pub fn caught_by(self) -> &'static [String] {
        self.entry().map_or(&[], |entry| &entry.caught_by)
    }

    /// Why nobody could tell the fake with this fault from a right one, where that is so.
    #[must_use]
    pub fn equivalent(self) -> Option<&'static str> {
        self.entry()?.equivalent.as_deref()
    }

    /// Whether it shows what was there before.
    pub(super) fn is_stale(self) -> bool {
        self.parts().iter().any(|part| matches!(part.effect, Effect::Astray(Astray::Stale)))
    }

    /// Why the suite is not asked to notice it, where that is so.
    #[must_use]
    pub fn uncounted(self) -> Option<&'static str> {
        self.entry()?.uncounted.as_deref()
    }

    /// Whether it was made of a constraint of the specs. Such a fault names every rule that there may be of the
    /// constraint; not all need be there.
    #[must_use]
    pub fn is_derived(self) -> bool {
        self.0.contains('/')
    }

    pub(super) fn parts(self) -> &'static [Part] {
        self.entry().map_or(&[], |entry| &entry.parts)
    }

    fn entry(self) -> Option<&'static Entry> {
        Catalogue::get().ok()?.entries.get(self.0)
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// A fault name that the catalogue does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no fault `{0}`; the faults are {names} and {more} more, which `glueproof mutants --list` shows", names = first_names(), more = more())]
pub struct UnknownFault(pub String);

/// How many names a message has room for.
const NAMED: usize = 3;

fn first_names() -> String {
    Fault::all().take(NAMED).map(Fault::name).collect::<Vec<_>>().join(", ")
}

fn more() -> usize {
    Fault::all().count().saturating_sub(NAMED)
}

impl std::str::FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::all().find(|fault| fault.name() == name).ok_or_else(|| UnknownFault(name.to_owned()))
    }
}
