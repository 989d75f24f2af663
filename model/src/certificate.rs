//! TLS certificates of an app's own host names.

use crate::json::FromJson;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The certificate of one host name, and how far its set-up has come (GraphQL `AppCertificate`;
/// Machines API, `GET .../certificates`). Each of the two tells some of it only: what the other one
/// does not have is none there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Certificate {
    /// The host name; `*.example.com` for all of a domain.
    pub hostname: String,
    /// Fly's word for its state (Machines API: `active`, `pending_ownership`; GraphQL's
    /// `clientStatus`: `Ready`, `Awaiting configuration`); empty if Fly did not tell.
    pub status: String,
    /// Whether everything is set up, if Fly tells.
    pub configured: Option<bool>,
    /// Who answers for the domain's DNS, as Fly found out. In the Machines API only, as the rest up
    /// to `own`.
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
    /// When the first of its issued forms (RSA, ECDSA) ends; none before any was issued. In GraphQL
    /// only.
    pub expires_at: Option<Timestamp>,
    /// Until when the authority refuses to try again; none where it does not. In GraphQL only.
    pub rate_limited_until: Option<Timestamp>,
    /// What is wrong and what helps, in Fly's words. In GraphQL only.
    pub problems: Vec<String>,
    /// When the name was added, if Fly tells.
    pub created_at: Option<Timestamp>,
    /// When Fly last changed what it says, if it tells.
    pub updated_at: Option<Timestamp>,
}
