//! The way from a viewer to the server, within this process: it delays, narrows, buffers, cuts, falls
//! silent and answers for itself, as `windsock-proxy` does on real connections and by the same
//! conditions, but on the clock of the lap.

use crate::tap::{Answering, Tap};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request};
use futures::FutureExt as _;
use http_body_util::BodyExt as _;
use proxy::{Conditions, How};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tower::ServiceExt as _;

/// What a compressor holds back until there is more.
const COMPRESSOR: u64 = 32 * 1024;

/// The head of an answer, and its body as it comes.
pub struct Reply {
    pub status: u16,
    pub content_type: String,
    pub retry_after: Option<u64>,
    /// Ends where the body ends, in order or not.
    pub body: mpsc::UnboundedReceiver<Bytes>,
}

/// What stands for now.
#[derive(Clone, Default)]
struct Standing {
    conditions: Conditions,
    since: Option<Instant>,
    /// How often connections were ended.
    ended: u64,
    /// How often all became well.
    healed: u64,
}

/// The network of some viewers.
pub struct Line {
    routers: watch::Receiver<Router>,
    standing: watch::Sender<Standing>,
    statuses: AtomicU64,
    tap: Arc<Tap>,
}

impl Line {
    pub fn new(routers: watch::Receiver<Router>, tap: Arc<Tap>) -> Self {
        Self { routers, standing: watch::Sender::default(), statuses: AtomicU64::new(0), tap }
    }

    /// Behaves so from now on. Bodies that are under way keep what they began with, but for silence.
    pub fn change(&self, conditions: Conditions) {
        self.statuses.store(0, Ordering::Relaxed);
        self.standing.send_modify(|standing| {
            standing.conditions = conditions;
            standing.since = Some(Instant::now());
        });
    }

    /// As if nothing were on the way, for bodies that are under way as well; those that were cut already stay cut.
    pub fn heal(&self) {
        self.change(Conditions::default());
        self.standing.send_modify(|standing| standing.healed += 1);
    }

    /// Ends all connections that are open.
    pub fn end_connections(&self) {
        self.standing.send_modify(|standing| standing.ended += 1);
    }

    /// Sends a request and returns the head of the answer; none where the connection broke before.
    pub async fn ask(&self, who: usize, mut request: Request<Body>) -> Option<Reply> {
        self.heard().await;
        let Standing { conditions, since, ended, healed } = self.standing.borrow().clone();
        tokio::time::sleep(Duration::from_millis(conditions.latency_ms)).await;
        if let Some(reply) = self.own_answer(&conditions, since) {
            return Some(reply);
        }
        for name in &conditions.strip_request_headers {
            request.headers_mut().remove(name.as_str());
        }
        let router = self.routers.borrow().clone();
        let mut standing = self.standing.subscribe();
        let answer = tokio::select! {
            biased;
            answer = router.oneshot(request) => answer.unwrap(),
            _ = standing.wait_for(|standing| standing.ended != ended) => return None,
        };
        self.heard().await;
        let (mut head, body) = answer.into_parts();
        for name in &conditions.strip_response_headers {
            head.headers.remove(name.as_str());
        }
        let (sender, receiver) = mpsc::unbounded_channel();
        let pump = Pump { standing, ended, healed, conditions, sender, sent: 0, held: Vec::new() };
        tokio::spawn(pump.run(body, self.tap.answer(who)));
        let text = |name: &str, headers: &HeaderMap| {
            headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        Some(Reply {
            status: head.status.as_u16(),
            content_type: text("content-type", &head.headers).unwrap_or_default(),
            retry_after: text("retry-after", &head.headers).and_then(|value| value.parse().ok()),
            body: receiver,
        })
    }

    /// Returns when the line is not silent.
    async fn heard(&self) {
        let mut standing = self.standing.subscribe();
        let _ = standing.wait_for(|standing| !standing.conditions.silent).await;
    }

    /// What the line answers in the server's place.
    fn own_answer(&self, conditions: &Conditions, since: Option<Instant>) -> Option<Reply> {
        let window = conditions.status?;
        let over =
            window.for_ms.zip(since).is_some_and(|(ms, since)| since.elapsed() >= Duration::from_millis(ms));
        let count = self.statuses.fetch_add(1, Ordering::Relaxed);
        if over || window.next.is_some_and(|next| count >= next) {
            return None;
        }
        let (sender, body) = mpsc::unbounded_channel();
        let _ = sender.send(Bytes::from_static(b"<!doctype html><title>Bad Gateway</title>"));
        let retry_after = window.retry_after.map(u64::from);
        Some(Reply { status: window.status, content_type: "text/html".into(), retry_after, body })
    }
}

/// Nothing more is to be sent.
struct Over;

/// A body on its way.
struct Pump {
    standing: watch::Receiver<Standing>,
    ended: u64,
    healed: u64,
    conditions: Conditions,
    sender: mpsc::UnboundedSender<Bytes>,
    sent: u64,
    held: Vec<u8>,
}

impl Pump {
    async fn run(mut self, body: Body, answering: Answering) {
        let (sender, mut ended, number) = (self.sender.clone(), self.standing.clone(), self.ended);
        let cut = self.conditions.cut;
        let (arrived, arriving) = mpsc::unbounded_channel();
        let (mut healing, healed) = (self.standing.clone(), self.healed);
        let late = async {
            let Some(ms) = cut.and_then(|cut| cut.after_ms) else { return std::future::pending().await };
            let healed = async { healing.wait_for(|standing| standing.healed != healed).await.map(drop) };
            if tokio::time::timeout(Duration::from_millis(ms), healed).await.is_ok() {
                std::future::pending::<()>().await;
            }
        };
        let mut reading = Box::pin(read(body, arrived, answering).fuse());
        let is_cut = tokio::select! {
            biased;
            // The viewer left: the server is to see that, too.
            () = sender.closed() => return,
            _ = ended.wait_for(|standing| standing.ended != number) => return,
            () = late => true,
            result = self.forward(arriving) => result.is_err(),
            () = async { (&mut reading).await; std::future::pending().await } => true,
        };
        if is_cut && cut.is_some_and(|cut| cut.how == How::Silent) {
            // Both ends believe that the connection is there.
            tokio::select! {
                biased;
                () = sender.closed() => {}
                _ = ended.wait_for(|standing| standing.ended != number) => {}
                () = async { reading.await; std::future::pending().await } => {}
            }
        }
    }

    async fn forward(&mut self, mut arriving: mpsc::UnboundedReceiver<Bytes>) -> Result<(), Over> {
        let mut standing = self.standing.clone();
        loop {
            // None where all became well; the inner one is the end of the body.
            let bytes = tokio::select! {
                biased;
                healed = standing.wait_for(|standing| standing.healed != self.healed) => {
                    drop(healed);
                    None
                }
                bytes = arriving.recv() => Some(bytes),
            };
            let Some(bytes) = bytes else {
                self.heed_healing();
                self.send_held().await?;
                continue;
            };
            let Some(bytes) = bytes else { break };
            self.held.extend_from_slice(&bytes);
            // What is written in one breath arrives in one piece, where the line lets it.
            while let Ok(bytes) = arriving.try_recv() {
                self.held.extend_from_slice(&bytes);
            }
            if self.held.len() as u64 >= self.least() {
                self.send_held().await?;
            }
        }
        self.send_held().await
    }

    /// How much is held back before any of it comes.
    fn least(&self) -> u64 {
        let buffer = self.conditions.buffer_bytes.unwrap_or(1);
        if self.conditions.recompress { COMPRESSOR } else { buffer }
    }

    /// Where all is to be well, this body comes as it is from now on.
    fn heed_healing(&mut self) {
        let healed = self.standing.borrow().healed;
        if healed != std::mem::replace(&mut self.healed, healed) {
            self.conditions = Conditions::default();
        }
    }

    async fn send_held(&mut self) -> Result<(), Over> {
        let held = std::mem::take(&mut self.held);
        let rate = self.conditions.bytes_per_second;
        let piece = rate.map_or(usize::MAX, |rate| usize::try_from(rate / 10).unwrap_or(usize::MAX).max(1));
        for bytes in held.chunks(piece.min(held.len().max(1))) {
            let most = self.conditions.cut.and_then(|cut| cut.after_bytes);
            let left =
                most.map_or(usize::MAX, |most| usize::try_from(most.saturating_sub(self.sent)).unwrap());
            let now = &bytes[..left.min(bytes.len())];
            self.heed_healing();
            if let Some(rate) = self.conditions.bytes_per_second {
                tokio::time::sleep(Duration::from_nanos(1_000_000_000 * now.len() as u64 / rate)).await;
            }
            self.standing.wait_for(|standing| !standing.conditions.silent).await.map_err(|_| Over)?;
            self.sent += now.len() as u64;
            self.sender.send(Bytes::copy_from_slice(now)).map_err(|_| Over)?;
            if left < bytes.len() {
                return Err(Over);
            }
        }
        Ok(())
    }
}

/// The buffers of the network are large: what the server writes is taken at once.
async fn read(mut body: Body, arrived: mpsc::UnboundedSender<Bytes>, answering: Answering) {
    while let Some(Ok(frame)) = body.frame().await {
        let Ok(bytes) = frame.into_data() else { continue };
        answering.wrote(&bytes);
        // Where the line is cut in silence, what the server writes goes nowhere.
        let _ = arrived.send(bytes);
    }
}
