//! Lists long enough to be cut into pages: populations around page sizes, for each law of pages. Which
//! calls show a law is `page_laws`' to say.

use proptest::prelude::*;

use crate::case::{Follow, Step};
use crate::model::{PageLaw, ServiceModel};

use super::cases::{Material, Steps};
use super::list::{List, Made};
use super::page_laws::{
    altered_token, any_page_size, created_meanwhile, deleted_meanwhile, foreign_tokens, no_item_twice,
    page_size, stale_token, token_again, tokens_end, whole_list,
};
use super::value::{self, Pin};

/// Pages read at most: more than the service keeps of anything in one account, one on a page.
const MOST: usize = 300;
/// Pages in a row that may bring nothing new, whatever the population: others delete meanwhile.
const IDLE: usize = 3;

/// How to follow an operation's pages to the end, if it has pages.
pub(super) fn to_the_end(model: &ServiceModel, operation: &str) -> Option<Follow> {
    let paginated = model.operations.get(operation)?.paginated.as_ref()?;
    Some(Follow {
        token: paginated.input_token.clone(),
        next: paginated.output_token.clone(),
        items: paginated.items.clone(),
        each: Vec::new(),
        must_end: false,
        idle: IDLE,
        most: MOST,
        between: Vec::new(),
    })
}

/// Whether refusals of the law's cases mean something only where the plain call is accepted.
pub(super) fn has_control(law: PageLaw) -> bool {
    law == PageLaw::ForeignToken
}

/// The kinds of cases that show a law, the shortest first: what is found in one is shrunk within it.
pub(super) fn variants(material: Material<'_>, operation: &str, law: PageLaw) -> Vec<(String, Steps)> {
    let Some(list) = List::of(material.model, operation) else { return Vec::new() };
    if law == PageLaw::ForeignToken {
        let tokens = foreign_tokens().into_iter();
        return tokens
            .map(|(label, tokens)| {
                let list = list.clone();
                (label.to_owned(), tokens.prop_map(move |token| list.refuses(&token)).boxed())
            })
            .collect();
    }
    let input = value::input(material, &list.maker, Pin::default());
    let populations = populations(list.resource.is_account_wide()).into_iter();
    let chosen = populations.filter(|population| population.suits(law));
    chosen
        .flat_map(|population| {
            let (list, input) = (list.clone(), input.clone());
            laws_of(law).into_iter().map(move |(what, show)| {
                let label = [population.label, what].join(" ").trim_end().to_owned();
                let (list, sizes) = (list.clone(), population.sizes.clone());
                // The sizes come first, so that they are shrunk first.
                let steps = (sizes, input.clone()).prop_map(move |((count, size), input)| {
                    show(&list, &Made::of(&list, count, &input), size)
                });
                (label, steps.boxed())
            })
        })
        .collect()
}

/// How many items are made, and how many a page may hold.
struct Population {
    label: &'static str,
    least: usize,
    sizes: BoxedStrategy<(usize, usize)>,
}

impl Population {
    fn suits(&self, law: PageLaw) -> bool {
        match law {
            PageLaw::TokensEnd => true,
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
type Show = fn(&List, &Made, usize) -> Vec<Step>;

fn laws_of(law: PageLaw) -> Vec<(&'static str, Show)> {
    match law {
        PageLaw::WholeList => vec![("", whole_list)],
        PageLaw::NoItemTwice => vec![("", no_item_twice)],
        PageLaw::PageSize => vec![("", page_size)],
        PageLaw::TokensEnd => vec![("", tokens_end)],
        PageLaw::AnyPageSize => vec![
            ("and a page one larger", |list, made, size| any_page_size(list, made, size, Some(size + 1))),
            ("and no page size", |list, made, size| any_page_size(list, made, size, None)),
        ],
        PageLaw::DeletedMeanwhile => vec![
            ("and the first made deleted", |list, made, size| deleted_meanwhile(list, made, size, 0)),
            ("and the last made deleted", |list, made, size| {
                deleted_meanwhile(list, made, size, made.last())
            }),
        ],
        PageLaw::CreatedMeanwhile => vec![
            ("and one created before them", |list, made, size| created_meanwhile(list, made, size, b'a')),
            ("and one created behind them", |list, made, size| created_meanwhile(list, made, size, b'z')),
        ],
        PageLaw::TokenAgain => vec![("", token_again)],
        PageLaw::AlteredToken => vec![
            ("and a token cut short", |list, made, size| altered_token(list, made, size, "shorter")),
            ("and a token lengthened", |list, made, size| altered_token(list, made, size, "longer")),
            ("and a token with another character", |list, made, size| {
                altered_token(list, made, size, "other")
            }),
        ],
        PageLaw::StaleToken => vec![
            ("and all but the first deleted", |list, made, size| stale_token(list, made, size, 0)),
            ("and all but the last deleted", |list, made, size| stale_token(list, made, size, made.last())),
        ],
        PageLaw::ForeignToken => Vec::new(),
    }
}
