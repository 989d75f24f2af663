//! The list of apps of one access, of which each reader sees what it asked for.
//!
//! The list is kept once, whatever readers ask for, and so are its last changes: not as what came,
//! but as what was before. So the list of any moment among them can be had again, and what a reader
//! missed is told by its windows since then. Nothing is kept for a window but the text that was last
//! written for it.

use super::channel::Missed;
use super::outgoing::{Json, json};
use super::sequence::Sequence;
use model::live::{self, AppsChange, ChangeSet, Topic, TopicState, diff_apps};
use model::{AppName, AppSummary, AppsQuery, AppsView, AppsWindow, Timestamp};
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

/// As many changes of the list are kept. Who missed more gets a snapshot, which is a hundred rows.
const MOST_CHANGES: usize = 32;
/// As many rows are kept in them, but always the last change.
const MOST_ROWS: usize = 1_024;
/// Texts that are kept for readers who missed the same: as many windows as one access may well have
/// open. They are there to save work only.
const MOST_TOLD: usize = 64;

/// The list, and what was before its last changes.
pub(super) struct Windows {
    list: Option<AppsView>,
    /// Oldest first.
    past: VecDeque<Change>,
    /// A reader at or after this number can be served from here.
    floor: u64,
    told: HashMap<AppsQuery, Told>,
}

/// One change of the list, by what was before it.
struct Change {
    number: u64,
    before: Vec<Before>,
}

/// What a row was before a change; none where there was none.
struct Before {
    name: AppName,
    row: Option<Arc<AppSummary>>,
}

struct Told {
    since: u64,
    last: u64,
    checked_at: Timestamp,
    /// None where the changes concern nothing that the window shows.
    json: Option<Json>,
}

impl Windows {
    /// Nothing is known yet.
    pub(super) fn new() -> Self {
        Self { list: None, past: VecDeque::new(), floor: 0, told: HashMap::new() }
    }

    /// The whole list; none while nothing is known.
    pub(super) fn list(&self) -> Option<&AppsView> {
        self.list.as_ref()
    }

    /// What a window shows; none while nothing is known.
    pub(super) fn window(&self, query: &AppsQuery) -> Option<TopicState> {
        Some(TopicState::Apps(Box::new(self.list.as_ref()?.window(query))))
    }

    /// Takes a new list; says whether it differs from the last.
    pub(super) fn take(&mut self, mut new: AppsView, sequence: &Sequence) -> bool {
        let before = self.changes_to(&mut new);
        let differs = self.list.is_none() || !before.is_empty();
        if differs {
            sequence.publish(|number| {
                self.place(number, new, before);
                1
            });
        }
        differs
    }

    /// What was before the changes that lead to the new list, which takes over the rows that are
    /// equal.
    fn changes_to(&self, new: &mut AppsView) -> Vec<Before> {
        let mut old = self.list.iter().flat_map(|list| &list.apps).peekable();
        let mut changes = Vec::new();
        for app in &mut new.apps {
            while let Some(gone) = old.next_if(|one| one.name < app.name) {
                changes.push(Before { name: gone.name.clone(), row: Some(gone.clone()) });
            }
            match old.next_if(|one| one.name == app.name) {
                Some(same) if same == app => app.clone_from(same),
                before => changes.push(Before { name: app.name.clone(), row: before.cloned() }),
            }
        }
        changes.extend(old.map(|gone| Before { name: gone.name.clone(), row: Some(gone.clone()) }));
        changes
    }

    /// Puts a new list in place, as number `number`.
    fn place(&mut self, number: u64, new: AppsView, before: Vec<Before>) {
        if self.list.replace(new).is_none() {
            self.floor = number;
            return;
        }
        self.past.push_back(Change { number, before });
        let mut rows: usize = self.past.iter().map(|change| change.before.len()).sum();
        while self.past.len() > MOST_CHANGES || (rows > MOST_ROWS && self.past.len() > 1) {
            if let Some(oldest) = self.past.pop_front() {
                rows -= oldest.before.len();
                self.floor = oldest.number;
            }
        }
    }

    /// What a reader missed whose window is of number `since`, or of any later one, and the number of
    /// the last change of it; none where its changes are not written yet.
    pub(super) fn missed(
        &self,
        query: &AppsQuery,
        since: Option<u64>,
        checked_at: Timestamp,
    ) -> Option<(Missed, Option<u64>)> {
        if self.list.is_none() {
            return Some((Missed::Nothing, None));
        }
        let Some((since, last)) = self.span(since) else { return Some((Missed::TooMuch, None)) };
        if since >= last {
            return Some((Missed::Nothing, None));
        }
        let same = |told: &&Told| (told.since, told.last, told.checked_at) == (since, last, checked_at);
        Some(match &self.told.get(query).filter(same)?.json {
            Some(json) => (Missed::Changes(json.clone()), Some(last)),
            None => (Missed::Nothing, None),
        })
    }

    /// Writes what such a reader missed, for all who missed the same.
    pub(super) fn write_changes(&mut self, query: &AppsQuery, since: Option<u64>, checked_at: Timestamp) {
        let Some((since, last)) = self.span(since) else { return };
        let changes = self.changes(query, since);
        let topic = Topic::Apps(query.clone());
        let json = (!changes.is_empty()).then(|| json(&ChangeSet { topic, checked_at, changes }));
        if self.told.len() >= MOST_TOLD {
            self.told.clear();
        }
        self.told.insert(query.clone(), Told { since, last, checked_at, json });
    }

    /// A number that readers can be served from, and that of the last change.
    fn span(&self, since: Option<u64>) -> Option<(u64, u64)> {
        let last = self.past.back().map_or(self.floor, |change| change.number);
        Some((since.filter(|since| *since >= self.floor)?, last))
    }

    /// From one window to the next, all that changed since then; of each thing as it is now.
    fn changes(&self, query: &AppsQuery, since: u64) -> Vec<live::Change> {
        let Some(mut list) = self.list.clone() else { return Vec::new() };
        let now = list.window(query);
        let (mut rows, mut order, mut totals) = (HashSet::new(), false, false);
        let mut later = now.clone();
        for change in self.past.iter().rev().take_while(|change| change.number > since) {
            undo(&mut list, change);
            let earlier = list.window(query);
            for change in diff_apps(&earlier, &later) {
                match change {
                    AppsChange::Listed(app) => drop(rows.insert(app.name)),
                    AppsChange::Order(_) => order = true,
                    AppsChange::Totals(_) => totals = true,
                }
            }
            later = earlier;
        }
        let AppsWindow { apps, totals: counts } = now;
        let names = order.then(|| AppsChange::Order(apps.iter().map(|app| app.name.clone()).collect()));
        let rows = apps.into_iter().filter(|app| rows.contains(&app.name));
        let rows = rows.map(|app| AppsChange::Listed(Box::new(app)));
        let counts = totals.then(|| AppsChange::Totals(Box::new(counts)));
        rows.chain(names).chain(counts).map(live::Change::Apps).collect()
    }
}

/// Makes the list what it was before a change.
fn undo(list: &mut AppsView, change: &Change) {
    for Before { name, row } in &change.before {
        match (list.apps.binary_search_by(|app| app.name.cmp(name)), row) {
            (Ok(at), Some(row)) => list.apps[at] = row.clone(),
            (Ok(at), None) => drop(list.apps.remove(at)),
            (Err(at), Some(row)) => list.apps.insert(at, row.clone()),
            (Err(_), None) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::app::InstanceCounts;
    use model::list::{ROWS, Sort};
    use model::live::Apply;
    use model::{AppHealth, OrgSlug, Organization};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// Of each app by its number: its organization and how many of its instances are unhealthy.
    type Moment = BTreeMap<u16, (u8, u32)>;

    fn view(moment: &Moment) -> AppsView {
        let app = |(number, (organization, unhealthy)): (&u16, &(u8, u32))| AppSummary {
            organization: Organization {
                slug: OrgSlug::new(format!("org-{organization}")).unwrap(),
                name: format!("Org {organization}"),
            },
            instances: Some(InstanceCounts {
                total: 3,
                up: 3 - unhealthy,
                unhealthy: *unhealthy,
                pending: 0,
            }),
            ..model::samples::summary(&format!("app-{number:05}"))
        };
        AppsView { apps: moment.iter().map(app).map(Arc::new).collect() }
    }

    struct Log(Windows, Sequence);

    impl Log {
        fn of(moment: &Moment) -> Self {
            let mut log = Self(Windows::new(), Sequence::new("e".into()));
            log.see(moment);
            log
        }

        fn see(&mut self, moment: &Moment) {
            self.0.take(view(moment), &self.1);
        }

        fn number(&self) -> u64 {
            self.1.published()
        }

        fn shown(&self, query: &AppsQuery) -> AppsWindow {
            self.0.list().unwrap().window(query)
        }

        fn news(&mut self, query: &AppsQuery, since: Option<u64>) -> Missed {
            if self.0.missed(query, since, Timestamp(0)).is_none() {
                self.0.write_changes(query, since, Timestamp(0));
            }
            self.0.missed(query, since, Timestamp(0)).unwrap().0
        }

        fn missed(&mut self, query: &AppsQuery, since: u64) -> Vec<AppsChange> {
            match self.news(query, Some(since)) {
                Missed::Nothing => Vec::new(),
                Missed::Changes(json) => {
                    let set: ChangeSet = serde_json::from_str(&json).unwrap();
                    assert_eq!(set.topic, Topic::Apps(query.clone()));
                    let apps =
                        |change| if let live::Change::Apps(change) = change { change } else { panic!() };
                    set.changes.into_iter().map(apps).collect()
                }
                Missed::TooMuch => panic!("a snapshot where changes would do"),
            }
        }
    }

    fn healthy(count: u16) -> Moment {
        (0..count).map(|number| (number, (0, 0))).collect()
    }

    #[test]
    fn a_change_outside_of_the_window_is_told_by_its_counts_only() {
        let mut log = Log::of(&healthy(300));
        let by_name = AppsQuery { sort: Sort::Name, ..AppsQuery::default() };
        let mut moment = healthy(300);
        moment.insert(250, (0, 1));
        log.see(&moment);
        assert!(matches!(log.missed(&by_name, 1)[..], [AppsChange::Totals(_)]));
        let elsewhere = AppsQuery { organization: OrgSlug::new("org-1").ok(), ..AppsQuery::default() };
        let [AppsChange::Totals(totals)] = &log.missed(&elsewhere, 1)[..] else { panic!("not the counts") };
        assert_eq!(totals.of_health(AppHealth::Degraded), 1);
    }

    #[test]
    fn an_app_that_gets_worse_enters_the_first_page_and_another_leaves_it() {
        let mut log = Log::of(&healthy(300));
        let mut moment = healthy(300);
        moment.insert(250, (0, 3));
        log.see(&moment);
        let changes = log.missed(&AppsQuery::default(), 1);
        let [AppsChange::Listed(row), AppsChange::Order(order), AppsChange::Totals(_)] = &changes[..] else {
            panic!("{changes:?}")
        };
        assert_eq!((row.name.as_str(), order[0].as_str()), ("app-00250", "app-00250"));
        assert_eq!(order.len(), ROWS as usize);
    }

    #[test]
    fn who_missed_more_than_is_kept_begins_anew() {
        let mut log = Log::of(&healthy(3));
        for turn in 0..=u32::try_from(MOST_CHANGES).unwrap() {
            log.see(&BTreeMap::from([(0, (0, turn % 2 + 1))]));
        }
        let query = AppsQuery::default();
        assert!(matches!(log.news(&query, Some(1)), Missed::TooMuch));
        assert!(matches!(log.news(&query, None), Missed::TooMuch));
        assert!(log.missed(&query, log.number()).is_empty());
    }

    #[test]
    fn before_anything_is_known_nothing_is_missed() {
        let missed = Windows::new().missed(&AppsQuery::default(), None, Timestamp(0));
        assert!(matches!(missed, Some((Missed::Nothing, None))));
    }

    #[test]
    fn what_many_missed_is_written_once_and_texts_do_not_pile_up() {
        let mut log = Log::of(&healthy(3));
        log.see(&BTreeMap::from([(0, (0, 1))]));
        for search in 0..MOST_TOLD * 3 {
            let query = AppsQuery { search: format!("{search}"), ..AppsQuery::default() };
            let (one, other) = (log.news(&query, Some(1)), log.news(&query, Some(1)));
            let (Missed::Changes(one), Missed::Changes(other)) = (one, other) else { panic!("no changes") };
            assert!(one.is_same(&other));
        }
        assert!(log.0.told.len() <= MOST_TOLD);
    }

    #[test]
    fn rows_that_did_not_change_are_kept_and_not_copied() {
        let mut log = Log::of(&healthy(3));
        let before = log.0.list().unwrap().apps[2].clone();
        log.see(&BTreeMap::from([(0, (0, 1)), (2, (0, 0))]));
        assert!(Arc::ptr_eq(&before, &log.0.list().unwrap().apps[1]));
    }

    fn moments() -> impl Strategy<Value = Vec<Moment>> {
        let rows = proptest::collection::btree_map(0..240_u16, (0..2_u8, 0..3_u32), 0..240);
        proptest::collection::vec(rows, 1..5)
    }

    fn queries() -> impl Strategy<Value = AppsQuery> {
        let health = proptest::option::of(Just(AppHealth::Degraded));
        let sort = proptest::sample::select(Sort::ALL.map(|(sort, ..)| sort).to_vec());
        ("[01]?", proptest::option::of("org-[01]"), health, sort, 0..3_u32).prop_map(model::samples::query)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn a_window_of_any_moment_and_what_was_missed_since_any_before_make_the_present_window(
            moments in moments(), query in queries()
        ) {
            let mut log = Log::of(&moments[0]);
            let mut readers = vec![(log.number(), log.shown(&query))];
            for moment in &moments[1..] {
                log.see(moment);
                readers.push((log.number(), log.shown(&query)));
            }
            let now = log.shown(&query);
            for (place, (since, _)) in readers.iter().enumerate() {
                if *since < log.0.floor {
                    continue;
                }
                let missed = log.missed(&query, *since);
                for (_, window) in &readers[place..] {
                    let mut window = window.clone();
                    for change in &missed {
                        window.apply(change.clone());
                        window.apply(change.clone());
                    }
                    prop_assert_eq!(&window, &now);
                }
            }
        }
    }
}
