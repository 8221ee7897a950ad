//! The laws of pagination, and the populations and page sizes that they are tried on.
//! Must not define the calls of a law.
//! The entry point is [`rules`].

use proptest::prelude::*;

use crate::case::Step;
use crate::generate::{CreatedItems, FixedMember, GeneratorContext, List, value};
use crate::model::{PaginationLaw, Proof, ServiceModel};
use crate::rule::definition::{Effort, LabelledSteps, Rule, Test};
use crate::rule::locks::Locks;

use super::calls::{
    altered_token, any_page_size, created_meanwhile, deleted_meanwhile, foreign_tokens, no_item_twice,
    page_size, stale_token, token_again, token_other_size, tokens_end, whole_list,
};

/// The rules of behaviors that name a law.
pub(in crate::rule::families) fn rules(model: &ServiceModel) -> Vec<Rule> {
    let behaviors = model.behaviors.iter().filter_map(|behavior| match behavior.proof {
        Proof::Pages(law) => Some((behavior, law)),
        Proof::Scenario(_) | Proof::Walk(_) | Proof::CoveredBy(_) | Proof::Untested(_) => None,
    });
    behaviors.map(|(behavior, law)| Rule::of_behavior(model, behavior, law)).collect()
}

impl Test for PaginationLaw {
    fn how_tested(&self) -> String {
        describe_test(*self)
    }

    fn cases(&self, context: GeneratorContext<'_>, operation: &str) -> Vec<LabelledSteps> {
        labelled_cases(context, operation, *self)
    }

    fn needs_control(&self) -> bool {
        *self == Self::ForeignToken
    }

    fn locks(&self, model: &ServiceModel, operation: &str) -> Locks {
        Locks::of_calls(model, [operation]).with_whole_lists()
    }

    fn effort(&self) -> Effort {
        Effort::Pages
    }
}

fn describe_test(law: PaginationLaw) -> String {
    let made = "Items are made, from none or one to several pages of them, and listed in pages of 1 to 5";
    let (what, then) = match law {
        PaginationLaw::WholeList => (made, "all pages together must hold every item made"),
        PaginationLaw::NoItemTwice => (made, "no item made may come twice"),
        PaginationLaw::PageSize => (made, "no page may be longer than asked"),
        PaginationLaw::TokensEnd => (
            made,
            "no token may come twice, and no row of pages without a new item may be longer than the items made",
        ),
        PaginationLaw::AnyPageSize => (
            "Items are made and listed to the end twice, the second time in pages of another or of no given size",
            "both times the same of them must be listed",
        ),
        PaginationLaw::DeletedMeanwhile => (
            "Items are made and listed, and after the first page the first or the last one made is deleted",
            "each of the others must be listed, and once",
        ),
        PaginationLaw::CreatedMeanwhile => (
            "Items are made and listed, and after the first page one is made whose name comes before or after all",
            "each of the others must be listed, and once",
        ),
        PaginationLaw::TokenAgain => ("The token of a first page is used twice", "the same page must come"),
        PaginationLaw::TokenOtherSize => (
            "The token of a first page is used to the end, and again with a larger page size or none",
            "the same of the items made must come, or a refusal",
        ),
        PaginationLaw::AlteredToken => (
            "The token of a first page is seen to lead on, then used cut short, lengthened and with one character changed",
            "each must be refused",
        ),
        PaginationLaw::ForeignToken => (
            "First a control: the call without a token must be accepted. Then made-up tokens are used",
            "each must be refused",
        ),
        PaginationLaw::StaleToken => (
            "After a first page all items made but one are deleted",
            "its token must lead on or be refused, and never back to the first page's item",
        ),
    };
    format!("{what}; {then}.")
}

/// The kinds of cases that show a law, the shortest first: a finding is shrunk within its kind.
fn labelled_cases(context: GeneratorContext<'_>, operation: &str, law: PaginationLaw) -> Vec<LabelledSteps> {
    let Some(list) = List::of(context.model, operation) else { return Vec::new() };
    if law == PaginationLaw::ForeignToken {
        let tokens = foreign_tokens().into_iter();
        return tokens
            .map(|(label, tokens)| {
                let list = list.clone();
                (label.to_owned(), tokens.prop_map(move |token| list.refuses(&token)).boxed())
            })
            .collect();
    }
    let input = value::input(context, &list.maker, FixedMember::default());
    let populations = populations(list.resource.is_account_wide()).into_iter();
    let chosen = populations.filter(|population| population.can_show(law));
    chosen
        .flat_map(|population| {
            let (list, input) = (list.clone(), input.clone());
            step_makers(law).into_iter().map(move |(what, make_steps)| {
                let label = [population.label, what].join(" ").trim_end().to_owned();
                let (list, sizes) = (list.clone(), population.sizes.clone());
                // The sizes come first, so that they are shrunk first.
                let steps = (sizes, input.clone()).prop_map(move |((count, size), input)| {
                    make_steps(&list, &CreatedItems::of(&list, count, &input), size)
                });
                (label, steps.boxed())
            })
        })
        .collect()
}

/// The number of items, and the number of items that a page may hold.
struct Population {
    label: &'static str,
    least: usize,
    sizes: BoxedStrategy<(usize, usize)>,
}

impl Population {
    fn can_show(&self, law: PaginationLaw) -> bool {
        match law {
            PaginationLaw::TokensEnd => true,
            _ if law.needs_several() => self.least > 1,
            _ => self.least > 0,
        }
    }
}

fn populations(account_wide: bool) -> Vec<Population> {
    let of = |label, least, sizes: BoxedStrategy<(usize, usize)>| Population { label, least, sizes };
    let fixed = |count: usize| (1..=5_usize).prop_map(move |size| (count, size)).boxed();
    let mut found = vec![of("no item", 0, fixed(0)), of("one item", 1, fixed(1))];
    if !account_wide {
        let several = (1..=3_usize, 2..=3_usize, 0..3_usize);
        found.extend([
            of("one item less than a page", 1, (2..=5_usize).prop_map(|size| (size - 1, size)).boxed()),
            of("just a page", 1, (1..=5_usize).prop_map(|size| (size, size)).boxed()),
            of("one item more than a page", 2, (1..=5_usize).prop_map(|size| (size + 1, size)).boxed()),
            of("several pages", 2, several.prop_map(|(k, p, rest)| (k * p + rest % k, k)).boxed()),
        ]);
    }
    found
}

/// Makes the steps that show a law, from a list, what was made for it, and a page size.
type StepMaker = fn(&List, &CreatedItems, usize) -> Vec<Step>;

fn step_makers(law: PaginationLaw) -> Vec<(&'static str, StepMaker)> {
    match law {
        PaginationLaw::WholeList => vec![("", whole_list)],
        PaginationLaw::NoItemTwice => vec![("", no_item_twice)],
        PaginationLaw::PageSize => vec![("", page_size)],
        PaginationLaw::TokensEnd => vec![("", tokens_end)],
        PaginationLaw::AnyPageSize => vec![
            ("and a page one larger", |list, made, size| any_page_size(list, made, size, Some(size + 1))),
            ("and no page size", |list, made, size| any_page_size(list, made, size, None)),
        ],
        PaginationLaw::DeletedMeanwhile => vec![
            ("and the first made deleted", |list, made, size| deleted_meanwhile(list, made, size, 0)),
            ("and the last made deleted", |list, made, size| {
                deleted_meanwhile(list, made, size, made.last())
            }),
        ],
        PaginationLaw::CreatedMeanwhile => vec![
            ("and one created before them", |list, made, size| created_meanwhile(list, made, size, b'a')),
            ("and one created behind them", |list, made, size| created_meanwhile(list, made, size, b'z')),
        ],
        PaginationLaw::TokenAgain => vec![("", token_again)],
        PaginationLaw::TokenOtherSize => vec![
            ("and a page one larger", |list, made, size| token_other_size(list, made, size, Some(size + 1))),
            ("and no page size", |list, made, size| token_other_size(list, made, size, None)),
        ],
        PaginationLaw::AlteredToken => vec![
            ("and a token cut short", |list, made, size| altered_token(list, made, size, "shorter")),
            ("and a token lengthened", |list, made, size| altered_token(list, made, size, "longer")),
            ("and a token with another character", |list, made, size| {
                altered_token(list, made, size, "other")
            }),
        ],
        PaginationLaw::StaleToken => vec![
            ("and all but the first deleted", |list, made, size| stale_token(list, made, size, 0)),
            ("and all but the last deleted", |list, made, size| stale_token(list, made, size, made.last())),
        ],
        PaginationLaw::ForeignToken => Vec::new(),
    }
}
