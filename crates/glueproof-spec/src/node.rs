//! Reads TOML as a tree in which every value knows its place in its file.
//! Must not know what a behavior or a fixture is.
//! The entry point is [`parse`].

use serde_json::Number;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{SpecError, SpecProblem};
use super::position::Position;
use super::source::SpecFile;

/// A byte of one of the spec files. Lines and columns are counted only when an error is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SourcePlace {
    /// Index of the file.
    pub file: usize,
    /// Byte within the text of the file.
    pub byte: usize,
}

/// A mistake in a spec file, with its place.
#[derive(Debug)]
pub(super) struct Mistake {
    /// Place of the mistake.
    pub place: SourcePlace,
    /// The mistake itself.
    pub problem: SpecProblem,
}

impl Mistake {
    /// A mistake of form.
    pub fn new(place: SourcePlace, text: impl Into<String>) -> Self {
        Self { place, problem: SpecProblem::Syntax(text.into()) }
    }

    /// The mistake with file, line and column, and the behavior or fixture that contains it.
    pub fn locate(self, files: &[SpecFile], owner: Option<&str>) -> SpecError {
        let file = files.get(self.place.file);
        SpecError {
            file: file.map(|file| file.path.clone()).unwrap_or_default(),
            position: file.map(|file| Box::new(Position::of(&file.text, self.place.byte))),
            shape: owner.map(Into::into),
            problem: self.problem,
            nearest: None,
        }
    }
}

/// A value of a TOML file.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// Place of the value.
    pub place: SourcePlace,
    /// The value.
    pub value: Tree,
}

/// The kinds of value.
#[derive(Debug, Clone)]
pub(super) enum Tree {
    /// JSON's null, written `"$null"`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number or a fraction.
    Number(Number),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Node>),
    /// A table, in the order of the file.
    Table(Vec<(Key, Node)>),
}

/// A key of a table.
#[derive(Debug, Clone)]
pub(super) struct Key {
    /// The key itself.
    pub name: String,
    /// Place of the key.
    pub place: SourcePlace,
}

impl Node {
    /// The members, or the mistake that there are none.
    pub fn table(&self, expected: &str) -> Result<&[(Key, Node)], Mistake> {
        match &self.value {
            Tree::Table(members) => Ok(members),
            _ => Err(self.mistake(format!("expected {expected}, a table"))),
        }
    }

    /// The elements, or the mistake that there are none.
    pub fn list(&self, expected: &str) -> Result<&[Node], Mistake> {
        match &self.value {
            Tree::List(items) => Ok(items),
            _ => Err(self.mistake(format!("expected {expected}, a list"))),
        }
    }

    /// The text, or the mistake that there is none.
    pub fn text(&self, expected: &str) -> Result<&str, Mistake> {
        match &self.value {
            Tree::Text(text) => Ok(text),
            _ => Err(self.mistake(format!("expected {expected}, a string"))),
        }
    }

    /// The texts of a list of strings.
    pub fn texts(&self, expected: &str) -> Result<Vec<String>, Mistake> {
        self.list(expected)?.iter().map(|item| item.text(expected).map(str::to_owned)).collect()
    }

    /// The whole number, or the mistake that there is none.
    pub fn count(&self, expected: &str) -> Result<usize, Mistake> {
        let count = match &self.value {
            Tree::Number(number) => number.as_u64().and_then(|number| usize::try_from(number).ok()),
            _ => None,
        };
        count.ok_or_else(|| self.mistake(format!("expected {expected}, a whole number")))
    }

    /// The boolean, or the mistake that there is none.
    pub fn flag(&self, expected: &str) -> Result<bool, Mistake> {
        match self.value {
            Tree::Bool(flag) => Ok(flag),
            _ => Err(self.mistake(format!("expected {expected}, `true` or `false`"))),
        }
    }

    /// A mistake at this place.
    pub fn mistake(&self, text: impl Into<String>) -> Mistake {
        Mistake::new(self.place, text)
    }
}

/// The member of that name.
pub(super) fn member<'n>(members: &'n [(Key, Node)], name: &str) -> Option<&'n Node> {
    members.iter().find(|(key, _)| key.name == name).map(|(_, node)| node)
}

/// Parses one file.
pub(super) fn parse(files: &[SpecFile], file: usize) -> Result<Vec<(Key, Node)>, Mistake> {
    let text = files.get(file).map_or("", |file| file.text.as_str());
    let table = DeTable::parse(text).map_err(|error| {
        let byte = error.span().map_or(0, |span| span.start);
        Mistake::new(SourcePlace { file, byte }, error.message())
    })?;
    members(file, table.get_ref())
}

fn members(file: usize, table: &DeTable<'_>) -> Result<Vec<(Key, Node)>, Mistake> {
    let read = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
        let name: &std::borrow::Cow<'_, str> = key.get_ref();
        let place = SourcePlace { file, byte: key.span().start };
        Ok((Key { name: name.to_string(), place }, node(file, value)?))
    };
    table.iter().map(read).collect()
}

fn node(file: usize, value: &Spanned<DeValue<'_>>) -> Result<Node, Mistake> {
    let place = SourcePlace { file, byte: value.span().start };
    let number = |number: Option<Number>| {
        number.map(Tree::Number).ok_or_else(|| Mistake::new(place, "the number is out of range"))
    };
    let value = match value.get_ref() {
        DeValue::String(text) => Tree::Text(text.to_string()),
        DeValue::Boolean(flag) => Tree::Bool(*flag),
        DeValue::Integer(integer) => {
            number(i64::from_str_radix(integer.as_str(), integer.radix()).ok().map(Number::from))?
        }
        DeValue::Float(float) => number(float.as_str().parse().ok().and_then(Number::from_f64))?,
        DeValue::Datetime(_) => return Err(Mistake::new(place, "a date is written as a string")),
        DeValue::Array(items) => {
            Tree::List(items.iter().map(|item| node(file, item)).collect::<Result<_, _>>()?)
        }
        DeValue::Table(table) => Tree::Table(members(file, table)?),
    };
    Ok(Node { place, value })
}
