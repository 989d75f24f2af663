//! What belongs to an app beside its instances: names and addresses, digests and never values.

use super::lenient;
use super::releases::User;
use super::scalar::{DateTime, IpAddressType};
use super::schema;

#[derive(cynic::QueryVariables, Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "GraphQL's `@include` takes Booleans")]
pub(crate) struct BelongingsVariables {
    pub(crate) name: String,
    pub(crate) addresses: bool,
    pub(crate) certificates: bool,
    pub(crate) secrets: bool,
    pub(crate) volumes: bool,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Queries", variables = "BelongingsVariables")]
pub(crate) struct BelongingsQuery {
    #[arguments(name: $name)]
    pub(crate) app: lenient::Option<BelongingsNode>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "App", variables = "BelongingsVariables")]
pub(crate) struct BelongingsNode {
    pub(crate) shared_ip_address: lenient::Option<String>,
    #[arguments(first: 100)]
    #[directives(include(if: $addresses))]
    pub(crate) ip_addresses: lenient::Option<AddressConnection>,
    #[arguments(first: 100)]
    #[directives(include(if: $certificates))]
    pub(crate) certificates: lenient::Option<CertificateConnection>,
    #[directives(include(if: $secrets))]
    pub(crate) secrets: lenient::Option<lenient::Vec<SecretNode>>,
    #[arguments(first: 200)]
    #[directives(include(if: $volumes))]
    pub(crate) volumes: lenient::Option<VolumeConnection>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "IPAddressConnection")]
pub(crate) struct AddressConnection {
    pub(crate) nodes: lenient::Option<lenient::Vec<Option<AddressNode>>>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "IPAddress")]
pub(crate) struct AddressNode {
    pub(crate) address: lenient::Option<String>,
    #[cynic(rename = "type")]
    pub(crate) kind: lenient::Option<IpAddressType>,
    pub(crate) region: lenient::Option<String>,
    pub(crate) created_at: lenient::Option<DateTime>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "AppCertificateConnection")]
pub(crate) struct CertificateConnection {
    pub(crate) nodes: lenient::Option<lenient::Vec<Option<CertificateNode>>>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "AppCertificate")]
pub(crate) struct CertificateNode {
    pub(crate) hostname: lenient::Option<String>,
    pub(crate) client_status: lenient::Option<String>,
    pub(crate) is_configured: lenient::Option<bool>,
    pub(crate) created_at: lenient::Option<DateTime>,
    pub(crate) rate_limited_until: lenient::Option<DateTime>,
    #[arguments(first: 10)]
    pub(crate) issued: lenient::Option<IssuedConnection>,
    pub(crate) validation_errors: lenient::Option<lenient::Vec<ValidationErrorNode>>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "CertificateConnection")]
pub(crate) struct IssuedConnection {
    pub(crate) nodes: lenient::Option<lenient::Vec<Option<IssuedNode>>>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Certificate")]
pub(crate) struct IssuedNode {
    pub(crate) expires_at: lenient::Option<DateTime>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "AppCertificateValidationError")]
pub(crate) struct ValidationErrorNode {
    pub(crate) message: lenient::Option<String>,
    pub(crate) remediation: lenient::Option<String>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Secret")]
pub(crate) struct SecretNode {
    pub(crate) name: lenient::Option<String>,
    pub(crate) digest: lenient::Option<String>,
    pub(crate) created_at: lenient::Option<DateTime>,
    pub(crate) user: lenient::Option<User>,
}

#[derive(cynic::QueryFragment, Debug)]
pub(crate) struct VolumeConnection {
    pub(crate) nodes: lenient::Option<lenient::Vec<Option<VolumeNode>>>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Volume")]
pub(crate) struct VolumeNode {
    pub(crate) id: lenient::Option<cynic::Id>,
    pub(crate) name: lenient::Option<String>,
    pub(crate) region: lenient::Option<String>,
    pub(crate) size_gb: lenient::Option<i32>,
    pub(crate) state: lenient::Option<String>,
    pub(crate) encrypted: lenient::Option<bool>,
    pub(crate) created_at: lenient::Option<DateTime>,
    pub(crate) attached_machine: lenient::Option<MachineId>,
    pub(crate) attached_allocation_id: lenient::Option<String>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Machine")]
pub(crate) struct MachineId {
    pub(crate) id: lenient::Option<cynic::Id>,
}
