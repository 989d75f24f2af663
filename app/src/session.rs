//! What every page knows of the request's session without asking Fly.

use model::json::FromJson;
use serde::{Deserialize, Serialize};

/// Why a sign-in was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Refusal {
    /// What happened and what to do, as a sentence.
    pub message: String,
    /// Fly's name for the request, if Fly was asked.
    pub request_id: Option<String>,
}

/// The header in which the page's script sends [`Session::tag`].
pub const TAG_HEADER: &str = "windsock-session";

/// What the server tells each page it renders. Travels to the browser inside the HTML; never holds
/// a secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Session {
    /// Who is signed in, as Fly names them (an e-mail address or a token's name).
    pub viewer: Option<String>,
    /// Whether there is something to sign out of (not with `FLY_API_TOKEN`).
    pub can_sign_out: bool,
    /// The demo's token, which the sign-in page fills in. A made-up word, only ever set by
    /// `windsock demo`.
    pub demo_token: Option<String>,
    /// Why the last sign-in was refused.
    pub refusal: Option<Refusal>,
    /// Where the person wanted to go, a path of this console.
    pub next: Option<String>,
    /// Names the build of the server.
    pub build: String,
    /// Tells this session from others of the browser, so that tabs of different sessions share
    /// nothing. Made from a secret by a hash, and none itself; empty where nobody is signed in.
    pub tag: String,
}
