//! Bodies as people read them: JSON on one line, long texts and long bodies shortened with their length
//! beside them, pages of HTML named instead of quoted. The JSON report has them whole.

use serde_json::Value;

use super::escape::on_one_line;

/// Texts inside JSON longer than this are shortened.
const LONGEST_TEXT: usize = 72;
/// Characters that a shortened text keeps at each end.
const ENDS: usize = 24;
/// Bodies longer than this are cut.
const LONGEST_BODY: usize = 300;

/// The body with nothing left out, harmless to a terminal.
pub(super) fn whole(body: &Value) -> String {
    match body {
        Value::String(text) if text.is_empty() => "(empty)".to_owned(),
        Value::String(text) => on_one_line(text),
        json => on_one_line(&json.to_string()),
    }
}

/// Returns whether the body is a page for browsers. Its title is all that matters of it.
pub(super) fn is_html(body: &Value) -> bool {
    body.as_str().is_some_and(|text| html_starts(text) == Some(0))
}

/// Replaces a page of HTML in the words for a response; names its title if asked to.
pub(super) fn without_html(text: &str, titled: bool) -> String {
    let Some(at) = html_starts(text) else { return text.to_owned() };
    let (before, page) = text.split_at(at);
    let title =
        title(page).filter(|_| titled).map(|title| format!(" titled \"{title}\"")).unwrap_or_default();
    format!("{}, an HTML page{title}", before.trim_end())
}

/// Returns the start of a page of HTML, if the text before it is as short as a status line.
fn html_starts(text: &str) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    let at = ["<!doctype html", "<html"].into_iter().filter_map(|tag| lower.find(tag)).min()?;
    (!lower[..at].contains(['{', '"', '<'])).then_some(at)
}

fn title(page: &str) -> Option<&str> {
    let lower = page.to_ascii_lowercase();
    let start = lower.find("<title>")? + "<title>".len();
    let end = start + lower[start..].find("</title>")?;
    Some(page[start..end].trim()).filter(|title| !title.is_empty())
}

/// The body in short, harmless to a terminal.
pub(super) fn brief(body: &Value) -> String {
    let text = match body {
        Value::String(text) if text.is_empty() => "(empty)".to_owned(),
        Value::String(text) => text.clone(),
        json => shortened(json, LONGEST_TEXT).to_string(),
    };
    cut(&on_one_line(&text))
}

/// The same JSON with no text longer than this.
pub(super) fn shortened(json: &Value, longest: usize) -> Value {
    let all = |(name, value): (&String, &Value)| (ends(name, longest), shortened(value, longest));
    match json {
        Value::String(text) => Value::String(ends(text, longest)),
        Value::Array(items) => items.iter().map(|item| shortened(item, longest)).collect(),
        Value::Object(members) => Value::Object(members.iter().map(all).collect()),
        other => other.clone(),
    }
}

/// A text with its ends and its length, where it is longer than this.
pub(super) fn ends(text: &str, longest: usize) -> String {
    let length = text.chars().count();
    if length <= longest {
        return text.to_owned();
    }
    let start: String = text.chars().take(ENDS).collect();
    let end: String = text.chars().skip(length - ENDS).collect();
    format!("{start}…({length} characters)…{end}")
}

/// As much of the text as is readable, with its length where that is not all.
pub(super) fn cut(text: &str) -> String {
    let length = text.chars().count();
    if length <= LONGEST_BODY {
        return text.to_owned();
    }
    let kept: String = text.chars().take(LONGEST_BODY).collect();
    format!("{kept}… ({length} characters)")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn short_bodies_are_whole() {
        assert_eq!(brief(&json!({ "A": ["x", 1, null, true] })), r#"{"A":["x",1,null,true]}"#);
        assert_eq!(brief(&json!("")), "(empty)");
        assert_eq!(brief(&json!("{\n\u{1b}")), "{\\n\\u{1b}");
    }

    #[test]
    fn long_texts_keep_their_ends_and_say_how_long_they_are() {
        let shown = brief(&json!({ "Name": format!("{}z", "a".repeat(255)) }));
        assert_eq!(
            shown,
            format!(r#"{{"Name":"{0}…(256 characters)…{1}z"}}"#, "a".repeat(24), "a".repeat(23))
        );
    }

    #[test]
    fn long_bodies_are_cut() {
        let shown = brief(&json!(vec![1_234_567; 1000]));
        assert!(shown.ends_with("… (8001 characters)"), "{shown}");
        assert!(shown.chars().count() < 330);
        assert_eq!(whole(&json!(vec![1_234_567; 1000])).len(), 8001);
    }

    #[test]
    fn pages_are_named_by_their_title() {
        let page = "<!doctype html>\n<html><TITLE>\n 500 Oops </TITLE><h1>Oops</h1>";
        assert!(is_html(&json!(page)) && is_html(&json!("<HTML>")) && !is_html(&json!({ "a": page })));
        assert_eq!(without_html(&format!("500 {page}"), true), r#"500, an HTML page titled "500 Oops""#);
        assert_eq!(without_html("502 <html></html>", true), "502, an HTML page");
        for other in ["200 {\"Name\":\"<html>\"}", "404", "400 İ <b>", ""] {
            assert_eq!(without_html(other, true), other);
        }
    }
}
