//! One request on its way through.

use std::{net::IpAddr, sync::Arc, time::Duration};

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use hyper::{Request, body::Incoming, http::uri::Authority};
use hyper_util::client::legacy::{Client, connect::HttpConnector};

use crate::{
    conditions::{Conditions, StatusWindow},
    headers,
    line::End,
    pump,
    switches::Switches,
};

/// Where requests go.
#[derive(Clone)]
pub(crate) struct Upstream {
    pub(crate) client: Client<HttpConnector, Incoming>,
    pub(crate) to: Authority,
    pub(crate) switches: Arc<Switches>,
}

impl Upstream {
    /// The answer that the browser gets.
    pub(crate) async fn answer(&self, request: Request<Incoming>, from: IpAddr, end: End) -> Response {
        let asked = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let (conditions, status) = self.switches.of_request(&asked);
        tokio::time::sleep(Duration::from_millis(conditions.latency_ms)).await;
        if let Some(window) = status {
            return own(window);
        }
        let prefix = conditions.prefix.as_deref();
        let Some(path) = headers::below(&asked, prefix) else {
            return (StatusCode::NOT_FOUND, "windsock-proxy: nothing is mounted here").into_response();
        };
        let Ok(target) = headers::target(&self.to, path) else {
            return (StatusCode::BAD_REQUEST, "windsock-proxy: this is no path").into_response();
        };
        let gzip = conditions.recompress && headers::takes_gzip(request.headers());
        let passed_on = passed_on(request, target, from, &conditions, prefix);
        match self.client.request(passed_on).await {
            Err(_) => (StatusCode::BAD_GATEWAY, "windsock-proxy: Windsock does not answer").into_response(),
            Ok(answer) => {
                let (mut parts, body) = answer.into_parts();
                let conditions = headers::heeded(&parts.headers, conditions.clone());
                headers::strip(&mut parts.headers, &conditions.strip_response_headers);
                let gzip = gzip
                    && conditions.recompress
                    && has_body(parts.status)
                    && headers::compressed(&mut parts.headers);
                Response::from_parts(parts, pump::body(body, &conditions, gzip, end, self.switches.heals()))
            }
        }
    }
}

fn passed_on(
    request: Request<Incoming>,
    target: hyper::Uri,
    from: IpAddr,
    conditions: &Conditions,
    prefix: Option<&str>,
) -> Request<Incoming> {
    let (mut parts, body) = request.into_parts();
    // HTTP/2 has the host beside the headers.
    if let Some(host) = parts.uri.authority().and_then(|host| HeaderValue::from_str(host.as_str()).ok()) {
        parts.headers.entry(header::HOST).or_insert(host);
    }
    parts.uri = target;
    let http10 = conditions.upstream_http10;
    parts.version = if http10 { hyper::Version::HTTP_10 } else { hyper::Version::HTTP_11 };
    headers::strip(&mut parts.headers, &conditions.strip_request_headers);
    headers::forwarded(&mut parts.headers, from, prefix);
    Request::from_parts(parts, body)
}

fn has_body(status: StatusCode) -> bool {
    status != StatusCode::NO_CONTENT && status != StatusCode::NOT_MODIFIED
}

fn own(window: StatusWindow) -> Response {
    let status = StatusCode::from_u16(window.status).unwrap_or(StatusCode::BAD_GATEWAY);
    let reason = status.canonical_reason().unwrap_or("Error");
    let page = format!("<!doctype html><title>{reason}</title><h1>{} {reason}</h1>", status.as_u16());
    let mut answer = (status, axum::response::Html(page)).into_response();
    if let Some(seconds) = window.retry_after {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    answer.map(Body::new)
}
