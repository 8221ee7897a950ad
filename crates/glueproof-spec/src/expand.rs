//! Replaces parameters, fixtures, documents and rows in behavior files, before anything else reads them.
//! Must not know a service or a shape, nor what a step means.
//! The entry points are [`Library::load`], [`Library::rows`] and [`Library::steps`].

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::error::did_you_mean;
use super::node::{Key, Mistake, Node, Tree, member, parse};
use super::shorthand::{collect_references, inserted, is_optional, parameter};
use super::source::SpecFile;

/// Members of a behavior that a row may replace.
const ROW_OVERRIDES: [&str; 8] =
    ["requirement", "documented", "observed", "assumed", "note", "capability", "also", "edition"];

/// Levels of fixtures and documents within each other.
const MAX_DEPTH: usize = 16;

/// A table.
type Members = Vec<(Key, Node)>;

/// The fixtures and documents that the behaviors of a service may use.
#[derive(Debug, Default)]
pub(super) struct Library {
    definitions: BTreeMap<String, Definition>,
}

/// A fixture or a document.
#[derive(Debug)]
struct Definition {
    is_fixture: bool,
    defaults: Members,
    parameters: BTreeSet<String>,
    body: Node,
}

impl Definition {
    fn kind(&self) -> &'static str {
        if self.is_fixture { "fixture" } else { "document" }
    }
}

impl Library {
    /// Reads `fixtures.toml` and `documents.toml`, first those of all services, then those of the service.
    pub fn load(files: &[SpecFile], service: &str) -> Result<Self, Mistake> {
        let mut library = Self::default();
        let of_service = |name: &str| format!("{service}/{name}");
        for (name, is_fixture) in [("documents.toml", false), ("fixtures.toml", true)] {
            for path in [name.to_owned(), of_service(name)] {
                let Some(index) = files.iter().position(|file| file.path == path) else { continue };
                for (key, node) in parse(files, index)? {
                    library.define(&key, &node, is_fixture)?;
                }
            }
        }
        let documents: BTreeSet<String> =
            library.definitions.iter().filter(|(_, d)| !d.is_fixture).map(|(name, _)| name.clone()).collect();
        for definition in library.definitions.values_mut() {
            let mut names = BTreeSet::new();
            collect_references(&definition.body, &mut names);
            for (_, node) in &definition.defaults {
                collect_references(node, &mut names);
            }
            definition.parameters = names.difference(&documents).cloned().collect();
            definition.parameters.extend(definition.defaults.iter().map(|(key, _)| key.name.clone()));
            let clash = definition.defaults.iter().find(|(key, _)| documents.contains(&key.name));
            if let Some((key, _)) = clash {
                return Err(clash_with_document(key));
            }
        }
        Ok(library)
    }

    fn define(&mut self, key: &Key, node: &Node, is_fixture: bool) -> Result<(), Mistake> {
        let (what, forms): (_, &[&str]) =
            if is_fixture { ("a fixture", &["steps"]) } else { ("a document", &["json", "text", "value"]) };
        let members = node.table(what)?;
        let (mut defaults, mut body) = (Vec::new(), None);
        for (form, value) in members {
            match form.name.as_str() {
                "defaults" => defaults = value.table("default values of parameters")?.to_vec(),
                name if forms.contains(&name) && body.is_none() => {
                    body = Some(match name {
                        "json" => wrapped("$json", form, value.clone()),
                        _ => value.clone(),
                    });
                }
                other => {
                    let hint = did_you_mean(other, forms.iter().copied().chain(["defaults"]));
                    return Err(Mistake::new(form.place, format!("{what} has no `{other}`{hint}")));
                }
            }
        }
        let Some(body) = body else {
            return Err(Mistake::new(key.place, format!("{what} needs `{}`", forms.join("` or `"))));
        };
        let definition = Definition { is_fixture, defaults, parameters: BTreeSet::new(), body };
        if self.definitions.insert(key.name.clone(), definition).is_some() {
            let text = format!("there is another fixture or document of the name `{}`", key.name);
            return Err(Mistake::new(key.place, text));
        }
        Ok(())
    }

    /// The behavior once for each of its rows, each with its name; the behavior itself if it has none.
    pub fn rows(&self, behavior: &Node) -> Result<Vec<(Option<String>, Node)>, Mistake> {
        let members = behavior.table("a behavior")?;
        let shared: Members = members
            .iter()
            .filter(|(key, _)| !["rows", "defaults"].contains(&key.name.as_str()))
            .cloned()
            .collect();
        let defaults = match member(members, "defaults") {
            Some(defaults) => defaults.table("default values of rows")?,
            None => &[],
        };
        let Some(rows) = member(members, "rows") else {
            if let Some((key, _)) = members.iter().find(|(key, _)| key.name == "defaults") {
                return Err(Mistake::new(key.place, "`defaults` needs `rows`"));
            }
            let body = Node { place: behavior.place, value: Tree::Table(shared) };
            return Ok(vec![(None, self.scope().require(&body)?)]);
        };
        let rows = rows.list("rows")?;
        if rows.is_empty() {
            return Err(behavior.mistake("`rows` is empty"));
        }
        rows.iter().map(|row| self.row(&shared, defaults, row)).collect()
    }

    fn row(
        &self,
        shared: &[(Key, Node)],
        defaults: &[(Key, Node)],
        row: &Node,
    ) -> Result<(Option<String>, Node), Mistake> {
        let Node { place, value: Tree::Table(members) } = self.scope().require(row)? else {
            return Err(row.mistake("expected a row, a table"));
        };
        let Some(name) = member(&members, "name") else {
            return Err(Mistake::new(place, "a row needs `name`"));
        };
        let id = name.text("the name of the row")?.to_owned();
        let (overrides, values): (Members, Members) =
            members.into_iter().partition(|(key, _)| ROW_OVERRIDES.contains(&key.name.as_str()));
        let is_document = |name: &str| self.definitions.get(name).is_some_and(|found| !found.is_fixture);
        if let Some((key, _)) = values.iter().find(|(key, _)| is_document(&key.name)) {
            return Err(clash_with_document(key));
        }
        let scope = self.scope().bound(values.clone(), defaults)?;
        let mut made = Vec::new();
        let replaces_evidence = overrides.iter().any(|(key, _)| is_level(&key.name));
        for (key, node) in shared {
            let is_replaced = overrides.iter().any(|(own, _)| own.name == key.name)
                || replaces_evidence && (is_level(&key.name) || key.name == "note");
            if !is_replaced && let Some(node) = scope.fill(node)? {
                made.push((key.clone(), node));
            }
        }
        made.extend(overrides);
        let used = scope.used.borrow();
        let unused = values.iter().find(|(key, _)| key.name != "name" && !used.contains(&key.name));
        if let Some((key, _)) = unused {
            let mut known: BTreeSet<String> = ROW_OVERRIDES.into_iter().map(str::to_owned).collect();
            for (_, node) in shared {
                collect_references(node, &mut known);
            }
            let hint = did_you_mean(&key.name, known.iter().map(String::as_str));
            let text = format!("no step takes the value `{}` of row `{id}`{hint}", key.name);
            return Err(Mistake::new(key.place, text));
        }
        Ok((Some(id), Node { place, value: Tree::Table(made) }))
    }

    /// The steps of a list, with the steps of each fixture in its place.
    pub fn steps(&self, list: &Node) -> Result<Vec<Node>, Mistake> {
        let mut made = Vec::new();
        self.add_steps(list, 0, &mut made)?;
        Ok(made)
    }

    fn add_steps(&self, list: &Node, depth: usize, made: &mut Vec<Node>) -> Result<(), Mistake> {
        for step in list.list("steps")? {
            let members = step.table("a step")?;
            let Some(name) = member(members, "use") else {
                made.push(step.clone());
                continue;
            };
            let fixture = self.definition(name, true)?;
            if depth == MAX_DEPTH {
                return Err(name.mistake("fixtures use each other without an end"));
            }
            let steps = self.called(fixture, name, members, 0)?;
            self.add_steps(&steps, depth + 1, made)?;
        }
        Ok(())
    }

    /// The fixture or document of that name.
    fn definition(&self, name: &Node, is_fixture: bool) -> Result<&Definition, Mistake> {
        let text = name.text("the name of a fixture or document")?;
        let kind = if is_fixture { "fixture" } else { "document" };
        match self.definitions.get(text) {
            Some(found) if found.is_fixture == is_fixture => Ok(found),
            Some(found) => Err(name.mistake(format!("`{text}` is a {}, not a {kind}", found.kind()))),
            None => {
                let known = self.definitions.iter().filter(|(_, d)| d.is_fixture == is_fixture);
                let hint = did_you_mean(text, known.map(|(name, _)| name.as_str()));
                Err(name.mistake(format!("unknown {kind} `{text}`{hint}")))
            }
        }
    }

    /// The body of a definition with the arguments of a `use` in it.
    fn called(
        &self,
        definition: &Definition,
        name: &Node,
        members: &[(Key, Node)],
        depth: usize,
    ) -> Result<Node, Mistake> {
        let kind = definition.kind();
        let label = name.text("a name")?;
        let arguments: Members = members.iter().filter(|(key, _)| key.name != "use").cloned().collect();
        for (key, _) in &arguments {
            if !definition.parameters.contains(&key.name) {
                let hint = did_you_mean(&key.name, definition.parameters.iter().map(String::as_str));
                let text = format!("{kind} `{label}` has no parameter `{}`{hint}", key.name);
                return Err(Mistake::new(key.place, text));
            }
        }
        let given = |wanted: &String| {
            arguments.iter().chain(&definition.defaults).any(|(key, _)| key.name == *wanted)
        };
        let optional = |wanted: &String| is_optional(&definition.body, wanted);
        if let Some(missing) = definition.parameters.iter().find(|wanted| !given(wanted) && !optional(wanted))
        {
            let documents =
                self.definitions.iter().filter(|(_, d)| !d.is_fixture).map(|(name, _)| name.as_str());
            let hint = did_you_mean(missing, documents);
            return Err(name.mistake(format!("{kind} `{label}` needs a value for `{missing}`{hint}")));
        }
        let scope = Scope { depth: depth + 1, ..self.scope() }.bound(arguments, &definition.defaults)?;
        scope.require(&definition.body)
    }

    fn scope(&self) -> Scope<'_> {
        Scope { library: self, values: Vec::new(), used: RefCell::new(BTreeSet::new()), depth: 0 }
    }
}

/// The values that parameters have at one place.
struct Scope<'l> {
    library: &'l Library,
    values: Members,
    used: RefCell<BTreeSet<String>>,
    depth: usize,
}

impl Scope<'_> {
    /// The scope with these values, and with the defaults of those that are not among them. A default may refer
    /// to values and to defaults before it.
    fn bound(mut self, values: Members, defaults: &[(Key, Node)]) -> Result<Self, Mistake> {
        self.values = values;
        for (key, node) in defaults {
            if member(&self.values, &key.name).is_none()
                && let Some(node) = self.fill(node)?
            {
                self.values.push((key.clone(), node));
            }
        }
        Ok(self)
    }

    /// The node with all parameters and documents replaced, where it cannot be left out.
    fn require(&self, node: &Node) -> Result<Node, Mistake> {
        self.fill(node)?.ok_or_else(|| node.mistake("the value cannot be left out here"))
    }

    /// The node with all parameters and documents replaced; nothing if it is an optional parameter without a value.
    fn fill(&self, node: &Node) -> Result<Option<Node>, Mistake> {
        let value = match &node.value {
            Tree::Text(text) => match parameter(text) {
                Some(("null", _)) => Tree::Null,
                Some((name, is_optional)) => return self.parameter(node, name, is_optional),
                None => Tree::Text(self.interpolated(node, text)?),
            },
            Tree::List(items) => Tree::List(self.filled_list(items)?),
            Tree::Table(members) => {
                let mut made = Vec::new();
                for (key, inner) in members {
                    if let Some(inner) = self.fill(inner)? {
                        made.push((key.clone(), inner));
                    }
                }
                if let Some(name) = member(&made, "use")
                    && self.library.definitions.get(name.text("a name")?).is_none_or(|d| !d.is_fixture)
                {
                    return self.document(name, &made).map(Some);
                }
                Tree::Table(made)
            }
            other => other.clone(),
        };
        Ok(Some(Node { place: node.place, value }))
    }

    /// A parameter that is a list is joined to the list around it.
    fn filled_list(&self, items: &[Node]) -> Result<Vec<Node>, Mistake> {
        let mut made = Vec::new();
        for item in items {
            let is_parameter = matches!(&item.value, Tree::Text(text) if parameter(text).is_some());
            match self.fill(item)? {
                Some(Node { value: Tree::List(several), .. }) if is_parameter => made.extend(several),
                Some(one) => made.push(one),
                None => {}
            }
        }
        Ok(made)
    }

    fn document(&self, name: &Node, members: &[(Key, Node)]) -> Result<Node, Mistake> {
        if self.depth == MAX_DEPTH {
            return Err(name.mistake("documents use each other without an end"));
        }
        // A step refers to fixtures, a value to documents; an unknown name is reported as either.
        let text = name.text("the name of a fixture or document")?;
        if !self.library.definitions.contains_key(text) {
            let hint = did_you_mean(text, self.library.definitions.keys().map(String::as_str));
            return Err(name.mistake(format!("unknown fixture or document `{text}`{hint}")));
        }
        self.library.called(self.library.definition(name, false)?, name, members, self.depth)
    }

    fn parameter(&self, node: &Node, name: &str, is_optional: bool) -> Result<Option<Node>, Mistake> {
        if let Some(found) = member(&self.values, name) {
            self.used.borrow_mut().insert(name.to_owned());
            return Ok(Some(found.clone()));
        }
        if is_optional {
            return Ok(None);
        }
        if self.library.definitions.get(name).is_some_and(|definition| !definition.is_fixture) {
            let name = Node { place: node.place, value: Tree::Text(name.to_owned()) };
            return self.document(&name, &[]).map(Some);
        }
        let documents =
            self.library.definitions.iter().filter(|(_, d)| !d.is_fixture).map(|(name, _)| name.as_str());
        let known = self.values.iter().map(|(key, _)| key.name.as_str()).chain(documents);
        Err(node.mistake(format!("unknown parameter or document `{name}`{}", did_you_mean(name, known))))
    }

    /// The text with every `{$name}` replaced.
    fn interpolated(&self, node: &Node, text: &str) -> Result<String, Mistake> {
        let mut made = String::new();
        let mut rest = text;
        while let Some(start) = rest.find("{$") {
            let (before, inside) = rest.split_at(start);
            let end =
                inside.find('}').ok_or_else(|| node.mistake(format!("`{inside}` has no closing brace")))?;
            let value = self.parameter(node, &inside[2..end], false)?;
            made.push_str(before);
            made.push_str(&inserted(node, value.as_ref())?);
            rest = &inside[end + 1..];
        }
        Ok(made + rest)
    }
}

fn clash_with_document(key: &Key) -> Mistake {
    let text = format!("`{}` is the name of a document, so that no parameter can have it", key.name);
    Mistake::new(key.place, text)
}

fn is_level(key: &str) -> bool {
    ["documented", "observed", "assumed"].contains(&key)
}

/// An object with one member.
fn wrapped(name: &str, key: &Key, inner: Node) -> Node {
    let place = inner.place;
    let key = Key { name: name.to_owned(), place: key.place };
    Node { place, value: Tree::Table(vec![(key, inner)]) }
}
