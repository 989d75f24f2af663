//! What the state machine of the connection is told, and what it wants done.

use super::super::link::Link;
use model::Timestamp;
use model::live::Topic;

/// Names one attempt to have a stream. What an older one still says is ignored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StreamId(pub(in crate::live) u32);

/// When something happens, and a random number for it.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Milliseconds of a clock that never goes back.
    pub steady: u64,
    /// The server's time, as far as it is known.
    pub server: Timestamp,
    /// In `0.0..1.0`.
    pub random: f64,
}

/// How the server answered the request for a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// 200 with what was asked for: an event stream, or the answer to a poll.
    Stream,
    /// A success that is something else: something in between answered.
    NotAStream,
    /// A redirection: something in between wants to be asked first.
    Redirect,
    /// Any other status.
    Status {
        /// The status.
        code: u16,
        /// `Retry-After`, in milliseconds.
        retry_after: Option<u64>,
    },
}

/// What happened to a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamInput {
    /// The server answered.
    Answered(Answer),
    /// Bytes arrived.
    Heard,
    /// `hello` of our protocol arrived.
    Greeted,
    /// `hello` of another protocol arrived.
    ForeignProtocol,
    /// The stream said how long to wait before a new connection, in milliseconds.
    Retry(u64),
    /// The answer to a poll was read to its end.
    Polled,
    /// `bye` arrived.
    Bye,
    /// `signed-out` arrived.
    SignedOut,
    /// An event is longer than any that can be read: the next stream would bring it again.
    TooLong,
    /// The stream ended, could not be made, or could not be read.
    Ended,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The page follows these topics. `newcomer`: somebody follows who came after the stream was
    /// begun.
    Follow {
        /// All of them, in a stable order.
        topics: Vec<Topic>,
        /// Whether somebody needs a new stream.
        newcomer: bool,
    },
    /// Something happened to a stream.
    Stream(StreamId, StreamInput),
    /// Time passed.
    Tick,
    /// Nobody looks at the tab.
    Hidden,
    /// Somebody looks at the tab.
    Visible,
    /// The browser says that it has no network.
    Offline,
    /// The browser says that it has a network.
    Online,
    /// The page is left; it may be kept for the back button.
    PageHide,
    /// The page came back.
    PageShow,
    /// This tab makes requests of its own from now on.
    Lead,
    /// Another tab makes the requests from now on.
    Yield,
    /// The tab that makes the requests tells the state of its stream; none where the stream does
    /// not carry this tab yet.
    Led(Option<Link>),
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Make this stream, in place of any other; or ask the tab that makes the requests to carry
    /// this one.
    Connect(StreamId),
    /// End the stream, if there is one.
    Close,
    /// Show this.
    Show(Link),
}
