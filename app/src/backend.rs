//! What the pages need of the server. The server implements it; tests use a fake.

use crate::error::AppError;
use async_trait::async_trait;
use leptos::prelude::*;
use model::live::{Snapshot, Topic, TopicState};
use std::sync::Arc;

/// The data of one request's viewer. Every answer is what this viewer may see, and no more.
#[async_trait]
pub trait Backend: Send + Sync + 'static {
    /// The present state of a topic.
    async fn read(&self, topic: Topic) -> Result<Snapshot<TopicState>, AppError>;
}

/// The backend of the request that is being answered.
pub fn use_backend() -> Result<Arc<dyn Backend>, AppError> {
    use_context::<Arc<dyn Backend>>().ok_or(AppError::SignedOut)
}
