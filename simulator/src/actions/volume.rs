//! Creating, extending and destroying volumes.

use axum::http::StatusCode;
use serde::Deserialize;

use super::{Plan, ids};
use crate::{
    StoryTime, catalog,
    refusal::{Refusal, refusal},
    world::{App, Change, Volume, VolumePatch},
};

/// Size of a volume when nobody says, in gigabytes.
const SIZE_GB: i64 = 3;
/// The largest size, in gigabytes.
const MOST_GB: i64 = 500;

/// What a client sends to create or extend a volume.
#[derive(Default, Deserialize)]
pub(crate) struct Wish {
    name: Option<String>,
    region: Option<String>,
    size_gb: Option<i64>,
    encrypted: Option<bool>,
    snapshot_retention: Option<i64>,
}

/// Creates a volume. Gives back its identifier.
pub(crate) fn create(now: StoryTime, app: &App, wish: Wish) -> Result<(Plan, String), Refusal> {
    let name = wish.name.filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| refusal(StatusCode::BAD_REQUEST, "name is required"))?;
    let region = wish.region.unwrap_or_else(|| catalog::NEAREST.to_owned());
    if !catalog::REGIONS.iter().any(|known| known.code == region) {
        return Err(refusal(StatusCode::BAD_REQUEST, format!("there is no region `{region}`")));
    }
    let seed = format!("volume {} {now} {}", app.name, app.volumes.len());
    let id = format!("vol_{}", ids::hex(&seed, 16));
    let volume = Volume {
        id: id.clone(),
        name,
        state: "created".to_owned(),
        region,
        size_gb: size(wish.size_gb.unwrap_or(SIZE_GB))?,
        bytes_used: 0,
        machine: None,
        zone: ids::hex(&seed, 4),
        encrypted: wish.encrypted.unwrap_or(true),
        snapshot_retention: wish.snapshot_retention.unwrap_or(5),
        auto_backup: true,
        host_status: "ok".to_owned(),
        created_at: now,
        updated_at: None,
        snapshots: Vec::new(),
    };
    let mut plan = Plan::new(now, &app.name, "");
    plan.tell(0, Change::VolumeCreated { app: app.name.clone(), volume });
    Ok((plan, id))
}

/// Makes a volume larger; it cannot become smaller.
pub(crate) fn extend(now: StoryTime, app: &App, volume: &Volume, wish: &Wish) -> Result<Plan, Refusal> {
    let wanted = wish.size_gb.ok_or_else(|| refusal(StatusCode::BAD_REQUEST, "size_gb is required"))?;
    let size_gb = size(wanted)?;
    if size_gb < volume.size_gb {
        let reason = format!("a volume cannot shrink: it has {} GB", volume.size_gb);
        return Err(refusal(StatusCode::UNPROCESSABLE_ENTITY, reason));
    }
    Ok(change(now, app, volume, VolumePatch { size_gb: Some(size_gb), ..VolumePatch::default() }))
}

/// Destroys a volume that no machine mounts.
pub(crate) fn destroy(now: StoryTime, app: &App, volume: &Volume) -> Result<Plan, Refusal> {
    if let Some(machine) = mounted_by(app, volume) {
        let reason = format!("failed_precondition: volume is in use by machine {machine}");
        return Err(refusal(StatusCode::PRECONDITION_FAILED, reason));
    }
    let set = VolumePatch { state: Some("destroyed".to_owned()), ..VolumePatch::default() };
    Ok(change(now, app, volume, set))
}

/// The machine that mounts a volume, as long as it is there.
pub(crate) fn mounted_by<'a>(app: &App, volume: &'a Volume) -> Option<&'a str> {
    let id = volume.machine.as_deref()?;
    app.machine(id).filter(|machine| machine.state != "destroyed").map(|_| id)
}

fn change(now: StoryTime, app: &App, volume: &Volume, set: VolumePatch) -> Plan {
    let mut plan = Plan::new(now, &app.name, "");
    plan.tell(0, Change::VolumeChanged { app: app.name.clone(), volume: volume.id.clone(), set });
    plan
}

fn size(gigabytes: i64) -> Result<i64, Refusal> {
    if (1..=MOST_GB).contains(&gigabytes) {
        return Ok(gigabytes);
    }
    let reason = format!("size_gb is {gigabytes}; it must be between 1 and {MOST_GB}");
    Err(refusal(StatusCode::BAD_REQUEST, reason))
}
