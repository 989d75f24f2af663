//! The address of the page: what it names, and how links lead from one page to the next without loading
//! the document anew.

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
mod browser;
mod query;

use crate::context::context;
use crate::erase::memo;
use crate::prelude::*;
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
pub(crate) use browser::follow_links;
pub(crate) use query::Query;

/// An address of the console, as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) path: String,
    /// What stands behind the question mark.
    pub(crate) query: String,
}

impl Address {
    /// The address of the request, or the one that the browser shows.
    pub(crate) fn now() -> Self {
        #[cfg(feature = "ssr")]
        return use_context::<http::request::Parts>().map(|parts| Self::of(&parts.uri)).unwrap_or_default();
        #[cfg(all(feature = "hydrate", not(feature = "ssr")))]
        return browser::shown();
        #[cfg(not(any(feature = "ssr", feature = "hydrate")))]
        Self::default()
    }

    #[cfg(feature = "ssr")]
    pub(crate) fn of(uri: &http::Uri) -> Self {
        Self { path: uri.path().to_owned(), query: uri.query().unwrap_or_default().to_owned() }
    }
}

/// The address of the page. Told also when somebody goes to where they are.
pub(crate) fn address() -> Signal<Address> {
    context().address.into()
}

/// The path of the page.
pub(crate) fn path() -> Memo<String> {
    let address = address();
    memo(move || address.with(|address| address.path.clone()))
}

/// What stands behind the question mark.
pub(crate) fn query() -> Memo<Query> {
    let address = address();
    memo(move || address.with(|address| Query::parse(&address.query)))
}

/// A part of a path as a person typed it; as it is where it stands for no text.
pub(crate) fn unescaped(part: &str) -> String {
    model::percent::decode(part).unwrap_or_else(|| part.to_owned())
}
