//! When the whole list of apps is read, and when a cheaper question does.
//!
//! The machines of an organization that changed after a moment are one small question ("updated
//! after"). While it brings nothing new, the list is not read again until its age calls for it: an
//! app without machines, or a new name, shows in the whole list only. So the age that pages tell is
//! that of the last whole list, never that of the cheaper question.

use model::app::AppSummary;
use model::{OrgSlug, Timestamp};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::Instant;

/// The whole list is read again after this long at the latest.
const WHOLE_EVERY: Duration = Duration::from_secs(15);
/// Fly's list of changed machines is complete only some time after a moment; its documentation
/// advises to ask from a little before it.
const LATE_ARRIVALS_MS: i64 = 10_000;

/// What the last whole list was.
#[derive(Default)]
pub(super) struct ListMemory {
    last: Option<Whole>,
    /// When the newest machine that is known of was changed.
    newest: Option<Timestamp>,
}

struct Whole {
    read_at: Instant,
    /// The same moment as Fly's clocks tell it.
    asked_at: Timestamp,
    organizations: Vec<OrgSlug>,
}

/// The cheaper question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Question {
    /// Whose machines.
    pub(super) organizations: Vec<OrgSlug>,
    /// Changed after this moment.
    pub(super) after: Timestamp,
}

impl ListMemory {
    /// The cheaper question, where it can stand for the whole list.
    pub(super) fn question(&self, now: Instant) -> Option<Question> {
        let last = self.last.as_ref().filter(|last| now - last.read_at < WHOLE_EVERY)?;
        let after = last.asked_at.plus(-LATE_ARRIVALS_MS);
        Some(Question { organizations: last.organizations.clone(), after })
    }

    /// Whether a machine has changed since the last answer. If so, the whole list is read.
    pub(super) fn is_news(&mut self, newest: Option<Timestamp>) -> bool {
        let news = newest > self.newest;
        if news {
            self.newest = newest;
            self.last = None;
        }
        news
    }

    /// A whole list came. One with gaps is read again next time, as is one with apps whose state is
    /// told by something else than their machines.
    pub(super) fn read(&mut self, apps: &[AppSummary], complete: bool, asked_at: Timestamp, now: Instant) {
        let all_on_machines = apps.iter().all(|app| app.deployment.is_none());
        let organizations: BTreeSet<&OrgSlug> = apps.iter().map(|app| &app.organization.slug).collect();
        let usable = complete && all_on_machines && !organizations.is_empty();
        self.last = usable.then(|| Whole {
            read_at: now,
            asked_at,
            organizations: organizations.into_iter().cloned().collect(),
        });
    }

    /// The whole list is read next time.
    pub(super) fn forget(&mut self) {
        self.last = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Organization;

    fn app(name: &str, organization: &str) -> AppSummary {
        AppSummary {
            organization: Organization { slug: OrgSlug::new(organization).unwrap(), name: String::new() },
            ..model::samples::summary(name)
        }
    }

    fn read(apps: &[AppSummary]) -> (ListMemory, Instant) {
        let (mut list, now) = (ListMemory::default(), Instant::now());
        list.read(apps, true, Timestamp(100_000), now);
        (list, now)
    }

    #[test]
    fn a_young_list_is_followed_by_the_cheaper_question_for_each_organization() {
        let (list, now) = read(&[app("a", "o"), app("b", "p"), app("c", "o")]);
        let question = list.question(now + WHOLE_EVERY / 2).unwrap();
        let slugs: Vec<&str> = question.organizations.iter().map(OrgSlug::as_str).collect();
        assert_eq!((slugs, question.after), (vec!["o", "p"], Timestamp(90_000)));
        assert_eq!(list.question(now + WHOLE_EVERY), None, "an old list was trusted");
    }

    #[test]
    fn only_a_machine_that_is_newer_than_any_before_is_news() {
        let (mut list, now) = read(&[app("a", "o")]);
        assert!(!list.is_news(None));
        assert!(list.is_news(Some(Timestamp(5))));
        assert_eq!(list.question(now), None, "after news the whole list is read");
        list.read(&[app("a", "o")], true, Timestamp(100_000), now);
        assert!(!list.is_news(Some(Timestamp(5))), "a late arrival came back");
        assert!(list.is_news(Some(Timestamp(6))));
    }

    #[test]
    fn a_list_that_machines_do_not_tell_all_of_is_read_whole_each_time() {
        let (mut list, now) = (ListMemory::default(), Instant::now());
        assert_eq!(list.question(now), None);
        list.read(&[app("a", "o")], false, Timestamp(0), now);
        assert_eq!(list.question(now), None, "a list with gaps");
        let nomad = AppSummary { deployment: Some("running".into()), ..app("a", "o") };
        list.read(&[nomad], true, Timestamp(0), now);
        assert_eq!(list.question(now), None, "an app of the Nomad era");
        list.read(&[], true, Timestamp(0), now);
        assert_eq!(list.question(now), None, "an empty list");
    }
}
