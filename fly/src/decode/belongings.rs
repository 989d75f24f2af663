//! What belongs to an app beside its instances.

use super::releases::user;
use super::text::{self, LONGEST_LINE};
use super::time;
use crate::graphql::belongings::{AddressNode, CertificateNode, SecretNode, ValidationErrorNode, VolumeNode};
use crate::graphql::scalar::IpAddressType;
use model::address::{AddressKind, IpAddress};
use model::certificate::Certificate;
use model::secret::SecretName;
use model::state::HostStatus;
use model::volume::Volume;
use model::{InstanceId, RegionCode};

/// An address, if it is one.
pub(crate) fn address(node: AddressNode) -> Option<IpAddress> {
    Some(IpAddress {
        address: node.address.known()?.parse().ok()?,
        kind: match node.kind.known() {
            Some(IpAddressType::V4) => AddressKind::V4,
            Some(IpAddressType::V6) => AddressKind::V6,
            Some(IpAddressType::SharedV4) => AddressKind::SharedV4,
            Some(IpAddressType::PrivateV6) => AddressKind::PrivateV6,
            Some(IpAddressType::Other(word)) => AddressKind::Other(text::word(&word)),
            None => AddressKind::Other(String::new()),
        },
        region: node.region.known().and_then(|region| RegionCode::new(region).ok()),
        service: None,
        created_at: time::of(node.created_at.as_known()),
    })
}

/// A certificate, if it has a host name.
pub(crate) fn certificate(node: CertificateNode) -> Option<Certificate> {
    let issued = node.issued.known().map(|issued| issued.nodes.into_elements().0).unwrap_or_default();
    let expiries = issued.iter().flatten().filter_map(|one| time::of(one.expires_at.as_known()));
    Some(Certificate {
        hostname: some_line(&node.hostname.known()?, 300)?,
        status: node.client_status.known().map(|status| text::line(&status, 100)).unwrap_or_default(),
        configured: node.is_configured.known(),
        created_at: time::of(node.created_at.as_known()),
        expires_at: expiries.min(),
        rate_limited_until: time::of(node.rate_limited_until.as_known()),
        problems: node.validation_errors.into_elements().0.into_iter().filter_map(problem).collect(),
        ..Certificate::default()
    })
}

fn problem(node: ValidationErrorNode) -> Option<String> {
    let told = [node.message, node.remediation].map(|text| text.known().unwrap_or_default());
    some_line(&told.join(" "), LONGEST_LINE)
}

/// A secret, if it has a name.
pub(crate) fn secret(node: SecretNode) -> Option<SecretName> {
    Some(SecretName {
        name: some_line(&node.name.known()?, 300)?,
        digest: node.digest.known().and_then(|digest| some_line(&digest, 200)),
        created_at: time::of(node.created_at.as_known()),
        updated_at: None,
        user: user(node.user),
    })
}

/// A volume, if it has an id and a region.
pub(crate) fn volume(node: VolumeNode) -> Option<Volume> {
    let machine = node.attached_machine.known().and_then(|machine| machine.id.known());
    let machine = machine.and_then(|id| InstanceId::new(id.into_inner()).ok());
    let allocation = node.attached_allocation_id.known().and_then(|id| short_id(&id));
    Some(Volume {
        id: some_line(node.id.known()?.inner(), 100)?,
        name: node.name.known().map(|name| text::line(&name, 200)).unwrap_or_default(),
        region: RegionCode::new(node.region.known()?).ok()?,
        app: None,
        size_gb: node.size_gb.known().and_then(|size| u32::try_from(size).ok()),
        bytes_total: None,
        bytes_used: None,
        auto_backup: None,
        snapshot_retention_days: None,
        host: HostStatus::Unknown,
        state: node.state.known().map(|state| text::word(&state)).unwrap_or_default(),
        encrypted: node.encrypted.known(),
        created_at: time::of(node.created_at.as_known()),
        attached_to: machine.or(allocation),
    })
}

/// The first block of an allocation's UUID, by which people know it.
fn short_id(uuid: &str) -> Option<InstanceId> {
    InstanceId::new(uuid.split('-').next()?).ok()
}

fn some_line(text: &str, longest: usize) -> Option<String> {
    let line = text::line(text, longest);
    (!line.is_empty()).then_some(line)
}
