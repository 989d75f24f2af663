//! What the pages need of the server, for one viewer.

use crate::live::hub::ReadError;
use crate::live::{Hub, Viewer};
use app::AppError;
use app::backend::Backend;
use async_trait::async_trait;
use fly::FlyError;
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
        self.hub.read(&topic, &self.viewer).await.map_err(|error| app_error(error, &topic))
    }
}

/// What a person sees of an error; the log has had the rest where it happened.
pub fn app_error(error: ReadError, topic: &Topic) -> AppError {
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
            retry_at: None,
        },
        ReadError::Upstream(error) => upstream_error(&error),
    }
}

fn upstream_error(error: &FlyError) -> AppError {
    if error.is_list_denied() {
        return AppError::WrongScope { message: error.person() };
    }
    AppError::Upstream {
        message: error.person(),
        request_id: error.request_id().map(str::to_owned),
        retry_at: None,
    }
}
