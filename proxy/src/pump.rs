//! The body of an answer on its way through.

use std::{
    collections::VecDeque,
    io::Write as _,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::body::{Body, Bytes};
use flate2::{Compression, write::GzEncoder};
use http_body_util::BodyExt as _;
use hyper::body::{Frame, Incoming};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, sleep, timeout, timeout_at},
};

use crate::{
    conditions::{Conditions, Cut, How},
    line::End,
};

/// The body is to end in the middle.
#[derive(Debug, thiserror::Error)]
#[error("the proxy cuts this body")]
pub(crate) struct CutOff;

/// A body as the browser gets it. `gzip` compresses it.
pub(crate) fn body(
    upstream: Incoming,
    conditions: &Conditions,
    gzip: bool,
    end: End,
    heals: watch::Receiver<()>,
) -> Body {
    let (sender, receiver) = mpsc::channel(1);
    let pump = Pump {
        sender,
        held: Vec::new(),
        sent: 0,
        cut: conditions.cut,
        idle: conditions.idle_ms.map(Duration::from_millis),
        bytes_per_second: conditions.bytes_per_second,
        buffer: conditions.buffer_bytes,
        gzip: gzip.then(|| GzEncoder::new(Vec::new(), Compression::default())),
        begun: Instant::now(),
        end,
        heals,
    };
    tokio::spawn(pump.run(upstream));
    Body::new(Piped { receiver, flush: VecDeque::new() })
}

struct Pump {
    sender: mpsc::Sender<Result<Bytes, CutOff>>,
    /// Held back until there is more.
    held: Vec<u8>,
    sent: u64,
    cut: Option<Cut>,
    idle: Option<Duration>,
    bytes_per_second: Option<u64>,
    buffer: Option<u64>,
    gzip: Option<GzEncoder<Vec<u8>>>,
    begun: Instant,
    end: End,
    heals: watch::Receiver<()>,
}

/// Nothing more is to be sent.
struct Over;

impl Pump {
    async fn run(mut self, mut upstream: Incoming) {
        let deadline = self.cut.and_then(|cut| cut.after_ms).map(|ms| self.begun + Duration::from_millis(ms));
        let sender = self.sender.clone();
        let (mut heals, mut healed) = (self.heals.clone(), self.heals.clone());
        let forward = async {
            let idle = self.idle.unwrap_or(Duration::MAX);
            loop {
                let frame = tokio::select! {
                    biased;
                    Ok(()) = heals.changed() => {
                        self.heed_healing();
                        self.send_held().await?;
                        continue;
                    }
                    frame = timeout(idle, upstream.frame()) => frame.map_err(|_| Over)?,
                };
                let Some(frame) = frame else { break };
                let Ok(frame) = frame else {
                    let _ = self.sender.send(Err(CutOff)).await;
                    return Ok(());
                };
                if let Ok(bytes) = frame.into_data() {
                    self.take(&bytes).await?;
                }
            }
            self.finish().await
        };
        let late = async {
            let Some(deadline) = deadline else { return std::future::pending().await };
            if timeout_at(deadline, healed.changed()).await.is_ok() {
                std::future::pending::<()>().await;
            }
        };
        let cut = tokio::select! {
            // The browser left: the upstream is to see that, too.
            () = sender.closed() => false,
            result = forward => result.is_err(),
            () = late => true,
        };
        // Windsock sees that its reader is gone in every way of cutting but silence.
        if cut {
            self.break_off(upstream).await;
        }
    }

    /// Where all is to be well, this body comes as it is from now on.
    fn heed_healing(&mut self) {
        if self.heals.has_changed().unwrap_or(false) {
            self.heals.mark_unchanged();
            (self.cut, self.bytes_per_second, self.buffer) = (None, None, None);
        }
    }

    async fn take(&mut self, bytes: &[u8]) -> Result<(), Over> {
        match &mut self.gzip {
            Some(encoder) => {
                // Writing into memory does not fail.
                let _ = encoder.write_all(bytes);
                self.held.append(encoder.get_mut());
            }
            None => self.held.extend_from_slice(bytes),
        }
        let least = self.buffer.unwrap_or(1);
        if (self.held.len() as u64) < least {
            return Ok(());
        }
        self.send_held().await
    }

    async fn finish(&mut self) -> Result<(), Over> {
        if let Some(encoder) = self.gzip.take() {
            self.held.extend(encoder.finish().unwrap_or_default());
        }
        self.send_held().await
    }

    async fn send_held(&mut self) -> Result<(), Over> {
        let held = std::mem::take(&mut self.held);
        // Ten pieces a second: small enough to look like a narrow line.
        let piece = self
            .bytes_per_second
            .map_or(usize::MAX, |rate| usize::try_from(rate / 10).unwrap_or(usize::MAX).max(1));
        for bytes in held.chunks(piece.min(held.len().max(1))) {
            let left = self.cut.and_then(|cut| cut.after_bytes).map_or(u64::MAX, |most| most - self.sent);
            let (now, is_cut) = match usize::try_from(left) {
                Ok(left) if left < bytes.len() => (&bytes[..left], true),
                _ => (bytes, false),
            };
            self.heed_healing();
            if let Some(rate) = self.bytes_per_second {
                sleep(Duration::from_nanos(1_000_000_000 * now.len() as u64 / rate)).await;
            }
            self.sent += now.len() as u64;
            self.sender.send(Ok(Bytes::copy_from_slice(now))).await.map_err(|_| Over)?;
            if is_cut {
                return Err(Over);
            }
        }
        Ok(())
    }

    async fn break_off(self, upstream: Incoming) {
        match self.cut.map(|cut| cut.how) {
            Some(How::Silent) => {
                self.sender.closed().await;
                drop(upstream);
            }
            Some(How::Reset) => {
                self.end.reset();
                let _ = self.sender.send(Err(CutOff)).await;
            }
            Some(How::Close) | None => {
                let _ = self.sender.send(Err(CutOff)).await;
            }
        }
    }
}

/// The receiving end, as hyper wants it.
struct Piped {
    receiver: mpsc::Receiver<Result<Bytes, CutOff>>,
    /// A failure that waits until what came before it is on the wire.
    flush: VecDeque<CutOff>,
}

impl hyper::body::Body for Piped {
    type Data = Bytes;
    type Error = CutOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, CutOff>>> {
        if let Some(failure) = self.flush.pop_front() {
            return Poll::Ready(Some(Err(failure)));
        }
        match ready!(self.receiver.poll_recv(context)) {
            None => Poll::Ready(None),
            Some(Ok(bytes)) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            Some(Err(failure)) => {
                // hyper puts on the wire what it has when nothing more is ready.
                self.flush.push_back(failure);
                context.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }
}
