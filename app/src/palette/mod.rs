//! The command palette: apps, the instances of the app one is at, pages and actions, found by a few
//! letters. The server finds and renders them; the browser only asks (`app/assets/palette.js`), so that
//! a fleet of thousands of apps costs the browser nothing. Without script it is a page.

mod dialog;
mod entries;
mod matching;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use dialog::palette_dialog;
pub use entries::{Asked, Known};
pub use view::{options, palette_page, refused};
