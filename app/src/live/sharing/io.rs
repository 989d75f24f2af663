//! What the state machine of the sharing is told of the lock, and what it wants done.

use super::super::connection::Effect;
use super::super::event_stream::Frame;
use super::said::Said;
use model::live::{Cursor, Topic};

/// What the browser says of the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// This tab has it, since that time (milliseconds since 1970).
    Granted(u64),
    /// Another tab took it away; or it cannot be had at all, because there are no locks in this
    /// browser, or no channels between tabs.
    Refused,
}

/// What is to be done for the sharing, besides what the connection wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Do what the connection wants.
    Connection(Effect),
    /// Open the channel, if it is not open, and queue for the lock.
    Queue,
    /// Take the lock away from who has it.
    Steal,
    /// Give the lock or the place in the queue back, and close the channel.
    Leave,
    /// Say it to the other tabs.
    Say(Said),
    /// Tell the other tabs how the stream is, then and not now: see [`super::Sharing::tell`].
    Tell,
    /// Take in what the leader's stream brought.
    TakeIn(Vec<Frame>),
}

/// What to ask the server for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The topics.
    pub topics: Vec<Topic>,
    /// The place to go on from.
    pub since: Option<Cursor>,
    /// Whether to poll, in place of a stream.
    pub poll: bool,
}
