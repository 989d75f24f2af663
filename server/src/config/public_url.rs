//! The origin people use, as their browsers name it.

use super::ConfigError;
use http::Uri;
use std::net::IpAddr;

/// Scheme and authority of `WINDSOCK_PUBLIC_URL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    https: bool,
    /// Lower case, with the port where it is not the scheme's own.
    authority: String,
}

impl PublicUrl {
    /// Reads `http://host[:port]` or `https://host[:port]`. A path is refused: this version serves
    /// from the root only.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let wrong = || {
            ConfigError::shape(
                "WINDSOCK_PUBLIC_URL",
                text,
                "https://HOST or http://HOST, with a port if needed and without a path",
            )
        };
        let uri: Uri = text.parse().map_err(|_| wrong())?;
        let https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(wrong()),
        };
        let authority = uri.authority().filter(|a| !a.as_str().contains('@')).ok_or_else(wrong)?;
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(wrong());
        }
        let default_port = if https { ":443" } else { ":80" };
        let authority = authority.as_str().to_ascii_lowercase();
        let authority = authority.strip_suffix(default_port).unwrap_or(&authority).to_owned();
        Ok(Self { https, authority })
    }

    /// Whether people come by https.
    pub fn is_https(&self) -> bool {
        self.https
    }

    /// Whether only this machine's own users can reach it.
    pub fn is_loopback(&self) -> bool {
        is_loopback_host(&self.authority)
    }

    /// Whether a `Host` header names this origin.
    pub fn is_host(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let default_port = if self.https { ":443" } else { ":80" };
        host.strip_suffix(default_port).unwrap_or(&host) == self.authority
    }

    /// The value of an `Origin` header of this origin's pages.
    pub fn origin(&self) -> String {
        format!("{}://{}", if self.https { "https" } else { "http" }, self.authority)
    }
}

/// Whether a host, with or without a port, names this machine.
pub fn is_loopback_host(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(bracketed) => bracketed.split(']').next().unwrap_or(""),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_port_is_the_same_as_none() {
        let url = PublicUrl::parse("https://Console.example:443/").unwrap();
        assert_eq!(url.origin(), "https://console.example");
        assert!(url.is_host("console.example") && url.is_host("CONSOLE.example:443"));
        assert!(!url.is_host("console.example:80") && !url.is_host("evil.example"));
    }

    #[test]
    fn a_path_is_refused_at_the_start_with_what_is_allowed() {
        let error = PublicUrl::parse("https://example.com/console").unwrap_err().to_string();
        assert!(error.contains("https://example.com/console") && error.contains("without a path"), "{error}");
    }

    #[test]
    fn anything_but_an_origin_is_refused() {
        for bad in
            ["console.example", "ftp://a", "https://a/console", "https://user@a", "https://", "https://a?b"]
        {
            assert!(PublicUrl::parse(bad).is_err(), "{bad} was taken");
        }
    }
}
