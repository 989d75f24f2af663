//! What can go wrong with one request, as pure description.

use serde::{Deserialize, Serialize};

/// One way in which an answer goes wrong.
///
/// Those that come in place of an answer exclude each other: the first one wins. All others add up:
/// delays are summed, edits are made one after the other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Fault {
    /// The request waits before anything else happens.
    Latency {
        /// The least wait, in milliseconds.
        ms: u64,
        /// Up to this many milliseconds are added, drawn from the rule's seed.
        #[serde(default)]
        jitter_ms: u64,
    },
    /// Any HTTP status in place of the answer.
    Status {
        /// 200 to 599.
        status: u16,
        /// The header `Retry-After`; none where null.
        #[serde(default)]
        retry_after: Option<RetryAfter>,
        /// What the body is.
        #[serde(default)]
        body: ErrorBody,
    },
    /// HTTP 200 with `data: null` and one error. GraphQL only; other routes are not touched.
    GraphqlError {
        /// The error's message.
        message: String,
        /// Its `extensions.code`.
        code: String,
    },
    /// Fields of a GraphQL answer become null, each with an error at its path.
    Partial {
        /// Response keys from `data` downwards with dots between, such as `app.allocations`. Lists on
        /// the way mean each of their items. An answer without such a field is not touched.
        path: String,
        /// `extensions.code` of the errors.
        #[serde(default = "usual_code")]
        code: String,
        /// Message of the errors.
        #[serde(default = "usual_message")]
        message: String,
    },
    /// Every field of this name, at any depth of a JSON answer, is null, and nothing says why.
    NullField {
        /// The field's name.
        field: String,
    },
    /// Every field of this name, at any depth of a JSON answer, has a value of another type.
    WrongType {
        /// The field's name.
        field: String,
    },
    /// Regions that do not answer to the list of an organization's machines: they are named in
    /// `error_regions`, and their machines are left out. Other routes are not touched.
    ErrorRegions {
        /// Their codes.
        regions: Vec<String>,
    },
    /// A redirect in place of the answer.
    Redirect {
        /// The header `Location`.
        to: String,
        /// 301, 302, 303, 307 or 308.
        #[serde(default = "usual_redirect")]
        status: u16,
    },
    /// The body is not what its type promises; the status stays.
    Garbled {
        /// What it is instead.
        shape: Garble,
    },
    /// The connection is closed within the body.
    Cut {
        /// How many bytes of the body come before.
        after_bytes: u64,
    },
    /// The body comes in small pieces.
    Drip {
        /// Bytes in a piece, 1 or more.
        bytes: u64,
        /// Milliseconds between two pieces.
        every_ms: u64,
    },
    /// A body of JSON that does not end before it has this many bytes.
    Oversized {
        /// Bytes of the body; default is a little more than 8 MiB.
        #[serde(default = "usual_oversize")]
        bytes: u64,
    },
    /// A small compressed body that unfolds into a large one.
    GzipBomb {
        /// Bytes after decompression; default is 1 GiB.
        #[serde(default = "usual_bomb")]
        bytes: u64,
    },
    /// The connection is closed without an answer.
    Close,
    /// The connection is reset without an answer.
    Reset,
    /// No answer comes. When the fault is taken away, the connection is closed.
    Hang,
}

/// The header `Retry-After` (RFC 9110, section 10.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RetryAfter {
    /// As a number of seconds.
    Seconds(u32),
    /// As the date that is so many seconds away.
    DateIn(u32),
}

/// The body beside an HTTP status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorBody {
    /// JSON as the API words its errors.
    #[default]
    Json,
    /// A line of plain text.
    Text,
    /// A page of HTML, as of a load balancer.
    Html,
    /// Nothing.
    Empty,
}

/// What a body is in place of the JSON it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Garble {
    /// The first half of it, as if that were all.
    Half,
    /// A page of HTML, as of a captive portal.
    Html,
    /// Nothing.
    Empty,
    /// Bytes that are not UTF-8.
    Binary,
    /// Ten thousand arrays within each other.
    Deep,
    /// JSON of another kind: a number.
    Number,
}

fn usual_code() -> String {
    "INTERNAL_SERVER_ERROR".to_owned()
}

fn usual_message() -> String {
    "Something went wrong on our side".to_owned()
}

const fn usual_redirect() -> u16 {
    307
}

const fn usual_oversize() -> u64 {
    9 * 1024 * 1024
}

const fn usual_bomb() -> u64 {
    1024 * 1024 * 1024
}
