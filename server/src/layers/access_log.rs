//! One line of log a request: never the query, a header or a cookie, since they may hold secrets.

use crate::config::TrustedProxy;
use crate::state::AppState;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use std::net::{IpAddr, SocketAddr};
use tokio::time::Instant;

/// Writes the line when the response begins.
pub async fn log(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
    let client = peer.map(|peer| client(peer, request.headers(), &state.trusted_proxy));
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let client = client.map(tracing::field::display);
    if matches!(path.as_str(), "/healthz" | "/readyz") {
        tracing::debug!(%method, path, status, ms, client, "request");
    } else {
        tracing::info!(%method, path, status, ms, client, "request");
    }
    response
}

/// Who asks: the peer, or whom a trusted proxy names.
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
