//! What the pages need of the server, for one viewer.

use crate::live::hub::ReadError;
use crate::live::{Hub, Viewer};
use app::AppError;
use app::backend::Backend;
use async_trait::async_trait;
use fly::FlyError;
use model::Timestamp;
use model::live::{Snapshot, Topic, TopicState};

/// Answers from the hub with the viewer's own token.
pub struct ViewerBackend {
    /// All watches.
    pub hub: Hub,
    /// Who asks, with their own token.
    pub viewer: Viewer,
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
        ReadError::NotFound => AppError::NotFound {
            name: match topic {
                Topic::App(name) => name.to_string(),
                Topic::Apps => "apps".to_owned(),
            },
        },
        ReadError::Refused => AppError::SignedOut,
        ReadError::Slow => AppError::Upstream {
            message: "Fly has not answered within 3 seconds.".to_owned(),
            request_id: None,
            retry_at,
        },
        ReadError::Upstream(error) => upstream_error(&error, retry_at),
    }
}

fn upstream_error(error: &FlyError, retry_at: Option<Timestamp>) -> AppError {
    if error.is_list_denied() {
        return AppError::WrongScope { message: error.person() };
    }
    AppError::Upstream {
        message: error.person(),
        request_id: error.request_id().map(str::to_owned),
        retry_at,
    }
}
