//! Leases: who holds one changes a machine, and nobody else does.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Plan, Target, ids};
use crate::{
    StoryTime,
    refusal::{Refusal, refusal},
    world::{Change, Lease, Machine},
};

/// How long a lease holds when nobody says, in seconds.
const TTL: i64 = 30;

/// The lease that holds at a moment.
pub(crate) fn current(machine: &Machine, now: StoryTime) -> Option<&Lease> {
    machine.lease.as_ref().filter(|lease| lease.expires_at > now)
}

/// Refuses whoever does not hold the lease of a machine that has one.
pub(crate) fn check(machine: &Machine, now: StoryTime, nonce: Option<&str>) -> Result<(), Refusal> {
    match current(machine, now) {
        Some(lease) if nonce.is_none() || lease.nonce.as_deref() != nonce => {
            let (id, owner, until) = (&machine.id, &lease.owner, lease.expires_at);
            let reason = format!("machine ID {id} lease currently held by {owner}, expires at {until}");
            Err(refusal(StatusCode::CONFLICT, reason))
        }
        _ => Ok(()),
    }
}

/// What is asked for with a lease.
pub(crate) struct Wish<'a> {
    pub(crate) owner: String,
    pub(crate) description: String,
    /// Seconds.
    pub(crate) ttl: Option<i64>,
    pub(crate) nonce: Option<&'a str>,
}

/// Takes a lease, or renews the one whose nonce is sent.
pub(crate) fn take(target: &Target<'_>, wish: Wish<'_>) -> Result<(Plan, Lease), Refusal> {
    check(target.machine, target.now, wish.nonce)?;
    let ttl = wish.ttl.unwrap_or(TTL);
    if ttl <= 0 {
        return Err(refusal(
            StatusCode::BAD_REQUEST,
            format!("ttl is {ttl}; it must be more than 0 seconds"),
        ));
    }
    let held = current(target.machine, target.now);
    let lease = new(target.now, &target.machine.id, ttl, held, wish);
    let mut plan = target.plan();
    take_it(&mut plan, &lease);
    Ok((plan, lease))
}

fn new(now: StoryTime, machine: &str, ttl: i64, held: Option<&Lease>, wish: Wish<'_>) -> Lease {
    let nonce = held.and_then(|lease| lease.nonce.clone());
    Lease {
        owner: wish.owner,
        description: wish.description,
        expires_at: StoryTime::from_ms(now.as_ms() + ttl.saturating_mul(1000)),
        nonce: Some(nonce.unwrap_or_else(|| ids::hex(&format!("lease {machine} {now}"), 12))),
    }
}

fn take_it(plan: &mut Plan, lease: &Lease) {
    let (app, machine) = (plan.app.clone(), plan.machine.clone());
    plan.tell(0, Change::LeaseTaken { app, machine, lease: lease.clone() });
}

/// The lease that comes with the creation or an update of a machine.
pub(super) fn along(plan: &mut Plan, owner: &str, ttl: i64) -> Lease {
    let wish = Wish { owner: owner.to_owned(), description: String::new(), ttl: None, nonce: None };
    let lease = new(plan.now, &plan.machine, ttl, None, wish);
    take_it(plan, &lease);
    lease
}

/// Gives a lease back.
pub(crate) fn release(target: &Target<'_>, nonce: Option<&str>) -> Result<(Plan, Value), Refusal> {
    if current(target.machine, target.now).is_none() {
        return Err(refusal(StatusCode::NOT_FOUND, "lease not found"));
    }
    check(target.machine, target.now, nonce)?;
    let mut plan = target.plan();
    let (app, machine) = (plan.app.clone(), plan.machine.clone());
    plan.tell(0, Change::LeaseReleased { app, machine });
    Ok((plan, json!({"status": "success", "data": {"ok": true}})))
}
