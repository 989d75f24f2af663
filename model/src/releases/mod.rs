//! The pages about releases: the list, page by page, and one release with what changed against the
//! one before.

mod diff;
mod facts;
mod list;
mod report;
mod shown;
mod view;
mod words;

pub use diff::{Change, Edit, Step, diff};
pub use facts::{ReleaseFacts, Running};
pub use list::{Place, ReleasesView};
pub use report::ReleaseReport;
pub use shown::{Difference, differences};
pub use view::ReleaseView;
