//! `/v1/apps/{app}/volumes` and what lies below.

use std::sync::Arc;

use axum::{Json, body::Bytes, extract::Path, http::StatusCode};
use serde_json::{Value, json};

use super::{change::body, find_app};
use crate::{
    actions::{
        Plan,
        volume::{self, Wish},
    },
    engine::View,
    refusal::{Refusal, refusal},
    scene::AppScene,
    world::{App, Snapshot, Volume},
};

type Answer = Result<Json<Value>, Refusal>;
/// App and volume.
type Named = Path<(String, String)>;

const GIGABYTE: i64 = 1024 * 1024 * 1024;
const BLOCK: i64 = 4096;

pub(super) async fn list(AppScene { app, .. }: AppScene) -> Json<Value> {
    Json(app.volumes.iter().filter(|one| one.exists()).map(|one| write(&app, one)).collect())
}

pub(super) async fn one(AppScene { app, .. }: AppScene, Path((_, id)): Named) -> Answer {
    Ok(Json(write(&app, find(&app, &id)?)))
}

pub(super) async fn snapshots(AppScene { app, .. }: AppScene, Path((_, id)): Named) -> Answer {
    let volume = find(&app, &id)?;
    Ok(Json(volume.snapshots.iter().map(|one| snapshot(volume, one)).collect()))
}

pub(super) async fn create(on: AppScene, bytes: Bytes) -> Answer {
    let wish: Wish = body(&bytes)?;
    let (app, id) = decide(&on, |view, app| volume::create(view.now, app, wish))?;
    Ok(Json(write(&app, find(&app, &id)?)))
}

pub(super) async fn extend(on: AppScene, Path((_, id)): Named, bytes: Bytes) -> Answer {
    let wish: Wish = body(&bytes)?;
    let (app, ()) =
        decide(&on, |view, app| Ok((volume::extend(view.now, app, find(app, &id)?, &wish)?, ())))?;
    Ok(Json(json!({"volume": write(&app, find(&app, &id)?), "needs_restart": false})))
}

pub(super) async fn destroy(on: AppScene, Path((_, id)): Named) -> Answer {
    let (app, ()) = decide(&on, |view, app| Ok((volume::destroy(view.now, app, find(app, &id)?)?, ())))?;
    let volume = app.volume(&id).ok_or(Refusal::NotFound)?;
    Ok(Json(write(&app, volume)))
}

/// Lets an action decide about the app of a request; gives back the app after it.
fn decide<T>(
    on: &AppScene,
    decide: impl FnOnce(&View, &App) -> Result<(Plan, T), Refusal>,
) -> Result<(Arc<App>, T), Refusal> {
    let (view, told) = on.scene.engine.act(|view| {
        let app = find_app(view, on.scene.token, &on.app.name)?;
        let (plan, told) = decide(view, &app)?;
        Ok((plan.facts(), told))
    })?;
    Ok((find_app(&view, on.scene.token, &on.app.name)?, told))
}

fn find<'a>(app: &'a App, id: &str) -> Result<&'a Volume, Refusal> {
    let volume = app.volume(id).filter(|one| one.exists());
    volume.ok_or_else(|| refusal(StatusCode::NOT_FOUND, "volume not found"))
}

pub(super) fn write(app: &App, volume: &Volume) -> Value {
    let mounted = volume::mounted_by(app, volume);
    // A volume that was never mounted has no file system yet.
    let total = if mounted.is_some() { volume.size_gb * GIGABYTE } else { 0 };
    let free = (total - volume.bytes_used).max(0);
    json!({
        "id": volume.id,
        "name": volume.name,
        "state": volume.state,
        "size_gb": volume.size_gb,
        "region": volume.region,
        "zone": volume.zone,
        "encrypted": volume.encrypted,
        "attached_machine_id": mounted,
        "attached_alloc_id": null,
        "created_at": volume.created_at,
        "block_size": if total > 0 { BLOCK } else { 0 },
        "blocks": total / BLOCK,
        "blocks_free": free / BLOCK,
        "blocks_avail": free / BLOCK,
        "bytes_total": total,
        "bytes_used": volume.bytes_used.min(total),
        "fstype": if total > 0 { "ext4" } else { "" },
        "snapshot_retention": volume.snapshot_retention,
        "auto_backup_enabled": volume.auto_backup,
        "host_status": volume.host_status,
        "type": "local",
    })
}

fn snapshot(volume: &Volume, snapshot: &Snapshot) -> Value {
    json!({
        "id": snapshot.id,
        "size": snapshot.size,
        "volume_size": volume.size_gb * GIGABYTE,
        "digest": format!("{}-1", &super::json::digest(&snapshot.id)[7..39]),
        "created_at": snapshot.created_at,
        "retention_days": volume.snapshot_retention,
        "status": "created",
    })
}
