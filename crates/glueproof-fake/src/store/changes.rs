//! The walk over state that finds what a commit must write. Must not know a file, nor a service.
//! [`changes`] is the entry point; [`mark_written`] marks state as written that was just read.
//!
//! Every item is serialized as in a snapshot, but a [`Table`](super::Table) in it writes an empty map, and hands its touched
//! items to the [`WalkScope`] of the walk. Serde passes no context to a table, so the scope is a variable of the thread.

use std::cell::RefCell;
use std::sync::LazyLock;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

/// The change of one record, and of the records below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordChange {
    /// All records below the key are removed.
    RemoveBelow,
    /// The record is removed, with all records below it.
    Remove,
    /// The record becomes this text. Records below it stay.
    Write(Vec<u8>),
    /// The record becomes this text, which may be the one that it has. Records below it stay.
    Compare(Vec<u8>),
}

/// The part of the state that a walk returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The changes since the last walk.
    Changed,
    /// Everything.
    Whole,
}

/// An item, and the changes of the tables in it.
pub struct ItemChange {
    /// The JSON of the item. A table that has a change is written as a map from [`MARK`] to its index.
    text: Vec<u8>,
    tables: Vec<TableChange>,
}

/// The change of a table.
pub struct TableChange {
    /// True if all earlier items are gone.
    pub is_cleared: bool,
    pub entries: Vec<(String, EntryChange)>,
}

/// The change of an item in a table.
pub struct EntryChange {
    /// None if the item is gone.
    pub item: Option<ItemChange>,
    /// True if earlier records below the item are gone.
    pub is_replaced: bool,
}

/// The state of a walk, for the tables in the item that is being serialized.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum WalkScope {
    Changed,
    Whole,
    /// No value is returned.
    MarkOnly,
}

thread_local! {
    static SCOPE: RefCell<Option<(WalkScope, Vec<TableChange>)>> = const { RefCell::new(None) };
}

/// The key that stands for the items of a table. No caller can know it, so no item of a caller has it.
static MARK: LazyLock<String> = LazyLock::new(|| {
    let mut bytes = [0; 16];
    // Without randomness the mark is still no text that anyone would store.
    let _ = aws_lc_rs::rand::fill(&mut bytes);
    format!("\u{1}table {:032x}", u128::from_le_bytes(bytes))
});

impl WalkScope {
    /// Returns the scope of the walk on this thread, if there is one.
    pub fn current() -> Option<Self> {
        SCOPE.with_borrow(|scope| scope.as_ref().map(|(scope, _)| *scope))
    }

    /// Returns true if all items of a table are wanted.
    pub fn is_whole(self) -> bool {
        self != Self::Changed
    }

    /// Serializes an item of a table. `whole` asks for all items of the tables in it.
    pub fn item(self, item: &impl Serialize, whole: bool) -> serde_json::Result<ItemChange> {
        let scope = if whole && self == Self::Changed { Self::Whole } else { self };
        let outer = SCOPE.replace(Some((scope, Vec::new())));
        let text = match scope {
            Self::MarkOnly => serde_json::to_writer(std::io::sink(), item).map(|()| Vec::new()),
            Self::Changed | Self::Whole => serde_json::to_vec(item),
        };
        let tables = SCOPE.replace(outer).map(|(_, tables)| tables).unwrap_or_default();
        Ok(ItemChange { text: text?, tables })
    }

    /// Writes the place of a table into its item.
    pub fn write<S: Serializer>(self, change: Option<TableChange>, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(change) = change.filter(|_| self != Self::MarkOnly) else {
            return serializer.serialize_map(Some(0))?.end();
        };
        let index = SCOPE.with_borrow_mut(|scope| {
            let tables = scope.as_mut().map(|(_, tables)| tables);
            tables.map_or(0, |tables| {
                tables.push(change);
                tables.len() - 1
            })
        });
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(MARK.as_str(), &index)?;
        map.end()
    }
}

/// Returns the edits that bring the records up to date with the state, and marks the state as written. Keys are those of
/// [`tree`](super::tree).
pub fn changes(state: &impl Serialize, extent: Extent) -> serde_json::Result<Vec<(String, RecordChange)>> {
    let mut edits = Vec::new();
    let root = WalkScope::Changed.item(state, extent == Extent::Whole)?;
    add_item(super::tree::ROOT.to_owned(), root, false, &mut edits)?;
    Ok(edits)
}

/// Returns the record of an item.
pub fn record_text(item: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    Ok(WalkScope::Whole.item(item, true)?.text)
}

/// Marks the state as written.
pub fn mark_written(state: &impl Serialize) -> serde_json::Result<()> {
    WalkScope::MarkOnly.item(state, true).map(drop)
}

fn add_item(
    key: String,
    item: ItemChange,
    is_new: bool,
    edits: &mut Vec<(String, RecordChange)>,
) -> serde_json::Result<()> {
    let mut text = item.text;
    let mut places = Vec::new();
    if !item.tables.is_empty() {
        find_marks(&serde_json::from_slice(&text)?, &key, &mut places);
        // The text is kept as it is, and not written again: numbers would change.
        let mut written = String::from_utf8_lossy(&text).into_owned();
        for index in 0..item.tables.len() {
            let mark = serde_json::to_string(&serde_json::json!({ (MARK.as_str()): index }))?;
            written = written.replacen(&mark, "{}", 1);
        }
        text = written.into_bytes();
    }
    edits.push((key, if is_new { RecordChange::Write(text) } else { RecordChange::Compare(text) }));
    let mut tables: Vec<Option<TableChange>> = item.tables.into_iter().map(Some).collect();
    for (key, index) in places {
        if let Some(table) = tables.get_mut(index).and_then(Option::take) {
            add_table(key, table, is_new, edits)?;
        }
    }
    Ok(())
}

fn add_table(
    key: String,
    table: TableChange,
    is_in_new_item: bool,
    edits: &mut Vec<(String, RecordChange)>,
) -> serde_json::Result<()> {
    let is_new = is_in_new_item || table.is_cleared;
    let below = |entry: &str| super::tree::below(&key, entry);
    let entries: Vec<_> = table.entries.into_iter().map(|(entry, change)| (below(&entry), change)).collect();
    if table.is_cleared && !is_in_new_item {
        edits.push((key, RecordChange::RemoveBelow));
    }
    for (key, change) in entries {
        if change.is_replaced || change.item.is_none() {
            edits.push((key.clone(), RecordChange::Remove));
        }
        if let Some(item) = change.item {
            add_item(key, item, is_new || change.is_replaced, edits)?;
        }
    }
    Ok(())
}

/// Finds the keys of all tables with a change.
fn find_marks(value: &Value, key: &str, found: &mut Vec<(String, usize)>) {
    let Value::Object(members) = value else { return };
    if let Some(index) = members.get(MARK.as_str()).and_then(Value::as_u64) {
        found.push((key.to_owned(), usize::try_from(index).unwrap_or(usize::MAX)));
        return;
    }
    for (name, member) in members {
        find_marks(member, &super::tree::below(key, name), found);
    }
}
