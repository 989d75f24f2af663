//! The organizations a token can see, a page at a time.

use super::apps::OrganizationNode;
use super::lenient;
use super::page::PageInfo;
use super::schema;

#[derive(cynic::QueryVariables, Debug)]
pub(crate) struct OrganizationsVariables {
    pub(crate) after: Option<String>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Queries", variables = "OrganizationsVariables")]
pub(crate) struct OrganizationsQuery {
    #[arguments(after: $after, first: 100)]
    pub(crate) organizations: lenient::Option<OrganizationConnection>,
}

#[derive(cynic::QueryFragment, Debug)]
pub(crate) struct OrganizationConnection {
    pub(crate) nodes: lenient::Option<lenient::Vec<Option<OrganizationNode>>>,
    pub(crate) page_info: lenient::Option<PageInfo>,
}
