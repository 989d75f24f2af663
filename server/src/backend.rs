//! What the pages need of the server, for one viewer.

use crate::live::hub::ReadError;
use crate::live::{Failure, Hub, Viewer};
use app::AppError;
use app::backend::Backend;
use async_trait::async_trait;
use model::live::{Snapshot, Topic, TopicState};
use model::{AppsView, Timestamp};

/// Answers from the hub with the viewer's own token.
pub struct ViewerBackend {
    /// All watches.
    pub hub: Hub,
    /// Who asks, with their own token.
    pub viewer: Viewer,
}

impl ViewerBackend {
    /// All apps the viewer can see, by name, whatever a page shows of them.
    pub async fn all_apps(&self) -> Result<AppsView, AppError> {
        let answer = self.hub.all_apps(&self.viewer).await;
        let topic = Topic::apps();
        answer.map_err(|error| app_error(error, &topic, self.hub.next_try(&topic, &self.viewer)))
    }
}

#[async_trait]
impl Backend for ViewerBackend {
    async fn read(&self, topic: Topic) -> Result<Snapshot<TopicState>, AppError> {
        let answer = self.hub.read(&topic, &self.viewer).await;
        answer.map_err(|error| app_error(error, &topic, self.hub.next_try(&topic, &self.viewer)))
    }
}

/// What a person sees of an error, with when Fly is asked again where that is known; the log has had
/// the rest where it happened.
pub fn app_error(error: ReadError, topic: &Topic, retry_at: Option<Timestamp>) -> AppError {
    match error {
        ReadError::NotFound => {
            AppError::NotFound { name: topic.app().map_or_else(|| topic.to_string(), ToString::to_string) }
        }
        ReadError::Absent => AppError::Absent { message: absent(topic) },
        ReadError::Refused => AppError::SignedOut,
        ReadError::Slow => AppError::Upstream {
            message: "Fly has not answered within 3 seconds.".to_owned(),
            request_id: None,
            retry_at,
        },
        ReadError::Upstream(failure) => upstream_error(&failure, retry_at),
    }
}

/// That the app is there and what the topic names in it is not.
fn absent(topic: &Topic) -> String {
    match topic {
        Topic::Instance(app, id) => {
            format!("{app} has no instance {id}: it was destroyed, or there never was one.")
        }
        Topic::Release(app, version) => format!("{app} has no {version}."),
        Topic::Apps(_) | Topic::App(_) | Topic::Releases(..) => "There is nothing of that name.".to_owned(),
    }
}

fn upstream_error(failure: &Failure, retry_at: Option<Timestamp>) -> AppError {
    if let Failure::Fly(error) = failure
        && error.is_list_denied()
    {
        return AppError::WrongScope { message: error.person() };
    }
    AppError::Upstream {
        message: failure.person(),
        request_id: failure.request_id().map(str::to_owned),
        retry_at,
    }
}
