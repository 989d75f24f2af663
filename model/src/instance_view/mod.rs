//! What the topic of one instance holds: the whole of what its page shows.

use crate::app::App;
use crate::facts::{AppFacts, InstanceFacts};
use crate::id::InstanceId;
use crate::instance::{CheckResult, Instance, InstanceEvent};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The instance among the others of its app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceHead {
    /// The app it belongs to.
    pub app: App,
    /// Its row of the instances table.
    pub instance: Instance,
    /// The one before it in the table, if there is one.
    pub previous: Option<InstanceId>,
    /// The one after it in the table, if there is one.
    pub next: Option<InstanceId>,
    /// Since when Fly does not know it any more: everything else is what was known last. None while
    /// Fly knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone_since: Option<Timestamp>,
}

/// Everything the page of one instance shows. Each field is a section: it changes as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceView {
    /// The instance, and the others around it.
    pub head: InstanceHead,
    /// The last result of each of its checks, in Fly's order.
    pub checks: Vec<CheckResult>,
    /// What happened to it, newest first.
    pub events: Vec<InstanceEvent>,
}

impl InstanceView {
    /// What is shown of the instance with this id by the facts of its app; none where it is not among
    /// the app's instances.
    pub fn of(facts: &AppFacts, id: &InstanceId) -> Option<Self> {
        let one = facts.instances.iter().find(|one| one.instance.id == *id)?;
        let (previous, next) = beside(&one.instance, &facts.instances);
        let head = InstanceHead {
            app: facts.app.clone(),
            instance: one.instance.clone(),
            previous,
            next,
            gone_since: None,
        };
        Some(Self { head, checks: one.checks.clone(), events: one.events.iter().rev().cloned().collect() })
    }
}

/// The instances before and after this one, in the order of the table, which does not show those that
/// are gone.
fn beside(one: &Instance, all: &[InstanceFacts]) -> (Option<InstanceId>, Option<InstanceId>) {
    let others = || {
        all.iter().map(|other| &other.instance).filter(|other| other.id != one.id && !other.state.is_gone())
    };
    let later = |a: &&Instance, b: &&Instance| {
        (&a.process_group, &a.region, &a.id).cmp(&(&b.process_group, &b.region, &b.id))
    };
    let previous = others().filter(|other| other.precedes(one)).max_by(later);
    let next = others().filter(|other| one.precedes(other)).min_by(later);
    (previous.map(|other| other.id.clone()), next.map(|other| other.id.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::RegionCode;
    use crate::instance::tests::instance;
    use crate::state::InstanceState;
    use crate::view::tests::facts;

    fn id(text: &str) -> InstanceId {
        InstanceId::new(text).unwrap()
    }

    fn in_region(name: &str, region: &str) -> Instance {
        Instance { region: RegionCode::new(region).unwrap(), ..instance(name) }
    }

    fn neighbours(all: &[Instance], of: &str) -> (Option<String>, Option<String>) {
        let head = InstanceView::of(&facts(vec![], all.to_vec()), &id(of)).unwrap().head;
        (head.previous.map(String::from), head.next.map(String::from))
    }

    #[test]
    fn the_neighbours_are_those_of_the_instances_table() {
        let all = [in_region("e80d7fb3", "sjc"), in_region("e80d7fb1", "sjc"), in_region("e80d7fb2", "ams")];
        assert_eq!(neighbours(&all, "e80d7fb2"), (None, Some("e80d7fb1".into())));
        assert_eq!(neighbours(&all, "e80d7fb1"), (Some("e80d7fb2".into()), Some("e80d7fb3".into())));
        assert_eq!(neighbours(&all, "e80d7fb3"), (Some("e80d7fb1".into()), None));
    }

    #[test]
    fn an_instance_that_is_gone_is_passed_over_but_has_neighbours_itself() {
        let gone = Instance { state: InstanceState::Destroyed, ..instance("e80d7fb2") };
        let all = [instance("e80d7fb1"), gone, instance("e80d7fb3")];
        assert_eq!(neighbours(&all, "e80d7fb1"), (None, Some("e80d7fb3".into())));
        assert_eq!(neighbours(&all, "e80d7fb2"), (Some("e80d7fb1".into()), Some("e80d7fb3".into())));
    }

    #[test]
    fn an_instance_that_the_app_does_not_have_has_no_view() {
        assert_eq!(InstanceView::of(&facts(vec![], vec![instance("e80d7fb1")]), &id("e80d7fb9")), None);
    }

    #[test]
    fn events_come_newest_first() {
        let event = |at| InstanceEvent {
            at: Timestamp(at),
            kind: "start".into(),
            message: String::new(),
            source: None,
            exit: None,
        };
        let mut known = facts(vec![], vec![instance("e80d7fb1")]);
        known.instances[0].events = vec![event(1), event(2)];
        let view = InstanceView::of(&known, &id("e80d7fb1")).unwrap();
        assert_eq!(
            view.events.iter().map(|event| event.at).collect::<Vec<_>>(),
            [Timestamp(2), Timestamp(1)]
        );
    }
}
