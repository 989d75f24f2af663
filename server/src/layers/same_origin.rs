//! Refuses what another site's page asks for: every unsafe method, and the stream.

use super::host;
use crate::config::PublicUrl;
use crate::state::AppState;
use axum::extract::{Request, State};
use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// 403 unless the request comes from a page of ours. `Sec-Fetch-Site` decides where there is one
/// (browsers send it to https and loopback addresses), else `Origin`. An unsafe request with
/// neither is refused; a stream with neither is not, since browsers send no `Origin` with it.
pub async fn check(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let stream = matches!(request.uri().path(), "/events" | "/poll");
    if (safe && !stream)
        || is_ours(request.headers(), host::requested(&request), state.public_url.as_ref(), safe)
    {
        return next.run(request).await;
    }
    (StatusCode::FORBIDDEN, "This request did not come from a page of this console.\n").into_response()
}

fn is_ours(headers: &HeaderMap, host: Option<&str>, public_url: Option<&PublicUrl>, safe: bool) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    match (text("sec-fetch-site"), text(ORIGIN.as_str())) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let public = public_url.is_some_and(|url| url.origin() == origin);
            let asked = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
            public || (asked.is_some() && asked == host)
        }
        (None, None) => safe,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn ours(headers: &[(&'static str, &'static str)], safe: bool) -> bool {
        let map =
            headers.iter().map(|(n, v)| (HeaderName::from_static(n), HeaderValue::from_static(v))).collect();
        let url = PublicUrl::parse("https://console.example").unwrap();
        is_ours(&map, Some("127.0.0.1:8080"), Some(&url), safe)
    }

    #[test]
    fn a_page_of_ours_may_ask() {
        assert!(ours(&[("sec-fetch-site", "same-origin")], false));
        assert!(ours(&[("origin", "http://127.0.0.1:8080")], false));
        assert!(ours(&[("origin", "https://console.example")], false));
    }

    #[test]
    fn a_page_of_another_site_may_not() {
        for site in ["cross-site", "same-site", "nonsense"] {
            let headers = [("sec-fetch-site", site), ("origin", "http://127.0.0.1:8080")];
            assert!(!ours(&headers, false) && !ours(&headers, true), "{site} was taken");
        }
        for origin in ["http://evil.example", "null", "http://127.0.0.1:8081", ""] {
            assert!(!ours(&[("origin", origin)], false), "{origin} was taken");
        }
    }

    #[test]
    fn an_unsafe_request_that_says_nothing_is_refused_and_a_stream_is_not() {
        assert!(!ours(&[], false));
        assert!(ours(&[], true));
    }
}
