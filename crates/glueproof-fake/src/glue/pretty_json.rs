//! JSON text laid out the way Jackson's `DefaultPrettyPrinter` does, which is how the service gives
//! policies back (E011, E013): an indent of two spaces for objects, ` : ` behind names, `[ {` and `} ]`
//! without line breaks for arrays. Must not reorder or change anything.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{CharEscape, Formatter, Serializer};

use crate::wire::json_text::java_double;

/// The text of the value, laid out.
///
/// # Errors
/// Never for a `Value`; the writer below promises no more than it can.
pub fn laid_out(value: &Value) -> serde_json::Result<String> {
    let mut text = Vec::with_capacity(512);
    value.serialize(&mut Serializer::with_formatter(&mut text, Jackson::default()))?;
    String::from_utf8(text).map_err(serde::ser::Error::custom)
}

#[derive(Default)]
struct Jackson {
    /// Objects around the place of writing.
    depth: usize,
    /// Whether the object or array that ends next has held anything.
    held: bool,
}

impl Jackson {
    fn new_line<W: ?Sized + Write>(&self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| writer.write_all(b"  "))
    }
}

impl Formatter for Jackson {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        java_double(writer, value)
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        writer.write_all(match escape {
            CharEscape::Quote => b"\\\"",
            CharEscape::ReverseSolidus => b"\\\\",
            CharEscape::Solidus => b"/",
            CharEscape::Backspace => b"\\b",
            CharEscape::FormFeed => b"\\f",
            CharEscape::LineFeed => b"\\n",
            CharEscape::CarriageReturn => b"\\r",
            CharEscape::Tab => b"\\t",
            CharEscape::AsciiControl(byte) => return write!(writer, "\\u{byte:04X}"),
        })
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += 1;
        self.held = false;
        writer.write_all(b"{")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        self.new_line(writer)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b" : ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _writer: &mut W) -> io::Result<()> {
        self.held = true;
        Ok(())
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth -= 1;
        if self.held {
            self.new_line(writer)?;
        } else {
            writer.write_all(b" ")?;
        }
        writer.write_all(b"}")
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b"[")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        writer.write_all(if first { b" " } else { b", " })
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b" ]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_laid_out_as_jackson_does() {
        let written = r#"{"b":{},"a":[],"n":[1,2.0,null,true,[[]]],"o":[{"x":{"y":"é/\u0001\u001f\"\\\n"}},{}],"e":1e10}"#;
        let value: Value = serde_json::from_str(written).unwrap();
        let expected = concat!(
            "{\n  \"b\" : { },\n  \"a\" : [ ],\n  \"n\" : [ 1, 2.0, null, true, [ [ ] ] ],\n",
            "  \"o\" : [ {\n    \"x\" : {\n      \"y\" : \"é/\\u0001\\u001F\\\"\\\\\\n\"\n    }\n  }, { } ],\n",
            "  \"e\" : 1.0E10\n}"
        );
        assert_eq!(laid_out(&value).unwrap(), expected);
    }
}
