//! The keys of records, and the JSON document that all records make together. Must not know a file, nor a service.
//! [`below`] makes keys; [`document`] puts the records together.
//!
//! The key of a record is the path of its item in the document: a JSON array of names without the closing bracket. So the
//! key of an item is the beginning of the keys of all items below it, and sorts before them.

use serde_json::{Map, Value};

/// The key of the document itself.
pub const ROOT: &str = "[";

/// Returns the key of a member.
pub fn below(key: &str, name: &str) -> String {
    let separator = if key == ROOT { "" } else { "," };
    format!("{key}{separator}{}", Value::from(name))
}

/// Returns the range of all keys below a key, from the first value, to before the second.
pub fn range_below(key: &str) -> (String, String) {
    // No key continues with something else than a comma, and `-` follows the comma.
    if key == ROOT { ("[\"".to_owned(), "[#".to_owned()) } else { (format!("{key},"), format!("{key}-")) }
}

/// Puts the records together. Returns none if they do not fit together.
pub fn document<'r>(records: impl IntoIterator<Item = (&'r str, &'r [u8])>) -> Option<Value> {
    let mut root = Value::Object(Map::new());
    for (key, text) in records {
        let path: Vec<String> = serde_json::from_str(&format!("{key}]")).ok()?;
        let value: Value = serde_json::from_slice(text).ok()?;
        let Some((last, parents)) = path.split_last() else {
            root = value;
            continue;
        };
        let mut place = &mut root;
        for name in parents {
            place = place.get_mut(name)?;
        }
        place.as_object_mut()?.insert(last.clone(), value);
    }
    Some(root)
}
