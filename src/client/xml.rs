//! Converts between XML and JSON by the shapes of a service model.
//!
//! Knows no protocol. The entry points are [`read`], [`read_within`], [`text_of`] and [`write`].

use quick_xml::Reader;
use quick_xml::escape::escape;
use quick_xml::events::Event;
use serde_json::{Map, Value, json};

use crate::model::{Kind, Member, ServiceModel, Shape};

/// An element: name, text and children.
#[derive(Debug, Default)]
struct XmlElement {
    name: String,
    text: String,
    children: Vec<XmlElement>,
}

/// Reads the root element of a document as a shape.
pub(super) fn read(model: &ServiceModel, shape: &str, document: &[u8]) -> Option<Value> {
    Some(value(model, model.shape(shape), &parse(&String::from_utf8_lossy(document))?))
}

/// Reads a child of the root as a shape; `path` names root and child. A missing child counts as an empty element.
pub(super) fn read_within(
    model: &ServiceModel,
    shape: &str,
    document: &str,
    path: [&str; 2],
) -> Option<Value> {
    let root = parse(document).filter(|root| root.name == path[0])?;
    let empty = XmlElement::default();
    let element = root.children.iter().find(|child| child.name == path[1]).unwrap_or(&empty);
    Some(value(model, model.shape(shape), element))
}

/// Returns the text of the first element with this name, at any depth.
pub(super) fn text_of(document: &str, name: &str) -> Option<String> {
    fn find<'e>(element: &'e XmlElement, name: &str) -> Option<&'e XmlElement> {
        if element.name == name {
            return Some(element);
        }
        element.children.iter().find_map(|child| find(child, name))
    }
    Some(find(&parse(document)?, name)?.text.clone())
}

fn parse(document: &str) -> Option<XmlElement> {
    let mut reader = Reader::from_str(document);
    let mut open: Vec<XmlElement> = Vec::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
                open.push(XmlElement { name, ..XmlElement::default() });
            }
            Event::Empty(start) => {
                let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
                let element = XmlElement { name, ..XmlElement::default() };
                match open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None => return Some(element),
                }
            }
            Event::Text(text) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&text.decode().ok()?);
                }
            }
            Event::GeneralRef(entity) => {
                if let Some(element) = open.last_mut() {
                    let written = format!("&{};", entity.decode().ok()?);
                    element.text.push_str(&quick_xml::escape::unescape(&written).ok()?);
                }
            }
            Event::End(_) => {
                let element = open.pop()?;
                match open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None => return Some(element),
                }
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

fn value(model: &ServiceModel, shape: &Shape, element: &XmlElement) -> Value {
    match &shape.kind {
        Kind::Structure(members) => {
            let found = members
                .values()
                .filter_map(|member| Some((member.name.clone(), read_member(model, member, element)?)));
            Value::Object(found.collect::<Map<_, _>>())
        }
        Kind::List(item) => {
            element.children.iter().map(|child| value(model, model.shape(&item.target), child)).collect()
        }
        Kind::Integer => element.text.parse::<i64>().map_or_else(|_| json!(element.text), Value::from),
        Kind::Boolean => element.text.parse::<bool>().map_or_else(|_| json!(element.text), Value::from),
        _ => json!(element.text),
    }
}

fn read_member(model: &ServiceModel, member: &Member, element: &XmlElement) -> Option<Value> {
    let name = member.traits.xml_name.as_ref().unwrap_or(&member.name);
    let mut named = element.children.iter().filter(|child| child.name == *name).peekable();
    named.peek()?;
    let shape = model.shape(&member.target);
    match &shape.kind {
        Kind::List(item) if member.traits.xml_flattened => {
            Some(named.map(|child| value(model, model.shape(&item.target), child)).collect())
        }
        _ => named.next().map(|child| value(model, shape, child)),
    }
}

/// Writes a value as a document. The root has the name of the shape and the namespace of the service.
pub(super) fn write(model: &ServiceModel, shape: &str, value: &Value) -> String {
    let content = content(model, model.shape(shape), value);
    let space = model.xml_namespace.as_ref().map(|uri| format!(" xmlns=\"{}\"", escape(uri.as_str())));
    format!("<{shape}{}>{content}</{shape}>", space.unwrap_or_default())
}

fn content(model: &ServiceModel, shape: &Shape, value: &Value) -> String {
    match (&shape.kind, value) {
        (Kind::Structure(members), Value::Object(map)) => {
            let written = members.values().filter_map(|member| {
                Some(elements(model, member, map.get(&member.name).filter(|value| !value.is_null())?))
            });
            written.collect()
        }
        (Kind::List(item), Value::Array(items)) => {
            let name = item.traits.xml_name.as_ref().unwrap_or(&item.name);
            items.iter().map(|value| element(model, name, &item.target, value)).collect()
        }
        (_, Value::String(text)) => escape(text.as_str()).into_owned(),
        (_, other) => other.to_string(),
    }
}

/// Writes a member as one element, or as one element an item if the list is flattened.
fn elements(model: &ServiceModel, member: &Member, value: &Value) -> String {
    let name = member.traits.xml_name.as_ref().unwrap_or(&member.name);
    match (&model.shape(&member.target).kind, value) {
        (Kind::List(item), Value::Array(items)) if member.traits.xml_flattened => {
            items.iter().map(|value| element(model, name, &item.target, value)).collect()
        }
        _ => element(model, name, &member.target, value),
    }
}

fn element(model: &ServiceModel, name: &str, shape: &str, value: &Value) -> String {
    format!("<{name}>{}</{name}>", content(model, model.shape(shape), value))
}
