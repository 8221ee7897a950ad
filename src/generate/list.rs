//! A list that items can be made for: the calls that make, delete and list items, and the marks that distinguish the items
//! of a case from those of others. Works from resources and `smithy.api#paginated`.
//! Must not judge.
//! The entry point is [`List`].

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::case::{Body, Follow, RUN, Step};
use crate::model::{Assertion, Expect, Kind, Lifecycle, Paginated, Predicate, Resource, Role, ServiceModel};

use super::resource::all_pages;

/// Name of the step that lists.
const LISTED: &str = "listed";

/// An operation that lists, with what it lists.
#[derive(Debug, Clone)]
pub(crate) struct List {
    model: Arc<ServiceModel>,
    operation: String,
    pages: Paginated,
    pub resource: Resource,
    /// Makes an item.
    pub maker: String,
    delete: String,
}

/// The items made for a list.
#[derive(Debug)]
pub(crate) struct CreatedItems {
    pub items: Vec<Item>,
}

/// An item made for a list.
#[derive(Debug)]
pub(crate) struct Item {
    /// The call that makes it.
    pub make: Step,
    /// The call that deletes it.
    pub delete: Step,
    /// The members of its element in the list that no other element has.
    pub mark: Value,
}

impl List {
    pub fn of(model: &Arc<ServiceModel>, operation: &str) -> Option<Self> {
        let (resource, Lifecycle::List) = model.resource_of(operation)? else { return None };
        Some(Self {
            model: Arc::clone(model),
            operation: operation.to_owned(),
            pages: model.operations.get(operation)?.paginated.clone()?,
            maker: resource.maker()?.to_owned(),
            delete: resource.delete.clone()?,
            resource: resource.clone(),
        })
    }

    fn at(&self) -> String {
        format!("/{}", self.pages.items)
    }

    /// A statement about the items of an answer.
    pub fn holds(&self, holds: Predicate) -> Assertion {
        Assertion { at: self.at(), holds }
    }

    /// One page, of that size at most.
    pub fn page(&self, size: Option<usize>) -> Step {
        let input: Map<String, Value> =
            size.map(|size| (self.pages.page_size.clone(), json!(size))).into_iter().collect();
        Step::new(&self.model.name, &self.operation, Value::Object(input)).named(LISTED)
    }

    /// One page that goes on with a token.
    pub fn page_after(&self, size: Option<usize>, token: Value) -> Step {
        let mut step = self.page(size);
        step.name = None;
        if let Body::Json(Value::Object(input)) = &mut step.body {
            input.insert(self.pages.input_token.clone(), token);
        }
        step
    }

    /// All pages that a token leads to.
    pub fn all_after(&self, size: Option<usize>, token: Value) -> Step {
        Step { follow: all_pages(&self.model, &self.operation), ..self.page_after(size, token) }
    }

    /// All pages.
    pub fn all(&self, size: Option<usize>, alter: impl FnOnce(&mut Follow)) -> Step {
        let mut step = self.page(size);
        step.follow = all_pages(&self.model, &self.operation);
        if let Some(follow) = &mut step.follow {
            alter(follow);
        }
        step
    }

    /// A first page that is there to hand out its token.
    pub fn first_page(&self, size: usize) -> Step {
        let token = format!("/{}", self.pages.output_token);
        let handed_out = Assertion { at: token, holds: Predicate::Matches(".".to_owned()) };
        self.page(Some(size)).role(Role::Arrange).expecting(Expect::Ok(vec![handed_out]))
    }

    /// The token that the first page handed out.
    pub fn token(&self) -> Value {
        json!({ "$answer": LISTED, "at": format!("/{}", self.pages.output_token) })
    }

    /// Refers to the items in the response to a step, or to a value below them.
    pub fn listed(&self, step: &str, below: &str) -> Value {
        json!({ "$answer": step, "at": format!("{}{below}", self.at()) })
    }

    /// The first item of the first page.
    pub fn first_listed(&self) -> Value {
        self.listed(LISTED, "/0")
    }

    /// A refusal of what is wrong with an input.
    pub fn refusal(&self) -> Expect {
        Expect::refused(self.model.refusals.constraint.iter().cloned())
    }

    /// The call with a token that must be refused.
    pub fn refuses(&self, token: &str) -> Vec<Step> {
        vec![self.page_after(None, json!(token)).expecting(self.refusal())]
    }

    /// The item of a letter, with a name of the run. A resource that exists once in an account has no name.
    pub fn item(&self, letter: u8, input: &Value) -> Item {
        let mut names = Map::new();
        for identifier in &self.resource.identifiers {
            names.insert(identifier.clone(), json!(format!("{RUN}-{}", char::from(letter))));
        }
        let mut input = input.clone();
        if let Some(members) = input.as_object_mut() {
            members.extend(names.clone());
        }
        let made = format!("made {}", char::from(letter));
        let mark = self.mark(&made, &input);
        let step = |operation: &str, input| {
            Step::new(&self.model.name, operation, input).role(Role::Arrange).expecting(Expect::ok())
        };
        let delete = step(&self.delete, Value::Object(names));
        Item { make: step(&self.maker, input).named(&made), delete, mark }
    }

    /// The mark of an item that a step of that name and input made.
    pub fn mark(&self, made: &str, input: &Value) -> Value {
        match Value::Object(self.resource.identifiers_in(input)) {
            Value::Object(names) if names.is_empty() => self.answered(made),
            names => names,
        }
    }

    /// An item without a name is known by the response to its creation.
    fn answered(&self, made: &str) -> Value {
        let answered = self.model.operations.get(&self.maker).map(|maker| maker.output.as_str());
        let common = self.model.members(answered.unwrap_or_default()).filter(|member| {
            self.element().is_some_and(|element| self.model.member(element, &member.name).is_some())
        });
        let mark = |name: &str| json!({ "$answer": made, "at": format!("/{name}") });
        Value::Object(common.map(|member| (member.name.clone(), mark(&member.name))).collect())
    }

    /// The structure of an element.
    fn element(&self) -> Option<&str> {
        let output = &self.model.operations.get(&self.operation)?.output;
        match &self.model.shape(&self.model.member(output, &self.pages.items)?.target).kind {
            Kind::List(item) => Some(item.target.as_str()),
            _ => None,
        }
    }
}

impl CreatedItems {
    /// Makes `count` items with the same input but for the name.
    pub fn of(list: &List, count: usize, input: &Value) -> Self {
        // `a` and `z` are for items that are created meanwhile.
        Self { items: (b'b'..b'z').take(count).map(|letter| list.item(letter, input)).collect() }
    }

    /// Index of the item made last.
    pub fn last(&self) -> usize {
        self.items.len().saturating_sub(1)
    }

    /// The calls that make them.
    pub fn steps(&self) -> Vec<Step> {
        self.items.iter().map(|item| item.make.clone()).collect()
    }

    /// The calls that make them, and then others.
    pub fn then(&self, others: impl IntoIterator<Item = Step>) -> Vec<Step> {
        self.steps().into_iter().chain(others).collect()
    }
}
