//! How a proxy behaves, as data.

use serde::{Deserialize, Serialize};

/// How a proxy behaves; the default is as if it were not there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch, and any of them goes with any other")]
pub struct Conditions {
    /// Latency, bandwidth, buffer, cut, idle time, status and recompression are only for paths that begin so,
    /// as the browser asks for them; for all where null.
    pub only: Option<String>,
    /// Each request waits so long before it is passed on, in milliseconds.
    pub latency_ms: u64,
    /// Bodies of answers come at most so fast.
    pub bytes_per_second: Option<u64>,
    /// Bodies are held back until so many bytes are there, or their end; and so on.
    pub buffer_bytes: Option<u64>,
    /// Bodies whose head says `X-Accel-Buffering: no` are not held back, as nginx does it.
    pub heeds_accel_buffering: bool,
    /// Each body is cut.
    pub cut: Option<Cut>,
    /// A body of which nothing came for so long is cut, in milliseconds.
    pub idle_ms: Option<u64>,
    /// No connection brings anything in either direction, and none is closed. What was under way goes
    /// on when this ends.
    pub silent: bool,
    /// The proxy answers for itself.
    pub status: Option<StatusWindow>,
    /// Windsock is asked with HTTP/1.0, as nginx did by default until 2026.
    pub upstream_http10: bool,
    /// HTTP/2 is not understood. For connections that are opened from now on.
    pub http1_only: bool,
    /// Headers of requests that are not passed on.
    pub strip_request_headers: Vec<String>,
    /// Headers of answers that are not passed on.
    pub strip_response_headers: Vec<String>,
    /// Bodies that came uncompressed are compressed with gzip where the browser takes that. As with
    /// many middleboxes, nothing leaves before the compressor's buffer is full or the body ends.
    pub recompress: bool,
    /// Bodies whose head says `Cache-Control: no-transform` are not recompressed (RFC 9111, 5.2.2.6).
    pub heeds_no_transform: bool,
    /// Windsock is mounted under this path, such as `/console`: it is taken off requests, named in
    /// `X-Forwarded-Prefix`, and everything outside of it is 404.
    pub prefix: Option<String>,
}

/// Where and how bodies are cut. With both limits the first one counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cut {
    /// After so many bytes of the body.
    pub after_bytes: Option<u64>,
    /// After so many milliseconds from the head of the answer.
    pub after_ms: Option<u64>,
    /// What the browser sees of it.
    pub how: How,
}

/// How a connection ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// It is closed in order (FIN).
    #[default]
    Close,
    /// It is reset (RST).
    Reset,
    /// It stays open, and nothing more comes.
    Silent,
}

/// The proxy answers in Windsock's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusWindow {
    /// 200 to 599.
    pub status: u16,
    /// For so many milliseconds from when it was set; for ever where null.
    #[serde(default)]
    pub for_ms: Option<u64>,
    /// To so many requests; to all where null.
    #[serde(default)]
    pub next: Option<u64>,
    /// The header `Retry-After` in seconds; none where null.
    #[serde(default)]
    pub retry_after: Option<u32>,
}

/// Why conditions make no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// The status is none.
    #[error("status is {0}; allowed is 200 to 599")]
    Status(u16),
    /// The prefix is no path.
    #[error("prefix is `{0}`; allowed is a path such as /console, without a slash at its end")]
    Prefix(String),
    /// A number that would stop everything.
    #[error("{0} is 0; allowed is 1 or more, or null")]
    Zero(&'static str),
    /// A name that no header has.
    #[error("`{0}` is no name of a header")]
    Header(String),
}

impl Conditions {
    /// Whether they make sense.
    pub fn check(&self) -> Result<(), Wrong> {
        if let Some(window) = self.status
            && !(200..=599).contains(&window.status)
        {
            return Err(Wrong::Status(window.status));
        }
        if let Some(prefix) = &self.prefix
            && (!prefix.starts_with('/') || prefix.ends_with('/'))
        {
            return Err(Wrong::Prefix(prefix.clone()));
        }
        for (name, value) in [
            ("bytes_per_second", self.bytes_per_second),
            ("buffer_bytes", self.buffer_bytes),
            ("idle_ms", self.idle_ms),
        ] {
            if value == Some(0) {
                return Err(Wrong::Zero(name));
            }
        }
        let mut names = self.strip_request_headers.iter().chain(&self.strip_response_headers);
        match names.find(|name| hyper::header::HeaderName::try_from(name.as_str()).is_err()) {
            Some(name) => Err(Wrong::Header(name.clone())),
            None => Ok(()),
        }
    }

    /// Those for a request to this path.
    pub(crate) fn for_path(&self, path: &str) -> Self {
        if self.only.as_ref().is_none_or(|start| path.starts_with(start)) {
            return self.clone();
        }
        Self {
            latency_ms: 0,
            bytes_per_second: None,
            buffer_bytes: None,
            cut: None,
            idle_ms: None,
            status: None,
            recompress: false,
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_only_for_some_paths_leaves_the_others_alone() {
        let conditions = Conditions {
            only: Some("/events".into()),
            latency_ms: 5,
            cut: Some(Cut::default()),
            strip_request_headers: vec!["accept".into()],
            ..Conditions::default()
        };
        assert_eq!(conditions.for_path("/events?topics=apps"), conditions);
        let other = conditions.for_path("/apps");
        assert_eq!((other.latency_ms, other.cut), (0, None));
        assert_eq!(other.strip_request_headers, ["accept"]);
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_what_is_allowed() {
        let wrong =
            |text: &str| serde_json::from_str::<Conditions>(text).unwrap().check().unwrap_err().to_string();
        assert!(wrong(r#"{"status": {"status": 99}}"#).contains("200 to 599"));
        assert!(wrong(r#"{"prefix": "console/"}"#).contains("/console"));
        assert!(wrong(r#"{"bytes_per_second": 0}"#).contains("1 or more"));
        assert!(wrong(r#"{"strip_request_headers": ["a b"]}"#).contains("a b"));
        assert!(serde_json::from_str::<Conditions>(r#"{"latency": 1}"#).is_err());
        assert_eq!(Conditions::default().check(), Ok(()));
    }
}
