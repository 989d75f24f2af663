//! The accept loop. `axum::serve` has no header timeout, no connection limit and leaves Nagle's
//! algorithm on, so connections are served here with hyper directly.

use crate::write_deadline::WriteDeadline;
use axum::Router;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower::{Layer as _, ServiceExt as _};

/// What one client, and all of them together, may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// A client has this long to send its request's head.
    pub header_timeout: Duration,
    /// Connections beyond this wait in the listener's queue.
    pub connections: usize,
    /// A reader who takes nothing for this long is cut off, whatever it was being sent.
    pub write_timeout: Duration,
    /// How long open requests have to end when the server stops.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_timeout: Duration::from_secs(10),
            connections: 12_000,
            write_timeout: Duration::from_secs(30),
            drain: Duration::from_secs(4),
        }
    }
}

/// After a failed accept (no file left): give connections time to close.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Requests of one HTTP/2 connection at the same time. More than one address may have streams open
/// ([`crate::limits`]): one that would be too many is refused with a word, and does not wait in silence.
const HTTP2_STREAMS: u32 = 512;

/// Serves until `shutdown` is cancelled and open requests ended, or their time to do so has passed.
pub async fn serve(listener: TcpListener, router: Router, shutdown: CancellationToken, limits: Limits) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .max_buf_size(64 * 1024)
        // A frame of a stream is small: to copy it costs less than to hand its three pieces to the kernel.
        .writev(false)
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Duration::from_secs(20))
        .max_concurrent_streams(HTTP2_STREAMS)
        .max_header_list_size(64 * 1024);
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(limits.connections));
    loop {
        let arrival = async {
            let place = places.clone().acquire_owned().await;
            (accept(&listener).await, place)
        };
        let ((stream, peer), place) = tokio::select! {
            arrived = arrival => arrived,
            () = shutdown.cancelled() => break,
        };
        let begun = CancellationToken::new();
        note_dead_peers(&stream, limits.write_timeout);
        let stream = WriteDeadline::new(stream, limits.write_timeout);
        let connection = graceful.watch(connection(&builder, &router, stream, peer, begun.clone()));
        tokio::spawn(async move {
            let _place = place;
            let mut connection = pin!(connection);
            // hyper's own timeout begins with the first line; until then nothing else runs out.
            let first = tokio::time::timeout(limits.header_timeout, begun.cancelled());
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                first = first => match first {
                    Ok(()) => connection.await,
                    Err(_) => return,
                },
            };
            if let Err(error) = ended {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.drain, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end in time and were cut");
    }
}

/// One connection; `begun` is cancelled when its first request has arrived.
fn connection(
    builder: &Builder<TokioExecutor>,
    router: &Router,
    stream: WriteDeadline<TcpStream>,
    peer: SocketAddr,
    begun: CancellationToken,
) -> impl GracefulConnection<Error = Box<dyn std::error::Error + Send + Sync>> + use<> {
    let service = axum::Extension(ConnectInfo(peer)).layer(router.clone());
    let service = service.map_request(move |request: hyper::Request<Incoming>| {
        begun.cancel();
        request.map(axum::body::Body::new)
    });
    builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service)).into_owned()
}

/// A peer that has gone without a word acknowledges nothing: the kernel gives it up after `limit`
/// instead of a quarter of an hour (tcp(7), `TCP_USER_TIMEOUT`).
#[cfg(target_os = "linux")]
fn note_dead_peers(stream: &TcpStream, limit: Duration) {
    let millis = u32::try_from(limit.as_millis()).unwrap_or(u32::MAX);
    if let Err(error) = rustix::net::sockopt::set_tcp_user_timeout(stream, millis) {
        tracing::debug!(%error, "a connection keeps the kernel's time-out");
    }
}

#[cfg(not(target_os = "linux"))]
fn note_dead_peers(_: &TcpStream, _: Duration) {}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "a connection keeps Nagle's algorithm");
                }
                return (stream, peer);
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}
