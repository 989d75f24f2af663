//! Refuses requests for a host that is not ours: a page that rebinds its own name to this address
//! must not be able to read a console.

use crate::config::{PublicUrl, is_loopback_host};
use crate::state::AppState;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::HOST;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// 421 unless the host is a loopback one or the public URL's, and where a proxy took a path off. The two probes tell nothing, and
/// platforms ask for them by address.
pub async fn check(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let probe = matches!(request.uri().path(), "/healthz" | "/readyz");
    if let Some(prefix) = prefix(&request).filter(|_| !probe) {
        let text = format!(
            "Windsock cannot be mounted under a path, and a proxy before it does so: {prefix}\n\
             Give it a host name of its own, such as https://windsock.example.com.\n"
        );
        return (StatusCode::MISDIRECTED_REQUEST, text).into_response();
    }
    if probe || requested(&request).is_some_and(|host| is_ours(host, state.public_url.as_ref())) {
        return next.run(request).await;
    }
    let text = "This console does not answer to that host name. Its operator sets the name in WINDSOCK_PUBLIC_URL.\n";
    (StatusCode::MISDIRECTED_REQUEST, text).into_response()
}

/// The path under which a proxy has mounted this console, as Traefik and others tell it. All links lead
/// to the root: better no page than one whose links lead out of the console.
fn prefix(request: &Request) -> Option<&str> {
    let told = request.headers().get("x-forwarded-prefix").map(|value| value.to_str().unwrap_or("?"));
    told.map(str::trim).filter(|prefix| !matches!(*prefix, "" | "/"))
}

/// The host of the request: the authority of HTTP/2, or the `Host` header.
pub(crate) fn requested(request: &Request) -> Option<&str> {
    let authority = request.uri().authority().map(axum::http::uri::Authority::as_str);
    authority.or_else(|| request.headers().get(HOST).and_then(|value| value.to_str().ok()))
}

fn is_ours(host: &str, public_url: Option<&PublicUrl>) -> bool {
    is_loopback_host(host) || public_url.is_some_and(|url| url.is_host(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_names_are_ours() {
        for host in ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.2:80", "[::1]:8080"] {
            assert!(is_ours(host, None), "{host} was refused");
        }
    }

    #[test]
    fn any_other_name_is_not() {
        for host in [
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "10.0.0.1",
            "",
            "[::2]",
            "user@localhost",
        ] {
            assert!(!is_ours(host, None), "{host} was taken");
        }
    }

    #[test]
    fn the_public_host_is_ours() {
        let url = PublicUrl::parse("https://console.example").unwrap();
        assert!(is_ours("console.example", Some(&url)));
        assert!(!is_ours("console.example.evil", Some(&url)));
    }
}
