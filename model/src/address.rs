//! IP addresses of an app.

use crate::id::RegionCode;
use crate::open_enum::open_enum;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

open_enum! {
    /// Kinds of addresses (GraphQL `IPAddressType`). The Machines API has no word for them: there the
    /// kind follows from the address and from whether it is shared. `Other` is empty where Fly did
    /// not tell.
    AddressKind {
        /// An IPv4 address of the app's own.
        V4 = "v4",
        /// An IPv6 address of the app's own.
        V6 = "v6",
        /// An IPv4 address that several apps share.
        SharedV4 = "shared_v4",
        /// An address on the organization's private network only.
        PrivateV6 = "private_v6",
    }
}

impl AddressKind {
    /// The kind of an address of which is known whether several apps share it. What belongs to a
    /// private network is so by RFC 4193.
    pub fn of(address: IpAddr, shared: bool) -> Self {
        match address {
            IpAddr::V4(_) if shared => Self::SharedV4,
            IpAddr::V4(_) => Self::V4,
            IpAddr::V6(_) if shared => Self::Other("shared_v6".into()),
            IpAddr::V6(v6) if v6.is_unique_local() => Self::PrivateV6,
            IpAddr::V6(_) => Self::V6,
        }
    }
}

/// One address by which an app is reached (GraphQL `IPAddress`; Machines API,
/// `GET .../ip_assignments`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IpAddress {
    /// The address.
    pub address: IpAddr,
    /// What kind of address it is.
    pub kind: AddressKind,
    /// Where it leads; none (or `global`) where it leads to the nearest region.
    pub region: Option<RegionCode>,
    /// The service it belongs to, if it belongs to one; GraphQL does not tell.
    pub service: Option<String>,
    /// When the app got it, if Fly told.
    pub created_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_an_address_follows_from_its_number_and_from_who_has_it() {
        for (address, shared, kind) in [
            ("66.241.124.1", true, "shared_v4"),
            ("66.241.124.1", false, "v4"),
            ("2a09:8280:1::a:b", false, "v6"),
            ("2a09:8280:1::a:b", true, "shared_v6"),
            ("fdaa:0:1::3", false, "private_v6"),
        ] {
            assert_eq!(AddressKind::of(address.parse().unwrap(), shared).as_str(), kind, "{address}");
        }
    }
}
