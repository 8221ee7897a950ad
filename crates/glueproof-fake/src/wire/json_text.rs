//! JSON text as the service writes it: members in alphabetical order, numbers with a fraction in the
//! form of Java's `Double.toString` (E069). Must not know the meaning of a text.

use std::cell::RefCell;
use std::io::{self, Write};
use std::ops::Range;
use std::rc::Rc;

use serde::Serialize;
use serde::ser::Error as _;
use serde_json::ser::{Formatter, Serializer};
use serde_json::value::RawValue;

/// Writes a value with the members of every object sorted, without white space. It builds no tree: an answer is mostly
/// strings, and a tree of them would cost more than the rest of a call.
///
/// # Errors
/// Returns an error if the value has no JSON, such as a map with keys that are no strings.
pub fn sorted(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let text = SharedText(Rc::new(RefCell::new(Vec::with_capacity(512))));
    let sorting = Sorting { text: SharedText(Rc::clone(&text.0)), members: Vec::new(), open: Vec::new() };
    value.serialize(&mut Serializer::with_formatter(text.clone(), sorting))?;
    Ok(text.0.take())
}

/// The same, to stand in other texts as it is.
///
/// # Errors
/// Returns an error if the value has no JSON.
pub fn raw(value: &impl Serialize) -> serde_json::Result<Box<RawValue>> {
    let text = String::from_utf8(sorted(value)?).map_err(serde_json::Error::custom)?;
    RawValue::from_string(text)
}

/// The text that has been written so far, which the formatter reads.
#[derive(Clone)]
struct SharedText(Rc<RefCell<Vec<u8>>>);

impl Write for SharedText {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Puts the members of an object in order when it ends.
struct Sorting {
    text: SharedText,
    /// The members of all objects that have begun and not ended.
    members: Vec<Written>,
    /// The index of the first member of each such object.
    open: Vec<usize>,
}

/// The place of a member in the text.
struct Written {
    key: Range<usize>,
    end: usize,
}

impl Sorting {
    fn here(&self) -> usize {
        self.text.0.borrow().len()
    }
}

impl Formatter for Sorting {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        java_double(writer, value)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open.push(self.members.len());
        writer.write_all(b"{")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        let start = self.here();
        self.members.push(Written { key: start..start, end: start });
        Ok(())
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        let here = self.here();
        if let Some(member) = self.members.last_mut() {
            member.key.end = here;
        }
        Ok(())
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        let here = self.here();
        if let Some(member) = self.members.last_mut() {
            member.end = here;
        }
        Ok(())
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if let Some(first) = self.open.pop() {
            in_order(&mut self.text.0.borrow_mut(), &mut self.members[first..]);
            self.members.truncate(first);
        }
        writer.write_all(b"}")
    }
}

/// Sorts what was written last. Of keys with the same beginning the shorter goes first, so the quote at the
/// end is not looked at.
fn in_order(text: &mut Vec<u8>, members: &mut [Written]) {
    let key = |member: &Written| &text[member.key.start..member.key.end - 1];
    let Some(first) = members.first().map(|member| member.key.start) else { return };
    if members.is_sorted_by(|one, next| key(one) <= key(next)) {
        return;
    }
    members.sort_by(|one, next| key(one).cmp(key(next)));
    let mut ordered = Vec::with_capacity(text.len() - first);
    for member in members {
        if !ordered.is_empty() {
            ordered.push(b',');
        }
        ordered.extend_from_slice(&text[member.key.start..member.end]);
    }
    text.truncate(first);
    text.extend_from_slice(&ordered);
}

/// `1.708699485E9` rather than `1708699485.0`: from ten million on, and below a thousandth, Java uses
/// an exponent.
pub fn java_double<W: ?Sized + Write>(writer: &mut W, value: f64) -> io::Result<()> {
    let size = value.abs();
    if size == 0.0 || (1e-3..1e7).contains(&size) {
        return write!(writer, "{value:?}");
    }
    let text = format!("{value:E}");
    match text.split_once('E') {
        Some((digits, exponent)) if !digits.contains('.') => write!(writer, "{digits}.0E{exponent}"),
        _ => writer.write_all(text.as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_in_order_at_every_depth() {
        for (given, expected) in [
            (
                r#"{"b":1,"a":{"d":[{"z":"x","y":"}{,"}],"c":null}}"#,
                r#"{"a":{"c":null,"d":[{"y":"}{,","z":"x"}]},"b":1}"#,
            ),
            (r#"{"ab":1,"a":2,"a!":3,"B":4,"é":5}"#, r#"{"B":4,"a":2,"a!":3,"ab":1,"é":5}"#),
            (r#"{"a":{},"b":[]}"#, r#"{"a":{},"b":[]}"#),
            (r#"[{},{"b":true,"a":-1}]"#, r#"[{},{"a":-1,"b":true}]"#),
            ("{}", "{}"),
            ("1e9", "1.0E9"),
        ] {
            let value: serde_json::Value = serde_json::from_str(given).unwrap();
            assert_eq!(String::from_utf8(sorted(&value).unwrap()).unwrap(), expected);
        }
    }

    #[test]
    fn doubles_are_written_as_java_writes_them() {
        for (value, expected) in [
            (1_708_699_485.0, "1.708699485E9"),
            (1_590_621_822.47, "1.59062182247E9"),
            (1e9, "1.0E9"),
            (0.0, "0.0"),
            (0.5, "0.5"),
            (9_999_999.0, "9999999.0"),
            (1e7, "1.0E7"),
            (-2.5e-4, "-2.5E-4"),
        ] {
            let mut text = Vec::new();
            java_double(&mut text, value).unwrap();
            assert_eq!(String::from_utf8(text).unwrap(), expected);
        }
    }
}
