//! Every member of every input, at every depth, times every constraint on it: enumerated a second time
//! from the raw specs, the rules must be these and no others.

use std::collections::BTreeSet;

use glueproof::model::{Edition, SpecFile, Specs};
use glueproof::rule::{Boundary, Catalog, InvalidInput, Rule};

use crate::specs::raw::{Raw, Site};

/// The part of an id behind the member, with its family.
type Names = Vec<(&'static str, &'static str)>;

/// Patterns whose matches are any line of text.
const SINGLE_LINE: &str = r"^[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*$";

struct Place<'a> {
    raw: &'a Raw,
    operation: &'a str,
    site: &'a Site,
}

impl Place<'_> {
    /// Returns whether a valid input may carry any value of the shape: not one that is reserved for the service,
    /// what depends on the state, or the token of a page.
    fn is_free(&self) -> bool {
        let token = self.site.depth == 1 && self.raw.token(self.operation) == Some(self.site.path.as_str());
        !self.site.has("internal") && !self.site.has("condition") && !token
    }

    /// Returns whether generators keep to the samples of the specs.
    fn is_sampled(&self) -> bool {
        self.site.traits.get("sample").is_some_and(|sample| sample["only"] == true)
    }

    fn expected(&self) -> Names {
        if self.site.is_item {
            return vec![("invalid", "type")];
        }
        let mut names = self.presence();
        names.push(("invalid", "type"));
        names.extend(match self.site.kind.as_str() {
            "boolean" => vec![("invalid", "type.lenient")],
            "integer" => [vec![("invalid", "type.lenient")], self.range()].concat(),
            "enum" => self.words(),
            "string" => [self.length(), self.pattern()].concat(),
            "list" => self.elements(),
            "structure" => Vec::new(),
            other => panic!("an input of type {other}"),
        });
        names
    }

    fn presence(&self) -> Names {
        if self.site.has("required") {
            vec![("invalid", "required"), ("invalid", "null")]
        } else {
            vec![("boundary", "null")]
        }
    }

    fn words(&self) -> Names {
        let mut names = vec![("invalid", "enum")];
        names.extend(self.is_free().then_some(("boundary", "enum")));
        names
    }

    fn range(&self) -> Names {
        let mut names = Vec::new();
        for (edge, name) in [("min", "range.min"), ("max", "range.max")] {
            if self.site.bound("range", edge).is_some() {
                names.push(("invalid", name));
                names.extend(self.is_free().then_some(("boundary", name)));
            }
        }
        names.extend(self.site.seen("range", "max").map(|_| ("invalid", "observed.range.max")));
        names
    }

    fn length(&self) -> Names {
        let (free, policy) = (self.is_free() && !self.is_sampled(), self.site.has("policy"));
        let mut names = Vec::new();
        if self.site.bound("length", "min").is_some_and(|min| min > 0) {
            names.push(("invalid", "length.min"));
            // The shortest text is no policy.
            names.extend((free && !policy).then_some(("boundary", "length.min")));
        }
        if self.site.bound("length", "max").is_some() {
            names.push(("invalid", "length.max"));
            names.extend(free.then_some(("boundary", "length.max")));
            names.extend((free && !policy).then_some(("boundary", "length.units")));
        } else {
            names.extend(self.site.seen("length", "max").map(|_| ("invalid", "observed.length.max")));
        }
        names
    }

    fn pattern(&self) -> Names {
        let Some(pattern) = self.site.pattern() else { return Vec::new() };
        let mut names = vec![("invalid", "pattern")];
        if pattern == SINGLE_LINE {
            let free = self.is_free() && !self.is_sampled();
            names.extend(free.then_some(("boundary", "pattern")));
            let creates = self.raw.names_what_it_creates(self.operation, &self.site.path);
            names.extend((free && creates).then_some(("boundary", "distinct")));
            names.extend((free && creates).then_some(("boundary", "distinct.place")));
        } else {
            // ARNs are never made up: there are samples, or there is no rule.
            names.extend((self.is_free() && self.site.has("sample")).then_some(("boundary", "pattern")));
        }
        names
    }

    fn elements(&self) -> Names {
        let documented = self.site.bound("length", "max").map(|_| ("invalid", "length.max"));
        let seen = self.site.seen("length", "max").map(|_| ("invalid", "observed.length.max"));
        documented.into_iter().chain(seen).collect()
    }
}

/// Ids that the raw specs ask for.
fn expected(raw: &Raw) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for operation in raw.operations() {
        for site in raw.sites(operation) {
            for (family, name) in (Place { raw, operation, site: &site }).expected() {
                let fresh = ids.insert(format!("glue/{operation}/{family}/{}/{name}", site.path));
                assert!(fresh, "{operation} {} {name} twice", site.path);
            }
        }
    }
    ids
}

/// Ids of the rules about constraints.
fn derived(specs: &Specs) -> BTreeSet<String> {
    let of_constraint = |rule: &Rule| rule.test.is::<InvalidInput>() || rule.test.is::<Boundary>();
    Catalog::new(specs).rules.into_iter().filter(of_constraint).map(|r| r.id).collect()
}

/// Both readings of the same files must agree.
pub fn check(files: &[SpecFile], edition: Edition) {
    let (wanted, found) =
        (expected(&Raw::of(files, edition)), derived(&Specs::from_files(files, edition).unwrap()));
    let missing: Vec<&String> = wanted.difference(&found).collect();
    let surplus: Vec<&String> = found.difference(&wanted).collect();
    assert!(
        missing.is_empty() && surplus.is_empty(),
        "{edition}: missing {missing:#?}, surplus {surplus:#?}"
    );
}

#[test]
fn the_rules_are_those_of_the_raw_specs() {
    for edition in Edition::ALL {
        check(&glueproof::model::embedded_files().unwrap(), edition);
        assert!(expected(&Raw::embedded(edition)).len() > 100, "the second reading finds next to nothing");
    }
}

#[test]
fn a_few_ids_by_hand() {
    let specs = crate::specs::specs(Edition::E2018);
    let found = derived(&specs);
    for id in [
        "glue/PutResourcePolicy/invalid/PolicyInJson/length.max",
        "glue/PutResourcePolicy/boundary/PolicyInJson/length.max",
        "glue/PutResourcePolicy/invalid/PolicyHashCondition/pattern",
        "glue/CreateSecurityConfiguration/invalid/EncryptionConfiguration.S3Encryption[]/type",
        "glue/CreateSecurityConfiguration/invalid/EncryptionConfiguration.S3Encryption[].KmsKeyArn/pattern",
        "glue/CreateSecurityConfiguration/boundary/Name/distinct",
        "glue/GetSecurityConfigurations/invalid/MaxResults/observed.range.max",
    ] {
        assert!(found.contains(id), "{id}");
    }
    for id in [
        "glue/PutResourcePolicy/boundary/PolicyInJson/length.min",
        "glue/PutResourcePolicy/boundary/PolicyHashCondition/length.max",
        "glue/PutResourcePolicy/boundary/PolicyExistsCondition/enum",
        "glue/GetDataCatalogEncryptionSettings/boundary/CatalogId/length.max",
        "glue/GetSecurityConfigurations/boundary/NextToken/length.max",
        "glue/PutResourcePolicy/invalid/EnableHybrid/enum",
    ] {
        assert!(!found.contains(id), "{id}");
    }
}
