//! Fly's regions and their names.

use super::lenient;
use super::schema;

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Queries")]
pub(crate) struct RegionsQuery {
    pub(crate) platform: lenient::Option<PlatformNode>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "FlyPlatform")]
pub(crate) struct PlatformNode {
    pub(crate) regions: lenient::Option<lenient::Vec<RegionNode>>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Region")]
pub(crate) struct RegionNode {
    pub(crate) code: lenient::Option<String>,
    pub(crate) name: lenient::Option<String>,
    pub(crate) latitude: lenient::Option<f64>,
    pub(crate) longitude: lenient::Option<f64>,
    pub(crate) gateway_available: lenient::Option<bool>,
    pub(crate) deprecated: lenient::Option<bool>,
}
