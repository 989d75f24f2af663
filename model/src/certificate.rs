//! TLS certificates of an app's own host names (Machines API, `GET .../certificates`).

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The certificate of one host name, and how far its set-up has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The host name; `*.example.com` for all of a domain.
    pub hostname: String,
    /// Fly's word for its state (`active`, `pending_ownership`).
    pub status: String,
    /// Whether everything is set up, if Fly tells.
    pub configured: Option<bool>,
    /// Who answers for the domain's DNS, as Fly found out.
    pub dns_provider: Option<String>,
    /// The ways by which the owner of the name can be proven to the authority (ACME), and whether
    /// each is set up: `dns`, `alpn`, `http`. None where Fly does not tell.
    pub acme_dns: Option<bool>,
    /// See `acme_dns`.
    pub acme_alpn: Option<bool>,
    /// See `acme_dns`.
    pub acme_http: Option<bool>,
    /// Whether the DNS record that proves the ownership is there, if Fly tells.
    pub ownership_txt: Option<bool>,
    /// Whether Fly got a certificate for it, if Fly tells.
    pub issued_by_fly: Option<bool>,
    /// Whether somebody brought a certificate of their own, if Fly tells.
    pub own: Option<bool>,
    /// When the name was added, if Fly tells.
    pub created_at: Option<Timestamp>,
    /// When Fly last changed what it says, if it tells.
    pub updated_at: Option<Timestamp>,
}
