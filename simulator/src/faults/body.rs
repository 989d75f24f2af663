//! Bodies that come piece by piece, stop in the middle or do not end.

use std::{
    collections::VecDeque,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::body::{Body, Bytes};
use hyper::body::Frame;
use tokio::time::{Sleep, sleep};

/// A step of a body.
enum Piece {
    Send(Bytes),
    /// Sends these bytes so many times.
    Repeat(Bytes, u64),
    Wait(Duration),
    /// What was sent so far is put on the wire.
    Flush,
    Break,
}

/// The connection is to be closed within a body.
#[derive(Debug, thiserror::Error)]
#[error("the simulated fault breaks off this body")]
struct BrokenOff;

/// A body that follows a script.
struct Scripted {
    pieces: VecDeque<Piece>,
    waiting: Option<Pin<Box<Sleep>>>,
}

fn scripted(pieces: impl IntoIterator<Item = Piece>) -> Body {
    Body::new(Scripted { pieces: pieces.into_iter().collect(), waiting: None })
}

/// The first bytes of a body; then the connection is closed. A body that is shorter comes whole.
pub(super) fn cut(whole: &Bytes, after: u64) -> Body {
    let after = usize::try_from(after).unwrap_or(usize::MAX);
    if after >= whole.len() {
        return Body::from(whole.clone());
    }
    scripted([Piece::Send(whole.slice(..after)), Piece::Flush, Piece::Break])
}

/// A body in pieces of so many bytes, with a pause between two.
pub(super) fn drip(whole: &Bytes, bytes: u64, pause: Duration) -> Body {
    let size = usize::try_from(bytes).unwrap_or(usize::MAX).max(1);
    let starts = (0..whole.len()).step_by(size);
    scripted(starts.flat_map(|start| {
        let end = start.saturating_add(size).min(whole.len());
        let wait = (start > 0).then_some(Piece::Wait(pause));
        wait.into_iter().chain([Piece::Send(whole.slice(start..end)), Piece::Flush])
    }))
}

/// JSON with one string of so many bytes and more.
pub(super) fn oversized(bytes: u64) -> Body {
    const CHUNK: usize = 64 * 1024;
    let chunks = bytes.div_ceil(CHUNK as u64);
    scripted([
        Piece::Send(Bytes::from_static(b"{\"padding\":\"")),
        Piece::Repeat(Bytes::from(vec![b'x'; CHUNK]), chunks),
        Piece::Send(Bytes::from_static(b"\"}")),
    ])
}

/// A head, so many times the same block, and a tail.
pub(super) fn repeated(head: Bytes, block: Bytes, times: u64, tail: Bytes) -> Body {
    scripted([Piece::Send(head), Piece::Repeat(block, times), Piece::Send(tail)])
}

impl hyper::body::Body for Scripted {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        loop {
            if let Some(sleep) = &mut self.waiting {
                std::task::ready!(sleep.as_mut().poll(context));
                self.waiting = None;
            }
            match self.pieces.pop_front() {
                None => return Poll::Ready(None),
                Some(Piece::Send(bytes)) => return Poll::Ready(Some(Ok(Frame::data(bytes)))),
                Some(Piece::Repeat(_, 0)) => {}
                Some(Piece::Repeat(bytes, times)) => {
                    self.pieces.push_front(Piece::Repeat(bytes.clone(), times - 1));
                    return Poll::Ready(Some(Ok(Frame::data(bytes))));
                }
                Some(Piece::Wait(time)) => self.waiting = Some(Box::pin(sleep(time))),
                // hyper puts on the wire what it has when nothing more is ready.
                Some(Piece::Flush) => {
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Some(Piece::Break) => return Poll::Ready(Some(Err(BrokenOff))),
            }
        }
    }
}
