//! What the page tells about its connection.

use model::Timestamp;

/// Of what there are so many that another stream has no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crowd {
    /// Streams of this session or address: the server, or a proxy, answers 429.
    Streams,
    /// Connections of this browser to the server: tabs that cannot share a stream hold them all.
    Connections,
}

/// The state of the tab's stream, as the header shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Link {
    /// Rendered by the server, no script yet, or a page that follows nothing.
    #[default]
    Static,
    /// The first connection of this page is being made.
    Connecting,
    /// What is shown is what the server knows.
    Live,
    /// The stream broke; it is being made again.
    Reconnecting {
        /// How many attempts failed in a row; 0 for the first one.
        attempt: u32,
        /// The server's time when the stream was last heard: what is shown is from then.
        shown_from: Timestamp,
    },
    /// The stream broke, and the browser says that it has no network.
    Offline {
        /// The server's time when the stream was last heard: what is shown is from then.
        shown_from: Timestamp,
    },
    /// There is no place for another stream. It is tried again.
    Crowded {
        /// What there is no more of.
        of: Crowd,
        /// The server's time when the stream was last heard: what is shown is from then.
        shown_from: Timestamp,
    },
    /// Something in between holds the stream back: the server is asked every few seconds instead.
    Polling,
    /// Closed because nobody looks at the tab. It resumes when somebody does.
    Paused,
    /// The session ended. It is not tried again.
    SignedOut,
    /// The server refused the stream for good. It is not tried again until another page is opened.
    Failed(String),
}
