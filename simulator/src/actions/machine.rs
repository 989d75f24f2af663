//! Creating, updating and destroying machines, and their metadata.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Plan, Target, checks, ids, lease};
use crate::{
    StoryTime, catalog,
    machines::json as write,
    refusal::{Refusal, refusal},
    world::{App, AppPatch, Change, Lease, Machine, MachineEvent, MachinePatch, VolumePatch, World},
};

/// From the request to running: the image is fetched meanwhile.
const LAUNCH: i64 = 3_000;
/// From the request to a machine that is gone.
const DESTROY: i64 = 1_000;

/// What a client sends to create or update a machine.
#[derive(Default, Deserialize)]
pub(crate) struct Wish {
    name: Option<String>,
    region: Option<String>,
    config: Option<Value>,
    #[serde(default)]
    skip_launch: bool,
    /// Seconds.
    lease_ttl: Option<i64>,
    current_version: Option<String>,
}

/// Creates a machine and, unless told otherwise, starts it. Gives back its identifier.
pub(crate) fn create(
    now: StoryTime,
    world: &World,
    app: &App,
    owner: &str,
    wish: Wish,
) -> Result<(Plan, (String, Option<Lease>)), Refusal> {
    let config = with_guest(config(wish.config)?);
    let region = region(wish.region)?;
    let id = free_id(now, world, app);
    let name = wish.name.filter(|name| !name.is_empty()).unwrap_or_else(|| ids::name(&id));
    refuse_taken_name(app, &name)?;
    let machine = new(now, &id, name, region, config);
    let mut plan = Plan::new(now, &app.name, &id);
    plan.tell(0, Change::MachineCreated { app: app.name.clone(), machine: Box::new(machine.clone()) });
    mount(&mut plan, app, &machine);
    if !app.deployed {
        let set = AppPatch {
            status: Some("deployed".to_owned()),
            state: Some("DEPLOYED".to_owned()),
            deployed: Some(true),
        };
        plan.tell(0, Change::AppChanged { app: app.name.clone(), set });
    }
    if !wish.skip_launch {
        plan.event(LAUNCH, "start", "started", "flyd");
        plan.state(LAUNCH, "started");
        plan.log(LAUNCH, "Machine started in 1.412s");
        checks::ask_first(&mut plan, &machine, LAUNCH);
    }
    let lease = wish.lease_ttl.map(|ttl| lease::along(&mut plan, owner, ttl));
    Ok((plan, (id, lease)))
}

/// Replaces the configuration of a machine: one that runs starts anew, one that does not stays
/// stopped.
pub(crate) fn update(
    target: &Target<'_>,
    owner: &str,
    wish: Wish,
) -> Result<(Plan, (String, Option<Lease>)), Refusal> {
    if wish.current_version.as_ref().is_some_and(|one| *one != target.machine.instance_id) {
        let reason = format!("failed_precondition: machine version is {}", target.machine.instance_id);
        return Err(refusal(StatusCode::PRECONDITION_FAILED, reason));
    }
    if target.is(&["replacing", "destroying"]) {
        return Err(target.cannot("update"));
    }
    if let Some(name) = wish.name.as_ref().filter(|name| **name != target.machine.name) {
        refuse_taken_name(target.app, name)?;
    }
    let config = with_guest(config(wish.config)?);
    let mut plan = target.plan();
    let mut updated = target.machine.clone();
    updated.checks = checks::of(&config, target.now);
    plan.set(
        0,
        MachinePatch {
            state: Some("replacing".to_owned()),
            instance_id: Some(ids::ulid(target.now, &format!("{config} {}", target.machine.instance_id))),
            name: wish.name,
            checks: Some(updated.checks.clone()),
            release: release_of(&config),
            config: Some(config),
            ..MachinePatch::default()
        },
    );
    plan.event(0, "update", "replacing", "user");
    if target.is(&["started", "starting"]) && !wish.skip_launch {
        plan.state(DESTROY, "starting");
        plan.event(LAUNCH, "start", "started", "flyd");
        plan.state(LAUNCH, "started");
        plan.log(LAUNCH, "Machine started in 1.412s");
        checks::ask_first(&mut plan, &updated, LAUNCH);
    } else {
        plan.state(DESTROY, "stopped");
        let left =
            "machine was in a non-started state prior to the update so leaving the new version stopped";
        plan.log(DESTROY, left);
    }
    let lease = wish.lease_ttl.map(|ttl| lease::along(&mut plan, owner, ttl));
    Ok((plan, (target.machine.id.clone(), lease)))
}

/// Destroys a machine; one that runs only by force.
pub(crate) fn destroy(target: &Target<'_>, force: bool) -> Result<(Plan, Value), Refusal> {
    if !force && !target.is(&["stopped", "suspended", "created", "failed", "destroying"]) {
        return Err(target.cannot("destroy"));
    }
    let mut plan = target.plan();
    if !target.is(&["destroying"]) {
        plan.state(0, "destroying");
        plan.event(0, "destroy", "destroying", "user");
        plan.event(DESTROY, "destroy", "destroyed", "flyd");
        plan.state(DESTROY, "destroyed");
    }
    Ok((plan, json!({"ok": true})))
}

/// Gives a machine other metadata; the machine goes on as it is.
pub(crate) fn set_metadata(target: &Target<'_>, metadata: Map<String, Value>) -> Plan {
    let mut plan = target.plan();
    let mut config = write::config(target.app, target.machine);
    config["metadata"] = Value::Object(metadata);
    plan.set(0, MachinePatch { config: Some(config), ..MachinePatch::default() });
    plan
}

fn new(now: StoryTime, id: &str, name: String, region: String, config: Value) -> Machine {
    let group = config["metadata"]["fly_process_group"].as_str().unwrap_or("app").to_owned();
    let launch = MachineEvent {
        at: now,
        kind: "launch".to_owned(),
        status: "created".to_owned(),
        source: "user".to_owned(),
        request: Value::Null,
    };
    Machine {
        id: id.to_owned(),
        name,
        group,
        state: "created".to_owned(),
        region,
        instance_id: ids::ulid(now, id),
        private_ip: ids::private_ip(id),
        release: release_of(&config).unwrap_or_default(),
        image: None,
        host_status: "ok".to_owned(),
        cordoned: false,
        checks: checks::of(&config, now),
        config: Some(config),
        versions: Vec::new(),
        metadata: std::collections::BTreeMap::default(),
        processes: None,
        listens: Vec::new(),
        lease: None,
        created_at: now,
        updated_at: None,
        events: vec![launch],
    }
}

/// The volumes of a new machine are its own from now on.
fn mount(plan: &mut Plan, app: &App, machine: &Machine) {
    let mounts = machine.config.as_ref().and_then(|config| config["mounts"].as_array());
    for id in mounts.into_iter().flatten().filter_map(|mount| mount["volume"].as_str()) {
        if app.volume(id).is_some() {
            let set = VolumePatch { machine: Some(machine.id.clone()), ..VolumePatch::default() };
            let (app, volume) = (app.name.clone(), id.to_owned());
            plan.tell(0, Change::VolumeChanged { app, volume, set });
        }
    }
}

/// The release that the metadata of a configuration names, as flyctl writes it.
fn release_of(config: &Value) -> Option<i32> {
    config["metadata"]["fly_release_version"].as_str()?.parse().ok()
}

fn config(sent: Option<Value>) -> Result<Value, Refusal> {
    let bad = |reason: &str| refusal(StatusCode::BAD_REQUEST, format!("invalid_argument: {reason}"));
    let Some(config @ Value::Object(_)) = sent else {
        return Err(bad("config is required and is an object"));
    };
    if config["image"].as_str().is_none_or(str::is_empty) {
        return Err(bad("config.image is required"));
    }
    Ok(config)
}

/// The smallest size where a configuration names none.
fn with_guest(mut config: Value) -> Value {
    if !config["guest"].is_object() {
        config["guest"] = write::size(&catalog::VM_SIZES[0]);
    }
    config
}

fn region(asked: Option<String>) -> Result<String, Refusal> {
    let region = asked.filter(|region| !region.is_empty()).unwrap_or_else(|| catalog::NEAREST.to_owned());
    if catalog::REGIONS.iter().any(|known| known.code == region) {
        return Ok(region);
    }
    let known: Vec<&str> = catalog::REGIONS.iter().map(|region| region.code).collect();
    let reason = format!("invalid_argument: region `{region}` is none of {}", known.join(", "));
    Err(refusal(StatusCode::BAD_REQUEST, reason))
}

fn refuse_taken_name(app: &App, name: &str) -> Result<(), Refusal> {
    let taken = app.machines.iter().find(|one| one.name == name && one.state != "destroyed");
    taken.map_or(Ok(()), |other| {
        let reason = format!(
            "already_exists: unique machine name violation, machine ID {} already exists with name \"{name}\"",
            other.id
        );
        Err(refusal(StatusCode::CONFLICT, reason))
    })
}

fn free_id(now: StoryTime, world: &World, app: &App) -> String {
    let mut number = app.machines.len();
    loop {
        let id = ids::hex(&format!("machine {} {now} {number}", app.name), 14);
        if world.machine(&id).is_none() {
            return id;
        }
        number += 1;
    }
}
