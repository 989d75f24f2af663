//! What is asked of the list of apps. It is written the same way in the address of the page and in
//! the name of the topic that follows it.

use crate::app::AppSummary;
use crate::health::AppHealth;
use crate::id::OrgSlug;
use crate::percent;
use std::cmp::Ordering;
use std::fmt;

/// As many rows as a page has: more make a slow page that nobody reads.
pub const ROWS: u32 = 100;
/// As many characters of a search as count: the longest name of an app has 63.
pub const MOST_SEARCHED: usize = 100;

/// The order of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Worst first, then by name.
    #[default]
    Health,
    /// By name.
    Name,
    /// By organization, then by name.
    Organization,
    /// Newest release first.
    Deployed,
}

impl Sort {
    /// Each order with its word in the address and on the page.
    pub const ALL: [(Sort, &'static str, &'static str); 4] = [
        (Self::Health, "health", "Worst first"),
        (Self::Name, "name", "Name"),
        (Self::Organization, "organization", "Organization"),
        (Self::Deployed, "deployed", "Last deployment"),
    ];

    /// Reads the word of the address; the usual order for any other.
    pub fn parse(text: &str) -> Self {
        Self::ALL.iter().find(|(_, key, _)| *key == text).map_or(Self::default(), |(sort, ..)| *sort)
    }

    /// The word of the address.
    pub fn key(self) -> &'static str {
        Self::ALL.iter().find(|(sort, ..)| *sort == self).map_or("health", |(_, key, _)| *key)
    }

    /// Which of two apps comes first. Names are unique, so no two are equal.
    pub fn compare(self, a: &AppSummary, b: &AppSummary) -> Ordering {
        let deployed = |app: &AppSummary| app.last_release.as_ref().map(|release| release.created_at);
        let first = match self {
            Self::Health => a.health().urgency().cmp(&b.health().urgency()),
            Self::Name => Ordering::Equal,
            Self::Organization => (&a.organization.name, &a.organization.slug)
                .cmp(&(&b.organization.name, &b.organization.slug)),
            Self::Deployed => deployed(b).cmp(&deployed(a)),
        };
        first.then_with(|| a.name.cmp(&b.name))
    }
}

/// What is asked of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AppsQuery {
    /// A part of an app's name or of its organization's, in any case; empty for all.
    pub search: String,
    /// The owner; all where there is none.
    pub organization: Option<OrgSlug>,
    /// The health; any where there is none.
    pub health: Option<AppHealth>,
    /// The order.
    pub sort: Sort,
    /// Which page, from 0.
    pub page: u32,
}

impl AppsQuery {
    /// Reads an address, of which `get` gives the values by name. What it does not know it leaves
    /// out.
    pub fn read(get: &dyn Fn(&str) -> Option<String>) -> Self {
        let value = |key| get(key).unwrap_or_default();
        Self {
            search: value("q").chars().take(MOST_SEARCHED).collect(),
            organization: OrgSlug::new(value("organization")).ok(),
            health: AppHealth::from_key(&value("health")),
            sort: Sort::parse(&value("sort")),
            page: value("page").parse().map_or(0, |page: u32| page.saturating_sub(1)),
        }
    }

    /// Reads what `Display` writes, and nothing else: who asks in other words for the same gets it
    /// under another name, and would wait for it in vain.
    pub fn parse(text: &str) -> Option<Self> {
        let get = |key: &str| {
            let values = text.split('&').filter_map(|pair| pair.split_once('='));
            values.filter(|(name, _)| *name == key).find_map(|(_, value)| percent::decode(value))
        };
        let query = Self::read(&get);
        (query.to_string() == text).then_some(query)
    }

    /// What the rows depend on: without the spaces around the search, which say nothing.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        Self { search: self.search.trim().to_owned(), ..self.clone() }
    }

    /// Whether anything is left out on purpose.
    pub fn narrows(&self) -> bool {
        !self.search.trim().is_empty() || self.organization.is_some() || self.health.is_some()
    }
}

/// As the query of an address, without `?`. What is as usual is left out, so that the list as
/// everybody sees it first is the empty text.
impl fmt::Display for AppsQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        let mut add = |key: &str, value: &str| {
            if !value.is_empty() {
                if !out.is_empty() {
                    out.push('&');
                }
                out.push_str(key);
                out.push('=');
                percent::encode_into(value, &mut out);
            }
        };
        add("q", &self.search);
        add("organization", self.organization.as_ref().map_or("", OrgSlug::as_str));
        add("health", self.health.map_or("", AppHealth::key));
        add("sort", if self.sort == Sort::default() { "" } else { self.sort.key() });
        if self.page > 0 {
            add("page", &self.page.saturating_add(1).to_string());
        }
        f.write_str(&out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_address_says_only_what_is_not_as_usual() {
        assert_eq!(AppsQuery::default().to_string(), "");
        let query = AppsQuery { search: "a b&c".into(), sort: Sort::Name, page: 2, ..AppsQuery::default() };
        assert_eq!(query.to_string(), "q=a%20b%26c&sort=name&page=3");
    }

    #[test]
    fn what_an_address_says_in_other_words_is_left_out() {
        let query = AppsQuery::read(&|key| match key {
            "organization" => Some("../x".into()),
            "page" => Some("-3".into()),
            "q" => Some("x".repeat(500)),
            _ => Some("odd".into()),
        });
        assert_eq!(query, AppsQuery { search: "x".repeat(MOST_SEARCHED), ..AppsQuery::default() });
    }

    #[test]
    fn a_name_in_other_words_is_refused() {
        for bad in [
            "q=",
            "sort=health",
            "page=1",
            "page=02",
            "sort=name&q=a",
            "q=a b",
            "q=%61",
            "x=1",
            "q=a&q=b",
            "&",
        ] {
            assert_eq!(AppsQuery::parse(bad), None, "{bad:?} was taken");
        }
    }

    pub(in crate::list) fn queries() -> impl Strategy<Value = AppsQuery> {
        let health = prop::option::of(prop::sample::select(AppHealth::ALL.to_vec()));
        let sort = prop::sample::select(Sort::ALL.map(|(sort, ..)| sort).to_vec());
        (".{0,5}", prop::option::of("[a-c]"), health, sort, 0..4_u32).prop_map(crate::samples::query)
    }

    proptest! {
        #[test]
        fn a_query_is_read_as_it_was_written(query in queries()) {
            prop_assert_eq!(AppsQuery::parse(&query.to_string()), Some(query));
        }

        #[test]
        fn any_text_is_read_or_refused_without_a_panic(text in ".{0,40}") {
            let _ = AppsQuery::parse(&text);
        }
    }
}
