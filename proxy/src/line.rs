//! The connection to the browser: it can fall silent, and end by a reset.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Waker},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// Whether connections are silent.
#[derive(Default)]
pub(crate) struct Silence {
    on: AtomicBool,
    waiting: Mutex<Vec<Waker>>,
}

impl Silence {
    pub(crate) fn set(&self, on: bool) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        self.on.store(on, Ordering::Release);
        if !on {
            waiting.drain(..).for_each(Waker::wake);
        }
    }

    /// Whether it is silent; who asks is woken when that ends.
    fn holds(&self, context: &Context<'_>) -> bool {
        if !self.on.load(Ordering::Acquire) {
            return false;
        }
        // Looked at again under the lock: it may have ended in between, and nobody would wake us.
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let on = self.on.load(Ordering::Acquire);
        if on && !waiting.iter().any(|waker| waker.will_wake(context.waker())) {
            waiting.push(context.waker().clone());
        }
        on
    }
}

/// How one connection is to end.
#[derive(Clone, Default)]
pub(crate) struct End(Arc<AtomicBool>);

impl End {
    /// By a reset, when it ends.
    pub(crate) fn reset(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn is_reset(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// A connection of a browser.
pub(crate) struct Line {
    pub(crate) stream: TcpStream,
    pub(crate) silence: Arc<Silence>,
    pub(crate) end: End,
}

impl Drop for Line {
    fn drop(&mut self) {
        if self.end.is_reset() {
            // A close with nothing to wait for is a reset. Failure leaves an orderly close.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.silence.holds(context) {
            return Poll::Pending;
        }
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.silence.holds(context) {
            return Poll::Pending;
        }
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.silence.holds(context) {
            return Poll::Pending;
        }
        if self.end.is_reset() {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
