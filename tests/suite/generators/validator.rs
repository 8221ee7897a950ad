//! Says what is wrong with an input, sharing nothing with loader, generators and fake: it reads the raw
//! specs, counts for itself, and knows patterns by what they mean rather than by a regex engine.

use std::collections::BTreeMap;

use glueproof::model::Edition;
use serde_json::{Map, Value};

use crate::specs::raw::{Raw, Site};

/// Stands for a lone surrogate, see [`super::draws::sent`].
const LONE: char = '\u{f8ff}';

/// The path and the constraint.
pub type Fault = (String, &'static str);

/// The validator of one edition.
pub struct Validator {
    raw: Raw,
    edition: Edition,
    sites: BTreeMap<String, BTreeMap<String, Site>>,
}

impl Validator {
    pub fn new(edition: Edition) -> Self {
        let raw = Raw::embedded(edition);
        let sites = raw
            .operations()
            .into_iter()
            .map(|operation| {
                let by_path = raw.sites(operation).into_iter().map(|site| (site.path.clone(), site));
                (operation.to_owned(), by_path.collect())
            })
            .collect();
        Self { raw, edition, sites }
    }

    pub fn site(&self, operation: &str, path: &str) -> &Site {
        &self.sites[operation][path]
    }

    pub fn values(&self, name: &str) -> Vec<String> {
        self.raw.values(name)
    }

    /// Everything wrong with an input. What only the real service refuses is `observed`.
    pub fn faults(&self, operation: &str, input: &Value) -> Vec<Fault> {
        let mut found = Vec::new();
        match input.as_object() {
            Some(object) => self.members(operation, "", object, &mut found),
            None => found.push((String::new(), "type")),
        }
        found
    }

    /// Members of a structure: those directly below a path.
    fn members(&self, operation: &str, at: &str, object: &Map<String, Value>, found: &mut Vec<Fault>) {
        let prefix = if at.is_empty() { String::new() } else { format!("{at}.") };
        let below = |path: &str| {
            path.strip_prefix(&prefix).is_some_and(|rest| !rest.contains('.') && !rest.ends_with("[]"))
        };
        let known: Vec<&Site> = self.sites[operation].values().filter(|s| below(&s.path)).collect();
        for site in &known {
            let name = &site.path[prefix.len()..];
            match object.get(name) {
                None if site.has("required") => found.push((site.path.clone(), "required")),
                Some(Value::Null) if site.has("required") => found.push((site.path.clone(), "null")),
                None | Some(Value::Null) => {}
                Some(value) => self.value(operation, site, value, found),
            }
        }
        let is_known = |name: &&String| known.iter().any(|s| s.path[prefix.len()..] == ***name);
        found.extend(object.keys().filter(|n| !is_known(n)).map(|n| (format!("{prefix}{n}"), "unknown")));
    }

    fn value(&self, operation: &str, site: &Site, value: &Value, found: &mut Vec<Fault>) {
        let mut fault = |constraint| found.push((site.path.clone(), constraint));
        match (site.kind.as_str(), value) {
            ("string", Value::String(text)) => self.text(site, text).into_iter().for_each(fault),
            ("enum", Value::String(text)) => {
                if !self.raw.values(&site.target).contains(text) {
                    fault("enum");
                }
            }
            ("boolean", Value::Bool(_)) => {}
            ("integer", Value::Number(number)) => match number.as_i64() {
                Some(number) => range(site, number).into_iter().for_each(fault),
                None => fault("type"),
            },
            ("list", Value::Array(items)) => {
                let count = i64::try_from(items.len()).unwrap();
                if site.bound("length", "max").is_some_and(|max| count > max) {
                    fault("length.max");
                } else if site.seen("length", "max").is_some_and(|max| count > max) {
                    fault("observed.length.max");
                }
                let element = self.site(operation, &format!("{}[]", site.path));
                for item in items {
                    self.value(operation, element, item, found);
                }
            }
            ("structure", Value::Object(object)) => self.members(operation, &site.path, object, found),
            _ => fault("type"),
        }
    }

    fn text(&self, site: &Site, text: &str) -> Vec<&'static str> {
        let characters = i64::try_from(text.chars().count()).unwrap();
        let mut found = Vec::new();
        if site.bound("length", "min").is_some_and(|min| characters < min) {
            found.push("length.min");
        }
        if site.bound("length", "max").is_some_and(|max| characters > max) {
            found.push("length.max");
        } else if site.seen("length", "max").is_some_and(|max| characters > max) {
            found.push("observed.length.max");
        }
        if text.contains(LONE) || !self.fits(site, text) {
            found.push("pattern");
        }
        found
    }

    /// The meaning of each pattern, by the shape that has it.
    fn fits(&self, site: &Site, text: &str) -> bool {
        match site.target.as_str() {
            "NameString" | "CatalogIdString" | "HashString" => text.chars().all(on_one_line),
            "KmsKeyArn" if self.edition == Edition::E2018 => text.contains("arn:aws:kms:"),
            "KmsKeyArn" => text.is_empty() || has_kms_arn(text),
            "GlueResourceArn" => {
                let partitions =
                    ["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"];
                partitions.iter().any(|p| text.starts_with(&format!("arn:{p}:glue:")))
            }
            "IAMRoleArn" => is_role_arn(text),
            _ => site.pattern().is_none_or(|p| panic!("a pattern without a second reading: {p}")),
        }
    }
}

/// The characters of a single line: no controls but the tab, and not the two beyond U+FFFD.
pub fn on_one_line(c: char) -> bool {
    let code = u32::from(c);
    code == 9 || (0x20..=0xd7ff).contains(&code) || (0xe000..=0xfffd).contains(&code) || code >= 0x1_0000
}

/// `arn:aws`, letters, digits or hyphens, then `:kms:`, anywhere.
fn has_kms_arn(text: &str) -> bool {
    text.match_indices("arn:aws").any(|(start, head)| {
        let rest = &text[start + head.len()..];
        rest.split_once(":kms:").is_some_and(|(partition, _)| {
            partition.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        })
    })
}

fn is_role_arn(text: &str) -> bool {
    let Some((head, role)) = text.split_once(":role/") else { return false };
    let parts: Vec<&str> = head.split(':').collect();
    let ["arn", partition, "iam", "", account] = parts.as_slice() else { return false };
    partition.starts_with("aws")
        && account.len() == 12
        && account.bytes().all(|b| b.is_ascii_digit())
        && !role.is_empty()
}

fn range(site: &Site, number: i64) -> Option<&'static str> {
    let beyond = |bound: Option<i64>| bound.is_some_and(|max| number > max);
    if site.bound("range", "min").is_some_and(|min| number < min) {
        Some("range.min")
    } else if beyond(site.bound("range", "max")) {
        Some("range.max")
    } else if beyond(site.seen("range", "max")) {
        Some("observed.range.max")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn finds(operation: &str, input: &Value, faults: &[(&str, &'static str)]) {
        let wanted: Vec<Fault> = faults.iter().map(|(path, c)| ((*path).to_owned(), *c)).collect();
        assert_eq!(Validator::new(Edition::Current).faults(operation, input), wanted, "{input}");
    }

    #[test]
    fn the_validator_can_say_no() {
        let get = "GetSecurityConfiguration";
        finds(get, &json!({ "Name": "a" }), &[]);
        finds(get, &json!({}), &[("Name", "required")]);
        finds(get, &json!({ "Name": null }), &[("Name", "null")]);
        finds(get, &json!({ "Name": 1 }), &[("Name", "type")]);
        finds(get, &json!({ "Name": "" }), &[("Name", "length.min")]);
        finds(get, &json!({ "Name": "é".repeat(256) }), &[("Name", "length.max")]);
        finds(get, &json!({ "Name": "😀".repeat(255) }), &[]);
        finds(get, &json!({ "Name": "a\nb" }), &[("Name", "pattern")]);
        finds(get, &json!({ "Name": "a\u{fffe}" }), &[("Name", "pattern")]);
        finds(get, &json!({ "Name": "a", "Nmae": 1 }), &[("Nmae", "unknown")]);
        let list = "GetSecurityConfigurations";
        finds(list, &json!({ "MaxResults": 0 }), &[("MaxResults", "range.min")]);
        finds(list, &json!({ "MaxResults": 201 }), &[("MaxResults", "observed.range.max")]);
        finds(list, &json!({ "MaxResults": 1001 }), &[("MaxResults", "range.max")]);
        finds(list, &json!({ "MaxResults": 1.5 }), &[("MaxResults", "type")]);
        let part = |s3: Value| json!({ "Name": "a", "EncryptionConfiguration": { "S3Encryption": s3 } });
        let at = "EncryptionConfiguration.S3Encryption";
        finds("CreateSecurityConfiguration", &part(json!([{}, {}])), &[(at, "observed.length.max")]);
        let bad = json!([{ "KmsKeyArn": "arn:aws:s3:::b", "S3EncryptionMode": "SSE" }]);
        let faults: [(&str, &'static str); 2] = [
            ("EncryptionConfiguration.S3Encryption[].KmsKeyArn", "pattern"),
            ("EncryptionConfiguration.S3Encryption[].S3EncryptionMode", "enum"),
        ];
        finds("CreateSecurityConfiguration", &part(bad), &faults);
    }
}
