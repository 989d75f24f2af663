//! The topic of all apps that one access can see.

use super::{Asking, Failure, Kind};
use crate::live::channel::Known;
use crate::live::last_rows;
use crate::live::list::ListMemory;
use crate::live::memory::Polled;
use crate::upstream::OrgNews;
use async_trait::async_trait;
use fly::Fetched;
use model::AppsView;
use std::sync::Arc;
use tokio::time::Instant;

/// All apps, with what is remembered of the list.
#[derive(Default)]
pub(super) struct Apps {
    list: ListMemory,
}

#[async_trait]
impl Kind for Apps {
    /// The list of apps, or nothing where the cheaper question brought nothing new.
    async fn ask(&mut self, asking: Asking<'_>) -> Result<Option<Polled>, Failure> {
        let Asking { shared, token, channel, .. } = asking;
        if let Some(question) = self.list.question(Instant::now()) {
            let news = shared.upstream.org_news(token, &question.organizations, question.after).await;
            match news.inspect_err(|_| self.list.forget())? {
                OrgNews::Newest(newest) if !self.list.is_news(newest) => return Ok(None),
                OrgNews::Newest(_) | OrgNews::Unknown => {}
            }
        }
        self.list.forget();
        let (asked_at, began) = (shared.clock.now(), Instant::now());
        let Fetched { mut value, missing, retry_after, why } = shared.upstream.apps(token).await?;
        self.list.read(&value, missing.is_empty(), asked_at, began);
        if !missing.is_empty() || value.iter().any(|app| !app.not_loaded.is_empty()) {
            let before = channel.all_apps().unwrap_or_default();
            last_rows::fill(&mut value, &before.apps, &missing);
        }
        let state = Known::Apps(AppsView { apps: value.into_iter().map(Arc::new).collect() });
        Ok(Some(Polled { state, missing, older_from: None, retry_after, why, moving: false }))
    }

    fn hurry(&mut self) {
        self.list.forget();
    }
}
