//! A list whose changes can be written item by item. Must not know a file, nor a service.
//! [`List`] is the entry point.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::changes::WalkScope;
use super::table::Table;

/// Items in the order of insertion, each of which keeps its number. A push writes one record, however long the list is.
#[derive(Clone)]
pub struct List<T> {
    items: Table<u64, T>,
    /// True if the list was read from an array. Its items have no records then, and the first change writes all of them.
    was_array: bool,
}

impl<T> List<T> {
    /// Creates an empty list.
    pub fn new() -> Self {
        Self { items: Table::new(), was_array: false }
    }

    /// Returns the number of items.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Returns true if there are no items.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Returns the items, oldest first.
    pub fn iter(&self) -> std::collections::btree_map::Values<'_, u64, T> {
        self.items.values()
    }

    /// Returns the newest item.
    pub fn last(&self) -> Option<&T> {
        self.items.last_key_value().map(|(_, item)| item)
    }

    /// Appends an item.
    pub fn push(&mut self, item: T) {
        let next = self.items.last_key_value().map_or(0, |(last, _)| last + 1);
        self.items.insert(next, item);
    }

    /// Appends items.
    pub fn extend(&mut self, items: impl IntoIterator<Item = T>) {
        for item in items {
            self.push(item);
        }
    }

    /// Removes and returns the newest item.
    pub fn pop(&mut self) -> Option<T> {
        let last = *self.items.last_key_value()?.0;
        self.items.remove(&last)
    }

    /// Returns the first item that `wanted` accepts, to change it.
    pub fn find_mut(&mut self, wanted: impl Fn(&T) -> bool) -> Option<&mut T> {
        let number = self.number(wanted)?;
        self.items.get_mut(&number)
    }

    /// Removes and returns the first item that `wanted` accepts.
    pub fn remove_first(&mut self, wanted: impl Fn(&T) -> bool) -> Option<T> {
        let number = self.number(wanted)?;
        self.items.remove(&number)
    }

    fn number(&self, wanted: impl Fn(&T) -> bool) -> Option<u64> {
        self.items.iter().find(|(_, item)| wanted(item)).map(|(number, _)| *number)
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'l, T> IntoIterator for &'l List<T> {
    type Item = &'l T;
    type IntoIter = std::collections::btree_map::Values<'l, u64, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: fmt::Debug> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

/// An array in a snapshot, and a table in a store.
impl<T: Serialize> Serialize for List<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match WalkScope::current() {
            None => serializer.collect_seq(self),
            Some(scope @ WalkScope::MarkOnly) if self.was_array => scope.write(None, serializer),
            Some(_) => self.items.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = List<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array, or an object of numbered items")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<List<T>, A::Error> {
        let mut list = List { items: Table::new(), was_array: true };
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<List<T>, A::Error> {
        let mut list = List::new();
        while let Some((number, item)) = items.next_entry::<u64, T>()? {
            list.items.insert(number, item);
        }
        Ok(list)
    }
}
