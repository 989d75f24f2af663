//! Whether a token can see an app.

use super::lenient;
use super::schema;

#[derive(cynic::QueryVariables, Debug)]
pub(crate) struct AccessVariables {
    pub(crate) name: String,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Queries", variables = "AccessVariables")]
pub(crate) struct AccessQuery {
    #[arguments(name: $name)]
    pub(crate) app: lenient::Option<SeenApp>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "App")]
pub(crate) struct SeenApp {
    pub(crate) id: lenient::Option<cynic::Id>,
}
