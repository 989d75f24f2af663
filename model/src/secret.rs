//! Secrets of an app: that they are there, never what they are.

use crate::json::FromJson;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The name of a secret and the digest of its value (GraphQL `Secret`; Machines API,
/// `GET .../secrets`, which is never asked for values).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct SecretName {
    /// The variable it is put into.
    pub name: String,
    /// Fly's digest of the value, which changes with it: two secrets of one digest have one value. None where Fly does not tell.
    pub digest: Option<String>,
    /// When it was first set, if Fly tells.
    pub created_at: Option<Timestamp>,
    /// When it was last set, if Fly tells. In the Machines API only.
    pub updated_at: Option<Timestamp>,
    /// Who set it: a name or a mail address, if Fly tells. In GraphQL only.
    pub user: Option<String>,
}
