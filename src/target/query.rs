//! The AWS query protocol as a client speaks it: inputs as forms, answers and errors from XML as the JSON that
//! other protocols would have sent. Knows no operation and no credentials.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};
use serde_json::{Map, Value, json};

/// How forms are labelled.
pub(super) const CONTENT_TYPE: &str = "application/x-www-form-urlencoded";

/// Deeper documents are nobody's answer.
const DEPTH: usize = 64;

/// The form that calls an operation: lists and structures as names with dots.
pub(super) fn form(operation: &str, version: &str, input: &Value) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("Action", operation).append_pair("Version", version);
    let mut pairs = Vec::new();
    flatten("", input, &mut pairs);
    form.extend_pairs(pairs);
    form.finish()
}

fn flatten(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    let below = |part: &str| if name.is_empty() { part.to_owned() } else { format!("{name}.{part}") };
    match value {
        Value::Null => {}
        Value::Object(members) => {
            members.iter().for_each(|(part, inner)| flatten(&below(part), inner, pairs));
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(index, item)| {
            flatten(&below(&format!("member.{}", index + 1)), item, pairs);
        }),
        Value::String(text) => pairs.push((name.to_owned(), text.clone())),
        other => pairs.push((name.to_owned(), other.to_string())),
    }
}

/// What an answer says: the members of the operation's result, or an error's `__type` and `message`. Nothing
/// where it is no answer of this protocol.
pub(super) fn read(operation: &str, body: &[u8]) -> Option<Value> {
    let (root, content) = document(body)?;
    if root == "ErrorResponse" || root == "Response" {
        let error = content.pointer("/Error").or_else(|| content.pointer("/Errors/Error"))?;
        return Some(json!({ "__type": error.get("Code")?, "message": error.get("Message") }));
    }
    if root != format!("{operation}Response") {
        return None;
    }
    let result = content.get(format!("{operation}Result"));
    Some(result.filter(|result| result.is_object()).cloned().unwrap_or_else(|| json!({})))
}

/// Name and content of a document's root element.
fn document(body: &[u8]) -> Option<(String, Value)> {
    let mut reader = Reader::from_reader(body);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) if open.len() < DEPTH => {
                open.push(Element::named(tag.local_name().as_ref()));
            }
            Event::Start(_) => return None,
            Event::Empty(tag) => {
                let element = Element::named(tag.local_name().as_ref());
                open.last_mut()?.take(element);
            }
            Event::End(_) => {
                let element = open.pop()?;
                open.last_mut()?.take(element);
            }
            Event::Text(text) => open.last_mut()?.text.push_str(&text.decode().ok()?),
            Event::CData(text) => open.last_mut()?.text.push_str(&text.decode().ok()?),
            Event::GeneralRef(reference) => open.last_mut()?.text.push_str(&referred(&reference)?),
            Event::Eof => break,
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::DocType(_) => {}
        }
    }
    let whole = open.pop().filter(|_| open.is_empty())?;
    whole.children.into_iter().next()
}

/// The character that `&amp;` or `&#38;` stands for.
fn referred(reference: &BytesRef<'_>) -> Option<String> {
    if let Some(character) = reference.resolve_char_ref().ok()? {
        return Some(character.to_string());
    }
    let name = reference.decode().ok()?;
    quick_xml::escape::resolve_predefined_entity(&name).map(str::to_owned)
}

/// An element whose end has not been seen yet.
#[derive(Default)]
struct Element {
    name: String,
    text: String,
    children: Vec<(String, Value)>,
}

impl Element {
    fn named(name: &[u8]) -> Self {
        Self { name: String::from_utf8_lossy(name).into_owned(), ..Self::default() }
    }

    fn take(&mut self, child: Self) {
        self.children.push((child.name.clone(), child.into_value()));
    }

    /// Text where it holds no element, a list where it holds `member`s, an object otherwise.
    fn into_value(self) -> Value {
        if self.children.is_empty() {
            return Value::from(self.text);
        }
        if self.children.iter().all(|(name, _)| name == "member") {
            return self.children.into_iter().map(|(_, value)| value).collect();
        }
        Value::Object(self.children.into_iter().collect::<Map<_, _>>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_become_forms() {
        let input = json!({ "A": "x y&z", "B": null, "C": [{ "D": 1 }, { "D": true }], "E": { "F": "ü" } });
        assert_eq!(
            form("Do", "2011-06-15", &input),
            "Action=Do&Version=2011-06-15&A=x+y%26z&C.member.1.D=1&C.member.2.D=true&E.F=%C3%BC"
        );
    }

    #[test]
    fn answers_become_json() {
        let body = br#"<?xml version="1.0"?>
            <DoResponse xmlns="https://x/"><DoResult><A>x &amp; &#121;</A><B><member>1</member><member>2</member></B>
            <C/><D><E> z </E></D></DoResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></DoResponse>"#;
        let expected = json!({ "A": "x & y", "B": ["1", "2"], "C": "", "D": { "E": " z " } });
        assert_eq!(read("Do", body), Some(expected));
        let empty = b"<DoResponse><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></DoResponse>";
        assert_eq!(read("Do", empty), Some(json!({})));
    }

    #[test]
    fn errors_become_a_type_and_a_message() {
        let body = b"<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error>\
            <RequestId>r</RequestId></ErrorResponse>";
        assert_eq!(read("Do", body), Some(json!({ "__type": "AccessDenied", "message": "no" })));
    }

    #[test]
    fn what_is_no_answer_says_nothing() {
        let deep = "<a>".repeat(100_000);
        for body in ["", "{}", "<html><body/></html>", "<DoResponse>", "<DoResponse></a>", "<OtherResponse/>", &deep] {
            assert_eq!(read("Do", body.as_bytes()), None, "{:.20}", body);
        }
    }
}
