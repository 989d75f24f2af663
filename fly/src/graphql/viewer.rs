//! Whose token it is.

use super::schema;

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Queries")]
pub(crate) struct ViewerQuery {
    pub(crate) viewer: Option<Principal>,
}

/// A person, or a macaroon, which has hardly any of a person's fields.
#[derive(cynic::QueryFragment, Debug)]
pub(crate) struct Principal {
    #[cynic(rename = "__typename")]
    pub(crate) typename: String,
    pub(crate) email: Option<String>,
    pub(crate) name: Option<String>,
}
