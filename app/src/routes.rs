//! Every URL of the console is built here. Names are validated types, so none can change a URL.

use model::diagnosis::Source;
use model::live::{Cursor, Topic};
pub use model::percent::encode;
use model::releases::Place;
use model::{AppName, AppsQuery, InstanceId, ReleaseVersion};

/// The pages. What a page is about stands in its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// [`SIGN_IN`].
    SignIn,
    /// [`APPS`].
    Apps,
    /// One app, by its [`app_in`] the path.
    App,
    /// The releases of an app.
    Releases,
    /// One release of an app, by its [`part_in`] the path.
    Release,
    /// One instance, by its [`part_in`] the path.
    Instance,
    /// Any other path.
    NotFound,
}

impl Page {
    /// The page at a path.
    pub fn at(path: &str) -> Self {
        let path = path.strip_suffix('/').unwrap_or(path);
        let mut segments = path.split('/').skip(1);
        let place = [(); 5].map(|()| segments.next());
        match place {
            [Some("sign-in"), None, ..] => Self::SignIn,
            [Some("apps"), None, ..] => Self::Apps,
            [Some("apps"), Some(_), None, ..] => Self::App,
            [Some("apps"), Some(_), Some("releases"), None, _] => Self::Releases,
            [Some("apps"), Some(_), Some("releases"), Some(_), None] => Self::Release,
            [Some("apps"), Some(_), Some("machines"), Some(_), None] => Self::Instance,
            _ => Self::NotFound,
        }
    }
}

/// The app that a path is about, as somebody typed it: not validated yet. Empty where it is about
/// none.
pub fn app_in(path: &str) -> &str {
    path.strip_prefix(APPS).and_then(|rest| rest.split('/').nth(1)).unwrap_or_default()
}

/// What in the app a path is about (`/apps/NAME/releases/PART`,
/// `/apps/NAME/machines/PART`), as somebody typed it.
pub fn part_in(path: &str) -> &str {
    path.strip_prefix(APPS).and_then(|rest| rest.split('/').nth(3)).unwrap_or_default()
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

/// What of the apps list a query asks for.
pub fn apps_asked(query: &AppsQuery) -> String {
    let query = query.to_string();
    if query.is_empty() { apps() } else { format!("{APPS}?{query}") }
}

/// One app.
pub fn app(name: &AppName) -> String {
    format!("{APPS}/{name}")
}

/// The releases of an app: the newest, or those from a place on.
pub fn releases(name: &AppName, from: Option<&Place>) -> String {
    let mut url = app(name);
    url.push_str("/releases");
    if let Some(from) = from {
        url.push_str("?from=");
        url.push_str(&encode(from.as_str()));
    }
    url
}

/// One release of an app.
pub fn release(name: &AppName, version: ReleaseVersion) -> String {
    let mut url = releases(name, None);
    url.push('/');
    url.push_str(&version.0.to_string());
    url
}

/// The app's page at Fly. It has none for a release whose address is published.
pub fn at_fly(name: &AppName) -> String {
    let mut url = "https://fly.io/apps/".to_owned();
    url.push_str(name.as_str());
    url
}

/// One instance of an app.
pub fn instance(app: &AppName, id: &InstanceId) -> String {
    [APPS, "/", app.as_str(), "/machines/", id.as_str()].concat()
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
/// Where what a finding rests on stands in the console; none for what has no page of its own.
pub fn evidence(app: &AppName, source: &Source) -> Option<String> {
    if let Source::Release(version) = source {
        return Some(release(app, *version));
    }
    source.place().map(|(id, part)| instance(app, id) + part)
}

/// What is wrong with an app, as a text for a chat or an issue. Served beside the pages.
pub fn diagnosis_text(app: &AppName) -> String {
    format!("{APPS}/{app}/diagnosis.md")
}

/// The app, with those entries of how its deployment went that are of this kind and instance; empty
/// for all.
pub fn how_it_went(app: &AppName, kind: &str, instance: &str) -> String {
    let mut url = format!("{APPS}/{app}?went=");
    url.push_str(&encode(kind));
    if !instance.is_empty() {
        url.push_str("&of=");
        url.push_str(&encode(instance));
    }
    url.push_str("#how-it-went");
    url
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
    let mut url = format!("{path}?topics=");
    for (place, topic) in topics.iter().enumerate() {
        if place > 0 {
            url.push(',');
        }
        // Whatever else ends a value is encoded within the name.
        for letter in topic.to_string().chars() {
            match letter {
                '%' => url.push_str("%25"),
                '&' => url.push_str("%26"),
                // A query would read it as a space.
                '+' => url.push_str("%2B"),
                other => url.push(other),
            }
        }
    }
    if let Some(since) = since {
        url.push_str("&since=");
        url.push_str(&since.to_string());
    }
    url
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
            ("/apps/web/machines/", Page::NotFound),
            ("/apps/web/machines/73d8d46dbee589", Page::Instance),
            ("/apps/web/machines/73d8d46dbee589/", Page::Instance),
            ("/apps/web/machines/no%20id", Page::Instance),
            ("/apps/web/machines/73d8d46dbee589/x", Page::NotFound),
            ("/apps/web//", Page::NotFound),
            ("/sign-in/x", Page::NotFound),
            ("/appsx", Page::NotFound),
            ("/apps//", Page::App),
            ("/apps/web/releases", Page::Releases),
            ("/apps/web/releases/", Page::Releases),
            ("/apps/web/releases/14", Page::Release),
            ("/apps/web/releases/14/", Page::Release),
            ("/apps/web/releases/14/x", Page::NotFound),
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
    fn the_addresses_of_releases_lead_back_to_them() {
        let (name, place) = (AppName::new("web").unwrap(), "a+b/c=".parse().unwrap());
        assert_eq!(releases(&name, None), "/apps/web/releases");
        assert_eq!(releases(&name, Some(&place)), "/apps/web/releases?from=a%2Bb/c%3D");
        let address = release(&name, ReleaseVersion(14));
        assert_eq!((Page::at(&address), app_in(&address), part_in(&address)), (Page::Release, "web", "14"));
    }

    #[test]
    fn a_place_in_a_topic_is_not_read_as_another() {
        let topic = "releases:web:a+b=".parse().unwrap();
        assert_eq!(poll(&[topic], None), "/poll?topics=releases:web:a%2Bb=");
    }

    #[test]
    fn what_is_asked_of_the_list_stands_in_its_address() {
        assert_eq!(apps_asked(&AppsQuery::default()), "/apps");
        let query = AppsQuery { search: "a b&c".into(), page: 2, ..AppsQuery::default() };
        assert_eq!(apps_asked(&query), "/apps?q=a%20b%26c&page=3");
    }

    #[test]
    fn a_path_of_an_instance_names_it() {
        let (app, id) = (AppName::new("web").unwrap(), InstanceId::new("73d8d46dbee589").unwrap());
        let path = instance(&app, &id);
        assert_eq!(path, "/apps/web/machines/73d8d46dbee589");
        assert_eq!((app_in(&path), part_in(&path)), ("web", "73d8d46dbee589"));
        assert_eq!((part_in("/apps/web"), part_in("/apps")), ("", ""));
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
    fn evidence_leads_to_where_it_stands() {
        let app = AppName::new("web").unwrap();
        let id = InstanceId::new("73d8d46dbee589").unwrap();
        for (source, url) in [
            (Source::Log(id.clone()), Some("/apps/web/machines/73d8d46dbee589#logs")),
            (Source::Event(id.clone()), Some("/apps/web/machines/73d8d46dbee589#events")),
            (Source::Check(id.clone()), Some("/apps/web/machines/73d8d46dbee589#checks")),
            (Source::Sockets(id), Some("/apps/web/machines/73d8d46dbee589#processes")),
            (Source::Release(ReleaseVersion(14)), Some("/apps/web/releases/14")),
            (Source::Configuration, None),
        ] {
            assert_eq!(evidence(&app, &source).as_deref(), url);
        }
    }

    #[test]
    fn what_is_chosen_of_how_it_went_stands_in_the_address() {
        let app = AppName::new("web").unwrap();
        assert_eq!(how_it_went(&app, "checks", ""), "/apps/web?went=checks#how-it-went");
        assert_eq!(how_it_went(&app, "", "e80d7fbd"), "/apps/web?went=&of=e80d7fbd#how-it-went");
    }

    #[test]
    fn a_stream_names_its_topics_and_where_it_goes_on() {
        let name = AppName::new("web").unwrap();
        let since = "e1-7".parse().unwrap();
        assert_eq!(
            events(&[Topic::apps(), Topic::App(name)], Some(&since)),
            "/events?topics=apps,app:web&since=e1-7"
        );
        let asked = Topic::Apps(AppsQuery { search: "a&b,c".into(), page: 1, ..AppsQuery::default() });
        assert_eq!(poll(&[asked], None), "/poll?topics=apps?q=a%2526b%252Cc%26page=2");
    }
}
