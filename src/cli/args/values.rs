//! Parses the values of flags. Reads no file, and checks nothing against the specs.

use crate::report::CommandForm;
use crate::run::Shard;

pub fn target_name(text: &str) -> Result<String, String> {
    let is_plain = !text.trim().is_empty() && !text.chars().any(char::is_control);
    if is_plain { Ok(text.to_owned()) } else { Err("write a name on one line".to_owned()) }
}

pub fn album(text: &str) -> Result<String, String> {
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    let named = !text.trim_matches('.').is_empty();
    if plain && named {
        Ok(text.to_owned())
    } else {
        Err("write letters, digits, `.`, `_` and `-`".to_owned())
    }
}

pub fn shard(text: &str) -> Result<Shard, String> {
    let numbers = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
    match numbers {
        Some((number, of)) if 1 <= number && number <= of => Ok(Shard { number, of }),
        _ => Err("write it like 1/4: the first of four".to_owned()),
    }
}

pub fn command_form(text: &str) -> Result<CommandForm, String> {
    let known = CommandForm::ALL.into_iter().find(|form| form.name() == text);
    known.ok_or_else(|| format!("write {}", CommandForm::ALL.map(CommandForm::name).join(", ")))
}

pub fn positive(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| "write a whole number, at least 1".to_owned())
}

pub fn seed(text: &str) -> Result<u64, String> {
    if text == "random" {
        // The clock's low digits: the only use of chance that no seed governs, and the report names it.
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        return Ok(now.map_or(1, |d| u64::from(d.subsec_nanos()) ^ (d.as_secs() << 20)));
    }
    text.parse().map_err(|_| "write a whole number, or `random`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_count_from_one() {
        assert_eq!(shard("2/4"), Ok(Shard { number: 2, of: 4 }));
        for bad in ["0/4", "5/4", "1", "1/0", "a/b", "1/4/2", "-1/4", ""] {
            assert!(shard(bad).is_err(), "{bad}");
        }
    }
}
