//! Nobody sees what their own token does not show them: every token against every topic, by every
//! way in, while another's watch has the data.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "an integration test is a test throughout")]

#[path = "support/console.rs"]
mod console;
#[path = "access/limits.rs"]
mod limits;
#[path = "access/matrix.rs"]
mod matrix;
