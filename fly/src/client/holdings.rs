//! Questions about what belongs to an app.

use super::ask::{Ask, unreadable};
use super::{Fetched, FlyClient};
use crate::decode::listed::{Envelope, Listed};
use crate::error::FlyError;
use crate::http::Action;
use crate::machines::fields::{Fields, each, listed};
use crate::machines::holdings;
use crate::token::FlyToken;
use model::AppName;
use model::address::IpAddress;
use model::certificate::Certificate;
use model::secret::SecretName;
use model::volume::Volume;

/// Pages of certificates that are read at most.
const MOST_PAGES: usize = 20;

impl FlyClient {
    /// The volumes of an app.
    pub async fn volumes(&self, token: &FlyToken, app: &AppName) -> Result<Fetched<Vec<Volume>>, FlyError> {
        let list: Listed = self.ask(token, Ask::app(Action::ListVolumes, app, "volumes")).await?;
        let (value, unread) = each(&list, holdings::volume);
        Ok(Fetched::of(value, unreadable(unread, "volume", "volumes")))
    }

    /// The certificates of an app, all pages of them.
    pub async fn certificates(
        &self,
        token: &FlyToken,
        app: &AppName,
    ) -> Result<Fetched<Vec<Certificate>>, FlyError> {
        let mut all = Vec::new();
        let mut unread = 0;
        let mut cursor: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let query = cursor.iter().map(|cursor| ("cursor", cursor.clone())).collect();
            let ask = Ask::app(Action::ListCertificates, app, "certificates").with(query);
            let read = |answer: Envelope| {
                let page = listed(&answer, "certificates", holdings::certificate)?;
                Some((page, Fields(&answer.beside("certificates")).line("next_cursor", 1_000)))
            };
            let ((page, missed), next) = self.ask_and_read(token, ask, "certificates", read).await?;
            all.extend(page);
            unread += missed;
            if next.is_none() || next == cursor {
                return Ok(Fetched::of(all, unreadable(unread, "certificate", "certificates")));
            }
            cursor = next;
        }
        let mut missing = unreadable(unread, "certificate", "certificates");
        missing.push(format!("certificates after the first {}", all.len()));
        Ok(Fetched::of(all, missing))
    }

    /// The addresses by which an app is reached.
    pub async fn ip_assignments(
        &self,
        token: &FlyToken,
        app: &AppName,
    ) -> Result<Fetched<Vec<IpAddress>>, FlyError> {
        let ask = Ask::app(Action::ListAddresses, app, "ip_assignments");
        let read = |answer: Envelope| listed(&answer, "ips", holdings::address);
        let (value, unread) = self.ask_and_read(token, ask, "addresses", read).await?;
        Ok(Fetched::of(value, unreadable(unread, "address", "addresses")))
    }

    /// The names of an app's secrets, with the digests of their values. The values are not asked
    /// for.
    pub async fn secret_names(
        &self,
        token: &FlyToken,
        app: &AppName,
    ) -> Result<Fetched<Vec<SecretName>>, FlyError> {
        let ask = Ask::app(Action::ListSecrets, app, "secrets");
        let read = |answer: Envelope| listed(&answer, "secrets", holdings::secret);
        let (value, unread) = self.ask_and_read(token, ask, "secrets", read).await?;
        Ok(Fetched::of(value, unreadable(unread, "secret", "secrets")))
    }
}
