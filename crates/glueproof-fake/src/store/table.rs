//! A map that remembers which keys were touched since the last commit. In a snapshot it is written as a plain map.
//! Must not know a file. [`Table`] is the entry point.

use std::borrow::Borrow;
use std::collections::{BTreeMap, btree_map};
use std::fmt::{self, Display};
use std::mem;
use std::ops::Deref;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::changes::{EntryChange, TableChange, WalkScope};

/// A map whose changes can be written item by item. For reading it is a [`BTreeMap`].
pub struct Table<K, V> {
    items: BTreeMap<K, V>,
    /// The mutex lets a commit, which reads the state, mark the table as written.
    pending: Mutex<Pending<K>>,
}

/// The difference between a table and its records.
enum Pending<K> {
    /// The table has no records, or those of another table.
    Everything,
    Keys(BTreeMap<K, Touch>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Touch {
    /// The item may have changed. Tables in the item know their own changes.
    Edited,
    /// The item was inserted or removed.
    Replaced,
}

impl<K: Ord, V> Table<K, V> {
    /// Creates an empty table.
    pub fn new() -> Self {
        Self::default()
    }
}

impl<K: Ord + Clone, V> Table<K, V> {
    fn touch(&mut self, key: &K, touch: Touch) {
        let pending = self.pending.get_mut().unwrap_or_else(PoisonError::into_inner);
        let Pending::Keys(keys) = pending else { return };
        match keys.get_mut(key) {
            Some(known) if touch == Touch::Replaced => *known = touch,
            Some(_) => {}
            None => {
                keys.insert(key.clone(), touch);
            }
        }
    }

    fn touch_all(&mut self) {
        let pending = self.pending.get_mut().unwrap_or_else(PoisonError::into_inner);
        let Pending::Keys(keys) = pending else { return };
        for key in self.items.keys() {
            keys.entry(key.clone()).or_insert(Touch::Edited);
        }
    }

    /// Inserts an item, and returns the item that it replaces.
    pub fn insert(&mut self, key: K, item: V) -> Option<V> {
        self.touch(&key, Touch::Replaced);
        self.items.insert(key, item)
    }

    /// Removes an item.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let (key, item) = self.items.remove_entry(key)?;
        self.touch(&key, Touch::Replaced);
        Some(item)
    }

    /// Returns an item to change it.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let (owned, _) = self.items.get_key_value(key)?;
        let owned = owned.clone();
        self.touch(&owned, Touch::Edited);
        self.items.get_mut(key)
    }

    /// Returns the place of a key.
    pub fn entry(&mut self, key: K) -> btree_map::Entry<'_, K, V> {
        let touch = if self.items.contains_key(&key) { Touch::Edited } else { Touch::Replaced };
        self.touch(&key, touch);
        self.items.entry(key)
    }

    /// Returns every item to change it. A commit compares all of them with their records.
    pub fn values_mut(&mut self) -> btree_map::ValuesMut<'_, K, V> {
        self.touch_all();
        self.items.values_mut()
    }

    /// Keeps the items that `keep` accepts.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &V) -> bool) {
        let gone = self.items.iter().filter(|(key, item)| !keep(key, item));
        let gone: Vec<K> = gone.map(|(key, _)| key.clone()).collect();
        for key in gone {
            self.remove(&key);
        }
    }

    /// Inserts all items of an iterator.
    pub fn extend(&mut self, items: impl IntoIterator<Item = (K, V)>) {
        for (key, item) in items {
            self.insert(key, item);
        }
    }
}

impl<K, V> Deref for Table<K, V> {
    type Target = BTreeMap<K, V>;

    fn deref(&self) -> &BTreeMap<K, V> {
        &self.items
    }
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self { items: BTreeMap::new(), pending: Mutex::new(Pending::Everything) }
    }
}

impl<K, V> From<BTreeMap<K, V>> for Table<K, V> {
    fn from(items: BTreeMap<K, V>) -> Self {
        Self { items, pending: Mutex::new(Pending::Everything) }
    }
}

impl<K: Ord, V, const N: usize> From<[(K, V); N]> for Table<K, V> {
    fn from(items: [(K, V); N]) -> Self {
        BTreeMap::from(items).into()
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Table<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(items: I) -> Self {
        BTreeMap::from_iter(items).into()
    }
}

impl<'t, K, V> IntoIterator for &'t Table<K, V> {
    type Item = (&'t K, &'t V);
    type IntoIter = btree_map::Iter<'t, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

/// A clone can be put anywhere, and has no records there.
impl<K: Clone, V: Clone> Clone for Table<K, V> {
    fn clone(&self) -> Self {
        self.items.clone().into()
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for Table<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.items.fmt(f)
    }
}

impl<'de, K: Ord + Deserialize<'de>, V: Deserialize<'de>> Deserialize<'de> for Table<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(deserializer).map(Self::from)
    }
}

/// Within a [`WalkScope`], the items go to the scope, and the written map stays empty.
impl<K: Ord + Display + Serialize, V: Serialize> Serialize for Table<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match WalkScope::current() {
            Some(scope) => {
                let change = self.change(scope).map_err(serde::ser::Error::custom)?;
                scope.write(change, serializer)
            }
            None => self.items.serialize(serializer),
        }
    }
}

impl<K: Ord + Display, V: Serialize> Table<K, V> {
    /// Returns what the records of the table lack, and marks the table as written.
    fn change(&self, scope: WalkScope) -> serde_json::Result<Option<TableChange>> {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let pending = mem::replace(&mut *pending, Pending::Keys(BTreeMap::new()));
        let whole = matches!(pending, Pending::Everything);
        let entries = match pending {
            Pending::Keys(keys) if !scope.is_whole() => {
                let entry = |(key, touch): (K, Touch)| {
                    let is_replaced = touch == Touch::Replaced;
                    let item = self.items.get(&key).map(|item| scope.item(item, is_replaced)).transpose()?;
                    Ok((key.to_string(), EntryChange { item, is_replaced }))
                };
                keys.into_iter().map(entry).collect::<serde_json::Result<Vec<_>>>()?
            }
            _ => {
                let entry = |(key, item): (&K, &V)| {
                    let item = Some(scope.item(item, true)?);
                    Ok((key.to_string(), EntryChange { item, is_replaced: false }))
                };
                self.items.iter().map(entry).collect::<serde_json::Result<Vec<_>>>()?
            }
        };
        let is_cleared = whole && !scope.is_whole();
        Ok((is_cleared || !entries.is_empty()).then_some(TableChange { is_cleared, entries }))
    }
}
