use super::*;
use crate::config::{AppConfig, Service};
use crate::id::RegionCode;
use crate::instance::InstanceEvent;
use crate::instance::tests::instance;
use crate::state::InstanceState;
use crate::view::tests::facts;

fn id(text: &str) -> InstanceId {
    InstanceId::new(text).unwrap()
}

fn in_region(name: &str, region: &str) -> Instance {
    Instance { region: RegionCode::new(region).unwrap(), ..instance(name) }
}

fn view(app: &AppFacts, of: &str, lease: Option<&Lease>, machine: Option<&MachineDetail>) -> InstanceView {
    let id = id(of);
    let one = app.instances.iter().find(|one| one.instance.id == id).unwrap();
    let log = LogTail::default();
    let (processes, gone_since, not_loaded) = (&[][..], None, &NotLoaded::default());
    InstanceView::of(InstanceKnown { app, one, machine, log: &log, processes, lease, gone_since, not_loaded })
}

fn neighbours(all: &[Instance], of: &str) -> (Option<String>, Option<String>) {
    let head = view(&facts(vec![], all.to_vec()), of, None, None).head;
    (head.previous.map(String::from), head.next.map(String::from))
}

fn about(view: &InstanceView, name: &str) -> Option<String> {
    let lines = &view.part(PartKind::About)?.lines;
    lines.iter().find(|line| line.key == name).map(|line| line.cells[1].text.clone())
}

fn note(view: &InstanceView, kind: PartKind) -> String {
    let part = view.part(kind).unwrap();
    assert_eq!(part.lines.is_empty(), !part.note.is_empty(), "{kind:?}: {part:?}");
    part.note.clone()
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
    let view = view(&known, "e80d7fb1", None, None);
    let lines = &view.part(PartKind::Events).unwrap().lines;
    let instants: Vec<_> = lines.iter().map(|line| line.cells[0].at.unwrap()).collect();
    assert_eq!(instants, [Timestamp(2), Timestamp(1)]);
}

#[test]
fn a_lease_tells_who_holds_it_what_for_and_how_long() {
    let known = facts(vec![], vec![instance("e80d7fb1")]);
    let lease = Lease {
        owner: "ci@example.com".into(),
        description: "deploy".into(),
        expires_at: Some(Timestamp(1_632_342_281_000)),
    };
    let told = about(&view(&known, "e80d7fb1", Some(&lease), None), "Lease").unwrap();
    assert_eq!(told, "held by ci@example.com (\"deploy\") until 20:24:41 UTC");
    assert_eq!(about(&view(&known, "e80d7fb1", None, None), "Lease"), None);
}

#[test]
fn a_machine_tells_more_of_itself_than_an_allocation() {
    let mut known = facts(vec![], vec![instance("73d8d46dbee589"), instance("e80d7fb1")]);
    known.config = AppConfig {
        services: vec![Service { internal_port: 4000, key: "services[0]".into(), groups: vec![] }],
        ..AppConfig::default()
    };
    let machine = MachineDetail {
        facts: known.instances[0].clone(),
        name: "quirky-machine".into(),
        instance_version: Some("01H".into()),
        private_ip: Some("fdaa::3".into()),
        cordoned: Some(true),
        size: Some("shared-cpu-1x".into()),
        configuration: ConfigurationGiven::Whole,
        settings: vec![Section { title: "Guest".into(), rows: vec![Row::of("memory", "256 MB")] }],
    };
    let told = view(&known, "73d8d46dbee589", None, Some(&machine));
    for (name, value) in [("Name", "quirky-machine"), ("Private IP", "fdaa::3"), ("Size", "shared-cpu-1x")] {
        assert_eq!(about(&told, name).as_deref(), Some(value));
    }
    assert!(about(&told, "Requests").unwrap().starts_with("cordoned"));
    let titles = |view: &InstanceView| -> Vec<String> {
        let lines = &view.part(PartKind::Configuration).unwrap().lines;
        lines.iter().map(|line| line.key.clone()).collect()
    };
    assert_eq!(titles(&told), ["Guest memory"]);
    assert_eq!(titles(&view(&known, "e80d7fb1", None, None)), ["Services services[0]"]);
    assert_eq!(
        titles(&view(&known, "73d8d46dbee589", None, None)).len(),
        0,
        "the app's are not the machine's"
    );
}

fn empty(id: &str, state: InstanceState, missing: &[&str]) -> InstanceView {
    let mut not_loaded = NotLoaded::default();
    for part in missing {
        not_loaded.add(part);
    }
    let app = facts(vec![], vec![Instance { state, ..instance(id) }]);
    let known = InstanceKnown {
        app: &app,
        one: &app.instances[0],
        machine: None,
        log: &LogTail::default(),
        processes: &[],
        lease: None,
        gone_since: None,
        not_loaded: &not_loaded,
    };
    InstanceView::of(known)
}

#[test]
fn none_is_none_and_what_was_not_loaded_says_so() {
    use NotLoaded as N;
    let (machine, started) = ("73d8d46dbee589", InstanceState::Started);
    let loaded = empty(machine, started.clone(), &[]);
    assert_eq!(note(&loaded, PartKind::Events), "Fly tells of no events.");
    assert!(note(&loaded, PartKind::Checks).starts_with("No health checks"));
    assert!(note(&loaded, PartKind::Log).starts_with("No lines yet"));
    assert_eq!(note(&loaded, PartKind::Processes), "Fly tells of no processes.");
    assert_eq!(about(&loaded, "Lease"), None);
    let unloaded = empty(machine, started, &[N::LOG, N::PROCESSES, N::CONFIGURATION, N::LEASE]);
    for kind in [PartKind::Log, PartKind::Processes, PartKind::Configuration] {
        assert!(note(&unloaded, kind).contains("not loaded"), "{kind:?}");
    }
    assert_eq!(about(&unloaded, "Lease").as_deref(), Some("not loaded"));
}

#[test]
fn a_stopped_machine_and_an_allocation_say_why_they_have_no_processes() {
    let stopped = empty("73d8d46dbee589", InstanceState::Stopped, &[NotLoaded::PROCESSES]);
    assert_eq!(note(&stopped, PartKind::Processes), "Only a started machine tells what runs in it.");
    let allocation = empty("e80d7fb1", InstanceState::Running, &[]);
    assert_eq!(note(&allocation, PartKind::Processes), "Fly does not tell what runs in an allocation.");
}
