//! The session's cookie.

use super::id::SessionId;
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use cookie::{Cookie, SameSite, time::Duration};

/// The name: with https it carries the prefix that keeps other hosts from setting it.
pub fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-windsock_session" } else { "windsock_session" }
}

/// The session id that a request carries.
pub fn session_cookie(headers: &HeaderMap, https: bool) -> Option<SessionId> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .filter(|cookie| cookie.name() == cookie_name(https))
        .find_map(|cookie| SessionId::from_cookie(cookie.value()))
}

/// `Set-Cookie` of a new session. `Lax`, so that a link from a chat opens signed in.
pub fn issued(id: &SessionId, https: bool) -> String {
    cookie(id.expose().to_owned(), https).max_age(Duration::days(30)).build().to_string()
}

/// `Set-Cookie` that removes it.
pub fn expired(https: bool) -> String {
    cookie(String::new(), https).max_age(Duration::ZERO).build().to_string()
}

fn cookie(value: String, https: bool) -> cookie::CookieBuilder<'static> {
    Cookie::build((cookie_name(https), value))
        .path("/")
        .http_only(true)
        .secure(https)
        .same_site(SameSite::Lax)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn the_cookie_is_out_of_reach_for_scripts_and_other_sites() {
        let id = SessionId::random().unwrap();
        let plain = issued(&id, false);
        assert!(
            plain.starts_with("windsock_session=")
                && plain.contains("HttpOnly")
                && plain.contains("SameSite=Lax")
        );
        assert!(!plain.contains("Secure"));
        let https = issued(&id, true);
        assert!(
            https.starts_with("__Host-windsock_session=")
                && https.contains("Secure")
                && https.contains("Path=/")
        );
    }

    #[test]
    fn the_id_is_found_among_other_cookies_and_nonsense_is_not() {
        let id = SessionId::random().unwrap();
        let mut headers = HeaderMap::new();
        let value = format!("theme=dark; windsock_session={}; x", id.expose());
        headers.insert(COOKIE, HeaderValue::from_str(&value).unwrap());
        assert_eq!(session_cookie(&headers, false).unwrap().expose(), id.expose());
        assert!(session_cookie(&headers, true).is_none());
        headers.insert(COOKIE, HeaderValue::from_static("windsock_session=nonsense"));
        assert!(session_cookie(&headers, false).is_none());
    }
}
