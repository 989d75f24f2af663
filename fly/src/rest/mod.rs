//! The web API beside GraphQL (`https://api.fly.io/api/v1`), which flyctl uses and Fly does not
//! promise.

pub(crate) mod logs;
pub(crate) mod releases;
