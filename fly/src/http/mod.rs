//! Sending: time limits, a size limit, retries, and what an HTTP answer means.

mod body;
mod classify;
mod retry;
mod retry_after;

pub(crate) use classify::short;
pub use retry::RetryPolicy;

use crate::endpoints::{Bases, ConfigError};
use crate::error::FlyError;
use crate::token::FlyToken;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Request, Url};
use std::time::Duration;
use tracing::debug;

/// How long and how much an answer may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Until a connection stands.
    pub connect: Duration,
    /// Until the answer is there in whole, with all retries.
    pub total: Duration,
    /// Bytes of the answer after decompression.
    pub body: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(3), total: Duration::from_secs(10), body: 8 * 1024 * 1024 }
    }
}

/// A successful answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) body: Vec<u8>,
    pub(crate) request_id: Option<String>,
}

/// Sends requests to Fly, and to nobody else.
#[derive(Clone, Debug)]
pub(crate) struct Transport {
    client: Client,
    limits: Limits,
    retries: RetryPolicy,
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
        Ok(Self { client, limits, retries })
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
        self.read(request, token).await
    }

    /// GETs from the Machines API.
    pub(crate) async fn get(&self, url: Url, token: &FlyToken) -> Result<Answer, FlyError> {
        let mut request = Request::new(reqwest::Method::GET, url);
        request.headers_mut().insert(AUTHORIZATION, token.machines_header());
        self.read(request, token).await
    }

    async fn read(&self, mut request: Request, token: &FlyToken) -> Result<Answer, FlyError> {
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        let all = self.read_with_retries(request, token);
        tokio::time::timeout(self.limits.total, all).await.unwrap_or(Err(FlyError::Timeout))
    }

    async fn read_with_retries(&self, request: Request, token: &FlyToken) -> Result<Answer, FlyError> {
        let mut tried = 0;
        loop {
            let Some(copy) = request.try_clone() else {
                return Err(FlyError::Connect { detail: "the request cannot be repeated".into() });
            };
            match self.read_once(copy, token).await {
                Err(error) if error.is_transient() && tried < self.retries.attempts => {
                    debug!(%error, tried, "trying again");
                    tokio::time::sleep(self.retries.pause(tried)).await;
                    tried += 1;
                }
                done => return done,
            }
        }
    }

    async fn read_once(&self, request: Request, token: &FlyToken) -> Result<Answer, FlyError> {
        let path = request.url().path().to_owned();
        let response = self.client.execute(request).await.map_err(classify::no_answer)?;
        let head = classify::Head::of(&response);
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
