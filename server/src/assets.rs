//! The browser's files: embedded, hashed, precompressed.

use app::assets::Assets;
use axum::extract::Path;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

/// One embedded file in its three forms.
pub(crate) struct File {
    /// The name the code knows ("windsock.js").
    logical: &'static str,
    /// The name the browser asks for, with a hash of the content.
    name: &'static str,
    plain: &'static [u8],
    br: &'static [u8],
    gz: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/site.rs"));

/// Names carry a hash of the content: whoever has the file never needs to ask again.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Where the pages find the files.
pub fn assets() -> Assets {
    let path = |logical: &str| {
        FILES.iter().find(|file| file.logical == logical).map(|file| format!("/pkg/{}", file.name))
    };
    Assets {
        js: path("windsock.js"),
        wasm: path("windsock.wasm"),
        css: path("windsock.css"),
        keys_js: path("keys.js"),
        palette_js: path("palette.js"),
        favicon: path("favicon.svg"),
    }
}

/// Names this build: the hashed name of the browser's code, or the version where there is none.
pub fn build_id() -> String {
    let hashed = FILES.iter().find(|file| file.logical == "windsock.wasm").map(|file| file.name);
    hashed
        .unwrap_or(env!("CARGO_PKG_VERSION"))
        .trim_start_matches("windsock-")
        .trim_end_matches(".wasm")
        .to_owned()
}

/// `GET /pkg/{name}`.
pub async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(file) = FILES.iter().find(|file| file.name == name) else {
        return (StatusCode::NOT_FOUND, "There is no such file in this build.\n").into_response();
    };
    respond(file, &headers)
}

/// `GET /favicon.ico`: browsers ask for it unasked.
pub async fn favicon(headers: HeaderMap) -> Response {
    match FILES.iter().find(|file| file.logical == "favicon.svg") {
        Some(file) => respond(file, &headers),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn respond(file: &'static File, headers: &HeaderMap) -> Response {
    let etag = format!("\"{}\"", file.name);
    if headers.get(IF_NONE_MATCH).is_some_and(|tag| tag.as_bytes() == etag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, [(CACHE_CONTROL, FOR_EVER)]).into_response();
    }
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    let (body, encoding) = match () {
        () if accepts(accepted, "br") => (file.br, Some("br")),
        () if accepts(accepted, "gzip") => (file.gz, Some("gzip")),
        () => (file.plain, None),
    };
    let mut response = (
        [
            (CACHE_CONTROL, FOR_EVER),
            (CONTENT_TYPE, content_type(file.name)),
            (VARY, HeaderValue::from_static("accept-encoding")),
        ],
        body,
    )
        .into_response();
    if let Some(encoding) = encoding {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        response.headers_mut().insert(ETAG, etag);
    }
    response
}

/// Whether `Accept-Encoding` takes `coding`; `;q=0` refuses it (RFC 9110, 12.5.3).
fn accepts(header: &str, coding: &str) -> bool {
    header.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let refused = parts.any(|part| {
            part.strip_prefix("q=").is_some_and(|q| q.parse::<f32>().is_ok_and(|weight| weight == 0.0))
        });
        named && !refused
    })
}

fn content_type(name: &str) -> HeaderValue {
    HeaderValue::from_static(match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coding_is_taken_only_where_it_is_accepted() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("BR;q=0.5", "br"));
        assert!(!accepts("br;q=0, gzip", "br"));
        assert!(!accepts("brotli", "br"));
        assert!(!accepts("", "gzip"));
    }
}
