//! Splits ordered lists into pages, for every service. Must not know what is listed, nor the names of members.
//! [`paginate`] is for opaque tokens, [`page_after`] for cursors that are sent in the clear.

use crate::caller::Caller;
use crate::page_token;

/// The page that a caller asks for.
#[derive(Debug, Clone, Copy)]
pub struct PageRequest<'a> {
    /// The listing, with everything that selects its items. A token is valid for one listing alone.
    pub listing: &'a str,
    /// The token of the page before.
    pub token: Option<&'a str>,
    /// The most items of the page.
    pub size: usize,
}

/// One page of a list.
#[derive(Debug)]
pub struct Page<T> {
    /// The items, in the order of their cursors.
    pub items: Vec<T>,
    /// The token of the next page, or its cursor; none on the last page.
    pub next: Option<String>,
}

/// The token was not issued for this listing, account and region, or has been altered.
#[derive(Debug)]
pub struct InvalidToken;

/// Returns the page that `request` asks for. `items` have ascending cursors.
///
/// # Errors
/// [`InvalidToken`].
pub fn paginate<K: AsRef<str>, T>(
    caller: &Caller,
    request: &PageRequest<'_>,
    items: impl IntoIterator<Item = (K, T)>,
) -> Result<Page<T>, InvalidToken> {
    let open = |token| page_token::open(request.listing, caller, token).ok_or(InvalidToken);
    let cursor = request.token.map(open).transpose()?;
    let page = page_after(cursor.as_deref(), request.size, items);
    let next = page.next.map(|cursor| page_token::seal(request.listing, caller, &cursor));
    Ok(Page { next, ..page })
}

/// Returns the page behind `cursor`, whether the item of that cursor still exists or not. Changes between two pages
/// therefore neither skip nor repeat another item.
pub fn page_after<K: AsRef<str>, T>(
    cursor: Option<&str>,
    size: usize,
    items: impl IntoIterator<Item = (K, T)>,
) -> Page<T> {
    let is_behind = |key: &K| cursor.is_none_or(|cursor| key.as_ref() > cursor);
    let mut rest = items.into_iter().filter(|(key, _)| is_behind(key));
    let (mut page, mut last) = (Vec::new(), None);
    for (key, item) in rest.by_ref().take(size) {
        last = Some(key);
        page.push(item);
    }
    let next = last.filter(|_| rest.next().is_some()).map(|key| key.as_ref().to_owned());
    Page { items: page, next }
}
