//! Every URL of the console is built here. Names are validated types, so none can change a URL.

use model::AppName;
use model::live::{Cursor, Topic};
use std::fmt::Write;

/// The pages. What a page is about stands in its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// [`SIGN_IN`].
    SignIn,
    /// [`APPS`].
    Apps,
    /// One app, by its [`app_in`] the path.
    App,
    /// Any other path.
    NotFound,
}

impl Page {
    /// The page at a path.
    pub fn at(path: &str) -> Self {
        let mut segments = path.split('/').skip(1);
        match [segments.next(), segments.next(), segments.next()] {
            [Some("sign-in"), None | Some(""), None] => Self::SignIn,
            [Some("apps"), None | Some(""), None] => Self::Apps,
            [Some("apps"), Some(_), None | Some("")] if segments.next().is_none() => Self::App,
            _ => Self::NotFound,
        }
    }
}

/// The app that a path is about, as somebody typed it: not validated yet. Empty where it is about
/// none.
pub fn app_in(path: &str) -> &str {
    path.strip_prefix(APPS).and_then(|rest| rest.split('/').nth(1)).unwrap_or_default()
}

/// The apps list; also where a search or a filter is sent to.
pub const APPS: &str = "/apps";
/// Where the form "Open an app by name" goes; the server redirects to the app's page.
pub const OPEN_APP: &str = "/open";
/// The sign-in page; its form posts to the same address.
pub const SIGN_IN: &str = "/sign-in";
/// The command palette: a page, and what the dialog of it asks.
pub const PALETTE: &str = "/palette";
/// Where the form "Sign out" posts to.
pub const SIGN_OUT: &str = "/sign-out";

/// The apps list.
pub fn apps() -> String {
    APPS.to_owned()
}

/// One app.
pub fn app(name: &AppName) -> String {
    format!("{APPS}/{name}")
}

/// The page of an app whose name somebody typed: any text makes a path below the list, and the page
/// says so where it is no name.
pub fn app_named(typed: &str) -> String {
    format!("{APPS}/{}", encode(typed).replace('/', "%2F"))
}

/// One app, with the instances that are gone.
pub fn app_with_destroyed(name: &AppName) -> String {
    format!("{APPS}/{name}?destroyed=show")
}

/// The sign-in page, which leads back to `next` (a path of this console).
pub fn sign_in(next: Option<&str>) -> String {
    match next {
        Some(next) => format!("{SIGN_IN}?next={}", encode(next)),
        None => SIGN_IN.to_owned(),
    }
}

/// The event stream of some topics, from `since` on.
pub fn events(topics: &[Topic], since: Option<&Cursor>) -> String {
    from_place("/events", topics, since)
}

/// What is new of some topics since then: the answer comes with the first news.
pub fn poll(topics: &[Topic], since: Option<&Cursor>) -> String {
    from_place("/poll", topics, since)
}

fn from_place(path: &str, topics: &[Topic], since: Option<&Cursor>) -> String {
    let names: Vec<String> = topics.iter().map(ToString::to_string).collect();
    let mut url = format!("{path}?topics={}", names.join(","));
    if let Some(since) = since {
        url.push_str("&since=");
        url.push_str(&since.to_string());
    }
    url
}

/// Percent-encodes a value of a query (RFC 3986: everything but the unreserved characters, and `/`,
/// which a query may hold and people read better).
pub fn encode(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            write!(out, "%{byte:02X}").ok();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_one_page() {
        for (path, page) in [
            ("/sign-in", Page::SignIn),
            ("/apps", Page::Apps),
            ("/apps/", Page::Apps),
            ("/apps/web", Page::App),
            ("/apps/web/", Page::App),
            ("/apps/not%20a%20name", Page::App),
            ("/apps/web/machines", Page::NotFound),
            ("/apps/web//", Page::NotFound),
            ("/appsx", Page::NotFound),
            ("/apps//", Page::App),
            ("/", Page::NotFound),
            ("", Page::NotFound),
        ] {
            assert_eq!(Page::at(path), page, "{path}");
        }
    }

    #[test]
    fn a_path_names_its_app() {
        for (path, name) in [
            ("/apps/web", "web"),
            ("/apps/web/machines/1", "web"),
            ("/apps", ""),
            ("/apps/", ""),
            ("/sign-in", ""),
        ] {
            assert_eq!(app_in(path), name, "{path}");
        }
    }

    #[test]
    fn where_a_person_wanted_to_go_cannot_end_the_query() {
        assert_eq!(sign_in(Some("/apps/a?x=1&y=ä#z")), "/sign-in?next=/apps/a%3Fx%3D1%26y%3D%C3%A4%23z");
    }

    #[test]
    fn a_typed_name_stays_one_segment_of_the_path() {
        assert_eq!(app_named("../sign-out?x#y"), "/apps/..%2Fsign-out%3Fx%23y");
    }

    #[test]
    fn a_stream_names_its_topics_and_where_it_goes_on() {
        let name = AppName::new("web").unwrap();
        let since = "e1-7".parse().unwrap();
        assert_eq!(
            events(&[Topic::Apps, Topic::App(name)], Some(&since)),
            "/events?topics=apps,app:web&since=e1-7"
        );
        assert_eq!(poll(&[Topic::Apps], None), "/poll?topics=apps");
    }
}
