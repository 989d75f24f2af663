//! Sessions: a random id in a cookie, everything else on the server.

mod cookie;
mod id;
mod seal;
mod store;
mod vault;

pub use cookie::{cookie_name, expired, issued, session_cookie};
pub use id::{SessionId, SessionKey};
pub use seal::{SealError, Sealer};
pub use store::{ActiveSession, Sessions};
pub use vault::{Vault, VaultError};
