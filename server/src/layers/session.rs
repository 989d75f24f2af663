//! Finds the session of a request.

use crate::session::{ActiveSession, session_cookie};
use crate::state::AppState;
use app::session::TAG_HEADER;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

/// The session of a request, if it has one.
#[derive(Clone, Debug)]
pub struct MaybeSession(pub Option<ActiveSession>);

/// Puts the session into the request's extensions.
pub async fn find(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let own = session_cookie(request.headers(), state.https).and_then(|id| state.sessions.find(&id));
    let session = own.or_else(|| state.shared.clone());
    // A page says for which session it was made. Another may have begun since, in another tab: what
    // that one may see is nothing for this page.
    let tag = request.headers().get(TAG_HEADER);
    let session = session.filter(|session| tag.is_none_or(|tag| *tag == session.key.tag()));
    request.extensions_mut().insert(MaybeSession(session));
    next.run(request).await
}
