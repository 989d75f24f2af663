//! What a request is about: whoever asks, the world as it is, and the app (and machine) of its path.
//!
//! Both REST APIs find an app in the same way and tell in their own words that it is not there.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::{StatusCode, request::Parts},
};

use crate::{
    engine::{Engine, View},
    refusal::{Refusal, refusal},
    tokens::{Door, Token},
    world::{App, Machine},
};

/// Who asks, and the world at that moment.
pub(crate) struct Scene {
    pub(crate) engine: Arc<Engine>,
    pub(crate) view: View,
    pub(crate) token: Token,
}

/// The app of the path, which the token reaches.
pub(crate) struct AppScene {
    pub(crate) scene: Scene,
    pub(crate) app: Arc<App>,
}

/// The machine of the path.
pub(crate) struct MachineScene {
    pub(crate) scene: Scene,
    pub(crate) app: Arc<App>,
    pub(crate) machine: Machine,
}

impl FromRequestParts<Arc<Engine>> for Scene {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, engine: &Arc<Engine>) -> Result<Self, Refusal> {
        let token = parts.extensions.get::<Token>().copied();
        let token = token.ok_or_else(|| refusal(StatusCode::UNAUTHORIZED, "unauthorized"))?;
        Ok(Self { engine: Arc::clone(engine), view: engine.view(), token })
    }
}

impl FromRequestParts<Arc<Engine>> for AppScene {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, engine: &Arc<Engine>) -> Result<Self, Refusal> {
        let scene = Scene::from_request_parts(parts, engine).await?;
        let name = path_part(parts, engine, "app").await?;
        let door = parts.extensions.get::<Door>().copied().unwrap_or(Door::Machines);
        let app = find_app(&scene.view, scene.token, door, &name)?;
        Ok(Self { scene, app })
    }
}

impl FromRequestParts<Arc<Engine>> for MachineScene {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, engine: &Arc<Engine>) -> Result<Self, Refusal> {
        let AppScene { scene, app } = AppScene::from_request_parts(parts, engine).await?;
        let id = path_part(parts, engine, "machine").await?;
        let machine = find_machine(&app, &id)?.clone();
        Ok(Self { scene, app, machine })
    }
}

/// The app of this name, if it is there and the token reaches it. To `/api/v1` an app out of reach
/// is as little there as one that does not exist; the Machines API tells the two apart.
pub(crate) fn find_app(view: &View, token: Token, door: Door, name: &str) -> Result<Arc<App>, Refusal> {
    let app = view.world.app(name);
    match (app, door) {
        (Some(app), _) if token.reaches(app) => Ok(Arc::clone(app)),
        (Some(_), Door::Machines) => Err(refusal(StatusCode::FORBIDDEN, "not authorized to access this app")),
        (None, Door::Machines) => Err(Refusal::NotFound),
        _ => Err(refusal(StatusCode::NOT_FOUND, "Could not find App")),
    }
}

/// The machine of this identifier.
pub(crate) fn find_machine<'a>(app: &'a App, id: &str) -> Result<&'a Machine, Refusal> {
    app.machine(id).ok_or_else(|| refusal(StatusCode::NOT_FOUND, "machine not found"))
}

async fn path_part(parts: &mut Parts, engine: &Arc<Engine>, name: &str) -> Result<String, Refusal> {
    let path = RawPathParams::from_request_parts(parts, engine).await.map_err(|_| Refusal::NotFound)?;
    let part = path.iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned());
    part.ok_or(Refusal::NotFound)
}
