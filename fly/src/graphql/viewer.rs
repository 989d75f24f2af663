//! Whose token it is.

use super::lenient;
use super::schema;

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Queries")]
pub(crate) struct ViewerQuery {
    pub(crate) viewer: lenient::Option<Principal>,
}

/// A person, or a macaroon, which has hardly any of a person's fields.
#[derive(cynic::QueryFragment, Debug)]
pub(crate) struct Principal {
    #[cynic(rename = "__typename")]
    pub(crate) typename: String,
    pub(crate) email: lenient::Option<String>,
    pub(crate) name: lenient::Option<String>,
}
