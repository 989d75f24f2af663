//! What Fly says: its GraphQL and Machines APIs, asked with a viewer's token and decoded into the
//! model.
//!
//! The only place that knows Fly's wire formats. Nothing here is remembered between two calls; the
//! caller decides when to ask again.

mod client;
mod decode;
mod endpoints;
mod error;
#[doc(hidden)]
pub mod fuzzing;
mod graphql;
mod http;
mod machines;
mod rest;
mod token;

pub use client::belongings::Belongings;
pub use client::nomad::{DeploymentKey, NomadDeployment};
pub use client::releases::{Cursor, ReleasesPage, Where};
pub use client::{Fetched, FlyClient, Viewer, ViewerKind};
pub use endpoints::{ConfigError, Endpoints};
pub use error::FlyError;
pub use http::{Clock, Limits, RetryPolicy};
pub use machines::organization::{OrgPage, OrgQuery};
pub use rest::logs::{LogPage, LogPlace, LogQuery};
pub use token::{FlyToken, TokenError, TokenKind};
