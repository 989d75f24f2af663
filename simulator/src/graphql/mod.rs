//! GraphQL: `POST /graphql`, with names and nullability of Fly's public schema.

#![expect(clippy::unused_async, reason = "async-graphql wants resolvers to be async")]
#![expect(clippy::too_many_arguments, reason = "resolvers take the arguments of Fly's fields")]

mod address;
mod allocation;
mod app;
mod certificate;
mod connection;
mod machine;
mod node;
mod organization;
mod platform;
mod principal;
mod queries;
mod release;
mod scalars;
#[cfg(test)]
mod schema_test;
mod service;
mod volume;

use std::sync::Arc;

use async_graphql::{
    Context, EmptySubscription, Error, ErrorExtensions as _, Object, Request, Schema,
    parser::types::{OperationDefinition, Selection},
};
use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::json;

use crate::{
    answer::marked,
    engine::{Engine, View},
    tokens::{Door, Token},
    world::App,
};
use queries::Queries;

type FlySchema = Schema<Queries, Mutations, EmptySubscription>;

/// The root of what changes things. Machines are changed by the Machines API; GraphQL wants a field
/// all the same, and this one exists in every schema.
struct Mutations;

/// Fly's root types are `Queries` and `Mutations`.
#[Object(name = "Mutations")]
impl Mutations {
    /// Refused: what is not part of the Machines API changes only as the story tells.
    async fn restart_app(&self, input: RestartAppInput) -> Option<Result<RestartAppPayload, Error>> {
        let refused = format!("the simulator does not restart {}", input.app_id.as_str());
        Some(Err(fault(&refused, "UNPROCESSABLE")))
    }
}

/// Input of `restartApp`.
#[derive(async_graphql::InputObject)]
struct RestartAppInput {
    /// Name of the app.
    app_id: async_graphql::ID,
    /// Comes back in the answer.
    client_mutation_id: Option<String>,
}

/// Answer of `restartApp`.
struct RestartAppPayload {
    app: app::AppNode,
    client_mutation_id: Option<String>,
}

#[Object(name = "RestartAppPayload")]
impl RestartAppPayload {
    async fn app(&self) -> app::AppNode {
        self.app.clone()
    }
    async fn client_mutation_id(&self) -> Option<&String> {
        self.client_mutation_id.as_ref()
    }
}

/// What one request sees, and for whom.
#[derive(Clone)]
struct Scene {
    view: View,
    token: Token,
}

impl Scene {
    fn of<'a>(context: &Context<'a>) -> Result<&'a Self, Error> {
        context.data::<Self>()
    }

    /// The app of this name, if it is there and the token reaches it.
    fn app(&self, name: &str) -> Option<Arc<App>> {
        let app = self.view.world.app(name)?;
        self.token.reaches(app).then(|| Arc::clone(app))
    }

    /// The same by the number behind an app.
    fn app_of_number(&self, number: &str) -> Option<Arc<App>> {
        let app = self.view.world.apps.iter().find(|app| app.number.to_string() == number)?;
        self.token.reaches(app).then(|| Arc::clone(app))
    }
}

/// An error as Fly answers it: HTTP 200 with a code in its extensions.
fn fault(message: &str, code: &'static str) -> Error {
    Error::new(message).extend_with(|_, extensions| extensions.set("code", code))
}

fn not_found(what: &str) -> Error {
    fault(&format!("Could not find {what}"), "NOT_FOUND")
}

fn schema() -> FlySchema {
    Schema::build(Queries, Mutations, EmptySubscription).finish()
}

#[derive(Clone)]
struct Api {
    engine: Arc<Engine>,
    schema: FlySchema,
}

pub(crate) fn router(engine: &Arc<Engine>) -> Router {
    Router::new()
        .route("/graphql", post(answer))
        .layer(map_response(marked))
        .with_state(Api { engine: Arc::clone(engine), schema: schema() })
}

async fn answer(State(api): State<Api>, headers: HeaderMap, body: Bytes) -> Response {
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = api.engine.tokens.admit(header, Door::GraphQl);
    let request = serde_json::from_slice::<Request>(&body);
    let mut operation = "unreadable".to_owned();
    let answer = match (token, request) {
        (None, _) => unauthorized(),
        (Some(_), Err(error)) => refusal(StatusCode::BAD_REQUEST, &error.to_string(), "BAD_REQUEST"),
        (Some(token), Ok(mut request)) => {
            operation = operation_name(&mut request);
            let scene = Scene { view: api.engine.view(), token };
            Json(api.schema.execute(request.data(scene)).await).into_response()
        }
    };
    let name = token.map_or("none", |token| token.name);
    api.engine.requests.count("graphql", &operation, name, answer.status().as_u16());
    answer
}

fn unauthorized() -> Response {
    refusal(StatusCode::UNAUTHORIZED, "Unauthorized", "UNAUTHORIZED")
}

fn refusal(status: StatusCode, message: &str, code: &str) -> Response {
    let body = json!({"errors": [{"message": message, "extensions": {"code": code}}]});
    (status, Json(body)).into_response()
}

/// The operation's name; without one, the names of the root fields.
fn operation_name(request: &mut Request) -> String {
    if let Some(name) = request.operation_name.clone() {
        return name;
    }
    let Ok(document) = request.parsed_query() else {
        return "invalid".to_owned();
    };
    let Some((name, operation)) = document.operations.iter().next() else {
        return "invalid".to_owned();
    };
    name.map_or_else(|| root_fields(&operation.node), ToString::to_string)
}

fn root_fields(operation: &OperationDefinition) -> String {
    let items = operation.selection_set.node.items.iter();
    let fields = items.filter_map(|item| match &item.node {
        Selection::Field(field) => Some(field.node.name.node.to_string()),
        _ => None,
    });
    fields.collect::<Vec<_>>().join("+")
}

#[cfg(test)]
mod tests {
    #[test]
    fn root_types_are_named_as_flys() {
        let sdl = super::schema().sdl();
        assert!(sdl.contains("query: Queries"), "{sdl}");
        assert!(sdl.contains("mutation: Mutations"), "{sdl}");
    }
}
