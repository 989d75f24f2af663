//! A listener whose answers can be withheld: some faults act below HTTP, where axum cannot reach.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    http::header,
    response::Response,
};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use tokio::{
    net::{TcpListener, TcpStream},
    task::{AbortHandle, JoinSet},
};
use tower::ServiceExt as _;

use crate::{
    engine::Engine,
    faults::{self, Asked, Instead},
    reset::{End, Resettable},
};

/// Longer requests than this, in bytes, are not read while there are faults.
const LONGEST_REQUEST: usize = 1024 * 1024;

/// The connection is to be closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the simulated fault closes this connection")]
struct Closed;

/// What stands between a listener and its router.
#[derive(Clone)]
pub(crate) enum Gatekeeper {
    /// Nothing: every request reaches the router.
    Open,
    /// The faults of a story's Fly.
    Faulty {
        engine: Arc<Engine>,
        /// Whether this is the address of the Machines API.
        machines: bool,
    },
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
    let end = End::default();
    let stream = Resettable { stream, end: end.clone() };
    let service = service_fn(move |request| answer(request, router.clone(), keeper.clone(), end.clone()));
    let served =
        auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
    if let Err(error) = served {
        tracing::debug!(error, "a connection ended early");
    }
}

async fn answer(
    request: hyper::Request<Incoming>,
    router: Router,
    keeper: Gatekeeper,
    end: End,
) -> Result<Response, Closed> {
    let request: Request = request.map(Body::new);
    match keeper {
        Gatekeeper::Faulty { engine, machines } if engine.faults.any() => {
            faulty(request, router, &engine, machines, &end).await
        }
        _ => Ok(within(request, router).await),
    }
}

/// Answers under the faults that stand.
async fn faulty(
    request: Request,
    router: Router,
    engine: &Engine,
    machines: bool,
    end: &End,
) -> Result<Response, Closed> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LONGEST_REQUEST).await.map_err(|_| Closed)?;
    let authorization = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (method, path) = (parts.method.as_str(), parts.uri.path());
    let asked = Asked::of(machines, method, path, authorization, &body);
    let verdicts = engine.faults.verdicts(&asked);
    tokio::time::sleep(faults::wait(&verdicts)).await;
    let answer = match faults::instead(&verdicts, &asked) {
        None => within(Request::from_parts(parts, Body::from(body)), router).await,
        Some((instead, outage)) => {
            count(engine, &asked, &instead, outage);
            in_place(instead, engine, end).await?
        }
    };
    Ok(faults::spoil(&verdicts, &asked, answer).await)
}

/// What does not reach the router is counted, too; what nobody answered with status 0.
fn count(engine: &Engine, asked: &Asked, instead: &Instead, outage: bool) {
    let status = match instead {
        Instead::Answer(answer) => answer.status().as_u16(),
        _ => 0,
    };
    if outage {
        engine.requests.count(asked.api.name(), "during an outage", "none", status);
    } else {
        engine.requests.count(asked.api.name(), &asked.operation(), asked.token_name(), status);
    }
}

async fn in_place(instead: Instead, engine: &Engine, end: &End) -> Result<Response, Closed> {
    match instead {
        Instead::Answer(answer) => Ok(answer),
        Instead::Close => Err(Closed),
        Instead::Reset => {
            end.reset();
            Err(Closed)
        }
        Instead::Hang(id) => {
            engine.faults.over(id).await;
            Err(Closed)
        }
    }
}

async fn within(request: Request, router: Router) -> Response {
    router.oneshot(request).await.unwrap_or_else(|never: Infallible| match never {})
}
