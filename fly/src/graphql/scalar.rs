//! Scalars and enumerations.

use super::schema;

/// An instant as Fly writes it; read by `decode::time`.
#[derive(cynic::Scalar, Clone, Debug)]
#[cynic(graphql_type = "ISO8601DateTime")]
pub(crate) struct DateTime(pub(crate) String);

/// Any JSON, as its text: `decode` takes of it what it knows. Built into a tree it could take many
/// times the room of its text.
#[derive(cynic::Scalar, Clone, Debug)]
#[cynic(graphql_type = "JSON")]
pub(crate) struct Json(pub(crate) Box<serde_json::value::RawValue>);

/// What an app runs on.
#[derive(cynic::Enum, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "PlatformVersionEnum", rename_all = "camelCase")]
pub(crate) enum Platform {
    /// On its way from Nomad to machines.
    Detached,
    Machines,
    Nomad,
    #[cynic(fallback)]
    Other(String),
}

/// How a deployment replaces instances. Every value but the fallback is listed because cynic
/// checks the list against the schema; `decode` only looks at the word.
#[derive(cynic::Enum, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "DeploymentStrategy", rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum DeploymentStrategy {
    Bluegreen,
    Canary,
    Immediate,
    Rolling,
    RollingOne,
    Simple,
    #[cynic(fallback)]
    Other(String),
}

/// What kind of address it is.
#[derive(cynic::Enum, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "IPAddressType", rename_all = "snake_case")]
pub(crate) enum IpAddressType {
    #[cynic(rename = "private_v6")]
    PrivateV6,
    #[cynic(rename = "shared_v4")]
    SharedV4,
    V4,
    V6,
    #[cynic(fallback)]
    Other(String),
}
