//! Certificates for host names of an app.

use std::sync::Arc;

use async_graphql::{ID, Object, SimpleObject};

use super::{
    Scene,
    connection::{Ask, Page, connection},
    scalars::DateTime,
};
use crate::{
    StoryTime,
    machines::json::digest,
    world::{App, Certificate},
};

/// A host name with the wish for a certificate.
#[derive(Clone)]
pub(super) struct AppCertificateNode {
    app: Arc<App>,
    one: Box<Certificate>,
}

/// What keeps a certificate from being issued.
#[derive(SimpleObject)]
#[graphql(name = "AppCertificateValidationError")]
pub(super) struct ValidationError {
    message: String,
    timestamp: DateTime,
}

impl AppCertificateNode {
    pub(super) fn new(app: &Arc<App>, one: &Certificate) -> Self {
        Self { app: Arc::clone(app), one: Box::new(one.clone()) }
    }

    fn labels(&self) -> usize {
        self.one.hostname.split('.').count()
    }
}

#[Object(name = "AppCertificate")]
impl AppCertificateNode {
    async fn acme_alpn_configured(&self) -> bool {
        self.one.dns_configured
    }
    async fn acme_dns_configured(&self) -> bool {
        self.one.dns_configured
    }
    async fn certificate_authority(&self) -> Option<&str> {
        (!self.one.custom).then_some("lets_encrypt")
    }
    async fn certificate_requested_at(&self) -> Option<DateTime> {
        Some(DateTime(self.one.created_at))
    }
    async fn check(&self) -> bool {
        self.one.dns_configured
    }
    async fn client_status(&self) -> &str {
        if self.one.active() { "Ready" } else { "Awaiting configuration" }
    }
    async fn configured(&self) -> bool {
        self.one.active()
    }
    async fn created_at(&self) -> Option<DateTime> {
        Some(DateTime(self.one.created_at))
    }
    async fn dns_provider(&self) -> Option<&str> {
        Some(&self.one.dns_provider)
    }
    async fn dns_validation_hostname(&self) -> String {
        format!("_acme-challenge.{}", self.one.hostname)
    }
    async fn dns_validation_instructions(&self) -> String {
        format!("CNAME _acme-challenge.{} => {}", self.one.hostname, self.target())
    }
    async fn dns_validation_target(&self) -> String {
        self.target()
    }
    async fn domain(&self) -> Option<String> {
        let labels: Vec<&str> = self.one.hostname.rsplit('.').take(2).collect();
        Some(labels.into_iter().rev().collect::<Vec<_>>().join("."))
    }
    async fn hostname(&self) -> &str {
        &self.one.hostname
    }
    pub(super) async fn id(&self) -> ID {
        ID(format!("cert-{}", self.one.hostname))
    }
    async fn is_acme_alpn_configured(&self) -> bool {
        self.one.dns_configured
    }
    async fn is_acme_dns_configured(&self) -> bool {
        self.one.dns_configured
    }
    async fn is_acme_http_configured(&self) -> bool {
        self.one.dns_configured
    }
    async fn is_apex(&self) -> bool {
        self.labels() == 2
    }
    async fn is_configured(&self) -> bool {
        self.one.active()
    }
    async fn is_wildcard(&self) -> bool {
        self.one.hostname.starts_with("*.")
    }
    async fn issued(
        &self,
        context: &async_graphql::Context<'_>,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        include_expired: Option<bool>,
        last: Option<i32>,
    ) -> async_graphql::Result<CertificateConnection> {
        let now = Scene::of(context)?.view.now;
        let expired = include_expired.unwrap_or(false);
        let ends = self.one.expires_at.filter(|ends| expired || *ends > now);
        let issued =
            ends.map(|expires_at| CertificateNode { hostname: self.one.hostname.clone(), expires_at });
        let nodes = issued.into_iter().collect();
        Ok(CertificateConnection(Page::of(nodes, &Ask::new(after, before, first, last))))
    }
    async fn rate_limited_until(&self) -> Option<DateTime> {
        None
    }
    async fn source(&self) -> Option<&str> {
        Some(if self.one.custom { "custom" } else { "fly" })
    }
    async fn validation_errors(&self) -> Vec<ValidationError> {
        let timestamp = DateTime(self.one.updated_at());
        self.one.errors.iter().map(|error| ValidationError { message: error.clone(), timestamp }).collect()
    }
}

impl AppCertificateNode {
    fn target(&self) -> String {
        format!("{}.{}.flydns.net", self.one.hostname, &digest(&self.app.name)[7..12])
    }
}

connection!(
    AppCertificateConnection = "AppCertificateConnection",
    AppCertificateEdge = "AppCertificateEdge",
    AppCertificateNode
);

/// A certificate that was issued.
#[derive(Clone)]
pub(super) struct CertificateNode {
    hostname: String,
    expires_at: StoryTime,
}

#[Object(name = "Certificate")]
impl CertificateNode {
    async fn expires_at(&self) -> DateTime {
        DateTime(self.expires_at)
    }
    async fn hostname(&self) -> &str {
        &self.hostname
    }
    pub(super) async fn id(&self) -> ID {
        ID(format!("issued-{}", self.hostname))
    }
    #[graphql(name = "type")]
    async fn kind(&self) -> &str {
        "ecdsa"
    }
}

connection!(
    CertificateConnection = "CertificateConnection",
    CertificateEdge = "CertificateEdge",
    CertificateNode
);
