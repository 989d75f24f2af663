//! What changes machines: the request is read, an action decides, the answer tells what is now.

use axum::{
    Json,
    body::Bytes,
    extract::Query,
    http::{HeaderMap, StatusCode},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::json as write;
use crate::{
    actions::{
        Plan, Target, lease,
        machine::{self as lifetime, Wish},
        power,
    },
    engine::View,
    refusal::{Refusal, refusal},
    scene::{AppScene, MachineScene, find_machine},
    world::Lease,
};

type Answer = Result<Json<Value>, Refusal>;

/// The header by which the holder of a lease is known.
const NONCE: &str = "fly-machine-lease-nonce";

/// Lets an action decide about the machine of a request, as it is at that moment. Whoever holds no
/// lease cannot change a machine that somebody else holds; one that is destroyed is not there.
fn change<T>(
    on: &MachineScene,
    headers: &HeaderMap,
    decide: impl FnOnce(&Target<'_>) -> Result<(Plan, T), Refusal>,
) -> Result<(View, T), Refusal> {
    on.decide(|target| {
        lease::check(target.machine, target.now, nonce(headers))?;
        decide(target)
    })
}

impl MachineScene {
    pub(super) fn decide<T>(
        &self,
        decide: impl FnOnce(&Target<'_>) -> Result<(Plan, T), Refusal>,
    ) -> Result<(View, T), Refusal> {
        self.scene.engine.act(|view| {
            let app = super::find_app(view, self.scene.token, &self.app.name)?;
            let machine = find_machine(&app, &self.machine.id)?;
            if machine.state == "destroyed" {
                return Err(refusal(StatusCode::NOT_FOUND, "not_found: machine not found"));
            }
            let (plan, answer) = decide(&Target { now: view.now, app: &app, machine })?;
            Ok((plan.facts(), answer))
        })
    }
}

/// The nonce that a request carries.
pub(super) fn nonce(headers: &HeaderMap) -> Option<&str> {
    headers.get(NONCE).and_then(|value| value.to_str().ok()).filter(|nonce| !nonce.is_empty())
}

/// The body of a request as JSON; none at all is as good as an empty object.
pub(super) fn body<T: DeserializeOwned + Default>(bytes: &Bytes) -> Result<T, Refusal> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(T::default());
    }
    let read = serde_json::from_slice(bytes);
    read.map_err(|error| refusal(StatusCode::BAD_REQUEST, format!("invalid request body: {error}")))
}

/// Signals come in the body or, for a restart, in the query.
#[derive(Default, Deserialize)]
pub(super) struct SignalAsk {
    signal: Option<String>,
}

pub(super) async fn start(on: MachineScene, headers: HeaderMap) -> Answer {
    change(&on, &headers, power::start).map(answer)
}

pub(super) async fn stop(on: MachineScene, headers: HeaderMap, bytes: Bytes) -> Answer {
    let ask: SignalAsk = body(&bytes)?;
    change(&on, &headers, |target| power::stop(target, ask.signal.as_deref())).map(answer)
}

pub(super) async fn suspend(on: MachineScene, headers: HeaderMap) -> Answer {
    change(&on, &headers, power::suspend).map(answer)
}

pub(super) async fn restart(on: MachineScene, headers: HeaderMap, Query(ask): Query<SignalAsk>) -> Answer {
    change(&on, &headers, |target| power::restart(target, ask.signal.as_deref())).map(answer)
}

pub(super) async fn signal(on: MachineScene, headers: HeaderMap, bytes: Bytes) -> Answer {
    let ask: SignalAsk = body(&bytes)?;
    change(&on, &headers, |target| power::signal(target, ask.signal.as_deref())).map(answer)
}

pub(super) async fn cordon(on: MachineScene, headers: HeaderMap) -> Answer {
    change(&on, &headers, |target| Ok(power::cordon(target, true))).map(answer)
}

pub(super) async fn uncordon(on: MachineScene, headers: HeaderMap) -> Answer {
    change(&on, &headers, |target| Ok(power::cordon(target, false))).map(answer)
}

fn answer((_, told): (View, Value)) -> Json<Value> {
    Json(told)
}

pub(super) async fn create(on: AppScene, bytes: Bytes) -> Answer {
    let wish: Wish = body(&bytes)?;
    let name = &on.app.name;
    let (view, (id, lease)) = on.scene.engine.act(|view| {
        let app = super::find_app(view, on.scene.token, name)?;
        let owner = on.scene.token.owner(&view.world);
        let (plan, created) = lifetime::create(view.now, &view.world, &app, &owner, wish)?;
        Ok((plan.facts(), created))
    })?;
    with_nonce(&view, name, &id, lease.as_ref())
}

pub(super) async fn update(on: MachineScene, headers: HeaderMap, bytes: Bytes) -> Answer {
    let wish: Wish = body(&bytes)?;
    let owner = on.scene.token.owner(&on.scene.view.world);
    let (view, (id, lease)) = change(&on, &headers, |target| lifetime::update(target, &owner, wish))?;
    with_nonce(&view, &on.app.name, &id, lease.as_ref())
}

/// A machine as it is after an action; the nonce of a lease is told only to who took it.
fn with_nonce(view: &View, app: &str, id: &str, lease: Option<&Lease>) -> Answer {
    let app = view.world.app(app).ok_or(Refusal::NotFound)?;
    let mut json = write::machine(app, find_machine(app, id)?);
    if let Some(lease) = lease {
        json["nonce"] = json!(lease.nonce);
    }
    Ok(Json(json))
}

/// The API's document says `force`; clients of Fly's own say `kill`.
#[derive(Deserialize)]
pub(super) struct DestroyAsk {
    #[serde(default)]
    force: bool,
    #[serde(default)]
    kill: bool,
}

pub(super) async fn destroy(on: MachineScene, headers: HeaderMap, Query(ask): Query<DestroyAsk>) -> Answer {
    change(&on, &headers, |target| lifetime::destroy(target, ask.force || ask.kill)).map(answer)
}
