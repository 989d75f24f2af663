//! Fly as the server asks it, with a note of each question: when it was put, when it was answered, and
//! what that told of the token. A token can lose an app here.

use crate::clockwork::Clockwork;
use async_trait::async_trait;
use fly::{Fetched, FlyClient, FlyError, FlyToken, LogPage, LogQuery, OrgQuery, Viewer};
use model::machine::MachineDetail;
use model::releases::Place;
use model::{
    AppFacts, AppName, AppSummary, InstanceId, Lease, OrgSlug, Process, ReleaseFacts, ReleaseVersion,
    ReleasesView, Timestamp,
};
use server::upstream::{OrgNews, Upstream};
use simulator::StoryClock;
use std::collections::HashSet;
use std::sync::{Arc, Mutex};

type Fingerprint = [u8; 32];

/// What a question was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    Apps,
    App,
    Releases,
    Release,
    Machine,
    Access,
}

/// A question that was answered with something.
#[derive(Clone, Debug)]
struct Answered {
    about: About,
    token: Fingerprint,
    app: Option<AppName>,
    /// In milliseconds of the story.
    asked: i64,
    over: i64,
}

/// When the server first knew something of a token.
#[derive(Clone, Debug)]
pub struct Known {
    pub token: Fingerprint,
    /// None where it is about the token as a whole.
    pub app: Option<AppName>,
    pub at: i64,
}

#[derive(Default)]
struct Notes {
    answered: Vec<Answered>,
    refused: Vec<Known>,
    lost: Vec<(Fingerprint, AppName)>,
    /// The tokens whose last question for access to an app had no answer.
    unproved: HashSet<(Fingerprint, AppName)>,
}

pub struct WatchedFly {
    client: FlyClient,
    story: StoryClock,
    clockwork: Arc<Clockwork>,
    notes: Mutex<Notes>,
}

impl WatchedFly {
    pub fn new(client: FlyClient, story: StoryClock, clockwork: Arc<Clockwork>) -> Self {
        Self { client, story, clockwork, notes: Mutex::default() }
    }

    /// From now on Fly says to this token that there is no such app.
    pub fn lose(&self, token: &FlyToken, app: &AppName) {
        self.notes.lock().unwrap().lost.push((token.fingerprint(), app.clone()));
    }

    /// What the server came to know of tokens: refused, or denied an app.
    pub fn refused(&self) -> Vec<Known> {
        self.notes.lock().unwrap().refused.clone()
    }

    /// Whether it could not be proved, when that was last tried, that the token may see the app. It is tried once a
    /// minute.
    pub fn is_unproved(&self, token: &FlyToken, app: &AppName) -> bool {
        self.notes.lock().unwrap().unproved.contains(&(token.fingerprint(), app.clone()))
    }

    /// When what was asked for with the poll of this moment had been answered; none where no poll
    /// began then that was answered. The list may ask a cheaper question first, and is of one token.
    pub fn answered_by(
        &self,
        about: &[About],
        app: Option<&AppName>,
        token: &FlyToken,
        asked: i64,
    ) -> Option<i64> {
        let notes = self.notes.lock().unwrap();
        let grace = match (about, self.clockwork.is_stopped()) {
            ([About::Apps], _) => 30_000,
            (_, true) => 0,
            // In real time a busy machine may come to ask a moment after it looked at the clock.
            (_, false) => 2_000,
        };
        let token = token.fingerprint();
        let mine = |one: &&Answered| {
            about.contains(&one.about)
                && one.app.as_ref() == app
                && (app.is_some() || one.token == token)
                && (asked..=asked + grace).contains(&one.asked)
        };
        let first = notes.answered.iter().filter(mine).map(|one| one.asked).min()?;
        notes.answered.iter().filter(mine).filter(|one| one.asked == first).map(|one| one.over).max()
    }

    fn loses(&self, token: &FlyToken, app: &AppName) -> bool {
        let token = token.fingerprint();
        self.notes.lock().unwrap().lost.iter().any(|(of, lost)| *of == token && lost == app)
    }

    async fn noted<T>(
        &self,
        about: About,
        token: &FlyToken,
        app: Option<&AppName>,
        asking: impl Future<Output = Result<T, FlyError>> + Send,
    ) -> Result<T, FlyError> {
        let _open = self.clockwork.question();
        let asked = self.story.now_ms();
        let answer = if app.is_some_and(|app| self.loses(token, app)) {
            Err(FlyError::NotFound { request_id: None })
        } else {
            asking.await
        };
        let answered = self.story.now_ms();
        let mut notes = self.notes.lock().unwrap();
        if let (About::Access, Some(app)) = (about, app) {
            let key = (token.fingerprint(), app.clone());
            match &answer {
                Ok(_) => notes.unproved.remove(&key),
                Err(_) => notes.unproved.insert(key),
            };
        }
        match &answer {
            Ok(_) => notes.answered.push(Answered {
                about,
                token: token.fingerprint(),
                app: app.cloned(),
                asked,
                over: answered,
            }),
            Err(error) => {
                let app = if error.is_refused() { None } else { app.cloned() };
                // That there is no such machine says nothing of the app.
                // What is asked beside it is waited for before the server hears of either.
                let tells = (error.is_refused() || error.is_access_denied()) && about != About::Machine;
                let token = token.fingerprint();
                if tells && !notes.refused.iter().any(|one| one.token == token && one.app == app) {
                    notes.refused.push(Known { token, app, at: answered });
                }
            }
        }
        answer
    }
}

#[async_trait]
impl Upstream for WatchedFly {
    async fn viewer(&self, token: &FlyToken) -> Result<Viewer, FlyError> {
        self.client.viewer(token).await
    }

    async fn can_see(&self, token: &FlyToken, app: &AppName) -> Result<(), FlyError> {
        self.noted(About::Access, token, Some(app), self.client.can_see(token, app)).await
    }

    async fn apps(&self, token: &FlyToken) -> Result<Fetched<Vec<AppSummary>>, FlyError> {
        let mut apps = self.noted(About::Apps, token, None, self.client.apps(token)).await?;
        apps.value.retain(|app| !self.loses(token, &app.name));
        Ok(apps)
    }

    async fn org_news(
        &self,
        token: &FlyToken,
        organizations: &[OrgSlug],
        after: Timestamp,
    ) -> Result<OrgNews, FlyError> {
        let _open = self.clockwork.question();
        let mut newest = None;
        for organization in organizations {
            let query = OrgQuery { updated_after: Some(after), ..OrgQuery::default() };
            let page = self.client.organization_machines(token, organization, &query).await?;
            if !page.silent_regions.is_empty() || page.unreadable > 0 {
                return Ok(OrgNews::Unknown);
            }
            let changed = page.items.iter().filter_map(|machine| machine.updated_at).max();
            newest = newest.max(changed).max(page.last_updated_at);
        }
        Ok(OrgNews::Newest(newest))
    }

    async fn app_facts(&self, token: &FlyToken, app: &AppName) -> Result<Fetched<AppFacts>, FlyError> {
        let asking = Box::pin(self.client.app_facts(token, app));
        self.noted(About::App, token, Some(app), asking).await
    }

    async fn releases(
        &self,
        token: &FlyToken,
        app: &AppName,
        place: Option<&Place>,
    ) -> Result<Fetched<ReleasesView>, FlyError> {
        self.noted(About::Releases, token, Some(app), self.client.releases_view(token, app, place)).await
    }

    async fn release_facts(
        &self,
        token: &FlyToken,
        app: &AppName,
        version: ReleaseVersion,
    ) -> Result<Fetched<ReleaseFacts>, FlyError> {
        let asking = Box::pin(self.client.release_facts(token, app, version));
        self.noted(About::Release, token, Some(app), asking).await
    }

    async fn machine(
        &self,
        token: &FlyToken,
        app: &AppName,
        machine: &InstanceId,
    ) -> Result<MachineDetail, FlyError> {
        self.noted(About::Machine, token, Some(app), self.client.machine(token, app, machine)).await
    }

    async fn logs(&self, token: &FlyToken, app: &AppName, query: &LogQuery) -> Result<LogPage, FlyError> {
        let _open = self.clockwork.question();
        self.client.logs(token, app, query).await
    }

    async fn processes(
        &self,
        token: &FlyToken,
        app: &AppName,
        machine: &InstanceId,
    ) -> Result<Vec<Process>, FlyError> {
        let _open = self.clockwork.question();
        self.client.processes(token, app, machine).await.map(|fetched| fetched.value)
    }

    async fn lease(
        &self,
        token: &FlyToken,
        app: &AppName,
        machine: &InstanceId,
    ) -> Result<Option<Lease>, FlyError> {
        let _open = self.clockwork.question();
        self.client.lease(token, app, machine).await
    }
}
