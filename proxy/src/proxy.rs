//! A running proxy.

use std::{
    convert::Infallible,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use hyper::{http::uri::Authority, service::service_fn};
use hyper_util::{
    client::legacy::Client,
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use serde::Serialize;
use tokio::{
    net::{TcpListener, TcpStream},
    task::{AbortHandle, JoinSet},
};

use crate::{
    conditions::{Conditions, How, Wrong},
    control,
    forward::Upstream,
    line::{End, Line},
    switches::Switches,
};

/// How a proxy is to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Windsock: host and port.
    pub to: String,
    /// Where browsers connect; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Where the control listens; loopback only.
    pub control: SocketAddr,
    /// How it behaves at first.
    pub conditions: Conditions,
}

impl Options {
    /// On free loopback ports, as if the proxy were not there.
    pub fn to(to: impl Into<String>) -> Self {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self { to: to.into(), listen: any, control: any, conditions: Conditions::default() }
    }
}

/// Why a proxy cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Where to pass requests on to cannot be read.
    #[error("`{0}` is no address; allowed is HOST:PORT, such as 127.0.0.1:8080")]
    To(String),
    /// The control would be reachable from elsewhere.
    #[error("the control listens on loopback only, not on {0}")]
    ControlNotLocal(SocketAddr),
    /// An address cannot be listened on.
    #[error("cannot listen on {addr}: {source}")]
    Address {
        /// The address.
        addr: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// The conditions make no sense.
    #[error(transparent)]
    Conditions(#[from] Wrong),
}

/// What went through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Connections of browsers that are open now.
    pub connections: u64,
    /// Requests since the start.
    pub requests: u64,
}

/// A proxy that listens until it is dropped.
pub struct Proxy {
    switches: Arc<Switches>,
    addr: SocketAddr,
    control: SocketAddr,
    tasks: [AbortHandle; 2],
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.tasks.iter().for_each(AbortHandle::abort);
    }
}

impl Proxy {
    /// Starts to listen.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        if !options.control.ip().is_loopback() {
            return Err(StartError::ControlNotLocal(options.control));
        }
        let to: Authority = options.to.parse().map_err(|_| StartError::To(options.to.clone()))?;
        if to.port().is_none() {
            return Err(StartError::To(options.to));
        }
        options.conditions.check()?;
        let (listener, addr) = bind(options.listen).await?;
        let (control, control_addr) = bind(options.control).await?;
        let switches = Arc::new(Switches::default());
        switches.change(options.conditions);
        // Each request has a connection of its own, so that what happens to one touches no other.
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build_http();
        let upstream = Upstream { client, to, switches: Arc::clone(&switches) };
        let accepting = tokio::spawn(accept(listener, upstream)).abort_handle();
        let router = control::router(&switches);
        let controlled = tokio::spawn(async move {
            let _ = axum::serve(control, router).await;
        });
        let tasks = [accepting, controlled.abort_handle()];
        Ok(Self { switches, addr, control: control_addr, tasks })
    }

    /// Where browsers connect.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Where the control listens.
    pub fn control_url(&self) -> String {
        format!("http://{}", self.control)
    }

    /// How it behaves at present.
    pub fn conditions(&self) -> Conditions {
        self.switches.conditions()
    }

    /// Behaves so from now on. Bodies that are under way keep what they began with, but for silence.
    pub fn change(&self, conditions: Conditions) -> Result<(), Wrong> {
        conditions.check()?;
        self.switches.change(conditions);
        Ok(())
    }

    /// Behaves as if it were not there, for bodies that are under way as well; those that were cut already stay
    /// cut.
    pub fn heal(&self) {
        self.switches.heal();
    }

    /// Ends all connections that are open; new ones are accepted. Silence ends none.
    pub fn end_connections(&self, how: How) {
        self.switches.end_all(how);
    }

    /// What went through.
    pub fn counts(&self) -> Counts {
        counts(&self.switches)
    }
}

pub(crate) fn counts(switches: &Switches) -> Counts {
    Counts {
        connections: switches.connections.load(Ordering::Acquire),
        requests: switches.requests.load(Ordering::Acquire),
    }
}

async fn bind(addr: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let wrong = |source| StartError::Address { addr, source };
    let listener = TcpListener::bind(addr).await.map_err(wrong)?;
    let addr = listener.local_addr().map_err(wrong)?;
    Ok((listener, addr))
}

/// Connections belong to this task, so that they end with it.
async fn accept(listener: TcpListener, upstream: Upstream) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, from)) => {
                connections.spawn(connection(stream, from, upstream.clone()));
            }
            // No file left, or a connection that is gone already: others get time to end.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(stream: TcpStream, from: SocketAddr, upstream: Upstream) {
    let switches = Arc::clone(&upstream.switches);
    let _open = Open::new(&switches);
    // Without it small pieces wait for acknowledgements; failure costs only time.
    let _ = stream.set_nodelay(true);
    let end = End::default();
    let mut ends = switches.ends();
    let line = Line { stream, silence: Arc::clone(&switches.silence), end: end.clone() };
    let service = service_fn({
        let end = end.clone();
        move |request| {
            let (upstream, end) = (upstream.clone(), end.clone());
            async move { Ok::<_, Infallible>(upstream.answer(request, from.ip(), end).await) }
        }
    });
    let builder = auto::Builder::new(TokioExecutor::new());
    let builder = if switches.conditions().http1_only { builder.http1_only() } else { builder };
    tokio::select! {
        // How a connection ended is the browser's to tell.
        _ = builder.serve_connection(TokioIo::new(line), service) => {}
        () = ended(&mut ends, &end) => {}
    }
}

/// Resolves when all connections are to end.
async fn ended(ends: &mut tokio::sync::watch::Receiver<(u64, How)>, end: &End) {
    loop {
        if ends.changed().await.is_err() {
            return;
        }
        match ends.borrow_and_update().1 {
            How::Silent => {}
            How::Close => return,
            How::Reset => return end.reset(),
        }
    }
}

/// Counts a connection as long as it is there.
struct Open<'a>(&'a Switches);

impl<'a> Open<'a> {
    fn new(switches: &'a Switches) -> Self {
        switches.connections.fetch_add(1, Ordering::AcqRel);
        Self(switches)
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.connections.fetch_sub(1, Ordering::AcqRel);
    }
}
