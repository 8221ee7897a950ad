//! JSON in the layout of Jackson's `DefaultPrettyPrinter`, in which the service returns policies (E011, E013): an indent of
//! two spaces for objects, ` : ` after names, `[ {` and `} ]` without line breaks for arrays.
//! Must not reorder or change anything.
//! [`pretty_print`] is the entry point.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{CharEscape, Formatter, Serializer};

use crate::wire::json_text::java_double;

/// Returns the text of a value.
///
/// # Errors
/// Never for a `Value`: the serializer cannot express that.
pub fn pretty_print(value: &Value) -> serde_json::Result<String> {
    let mut text = Vec::with_capacity(512);
    value.serialize(&mut Serializer::with_formatter(&mut text, PrettyPrinter::default()))?;
    String::from_utf8(text).map_err(serde::ser::Error::custom)
}

#[derive(Default)]
struct PrettyPrinter {
    /// The number of open objects.
    depth: usize,
    /// True if the object or array that ends next is not empty.
    has_content: bool,
}

impl PrettyPrinter {
    fn new_line<W: ?Sized + Write>(&self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| writer.write_all(b"  "))
    }
}

impl Formatter for PrettyPrinter {
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
        self.has_content = false;
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
        self.has_content = true;
        Ok(())
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth -= 1;
        if self.has_content {
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
    fn every_value_is_printed_as_jackson_does() {
        let written = r#"{"b":{},"a":[],"n":[1,2.0,null,true,[[]]],"o":[{"x":{"y":"é/\u0001\u001f\"\\\n"}},{}],"e":1e10}"#;
        let value: Value = serde_json::from_str(written).unwrap();
        let expected = concat!(
            "{\n  \"b\" : { },\n  \"a\" : [ ],\n  \"n\" : [ 1, 2.0, null, true, [ [ ] ] ],\n",
            "  \"o\" : [ {\n    \"x\" : {\n      \"y\" : \"é/\\u0001\\u001F\\\"\\\\\\n\"\n    }\n  }, { } ],\n",
            "  \"e\" : 1.0E10\n}"
        );
        assert_eq!(pretty_print(&value).unwrap(), expected);
    }
}
