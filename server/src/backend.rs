//! What the pages need of the server, for one viewer.

use crate::live::Hub;
use crate::live::hub::ReadError;
use app::AppError;
use app::backend::Backend;
use async_trait::async_trait;
use fly::{FlyError, FlyToken};
use model::live::{Snapshot, Topic, TopicState};
use model::{AppName, AppView, AppsView};

/// Answers from the hub with the viewer's own token.
pub struct ViewerBackend {
    /// All watches.
    pub hub: Hub,
    /// The viewer's token.
    pub token: FlyToken,
}

#[async_trait]
impl Backend for ViewerBackend {
    async fn apps(&self) -> Result<Snapshot<AppsView>, AppError> {
        let snapshot =
            self.hub.read(&Topic::Apps, &self.token).await.map_err(|error| app_error(error, "apps"))?;
        with_state(snapshot, |state| match state {
            TopicState::Apps(view) => Some(*view),
            TopicState::App(_) => None,
        })
    }

    async fn app(&self, name: AppName) -> Result<Snapshot<AppView>, AppError> {
        let shown = name.to_string();
        let topic = Topic::App(name);
        let snapshot = self.hub.read(&topic, &self.token).await.map_err(|error| app_error(error, &shown))?;
        with_state(snapshot, |state| match state {
            TopicState::App(view) => Some(*view),
            TopicState::Apps(_) => None,
        })
    }
}

fn with_state<T>(
    snapshot: Snapshot<TopicState>,
    pick: impl Fn(TopicState) -> Option<T>,
) -> Result<Snapshot<T>, AppError> {
    let Snapshot { topic, cursor, now, checked_at, source, state } = snapshot;
    let state = pick(state).ok_or(AppError::Internal)?;
    Ok(Snapshot { topic, cursor, now, checked_at, source, state })
}

/// What a person sees of an error; the log has had the rest where it happened.
pub fn app_error(error: ReadError, name: &str) -> AppError {
    match error {
        ReadError::NotFound => AppError::NotFound { name: name.to_owned() },
        ReadError::Refused => AppError::SignedOut,
        ReadError::Slow => AppError::Upstream {
            message: "Fly has not answered within 3 seconds.".to_owned(),
            request_id: None,
            retry_at: None,
        },
        ReadError::Upstream(error) => upstream_error(&error),
    }
}

fn upstream_error(error: &FlyError) -> AppError {
    if matches!(error, FlyError::ListDenied(_)) {
        return AppError::WrongScope { message: error.person() };
    }
    AppError::Upstream {
        message: error.person(),
        request_id: error.request_id().map(str::to_owned),
        retry_at: None,
    }
}
