//! The secrets that the process was given, and their removal from text that leaves the process.
//!
//! A target can echo whatever it receives, so known values are replaced wherever text is printed or written. Must not decide
//! what is a secret. The entry points are [`register_secret`] and [`without_secrets`].

use std::borrow::Cow;
use std::sync::{PoisonError, RwLock};

use crate::model::REDACTED;

/// Shorter values are ordinary words and digits, and their removal would garble reports.
const MIN_SECRET_LEN: usize = 6;

static FORMS: RwLock<Vec<String>> = RwLock::new(Vec::new());

/// Adds a secret. Ignores values that are too short to be one.
pub fn register_secret(value: &str) {
    if value.len() < MIN_SECRET_LEN {
        return;
    }
    let mut forms = FORMS.write().unwrap_or_else(PoisonError::into_inner);
    for form in written_forms(value) {
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
    // A secret can contain another one, so the longest is replaced first.
    forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
}

/// Returns the text with every registered secret replaced.
#[must_use]
pub fn without_secrets(text: &str) -> Cow<'_, str> {
    let forms = FORMS.read().unwrap_or_else(PoisonError::into_inner);
    let mut shown = Cow::Borrowed(text);
    for form in forms.iter() {
        if shown.contains(form.as_str()) {
            shown = Cow::Owned(shown.replace(form, REDACTED));
        }
    }
    shown
}

/// Returns the value as it appears in text, JSON, URLs and HTML.
fn written_forms(value: &str) -> Vec<String> {
    let json = serde_json::Value::from(value).to_string();
    let json = json.trim_matches('"').to_owned();
    let url: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
    let html = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let mut forms = vec![value.to_owned(), json.replace('/', "\\/"), url.to_lowercase(), url, html];
    forms.push(json);
    forms.dedup();
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_replaced_in_every_form() {
        register_secret("s3cr/et+\"key\"");
        register_secret("short");
        let texts = [
            r#"raw s3cr/et+"key" end"#,
            r#"json {"a":"s3cr\/et+\"key\""}"#,
            "url s3cr%2Fet%2B%22key%22 end",
            "html s3cr/et+&quot;key&quot; end",
        ];
        for text in texts {
            let shown = without_secrets(text);
            assert!(shown.contains(REDACTED) && !shown.contains("s3cr"), "{shown}");
        }
        assert_eq!(without_secrets("a short text"), "a short text");
    }
}
