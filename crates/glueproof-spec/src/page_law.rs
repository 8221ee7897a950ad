//! What a paginated list promises, as a law that a behavior claims by name. The words only: `generate`
//! makes the calls that show one, from the operation's `smithy.api#paginated` and its resource.

use serde::{Deserialize, Serialize};

use super::error::SpecProblem;
use super::shape::{Lifecycle, ServiceModel};

/// A promise about the pages of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PageLaw {
    /// Followed to the end, the pages hold every item.
    WholeList,
    /// No item comes twice.
    NoItemTwice,
    /// No page holds more than was asked for.
    PageSize,
    /// There is a page without a token.
    TokensEnd,
    /// The items are the same for every page size.
    AnyPageSize,
    /// An item deleted between two pages takes no other away, and makes none come twice.
    DeletedMeanwhile,
    /// An item created between two pages takes no other away, and makes none come twice.
    CreatedMeanwhile,
    /// A token may be used again, and leads to the same page.
    TokenAgain,
    /// A token that is not quite the one handed out is refused.
    AlteredToken,
    /// A token that nobody handed out is refused.
    ForeignToken,
    /// A token that the list has changed under leads on, or is refused; it never starts over.
    StaleToken,
}

impl PageLaw {
    /// Whether it can be shown only on a list that callers can make longer than one item.
    #[must_use]
    pub fn needs_several(self) -> bool {
        !matches!(
            self,
            Self::WholeList
                | Self::NoItemTwice
                | Self::PageSize
                | Self::TokensEnd
                | Self::AnyPageSize
                | Self::ForeignToken
        )
    }
}

/// The law, if the subject is a list that it can be shown on.
pub(super) fn check_law(model: &ServiceModel, subject: &str, law: PageLaw) -> Result<(), SpecProblem> {
    let problem = |text: &str| Err(SpecProblem::Step(format!("`pages`: {text}")));
    if model.operations.get(subject).is_none_or(|operation| operation.paginated.is_none()) {
        return problem(&format!("`{subject}` is no operation with the trait smithy.api#paginated"));
    }
    match model.resource_of(subject) {
        Some((resource, Lifecycle::List)) if resource.maker().is_some() && resource.delete.is_some() => {
            if law.needs_several() && resource.is_account_wide() {
                let name = &resource.name;
                return problem(&format!(
                    "the law needs several items, and there is one `{name}` an account"
                ));
            }
            Ok(())
        }
        _ => problem(&format!("`{subject}` lists no resource that can be made and deleted")),
    }
}
