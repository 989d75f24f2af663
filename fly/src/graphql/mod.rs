//! The questions put to Fly's GraphQL API, as types that the compiler checks against the schema.
//!
//! Nearly every field is lenient here, also where the schema says it never is null: a field that a
//! token may not read, or that holds something else, must cost that field and not the whole answer.

pub(crate) mod access;
pub(crate) mod answer;
pub(crate) mod app;
pub(crate) mod apps;
pub(crate) mod belongings;
pub(crate) mod lenient;
pub(crate) mod nomad;
pub(crate) mod organizations;
pub(crate) mod page;
pub(crate) mod regions;
pub(crate) mod releases;
pub(crate) mod scalar;
pub(crate) mod viewer;
pub(crate) mod vms;

#[cfg(test)]
mod tests;

/// The markers that cynic makes of the schema's names.
#[expect(unreachable_pub, reason = "generated from the schema")]
#[cynic::schema("fly")]
mod schema {}
