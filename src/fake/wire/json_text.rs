//! JSON text as the service writes it: members in alphabetical order, numbers with a fraction in the
//! form of Java's `Double.toString` (E069). Must not know what it writes.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{Formatter, Serializer};

/// The members of every object sorted, without white space.
///
/// # Errors
/// Never for a `Value`; the writer below promises no more than it can.
pub fn sorted(mut value: Value) -> serde_json::Result<Vec<u8>> {
    value.sort_all_objects();
    let mut text = Vec::with_capacity(256);
    value.serialize(&mut Serializer::with_formatter(&mut text, Compact))?;
    Ok(text)
}

struct Compact;

impl Formatter for Compact {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        java_double(writer, value)
    }
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
