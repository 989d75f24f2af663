//! What belongs to an app beside its instances, in one question instead of four to the Machines API.

use super::insist::{Parts, insist};
use super::{Fetched, FlyClient, missing};
use crate::decode::{belongings, text};
use crate::error::FlyError;
use crate::graphql::answer::Step;
use crate::graphql::belongings::{BelongingsNode, BelongingsQuery, BelongingsVariables};
use crate::token::FlyToken;
use model::AppName;
use model::address::IpAddress;
use model::certificate::Certificate;
use model::secret::SecretName;
use model::volume::Volume;
use std::net::IpAddr;

/// What belongs to an app beside its instances. Source: GraphQL `App`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Belongings {
    /// Its addresses, at most 100 (`ipAddresses`).
    pub addresses: Vec<IpAddress>,
    /// The IPv4 address it shares with other apps, if it has one (`sharedIpAddress`).
    pub shared_address: Option<IpAddr>,
    /// Its certificates, at most 100 (`certificates`).
    pub certificates: Vec<Certificate>,
    /// Its secrets: names and digests. Fly never gives a value (`secrets`).
    pub secrets: Vec<SecretName>,
    /// Its volumes, at most 200 (`volumes`).
    pub volumes: Vec<Volume>,
}

impl Parts for BelongingsVariables {
    fn leave_out(&mut self, path: &[Step]) -> Option<&'static str> {
        let [app, field, ..] = path else { return None };
        let asked = match (app.field()?, field.field()?) {
            ("app", "ipAddresses") => &mut self.addresses,
            ("app", "certificates") => &mut self.certificates,
            ("app", "secrets") => &mut self.secrets,
            ("app", "volumes") => &mut self.volumes,
            _ => return None,
        };
        let name = named(field.field()?);
        std::mem::replace(asked, false).then_some(name)
    }

    fn leave_out_more(&mut self) -> Vec<&'static str> {
        Vec::new()
    }
}

/// A field by the name people know.
fn named(field: &str) -> &'static str {
    match field {
        "ipAddresses" | "sharedIpAddress" => "IP addresses",
        "certificates" => "certificates",
        "secrets" => "secrets",
        "volumes" => "volumes",
        _ => "a part that Fly does not name",
    }
}

pub(super) async fn belongings(
    client: &FlyClient,
    token: &FlyToken,
    name: &AppName,
) -> Result<Fetched<Belongings>, FlyError> {
    let wanted = BelongingsVariables {
        name: name.as_str().to_owned(),
        addresses: true,
        certificates: true,
        secrets: true,
        volumes: true,
    };
    let told = insist(client, token, wanted, |query: BelongingsQuery| query.app).await?;
    let mut missing: Vec<String> = Vec::new();
    for part in told.left_out.iter().copied().chain(told.failed.iter().map(|field| named(field))) {
        missing::tell(&mut missing, part);
    }
    let value = read(told.node, &mut missing);
    Ok(Fetched::of(value, missing))
}

pub(crate) fn read(node: BelongingsNode, missing: &mut Vec<String>) -> Belongings {
    let shared = node.shared_ip_address.known();
    let addresses = node.ip_addresses.and_then(|connection| connection.nodes);
    let certificates = node.certificates.and_then(|connection| connection.nodes);
    let volumes = node.volumes.and_then(|connection| connection.nodes);
    let addresses = missing::elements(addresses, "IP addresses", "IP address", missing);
    let certificates = missing::elements(certificates, "certificates", "certificate", missing);
    let secrets = missing::elements(node.secrets, "secrets", "secret", missing);
    let volumes = missing::elements(volumes, "volumes", "volume", missing);
    Belongings {
        shared_address: shared.and_then(|address| text::line(&address, 60).parse().ok()),
        addresses: known(addresses.into_iter().flatten(), belongings::address, "IP address", missing),
        certificates: known(
            certificates.into_iter().flatten(),
            belongings::certificate,
            "certificate",
            missing,
        ),
        secrets: known(secrets.into_iter(), belongings::secret, "secret", missing),
        volumes: known(volumes.into_iter().flatten(), belongings::volume, "volume", missing),
    }
}

fn known<N, T>(
    nodes: impl Iterator<Item = N>,
    read: fn(N) -> Option<T>,
    what: &str,
    missing: &mut Vec<String>,
) -> Vec<T> {
    let mut known = Vec::new();
    let mut unreadable = 0;
    for node in nodes {
        match read(node) {
            Some(one) => known.push(one),
            None => unreadable += 1,
        }
    }
    missing::tell_unreadable(missing, unreadable, what);
    known
}
