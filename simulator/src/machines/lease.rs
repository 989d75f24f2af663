//! `/v1/apps/{app}/machines/{machine}/lease`.
//!
//! Answers have the envelope of the documentation's samples and of Fly's own client; the API's
//! document leaves it out.

use axum::{
    Json,
    body::Bytes,
    extract::Query,
    http::{HeaderMap, StatusCode},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::change::{body, nonce};
use crate::{
    actions::lease::{self, Wish},
    refusal::{Refusal, refusal},
    scene::MachineScene,
    tokens::Access,
    world::Lease,
};

pub(super) async fn read(MachineScene { scene, machine, .. }: MachineScene) -> Result<Json<Value>, Refusal> {
    let lease = lease::current(&machine, scene.view.now);
    let lease = lease.ok_or_else(|| refusal(StatusCode::NOT_FOUND, "lease not found"))?;
    // The nonce is what lets its holder write; who must not write gets none that works.
    let nonce = lease.nonce.as_deref().filter(|_| scene.token.access == Access::Write);
    Ok(Json(write(lease, nonce.unwrap_or("000000000000"), &machine.instance_id)))
}

#[derive(Default, Deserialize)]
pub(super) struct Ask {
    /// Seconds.
    ttl: Option<i64>,
    #[serde(default)]
    description: String,
}

/// Fly's own client sends the time to live in the query, others in the body.
#[derive(Deserialize)]
pub(super) struct InQuery {
    ttl: Option<i64>,
}

pub(super) async fn take(
    on: MachineScene,
    headers: HeaderMap,
    Query(in_query): Query<InQuery>,
    bytes: Bytes,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let ask: Ask = body(&bytes)?;
    let wish = Wish {
        owner: on.scene.token.owner(&on.scene.view.world),
        description: ask.description,
        ttl: ask.ttl.or(in_query.ttl),
        nonce: nonce(&headers),
    };
    let (_, lease) = on.decide(|target| lease::take(target, wish))?;
    let nonce = lease.nonce.clone().unwrap_or_default();
    Ok((StatusCode::CREATED, Json(write(&lease, &nonce, &on.machine.instance_id))))
}

pub(super) async fn release(on: MachineScene, headers: HeaderMap) -> Result<Json<Value>, Refusal> {
    on.decide(|target| lease::release(target, nonce(&headers))).map(|(_, told)| Json(told))
}

fn write(lease: &Lease, nonce: &str, version: &str) -> Value {
    json!({
        "status": "success",
        "data": {
            "nonce": nonce,
            "expires_at": lease.expires_at.as_ms() / 1000,
            "owner": lease.owner,
            "description": lease.description,
            "version": version,
        },
    })
}
