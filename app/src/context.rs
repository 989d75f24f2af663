//! What all of a page shares. One context, because each type of context brings its own code.

use crate::handed::{First, Handed};
use crate::live::{Freshness, Live};
use crate::location::Address;
use crate::prelude::*;
use crate::session::Session;

/// Signals that live as long as the page.
#[derive(Clone, Copy)]
pub(crate) struct Context {
    /// Who is signed in, and what else the request knew.
    pub(crate) session: Signal<Session>,
    /// What the server read for the page, until it is shown.
    pub(crate) first: RwSignal<Option<First>>,
    /// The tab's connection to the server.
    pub(crate) live: Live,
    /// The address of the page.
    pub(crate) address: RwSignal<Address>,
    /// How current the data of the page is; none on a page without data.
    pub(crate) freshness: RwSignal<Option<Freshness>>,
    /// The path of the page whose heading was shown last.
    pub(crate) heading: RwSignal<Option<String>>,
}

impl Context {
    pub(crate) fn new(Handed { session, first }: Handed) -> Self {
        Self {
            live: Live::new(&session),
            session: Signal::stored(session),
            first: RwSignal::new(first),
            address: RwSignal::new(Address::now()),
            freshness: RwSignal::new(None),
            heading: RwSignal::new(None),
        }
    }
}

/// The context of the page. Where none was provided a new one, in which nothing is live: a request that
/// was given up must not make the server panic.
pub(crate) fn context() -> Context {
    use_context().unwrap_or_else(|| Context::new(Handed::default()))
}
