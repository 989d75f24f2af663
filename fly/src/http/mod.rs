//! Sending: time limits, a size limit, retries, and what an HTTP answer means.

mod body;
mod classify;
mod clock;
mod random;
mod retry;
mod retry_after;
mod turns;

pub(crate) use classify::short;
pub use clock::Clock;
pub(crate) use random::Random;
pub use retry::RetryPolicy;
pub(crate) use turns::Action;

use crate::endpoints::{Bases, ConfigError};
use crate::error::FlyError;
use crate::token::FlyToken;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Request, Url};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tracing::debug;
use turns::{Bucket, Turns};

/// How long and how much an answer may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Until a connection stands.
    pub connect: Duration,
    /// Until the answer is there in whole, with all retries.
    pub total: Duration,
    /// Bytes of the answer after decompression.
    pub body: usize,
    /// The longest wait for a turn within Fly's published limits (see [`FlyError::AskedTooOften`]).
    /// None keeps no account of them, which is for a Fly that has none: a simulated one.
    pub turn: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            total: Duration::from_secs(10),
            body: 8 * 1024 * 1024,
            turn: Some(Duration::from_secs(2)),
        }
    }
}

/// A successful answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) body: Vec<u8>,
    pub(crate) request_id: Option<String>,
}

/// A GET of one of the REST APIs.
pub(crate) struct Get {
    pub(crate) url: Url,
    pub(crate) authorization: HeaderValue,
    /// What it counts as, with the machine or app it is about; none where Fly publishes no limit.
    pub(crate) counts_as: Option<(Action, String)>,
}

/// Sends requests to Fly, and to nobody else.
#[derive(Clone, Debug)]
pub(crate) struct Transport {
    client: Client,
    limits: Limits,
    retries: RetryPolicy,
    turns: Arc<Turns>,
    clock: Arc<dyn Clock>,
    random: Random,
}

impl Transport {
    pub(crate) fn new(bases: &Bases, limits: Limits, retries: RetryPolicy) -> Result<Self, ConfigError> {
        // An error means that a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = Client::builder()
            .user_agent(concat!("windsock/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(limits.connect)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never());
        // Without TLS nothing needs certificates, and a system without any can still run a demo.
        let builder = if bases.uses_tls { builder } else { builder.no_proxy().tls_certs_only([]) };
        let client = builder.build().map_err(|error| ConfigError::Tls(classify::network_detail(error)))?;
        let clock = Arc::new(clock::SystemClock::default());
        Ok(Self { client, limits, retries, turns: Arc::default(), clock, random: Random::default() })
    }

    /// The same with another clock, and with all turns free.
    pub(crate) fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, turns: Arc::default(), ..self }
    }

    /// The same with other numbers in 0..1 in place of the machine's own randomness.
    pub(crate) fn with_random(self, random: Random) -> Self {
        Self { random, ..self }
    }

    /// The time of day by the client's clock.
    pub(crate) fn utc(&self) -> SystemTime {
        self.clock.utc()
    }

    /// POSTs a GraphQL query. Queries only read, so they are tried again like any other read.
    pub(crate) async fn post_query(
        &self,
        url: &Url,
        token: &FlyToken,
        body: Vec<u8>,
    ) -> Result<Answer, FlyError> {
        let mut request = Request::new(reqwest::Method::POST, url.clone());
        request.headers_mut().insert(AUTHORIZATION, token.graphql_header());
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        *request.body_mut() = Some(body.into());
        self.read(request, token, None).await
    }

    /// GETs.
    pub(crate) async fn get(&self, get: Get, token: &FlyToken) -> Result<Answer, FlyError> {
        let mut request = Request::new(reqwest::Method::GET, get.url);
        request.headers_mut().insert(AUTHORIZATION, get.authorization);
        let bucket = get.counts_as.map(|(action, id)| Bucket { token: token.fingerprint(), action, id });
        self.read(request, token, bucket).await
    }

    async fn read(
        &self,
        mut request: Request,
        token: &FlyToken,
        bucket: Option<Bucket>,
    ) -> Result<Answer, FlyError> {
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        let all = self.read_with_retries(request, token, bucket);
        tokio::time::timeout(self.limits.total, all).await.unwrap_or(Err(FlyError::Timeout))
    }

    async fn read_with_retries(
        &self,
        request: Request,
        token: &FlyToken,
        bucket: Option<Bucket>,
    ) -> Result<Answer, FlyError> {
        self.turn(bucket.as_ref()).await?;
        let mut tried = 0;
        loop {
            let Some(copy) = request.try_clone() else {
                return Err(FlyError::Connect { detail: "the request cannot be repeated".into() });
            };
            match self.read_once(copy, token).await {
                Err(error) if error.is_transient() && self.retries.allows(tried) => {
                    debug!(%error, tried, "trying again");
                    self.clock.sleep(self.retries.pause(tried, self.random.next())).await;
                    if self.turn(bucket.as_ref()).await.is_err() {
                        return Err(error);
                    }
                    tried += 1;
                }
                done => return done,
            }
        }
    }

    /// Waits for a turn; every try takes one of its own, as Fly counts them.
    async fn turn(&self, bucket: Option<&Bucket>) -> Result<(), FlyError> {
        let (Some(bucket), Some(longest)) = (bucket, self.limits.turn) else { return Ok(()) };
        let wait = self
            .turns
            .take(bucket.clone(), self.clock.elapsed(), longest)
            .map_err(|retry_after| FlyError::AskedTooOften { retry_after })?;
        if !wait.is_zero() {
            debug!(?wait, action = ?bucket.action, "waiting for a turn");
            self.clock.sleep(wait).await;
        }
        Ok(())
    }

    async fn read_once(&self, request: Request, token: &FlyToken) -> Result<Answer, FlyError> {
        let path = request.url().path().to_owned();
        let response = self.client.execute(request).await.map_err(classify::no_answer)?;
        let head = classify::Head::of(&response, self.clock.utc());
        debug!(path, status = head.status.as_u16(), request_id = head.request_id, "Fly answered");
        let limit = if head.status.is_success() { self.limits.body } else { body::LONGEST_ERROR };
        let read = body::read(response, limit).await;
        if !head.status.is_success() {
            let known = read.unwrap_or_else(|failed| failed.so_far);
            return Err(head.failure(&known, token));
        }
        match read {
            Ok(body) => Ok(Answer { body, request_id: head.request_id }),
            Err(failed) => Err(failed.into_error(limit, head.request_id)),
        }
    }
}
