//! What people see: pages, components, server functions and the live store. Compiles twice: with
//! `ssr` into the server, with `hydrate` into the browser's wasm module.

pub mod api;
pub mod assets;
#[cfg(feature = "ssr")]
pub mod backend;
mod components;
mod context;
#[cfg(feature = "ssr")]
pub mod design;
#[cfg(feature = "ssr")]
mod document;
mod erase;
pub mod error;
mod handed;
pub mod json;
#[cfg(feature = "ssr")]
mod keyboard;
pub mod live;
mod location;
mod pages;
#[cfg(feature = "ssr")]
pub mod palette;
mod prelude;
pub mod reactive;
pub mod regions;
pub mod root;
pub mod routes;
pub mod session;
mod title;
mod view;

#[cfg(feature = "ssr")]
pub use document::shell;
pub use error::AppError;
#[cfg(feature = "ssr")]
pub use handed::{First, first_of};
pub use root::App;
