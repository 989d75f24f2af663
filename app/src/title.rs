//! The title of the document, in the browser's tab.

/// Gives the document this title, until a page gives it another.
#[cfg(feature = "ssr")]
pub(crate) fn title(text: &str) {
    use leptos_meta::{ServerMetaContext, Title, TitleProps};
    // Where the head is none of Leptos's nobody would take the title.
    if leptos::prelude::use_context::<ServerMetaContext>().is_some() {
        let text = text.to_owned();
        let _ = Title(TitleProps::builder().text(text).build());
    }
}

/// Gives the document this title, until a page gives it another.
#[cfg(not(feature = "ssr"))]
pub(crate) fn title(text: &str) {
    leptos::prelude::document().set_title(text);
}
