//! What follows for a machine when it changes.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{App, Machine, change::MachinePatch};
use crate::StoryTime;

/// A version that a machine had before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MachineVersion {
    /// The version, a ULID.
    pub instance_id: String,
    /// Version of the release it ran.
    pub release: i32,
    /// The image, where it was not the release's.
    #[serde(default)]
    pub image: Option<String>,
    /// The configuration, where a client gave it.
    #[serde(default)]
    pub config: Option<Value>,
}

impl Machine {
    /// Makes a change: a version that is replaced is kept, and a configuration that a client gave
    /// follows the release and the image of the machine.
    pub(super) fn change(&mut self, at: StoryTime, set: &MachinePatch, release_id: Option<&str>) {
        if set.instance_id.as_ref().is_some_and(|next| *next != self.instance_id) {
            self.versions.push(MachineVersion {
                instance_id: self.instance_id.clone(),
                release: self.release,
                image: self.image.clone(),
                config: self.config.clone(),
            });
        }
        set.write_to(self);
        self.updated_at = Some(at);
        if set.config.is_none() {
            self.follow(set, release_id);
        }
    }

    fn follow(&mut self, set: &MachinePatch, release_id: Option<&str>) {
        let Some(Value::Object(config)) = &mut self.config else {
            return;
        };
        if let Some(image) = &set.image {
            config.insert("image".to_owned(), image.clone().into());
        }
        if let (Some(release), Some(Value::Object(metadata))) = (set.release, config.get_mut("metadata")) {
            metadata.insert("fly_release_version".to_owned(), release.to_string().into());
            if let Some(id) = release_id {
                metadata.insert("fly_release_id".to_owned(), id.into());
            }
        }
    }

    /// The machine as it was in an earlier version, as far as its configuration goes.
    #[must_use]
    pub fn as_of(&self, version: &MachineVersion) -> Self {
        Self {
            instance_id: version.instance_id.clone(),
            release: version.release,
            image: version.image.clone(),
            config: version.config.clone(),
            ..self.clone()
        }
    }
}

/// The identifier of a release, for the metadata of machines.
pub(super) fn release_id(app: &App, version: Option<i32>) -> Option<String> {
    app.release(version?).map(|release| release.id.clone())
}
