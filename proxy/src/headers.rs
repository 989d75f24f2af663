//! What a proxy changes in heads. Pure.

use std::net::IpAddr;

use crate::conditions::Conditions;

use hyper::{
    HeaderMap, Uri,
    header::{ACCEPT_ENCODING, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, HeaderName, HeaderValue, VARY},
    http::uri::{Authority, InvalidUri, PathAndQuery, Scheme},
};

/// Headers that are about one connection (RFC 9110, section 7.6.1).
const OF_ONE_HOP: [&str; 8] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Takes off what is about one connection, what `Connection` names, and the names of a list.
pub(crate) fn strip(headers: &mut HeaderMap, names: &[String]) {
    let by_connection: Vec<String> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_owned())
        .collect();
    let all = OF_ONE_HOP.iter().copied().chain(by_connection.iter().chain(names).map(String::as_str));
    for name in all.filter_map(|name| HeaderName::try_from(name).ok()) {
        headers.remove(name);
    }
}

/// Says for whom, and from where, a request is passed on.
pub(crate) fn forwarded(headers: &mut HeaderMap, client: IpAddr, prefix: Option<&str>) {
    if let Ok(client) = HeaderValue::from_str(&client.to_string()) {
        headers.append(HeaderName::from_static("x-forwarded-for"), client);
    }
    if let Some(prefix) = prefix.and_then(|prefix| HeaderValue::from_str(prefix).ok()) {
        headers.insert(HeaderName::from_static("x-forwarded-prefix"), prefix);
    }
}

/// The path without the prefix; none where it is outside of it.
pub(crate) fn below<'a>(path_and_query: &'a str, prefix: Option<&str>) -> Option<&'a str> {
    let Some(prefix) = prefix else {
        return Some(path_and_query);
    };
    path_and_query.strip_prefix(prefix).filter(|rest| rest.starts_with('/'))
}

/// Where a request is passed on to.
pub(crate) fn target(to: &Authority, path_and_query: &str) -> Result<Uri, InvalidUri> {
    let mut parts = hyper::http::uri::Parts::default();
    parts.scheme = Some(Scheme::HTTP);
    parts.authority = Some(to.clone());
    parts.path_and_query = Some(path_and_query.parse::<PathAndQuery>()?);
    // With all three parts there is nothing left to be wrong.
    Ok(Uri::from_parts(parts).unwrap_or_default())
}

/// Whether the browser takes gzip.
pub(crate) fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        name.trim().eq_ignore_ascii_case("gzip") && weight.trim() != "q=0"
    })
}

/// The conditions for an answer with this head, which may ask to be left as it is.
pub(crate) fn heeded(headers: &HeaderMap, mut conditions: Conditions) -> Conditions {
    let says = |name: &str, word: &str| {
        let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|one| one.trim().eq_ignore_ascii_case(word))
    };
    if conditions.heeds_accel_buffering && says("x-accel-buffering", "no") {
        conditions.buffer_bytes = None;
    }
    if conditions.heeds_no_transform && says("cache-control", "no-transform") {
        conditions.recompress = false;
    }
    conditions
}

/// Says that the body is now compressed; false where it was compressed already.
pub(crate) fn compressed(headers: &mut HeaderMap) -> bool {
    if headers.contains_key(CONTENT_ENCODING) {
        return false;
    }
    headers.remove(CONTENT_LENGTH);
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    headers.append(VARY, HeaderValue::from_static("accept-encoding"));
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn what_is_about_one_connection_is_not_passed_on() {
        let mut all = headers(&[
            ("connection", "close, x-mine"),
            ("x-mine", "1"),
            ("transfer-encoding", "chunked"),
            ("accept", "a"),
            ("last-event-id", "7"),
        ]);
        strip(&mut all, &["Last-Event-ID".into()]);
        assert_eq!(all, headers(&[("accept", "a")]));
    }

    #[test]
    fn a_prefix_is_taken_off_and_what_is_outside_of_it_is_not_found() {
        assert_eq!(below("/console/apps?q=1", Some("/console")), Some("/apps?q=1"));
        assert_eq!(below("/consoles/apps", Some("/console")), None);
        assert_eq!(below("/apps", Some("/console")), None);
        assert_eq!(below("/apps", None), Some("/apps"));
    }

    #[test]
    fn gzip_is_taken_where_it_is_named_and_not_refused() {
        assert!(takes_gzip(&headers(&[("accept-encoding", "br, gzip;q=0.5")])));
        assert!(!takes_gzip(&headers(&[("accept-encoding", "gzip;q=0, br")])));
        assert!(!takes_gzip(&headers(&[])));
    }
}
