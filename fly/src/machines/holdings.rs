//! What belongs to an app beside its machines: volumes, certificates, addresses, names of secrets.

use super::fields::Fields;
use model::address::{AddressKind, IpAddress};
use model::certificate::Certificate;
use model::secret::SecretName;
use model::state::HostStatus;
use model::volume::Volume;

/// A volume; none without an id and a region.
pub(crate) fn volume(one: Fields<'_>) -> Option<Volume> {
    Some(Volume {
        id: one.name("id")?,
        name: one.name("name").unwrap_or_default(),
        state: one.name("state").unwrap_or_default(),
        region: one.parsed("region")?,
        app: one.parsed("app_name"),
        attached_to: one.parsed("attached_machine_id"),
        size_gb: one.number("size_gb"),
        bytes_total: one.number("bytes_total"),
        bytes_used: one.number("bytes_used"),
        encrypted: one.flag("encrypted"),
        auto_backup: one.flag("auto_backup_enabled"),
        snapshot_retention_days: one.number("snapshot_retention"),
        host: one.name("host_status").map_or(HostStatus::Unknown, HostStatus::from),
        created_at: one.instant("created_at"),
    })
}

/// A certificate; none without a host name.
pub(crate) fn certificate(one: Fields<'_>) -> Option<Certificate> {
    Some(Certificate {
        hostname: one.line("hostname", 300)?,
        status: one.name("status").unwrap_or_default(),
        configured: one.flag("configured"),
        dns_provider: one.name("dns_provider"),
        acme_dns: one.flag("acme_dns_configured"),
        acme_alpn: one.flag("acme_alpn_configured"),
        acme_http: one.flag("acme_http_configured"),
        ownership_txt: one.flag("ownership_txt_configured"),
        issued_by_fly: one.flag("has_fly_certificate"),
        own: one.flag("has_custom_certificate"),
        created_at: one.instant("created_at"),
        updated_at: one.instant("updated_at"),
        ..Certificate::default()
    })
}

/// An address; none where it is no address.
pub(crate) fn address(one: Fields<'_>) -> Option<IpAddress> {
    let address = one.parsed("ip")?;
    Some(IpAddress {
        address,
        kind: AddressKind::of(address, one.flag("shared") == Some(true)),
        region: one.parsed("region"),
        service: one.name("service_name"),
        created_at: one.instant("created_at"),
    })
}

/// The name of a secret. A value, should one come unasked, is not read.
pub(crate) fn secret(one: Fields<'_>) -> Option<SecretName> {
    Some(SecretName {
        name: one.name("name")?,
        digest: one.name("digest"),
        user: None,
        created_at: one.instant("created_at"),
        updated_at: one.instant("updated_at"),
    })
}
