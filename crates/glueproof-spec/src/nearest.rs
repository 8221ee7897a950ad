//! Finds the known name that an unknown one was probably meant to be.
//! Must not decide what is known.
//! The entry point is [`did_you_mean`].

/// The end of an error about an unknown name: the nearest known name, if one is near.
pub(super) fn did_you_mean<'k>(unknown: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    nearest(unknown, known).map_or_else(String::new, |name| format!(", did you mean `{name}`?"))
}

/// The known name that differs least, if the difference is small.
pub(super) fn nearest<'k>(unknown: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
    known
        .into_iter()
        .map(|name| (strsim::osa_distance(unknown, name), name))
        .filter(|(distance, name)| *distance <= 1 + name.len().max(unknown.len()) / 4)
        .min()
        .map(|(_, name)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested_and_far_ones_are_not() {
        let known = ["job-run", "bucket", "key"];
        assert_eq!(did_you_mean("job-rnu", known), ", did you mean `job-run`?");
        assert_eq!(did_you_mean("documented", known), "");
    }
}
