//! Strings: from small alphabets and hard ones, of exact lengths, inside and outside an alphabet.
//! Knows lengths and characters, not members or rules.

use glueproof_spec::partition;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::case::{ACCOUNT, RUN};

/// Inclusive ranges of characters.
pub(crate) type Alphabet = [(char, char)];

/// Ordinary characters of any single-line text; shrinks to `a`.
const PLAIN: &str = "abcxyzABZ019-_.";

/// Legal characters that software often handles wrongly: tab and space, DEL, the edges of the surrogate gap and
/// of the planes, right-to-left marks, combining marks, quotes and escapes, letters that change length
/// when their case changes.
const HARD: &[char] = &[
    ' ',
    '\t',
    '\u{7f}',
    '"',
    '\\',
    '\'',
    '/',
    '<',
    '&',
    '%',
    '{',
    '}',
    '$',
    '#',
    '\u{a0}',
    '\u{ad}',
    'é',
    '\u{301}',
    'ß',
    'İ',
    'ı',
    'ſ',
    '\u{200b}',
    '\u{200d}',
    '\u{200e}',
    '\u{200f}',
    '\u{202e}',
    '\u{2028}',
    '\u{2066}',
    '中',
    '\u{d7ff}',
    '\u{e000}',
    '\u{fdd0}',
    '\u{feff}',
    '\u{fffd}',
    '\u{10000}',
    '😀',
    '👩',
    '\u{1f3fd}',
    '\u{e0001}',
    '\u{10ffff}',
];

/// A letter and a mark that together are one letter to the eye, and to software that normalises.
const DECOMPOSED: &str = "e\u{301}";

/// Characters that no single-line text may hold.
const FORBIDDEN: &[char] =
    &['\n', '\0', '\r', '\u{1}', '\u{8}', '\u{b}', '\u{c}', '\u{1b}', '\u{1f}', '\u{fffe}', '\u{ffff}'];

fn holds(alphabet: &Alphabet, c: char) -> bool {
    alphabet.iter().any(|(low, high)| (*low..=*high).contains(&c))
}

/// One ordinary character.
pub(crate) fn plain_char() -> impl Strategy<Value = char> {
    select(PLAIN.chars().collect::<Vec<_>>())
}

/// Ordinary characters, `min` to `max` of them.
pub(crate) fn plain(min: usize, max: usize) -> BoxedStrategy<String> {
    vec(plain_char(), min..=max).prop_map(String::from_iter).boxed()
}

/// Bytes as text that looks like a hash or a token.
pub(crate) fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// A unique name: the run's tag and an ordinary tail.
pub(crate) fn unique() -> BoxedStrategy<String> {
    plain(1, 12).prop_map(|tail| format!("{RUN}-{tail}")).boxed()
}

/// Hard characters of the alphabet between ordinary ones; `prefix` comes first.
pub(crate) fn hard(prefix: &str, alphabet: &Alphabet) -> BoxedStrategy<String> {
    let whole = HARD.iter().map(char::to_string).chain([DECOMPOSED.to_owned()]);
    let usable: Vec<String> = whole.filter(|text| text.chars().all(|c| holds(alphabet, c))).collect();
    let prefix = prefix.to_owned();
    vec(select(usable), 1..=8).prop_map(move |inner| format!("{prefix}x{}z", inner.concat())).boxed()
}

/// A text that holds exactly one character the alphabet lacks, never as its last.
pub(crate) fn outside(prefix: &str, alphabet: &Alphabet) -> Option<BoxedStrategy<String>> {
    let foreign: Vec<char> = FORBIDDEN.iter().copied().filter(|c| !holds(alphabet, *c)).collect();
    let prefix = prefix.to_owned();
    let build = move |(bad, tail): (char, String)| format!("{prefix}{bad}{tail}");
    (!foreign.is_empty()).then(|| (select(foreign), plain(1, 6)).prop_map(build).boxed())
}

/// Exactly `bytes` bytes: `prefix`, then characters as wide as `wide`, then ordinary ones.
pub(crate) fn of_bytes(prefix: &str, wide: char, bytes: usize) -> BoxedStrategy<String> {
    let room = bytes.saturating_sub(prefix.len());
    let (count, rest) = (room / wide.len_utf8(), room % wide.len_utf8());
    let head = prefix.to_owned() + &wide.to_string().repeat(if wide.is_ascii() { 0 } else { count });
    let fill = if wide.is_ascii() { room } else { rest };
    plain(fill, fill).prop_map(move |tail| head.clone() + &tail).boxed()
}

/// More than `max` characters, and so more than `max` bytes: `prefix`, then `over` to `over + 40` too many
/// of the same width.
pub(crate) fn too_long(prefix: &str, wide: char, max: usize) -> BoxedStrategy<String> {
    let prefix = prefix.to_owned();
    let missing = (max + 1).saturating_sub(prefix.chars().count());
    (0..40_usize).prop_map(move |over| prefix.clone() + &wide.to_string().repeat(missing + over)).boxed()
}

/// At most `max` characters and yet more than `max` bytes: astral characters after `prefix`, among them the
/// number that makes UTF-16 units pass `max` too.
pub(crate) fn between_units(prefix: &str, max: usize) -> BoxedStrategy<String> {
    let used = prefix.chars().count();
    let fewest = (max + 1).saturating_sub(prefix.len()).div_ceil(4);
    let most = max - used;
    let exact = (max + 1).div_ceil(2).clamp(fewest, most);
    let prefix = prefix.to_owned();
    prop_oneof![Just(exact), fewest..=most].prop_map(move |n| prefix.clone() + &"😀".repeat(n)).boxed()
}

/// One character that is rare as a whole name, so that the name hardly meets the resource of another user.
pub(crate) fn single() -> BoxedStrategy<String> {
    prop_oneof![0x4e00..0x9fa5_u32, 0xac00..0xd7a3_u32]
        .prop_map(|code| char::from_u32(code).unwrap_or('中').to_string())
        .boxed()
}

/// Returns values of a template: as [`fill`], with random ids for `{uuid}`.
pub(crate) fn from_template(template: &str, region: &str) -> BoxedStrategy<String> {
    let fixed = fill(template, region);
    if !fixed.contains("{uuid}") {
        return Just(fixed).boxed();
    }
    any::<[u8; 16]>().no_shrink().prop_map(move |bytes| fixed.replace("{uuid}", &uuid(bytes))).boxed()
}

/// Replaces `{partition}`, `{dns_suffix}`, `{region}` and `{account}` in a template.
pub(crate) fn fill(template: &str, region: &str) -> String {
    partition(region).fill(template).replace("{region}", region).replace("{account}", ACCOUNT)
}

fn uuid(bytes: [u8; 16]) -> String {
    let hex = format!("{:032x}", u128::from_be_bytes(bytes));
    format!("{}-{}-4{}-a{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
}
