//! A listener whose answers can be withheld: outages act below HTTP, where axum cannot reach.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::Request,
    response::{IntoResponse, Response},
};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::{AbortHandle, JoinSet},
};
use tower::ServiceExt as _;

use crate::outage::Outage;

/// The connection is to be closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the simulated outage closes this connection")]
struct Closed;

/// Told of each request that an outage kept from the router, with the status it got; 0 for none.
pub(crate) type Tally = Arc<dyn Fn(u16) + Send + Sync>;

/// What stands between a listener and its router.
#[derive(Clone)]
pub(crate) struct Gatekeeper {
    pub(crate) outage: watch::Receiver<Outage>,
    pub(crate) tally: Tally,
}

/// A port that is being listened on, until this is dropped.
#[derive(Debug)]
pub(crate) struct Listening {
    pub(crate) addr: SocketAddr,
    task: AbortHandle,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(crate) async fn listen(
    addr: SocketAddr,
    router: Router,
    keeper: Gatekeeper,
) -> std::io::Result<Listening> {
    let listener = TcpListener::bind(addr).await?;
    let addr = listener.local_addr()?;
    let task = tokio::spawn(accept(listener, router, keeper)).abort_handle();
    Ok(Listening { addr, task })
}

/// Connections belong to this task, so that they end with it.
async fn accept(listener: TcpListener, router: Router, keeper: Gatekeeper) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(connection(stream, router.clone(), keeper.clone()));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(stream: TcpStream, router: Router, keeper: Gatekeeper) {
    // Without it small answers wait for acknowledgements; failure costs only time.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| answer(request, router.clone(), keeper.clone()));
    let served =
        auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
    if let Err(error) = served {
        tracing::debug!(error, "a connection ended early");
    }
}

async fn answer(
    request: hyper::Request<Incoming>,
    router: Router,
    mut keeper: Gatekeeper,
) -> Result<Response, Closed> {
    let state = *keeper.outage.borrow_and_update();
    match state {
        Outage::Off => Ok(within(request, router).await),
        Outage::Down => {
            (keeper.tally)(0);
            Err(Closed)
        }
        Outage::Hang => {
            (keeper.tally)(0);
            let over = keeper.outage.wait_for(|now| *now != Outage::Hang).await;
            drop(over);
            Err(Closed)
        }
        Outage::Unavailable => {
            (keeper.tally)(503);
            Ok(unavailable())
        }
    }
}

async fn within(request: hyper::Request<Incoming>, router: Router) -> Response {
    let request: Request = request.map(Body::new);
    router.oneshot(request).await.unwrap_or_else(|never: Infallible| match never {})
}

fn unavailable() -> Response {
    let mut answer = (
        axum::http::StatusCode::SERVICE_UNAVAILABLE,
        axum::Json(serde_json::json!({"error": "service unavailable"})),
    )
        .into_response();
    crate::answer::mark(&mut answer);
    answer
}
