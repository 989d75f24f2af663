//! What can be wrong with a story.

/// A story that cannot be played, with the place and the reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoryError {
    /// No built-in story has this name.
    #[error("there is no story `{name}`; there are: {known}")]
    NoSuchStory {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// The text is not TOML.
    #[error("the story is not TOML: {reason}")]
    NotToml {
        /// What the reader says.
        reason: String,
    },
    /// Something outside the facts is wrong.
    #[error("story `{story}`, {place}: {reason}")]
    World {
        /// Name of the story.
        story: String,
        /// Where in the file.
        place: String,
        /// What is wrong and what is allowed.
        reason: String,
    },
    /// A fact is wrong.
    #[error("story `{story}`, fact {number} ({fact}): {reason}")]
    Fact {
        /// Name of the story.
        story: String,
        /// 1 for the first `[[facts]]` of the file.
        number: usize,
        /// The fact's time and change, as far as they could be read.
        fact: String,
        /// What is wrong and what is allowed.
        reason: String,
    },
}
