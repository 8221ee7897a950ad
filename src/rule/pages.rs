//! Says in a sentence how each law of pages is shown. Makes no calls.

use crate::model::PageLaw;

/// One sentence on how the law is tried.
pub(super) fn how_tested(law: PageLaw) -> String {
    let made = "Items are made, from none or one to several pages of them, and listed in pages of 1 to 5";
    let (what, then) = match law {
        PageLaw::WholeList => (made, "all pages together must hold every item made"),
        PageLaw::NoItemTwice => (made, "no item made may come twice"),
        PageLaw::PageSize => (made, "no page may be longer than asked"),
        PageLaw::TokensEnd => (
            made,
            "no token may come twice, and no row of pages without a new item may be longer than the items made",
        ),
        PageLaw::AnyPageSize => (
            "Items are made and listed to the end twice, the second time in pages of another or of no given size",
            "both times the same of them must be listed",
        ),
        PageLaw::DeletedMeanwhile => (
            "Items are made and listed, and after the first page the first or the last one made is deleted",
            "each of the others must be listed, and once",
        ),
        PageLaw::CreatedMeanwhile => (
            "Items are made and listed, and after the first page one is made whose name comes before or after all",
            "each of the others must be listed, and once",
        ),
        PageLaw::TokenAgain => ("The token of a first page is used twice", "the same page must come"),
        PageLaw::AlteredToken => (
            "The token of a first page is seen to lead on, then used cut short, lengthened and with one character changed",
            "each must be refused",
        ),
        PageLaw::ForeignToken => (
            "First a control: the call without a token must be accepted. Then made-up tokens are used",
            "each must be refused",
        ),
        PageLaw::StaleToken => (
            "After a first page all items made but one are deleted",
            "its token must lead on or be refused, and never back to the first page's item",
        ),
    };
    format!("{what}; {then}.")
}
