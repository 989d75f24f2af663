//! Who asks: the peer of the connection, or whom a trusted proxy names.

use crate::config::TrustedProxy;
use crate::state::AppState;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

/// The client's address; none where there is no connection, as in a test.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub Option<IpAddr>);

impl FromRequestParts<AppState> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self(client_address(&parts.extensions, &parts.headers, &state.trusted_proxy)))
    }
}

/// The client's address; none where there is no connection.
pub fn client_address(
    extensions: &Extensions,
    headers: &HeaderMap,
    trusted: &TrustedProxy,
) -> Option<IpAddr> {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip().to_canonical();
    Some(client(peer, headers, trusted))
}

fn client(peer: IpAddr, headers: &HeaderMap, trusted: &TrustedProxy) -> IpAddr {
    let named = |name: &str| {
        let value = headers.get_all(name).iter().next_back()?.to_str().ok()?;
        value.rsplit(',').next()?.trim().parse().ok()
    };
    match trusted {
        TrustedProxy::Fly => named("fly-client-ip"),
        TrustedProxy::Addresses(proxies) if proxies.contains(&peer) => named("x-forwarded-for"),
        TrustedProxy::None | TrustedProxy::Addresses(_) => None,
    }
    .unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    const PEER: &str = "10.0.0.1";

    fn named(header: &'static str, value: &'static str, trusted: &TrustedProxy) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(header, HeaderValue::from_static(value));
        client(PEER.parse().unwrap(), &headers, trusted).to_string()
    }

    #[test]
    fn a_forwarding_header_is_believed_only_from_a_trusted_proxy() {
        let trusted = TrustedProxy::Addresses(vec![PEER.parse().unwrap()]);
        let other = TrustedProxy::Addresses(vec!["10.0.0.2".parse().unwrap()]);
        assert_eq!(named("x-forwarded-for", "9.9.9.9, 1.2.3.4", &trusted), "1.2.3.4");
        assert_eq!(named("x-forwarded-for", "1.2.3.4", &other), PEER);
        assert_eq!(named("x-forwarded-for", "1.2.3.4", &TrustedProxy::None), PEER);
        assert_eq!(named("fly-client-ip", "1.2.3.4", &TrustedProxy::Fly), "1.2.3.4");
        assert_eq!(named("fly-client-ip", "1.2.3.4", &TrustedProxy::None), PEER);
    }

    #[test]
    fn a_header_that_names_no_address_is_ignored() {
        assert_eq!(named("fly-client-ip", "\"><script>", &TrustedProxy::Fly), PEER);
    }
}
