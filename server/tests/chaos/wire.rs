//! A real proxy before a real server, and a browser's requests over real connections.

use crate::line::Reply;
use crate::tap::Tap;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use http_body_util::BodyExt as _;
use hyper_util::rt::TokioIo;
use proxy::{Options, Proxy};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio::sync::mpsc;

pub struct Wire {
    pub proxy: Proxy,
    addr: SocketAddr,
    tap: Arc<Tap>,
}

impl Wire {
    /// A proxy before the server that listens there.
    pub async fn to(server: SocketAddr, tap: Arc<Tap>) -> Self {
        let proxy = Proxy::start(Options::to(server.to_string())).await.unwrap();
        let addr = proxy.url().trim_start_matches("http://").parse().unwrap();
        Self { proxy, addr, tap }
    }

    /// One request on a connection of its own.
    pub async fn ask(&self, who: usize, request: Request<Body>) -> Option<Reply> {
        let stream = TcpStream::connect(self.addr).await.ok()?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
        let (give, body) = mpsc::unbounded_channel();
        let (head, heads) = tokio::sync::oneshot::channel();
        let answering = self.tap.answer(who);
        // Ends with its reader, and the connection with it.
        tokio::spawn(async move {
            let gone = give.clone();
            // What it owns ends with it: the connection, which waits for another request otherwise.
            let asking = async move {
                let Ok(answer) = sender.send_request(request).await else { return };
                let (parts, mut body) = answer.into_parts();
                let _ = head.send(parts);
                while let Some(Ok(frame)) = body.frame().await {
                    let Ok(bytes) = frame.into_data() else { continue };
                    answering.wrote(&bytes);
                    if give.send(bytes).is_err() {
                        return;
                    }
                }
            };
            tokio::select! {
                () = gone.closed() => {}
                () = async { tokio::join!(asking, connection).0 } => {}
            }
        });
        let parts = heads.await.ok()?;
        let text = |name: &str, headers: &HeaderMap| {
            headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        Some(Reply {
            status: parts.status.as_u16(),
            content_type: text("content-type", &parts.headers).unwrap_or_default(),
            retry_after: text("retry-after", &parts.headers).and_then(|value| value.parse().ok()),
            body,
        })
    }
}
