//! The hard values really come up, and the same seed brings the same ones.

use std::collections::BTreeSet;

use glueproof::case::{Body, Case, RUN};
use glueproof::model::Edition;
use proptest::strategy::{Strategy, ValueTree};
use serde_json::Value;

use super::draws::{Source, act, at, runner, sent};

/// Texts that the rules of a kind put at a member.
fn texts(id: &str, path: &str) -> BTreeSet<String> {
    let source = Source::new(Edition::Current);
    let cases = source.cases(source.rule(id));
    let tried = cases.iter().filter(|(control, _)| !control);
    tried.filter_map(|(_, case)| at(&sent(act(case)), path)?.as_str().map(str::to_owned)).collect()
}

fn names(rule: &str) -> BTreeSet<String> {
    texts(&format!("glue/CreateSecurityConfiguration/{rule}"), "Name")
}

fn any(texts: &BTreeSet<String>, what: impl Fn(&str) -> bool) -> bool {
    texts.iter().any(|text| what(text))
}

#[test]
fn hard_characters_that_must_be_taken() {
    let names = names("boundary/Name/pattern");
    for hard in [
        '\t',
        ' ',
        '"',
        '\\',
        '\u{7f}',
        '\u{a0}',
        '\u{200f}',
        '\u{202e}',
        '\u{301}',
        'ß',
        'İ',
        '\u{d7ff}',
        '\u{e000}',
        '\u{feff}',
        '\u{fffd}',
        '\u{10000}',
        '😀',
        '\u{10ffff}',
    ] {
        assert!(any(&names, |name| name.contains(hard)), "{hard:?} never comes up");
    }
    assert!(any(&names, |name| name.contains("e\u{301}")) && any(&names, |name| name.contains('é')));
}

#[test]
fn characters_that_must_be_refused() {
    let names = names("invalid/Name/pattern");
    for bad in ['\n', '\r', '\0', '\u{1}', '\u{8}', '\u{1b}', '\u{1f}', '\u{fffe}', '\u{ffff}'] {
        assert!(any(&names, |name| name.contains(bad)), "{bad:?} never comes up");
        assert!(!any(&names, |name| name.ends_with(bad)), "{bad:?} at the end may be trimmed away");
    }
}

#[test]
fn a_lone_surrogate_goes_out_as_an_escape() {
    let source = Source::new(Edition::Current);
    let cases = source.cases(source.rule("glue/CreateSecurityConfiguration/invalid/Name/pattern"));
    let escaped = cases.iter().filter_map(|(_, case)| match &act(case).body {
        Body::Text(text) => Some(text),
        Body::Json(_) => None,
    });
    let mut seen = 0;
    for text in escaped {
        assert!(text.contains("\\ud800b"), "{text}");
        assert!(serde_json::from_str::<Value>(text).is_err(), "a lone surrogate is no legal string: {text}");
        seen += 1;
    }
    assert!(seen > 0);
}

#[test]
fn lengths_on_both_sides_of_the_edge_in_every_unit() {
    let (longest, too_long) = (names("boundary/Name/length.max"), names("invalid/Name/length.max"));
    for wide in ['é', '中', '😀'] {
        assert!(any(&longest, |name| name.len() == 255 && name.contains(wide)), "{wide}");
    }
    assert!(any(&longest, |name| name.is_ascii() && name.len() == 255));
    assert!(any(&too_long, |name| name.chars().count() == 256 && name.is_ascii()), "one more");
    assert!(any(&too_long, |name| name.chars().count() == 256 && name.contains('😀')), "one more");
    assert!(names("invalid/Name/length.min").contains(""));
}

#[test]
fn emoji_that_are_few_characters_and_many_units() {
    let path = "DataCatalogEncryptionSettings.EncryptionAtRest.SseAwsKmsKeyId";
    let keys = texts(&format!("glue/PutDataCatalogEncryptionSettings/boundary/{path}/length.units"), path);
    assert!(keys.contains(&"😀".repeat(128)), "128 characters, 256 in UTF-16, 512 bytes");
    assert!(any(&keys, |key| key.chars().count() > 128), "and more");
    let names = names("boundary/Name/length.units");
    let past = |name: &str| name.encode_utf16().count() > 255 && name.chars().count() <= 255;
    assert!(any(&names, past) && any(&names, |name| name.starts_with(RUN)));
}

#[test]
fn integers_at_and_beyond_the_limits() {
    let source = Source::new(Edition::Current);
    let numbers = |rule: &str| -> BTreeSet<i64> {
        let cases = source.cases(source.rule(&format!("glue/GetSecurityConfigurations/{rule}")));
        let tried = cases.iter().filter(|(control, _)| !control);
        tried.filter_map(|(_, case)| sent(act(case))["MaxResults"].as_i64()).collect()
    };
    assert!(numbers("invalid/MaxResults/range.min").is_superset(&[0, i64::from(i32::MIN)].into()));
    assert!(numbers("invalid/MaxResults/range.max").is_superset(&[1001, i64::from(i32::MAX)].into()));
    assert!(numbers("invalid/MaxResults/observed.range.max").contains(&201));
    assert_eq!(numbers("boundary/MaxResults/range.min"), [1].into());
    assert_eq!(numbers("boundary/MaxResults/range.max"), [200].into());
}

/// One case of every kind of every rule.
fn all_with(seed: u8) -> Vec<Case> {
    let source = Source::new(Edition::Current);
    let of_rule = |rule| {
        let mut runner = runner(seed, "");
        source
            .kinds(rule)
            .into_iter()
            .map(|kind| kind.cases.new_tree(&mut runner).unwrap().current())
            .collect::<Vec<_>>()
    };
    source.rules.iter().flat_map(of_rule).collect()
}

#[test]
fn the_same_seed_brings_the_same_cases_and_another_brings_others() {
    let first = all_with(1);
    assert_eq!(first, all_with(1));
    assert_ne!(first, all_with(2));
}

#[test]
fn every_case_can_be_saved_and_read() {
    for case in all_with(3) {
        assert_eq!(Case::from_json(&case.to_json().unwrap()).unwrap(), case);
    }
}
