//! Reads the behaviors of a TOML file: defaults of the file, evidence, proofs, steps and expectations.
//! Must not check a name against the shapes of a service; `behavior_check` does that.
//! The entry point is [`read`].

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::behavior::{Proof, Role, ScenarioStep, Walk};
use super::error::did_you_mean;
use super::evidence::{Evidence, Level};
use super::expand::Library;
use super::expectation::{EXPECT_WORDS, Expect, PREDICATES};
use super::node::{Key, Mistake, Node, SourcePlace, Tree, member, parse};
use super::shorthand::{plain, template};
use super::source::SpecFile;
use super::taxonomy::{Capability, UnknownClass};
use super::{Edition, SpecProblem};

/// Members of a file, all but the behaviors themselves defaults for them.
const FILE_MEMBERS: [&str; 9] =
    ["subject", "capability", "also", "edition", "documented", "observed", "assumed", "note", "behavior"];

/// Members of a behavior after its rows are replaced.
const BEHAVIOR_MEMBERS: [&str; 14] = [
    "id",
    "requirement",
    "capability",
    "also",
    "edition",
    "documented",
    "observed",
    "assumed",
    "note",
    "steps",
    "walk",
    "pages",
    "covered_by",
    "untested",
];

/// Members of a step beside the one that names its role and operation.
const STEP_MEMBERS: [&str; 7] = ["as", "by", "client", "input", "follow", "until", "expect"];

const ROLES: [(&str, Role); 5] = [
    ("arrange", Role::Arrange),
    ("context", Role::Context),
    ("act", Role::Act),
    ("observe", Role::Observe),
    ("remove", Role::Remove),
];

/// A behavior as it is read, before its names are checked.
#[derive(Debug)]
pub(super) struct WrittenBehavior {
    pub place: SourcePlace,
    pub subject: String,
    pub id: String,
    pub requirement: String,
    pub evidence: Evidence,
    pub capability: Capability,
    pub also: Vec<Capability>,
    pub edition: Option<Edition>,
    pub proof: Proof,
    /// Places of the steps of a scenario, or of the steps before a walk.
    pub step_places: Vec<SourcePlace>,
}

/// A mistake with the id of its behavior, where that is known.
pub(super) type OwnedMistake = (Option<String>, Mistake);

/// Reads all behaviors of a file. A mistake in one does not hide those in others.
pub(super) fn read(
    files: &[SpecFile],
    file: usize,
    library: &Library,
) -> Result<Vec<Result<WrittenBehavior, OwnedMistake>>, Mistake> {
    let members = parse(files, file)?;
    known_members(&members, "a behavior file", &FILE_MEMBERS)?;
    let start = SourcePlace { file, byte: 0 };
    let behaviors = member(&members, "behavior")
        .ok_or_else(|| Mistake::new(start, "the file has no `[[behavior]]`"))?
        .list("behaviors")?;
    let subject =
        member(&members, "subject").ok_or_else(|| Mistake::new(start, "the file needs `subject`"))?;
    let defaults = Defaults { subject: subject.text("the subject")?, members: &members };
    Ok(behaviors.iter().flat_map(|behavior| defaults.behaviors(behavior, library)).collect())
}

/// The members of a file that hold for all its behaviors.
struct Defaults<'f> {
    subject: &'f str,
    members: &'f [(Key, Node)],
}

impl Defaults<'_> {
    fn behaviors(&self, behavior: &Node, library: &Library) -> Vec<Result<WrittenBehavior, OwnedMistake>> {
        let written = behavior.table("a behavior").ok().and_then(|members| member(members, "id"));
        let id = written.and_then(|id| id.text("the id").ok()).map(|id| format!("{}/{id}", self.subject));
        match library.rows(behavior) {
            Ok(rows) => rows
                .into_iter()
                .map(|(row, node)| {
                    let id = id
                        .clone()
                        .map(|id| id + &row.as_ref().map_or_else(String::new, |row| format!("/{row}")));
                    self.behavior(row, &node, library).map_err(|mistake| (id, mistake))
                })
                .collect(),
            Err(mistake) => vec![Err((id, mistake))],
        }
    }

    fn behavior(
        &self,
        row: Option<String>,
        node: &Node,
        library: &Library,
    ) -> Result<WrittenBehavior, Mistake> {
        let members = node.table("a behavior")?;
        known_members(members, "a behavior", &BEHAVIOR_MEMBERS)?;
        let required = |name: &str| {
            member(members, name)
                .ok_or_else(|| node.mistake(format!("a behavior needs `{name}`")))?
                .text(name)
        };
        let id = required("id")?;
        let either = |name: &str| member(members, name).or_else(|| member(self.members, name));
        let also = either("also").map_or_else(|| Ok(Vec::new()), capabilities)?;
        let (proof, step_places) = proof(node, members, library)?;
        Ok(WrittenBehavior {
            place: node.place,
            subject: self.subject.to_owned(),
            id: row.map_or_else(|| id.to_owned(), |row| format!("{id}/{row}")),
            requirement: required("requirement")?.to_owned(),
            evidence: evidence(members)?.or(evidence(self.members)?).ok_or_else(|| {
                node.mistake(
                    "a behavior needs its evidence: `documented`, `observed` or `assumed`, with sources",
                )
            })?,
            capability: either("capability").map_or(Ok(Capability::Core), capability)?,
            also,
            edition: either("edition").map_or(Ok(None), edition)?,
            proof,
            step_places,
        })
    }
}

fn capability(node: &Node) -> Result<Capability, Mistake> {
    let name = node.text("a capability")?;
    name.parse().map_err(|unknown: UnknownClass| node.mistake(unknown.to_string()))
}

fn capabilities(node: &Node) -> Result<Vec<Capability>, Mistake> {
    let parse =
        |name: String| name.parse().map_err(|unknown: UnknownClass| node.mistake(unknown.to_string()));
    node.texts("capabilities")?.into_iter().map(parse).collect()
}

fn edition(node: &Node) -> Result<Option<Edition>, Mistake> {
    match node.text("an edition")? {
        "all" => Ok(None),
        name => name.parse().map(Some).map_err(|_| {
            let hint = did_you_mean(name, Edition::ALL.map(Edition::name));
            node.mistake(format!("there is no edition `{name}`{hint}; write `2018`, `current` or `all`"))
        }),
    }
}

/// The evidence that the members name, if any.
fn evidence(members: &[(Key, Node)]) -> Result<Option<Evidence>, Mistake> {
    let mut levels = [Level::Documented, Level::Observed, Level::Assumed]
        .into_iter()
        .filter_map(|level| Some((level, member(members, level.name())?)));
    let Some((level, sources)) = levels.next() else { return Ok(None) };
    if let Some((_, second)) = levels.next() {
        return Err(second.mistake("evidence has one level: `documented`, `observed` or `assumed`"));
    }
    let note = member(members, "note").map(|note| note.text("a note")).transpose()?;
    Ok(Some(Evidence { level, sources: sources.texts("ids of sources")?, note: note.map(str::to_owned) }))
}

fn proof(
    behavior: &Node,
    members: &[(Key, Node)],
    library: &Library,
) -> Result<(Proof, Vec<SourcePlace>), Mistake> {
    let names = ["steps", "walk", "pages", "covered_by", "untested"];
    let mut proofs = members.iter().filter(|(key, _)| names.contains(&key.name.as_str()));
    let (Some((key, node)), None) = (proofs.next(), proofs.next()) else {
        let found = members.iter().filter(|(key, _)| names.contains(&key.name.as_str())).count();
        return Err(Mistake { place: behavior.place, problem: SpecProblem::Proof { found } });
    };
    Ok(match key.name.as_str() {
        "steps" => {
            let (steps, places) = steps(node, library)?;
            (Proof::Scenario(steps), places)
        }
        "walk" => walk(node, library)?,
        "pages" => (Proof::Pages(converted(node, plain(node))?), Vec::new()),
        "covered_by" => (Proof::CoveredBy(node.texts("ids of rules")?), Vec::new()),
        _ => (Proof::Untested(node.text("the reason")?.to_owned()), Vec::new()),
    })
}

fn walk(node: &Node, library: &Library) -> Result<(Proof, Vec<SourcePlace>), Mistake> {
    let members = node.table("a walk")?;
    known_members(members, "a walk", &["before", "operations", "calls", "clients"])?;
    let required =
        |name: &str| member(members, name).ok_or_else(|| node.mistake(format!("a walk needs `{name}`")));
    let (before, places) = match member(members, "before") {
        Some(before) => steps(before, library)?,
        None => (Vec::new(), Vec::new()),
    };
    let walk = Walk {
        before,
        operations: required("operations")?.texts("operations")?,
        calls: required("calls")?.count("calls")?,
        clients: member(members, "clients").map(|clients| clients.count("clients")).transpose()?,
    };
    Ok((Proof::Walk(walk), places))
}

fn steps(list: &Node, library: &Library) -> Result<(Vec<ScenarioStep>, Vec<SourcePlace>), Mistake> {
    let steps = library.steps(list)?;
    let places = steps.iter().map(|step| step.place).collect();
    Ok((steps.iter().map(step).collect::<Result<_, _>>()?, places))
}

fn step(node: &Node) -> Result<ScenarioStep, Mistake> {
    let members = node.table("a step")?;
    let known: Vec<&str> = ROLES.iter().map(|(name, _)| *name).chain(STEP_MEMBERS).chain(["use"]).collect();
    known_members(members, "a step", &known)?;
    let mut roles = ROLES.iter().filter_map(|(name, role)| Some((*role, member(members, name)?)));
    let (Some((role, call)), None) = (roles.next(), roles.next()) else {
        let names = ROLES.map(|(name, _)| format!("`{name}`")).join(", ");
        return Err(
            node.mistake(format!("a step has exactly one of {names}, with the operation that it calls"))
        );
    };
    let text = |name: &str| member(members, name).map(|node| node.text(name).map(str::to_owned)).transpose();
    let expect = |name: &str| member(members, name).map(expectation).transpose();
    Ok(ScenarioStep {
        call: call.text("an operation")?.to_owned(),
        name: text("as")?,
        by: text("by")?.map(Into::into),
        client: member(members, "client").map(|client| client.count("the number of a client")).transpose()?,
        role,
        input: member(members, "input").map_or_else(|| Ok(json!({})), template)?,
        follow: member(members, "follow").map_or(Ok(false), |follow| follow.flag("follow"))?,
        until: expect("until")?,
        expect: expect("expect")?.or((role == Role::Arrange).then(Expect::ok)),
    })
}

fn expectation(node: &Node) -> Result<Expect, Mistake> {
    converted(node, expectation_form(node)?)
}

/// The form of an expectation that saved cases have as well.
fn expectation_form(node: &Node) -> Result<Value, Mistake> {
    match &node.value {
        Tree::Text(word) if word == "refused" => Ok(json!({ "refused": [] })),
        Tree::Text(word) if EXPECT_WORDS.contains(&word.as_str()) => Ok(json!(word)),
        Tree::Text(code) if code.starts_with(|c: char| c.is_ascii_uppercase()) => {
            Ok(json!({ "refused": [code] }))
        }
        Tree::Text(other) => {
            let hint = did_you_mean(other, EXPECT_WORDS.into_iter().chain(["refused"]));
            Err(node.mistake(format!("`{other}` is neither an expectation nor an error code{hint}")))
        }
        Tree::Table(members) => match members.first().map(|(key, _)| key.name.as_str()) {
            Some(first) if first.is_empty() || first.starts_with('/') => {
                let assertions =
                    members.iter().map(|(key, inner)| at(key, inner)).collect::<Result<Vec<_>, _>>()?;
                Ok(json!({ "ok": assertions.concat() }))
            }
            _ => object_form(node, members),
        },
        _ => Err(node.mistake("an expectation is a word, an error code or a table")),
    }
}

fn object_form(node: &Node, members: &[(Key, Node)]) -> Result<Value, Mistake> {
    known_members(members, "an expectation", &["refused", "except", "message", "either", "same", "if"])?;
    let mut form = Map::new();
    for (key, inner) in members {
        let value = match key.name.as_str() {
            "either" => inner.list("expectations")?.iter().map(expectation_form).collect::<Result<_, _>>()?,
            "if" => branch(inner)?,
            _ => plain(inner),
        };
        form.insert(key.name.clone(), value);
    }
    if form.is_empty() {
        return Err(node.mistake("the expectation is empty"));
    }
    Ok(Value::Object(form))
}

fn branch(node: &Node) -> Result<Value, Mistake> {
    let members = node.table("a condition")?;
    known_members(members, "a condition", &["accepted", "then", "else"])?;
    let read = |(key, inner): &(Key, Node)| {
        let value = if key.name == "accepted" { plain(inner) } else { expectation_form(inner)? };
        Ok((key.name.clone(), value))
    };
    members.iter().map(read).collect()
}

/// The assertions at one place of the body: a value that must be equal, or predicates.
fn at(key: &Key, node: &Node) -> Result<Vec<Value>, Mistake> {
    let tables: Vec<&[(Key, Node)]> = match &node.value {
        Tree::Table(members) => vec![members],
        // Several predicates of one kind at one place are a list of tables.
        Tree::List(items) => items.iter().filter_map(|item| item.table("").ok()).collect(),
        _ => Vec::new(),
    };
    let is_list_of_others = matches!(&node.value, Tree::List(items) if items.len() != tables.len());
    let is_predicate = |(name, _): &(Key, Node)| PREDICATES.contains(&name.name.as_str());
    if tables.is_empty()
        || is_list_of_others
        || !tables.iter().all(|t| !t.is_empty() && t.iter().all(is_predicate))
    {
        return Ok(vec![json!({ "at": key.name, "equals": template(node)? })]);
    }
    let one = |(name, inner): &(Key, Node)| {
        Ok(json!({ "at": key.name, name.name.as_str(): predicate_value(&name.name, inner)? }))
    };
    tables.into_iter().flatten().map(one).collect()
}

fn predicate_value(name: &str, node: &Node) -> Result<Value, Mistake> {
    let is_plain = ["matches", "present", "absent", "max_items", "min_items"].contains(&name);
    if is_plain { Ok(plain(node)) } else { template(node) }
}

/// The value as one of our types.
fn converted<T: DeserializeOwned>(node: &Node, value: Value) -> Result<T, Mistake> {
    serde_json::from_value(value).map_err(|error| node.mistake(error.to_string()))
}

/// Refuses members that are not known, with the nearest that is.
fn known_members(members: &[(Key, Node)], owner: &str, known: &[&str]) -> Result<(), Mistake> {
    match members.iter().find(|(key, _)| !known.contains(&key.name.as_str())) {
        None => Ok(()),
        Some((key, _)) => {
            let hint = did_you_mean(&key.name, known.iter().copied());
            Err(Mistake::new(key.place, format!("{owner} has no member `{}`{hint}", key.name)))
        }
    }
}
