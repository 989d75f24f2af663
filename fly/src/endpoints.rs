//! Where Fly is.

use reqwest::Url;
use std::net::IpAddr;

/// The addresses of Fly's two APIs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// GraphQL and the web API: `https://api.fly.io`.
    pub api: String,
    /// The Machines API: `https://api.machines.dev`.
    pub machines: String,
}

impl Default for Endpoints {
    fn default() -> Self {
        Self { api: "https://api.fly.io".into(), machines: "https://api.machines.dev".into() }
    }
}

/// Why no client can be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// An address is not one that a token may be sent to.
    #[error(
        "{which} is not an address Windsock sends a token to: allowed are https://host[:port][/path] and, for tests, http:// on this machine (localhost, 127.0.0.1, [::1])"
    )]
    Address {
        /// Which one, as flyctl's variable names it.
        which: &'static str,
    },
    /// TLS could not be set up, for instance because the system has no certificates of authorities.
    #[error("TLS could not be set up ({0}): install the system's CA certificates (package ca-certificates)")]
    Tls(String),
}

/// Endpoints that passed the check, without a slash at the end.
#[derive(Clone, Debug)]
pub(crate) struct Bases {
    pub(crate) graphql: Url,
    /// The web API beside GraphQL.
    pub(crate) web: String,
    pub(crate) machines: String,
    /// Whether anything is asked over TLS.
    pub(crate) uses_tls: bool,
}

impl Endpoints {
    pub(crate) fn check(&self) -> Result<Bases, ConfigError> {
        let api = base(&self.api, "FLY_API_BASE_URL")?;
        let machines = base(&self.machines, "FLY_FLAPS_BASE_URL")?;
        let uses_tls = [&api, &machines].iter().any(|base| base.starts_with("https:"));
        let graphql = Url::parse(&format!("{api}/graphql"))
            .map_err(|_| ConfigError::Address { which: "FLY_API_BASE_URL" })?;
        Ok(Bases { graphql, web: format!("{api}/api/v1"), machines: format!("{machines}/v1"), uses_tls })
    }
}

fn base(text: &str, which: &'static str) -> Result<String, ConfigError> {
    let url = Url::parse(text).map_err(|_| ConfigError::Address { which })?;
    let plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    let allowed = match url.scheme() {
        "https" => url.has_host(),
        "http" => is_loopback(&url),
        _ => false,
    };
    if plain && allowed {
        Ok(url.as_str().trim_end_matches('/').to_owned())
    } else {
        Err(ConfigError::Address { which })
    }
}

fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(api: &str) -> bool {
        Endpoints { api: api.into(), ..Endpoints::default() }.check().is_ok()
    }

    #[test]
    fn https_goes_anywhere_and_http_only_to_this_machine() {
        for good in [
            "https://api.fly.io",
            "https://fly.example/base/",
            "http://localhost:4000",
            "http://127.0.0.1:4000",
            "http://127.1.2.3",
            "http://[::1]:4000",
        ] {
            assert!(accepts(good), "{good} was refused");
        }
        for bad in [
            "",
            "api.fly.io",
            "http://api.fly.io",
            "http://127.0.0.1.example",
            "http://localhost.example",
            "http://10.0.0.1",
            "ftp://localhost",
            "https://user:secret@api.fly.io",
            "https://api.fly.io/?q",
            "https://api.fly.io/#x",
        ] {
            assert!(!accepts(bad), "{bad} was taken");
        }
    }

    #[test]
    fn paths_are_added_once_whatever_slashes_an_address_ends_with() {
        let bases = Endpoints { api: "https://a.example/x/".into(), machines: "https://b.example//".into() }
            .check()
            .unwrap();
        assert_eq!(bases.graphql.as_str(), "https://a.example/x/graphql");
        assert_eq!(bases.web, "https://a.example/x/api/v1");
        assert_eq!(bases.machines, "https://b.example/v1");
    }

    #[test]
    fn a_refused_address_is_named_and_not_repeated() {
        let error = Endpoints { machines: "http://user:hunter2@x".into(), ..Endpoints::default() }
            .check()
            .unwrap_err();
        let text = error.to_string();
        assert!(text.contains("FLY_FLAPS_BASE_URL") && !text.contains("hunter2"), "{text}");
    }
}
