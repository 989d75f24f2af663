//! Fly's scalars and enumerations.

use async_graphql::{Enum, InputValueError, InputValueResult, Scalar, ScalarType, Value};

use crate::{
    StoryTime,
    world::{CheckKind, Platform},
};

/// `ISO8601DateTime`.
#[derive(Clone, Copy)]
pub(super) struct DateTime(pub(super) StoryTime);

#[Scalar(name = "ISO8601DateTime")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => Ok(Self(StoryTime::parse(text)?)),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// `JSON`: any value, as it is.
#[derive(Clone)]
pub(super) struct Json(pub(super) serde_json::Value);

#[Scalar(name = "JSON")]
impl ScalarType for Json {
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Self(value.into_json()?))
    }

    fn to_value(&self) -> Value {
        Value::from_json(self.0.clone()).unwrap_or_default()
    }
}

/// `BigInt`: a number written as a text.
#[derive(Clone, Copy)]
pub(super) struct BigInt(pub(super) i64);

#[Scalar(name = "BigInt")]
impl ScalarType for BigInt {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => Ok(Self(text.parse()?)),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// An enumeration whose values a world writes as free strings.
pub(super) trait Named: Sized {
    /// The value of this text, in any case.
    fn read(text: &str) -> Option<Self>;
}

/// Declares an enumeration that is read from the free string of a world.
macro_rules! fly_enum {
    ($(#[$doc:meta])* $name:ident = $graphql:literal { $($variant:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Enum)]
        #[graphql(name = $graphql)]
        pub(super) enum $name {
            $(#[graphql(name = $text)] $variant,)*
        }

        impl Named for $name {
            fn read(text: &str) -> Option<Self> {
                $(if text.eq_ignore_ascii_case($text) {
                    return Some(Self::$variant);
                })*
                None
            }
        }
    };
}

fly_enum! {
    /// How a release is rolled out.
    DeploymentStrategy = "DeploymentStrategy" {
        Bluegreen = "BLUEGREEN", Canary = "CANARY", Immediate = "IMMEDIATE",
        Rolling = "ROLLING", RollingOne = "ROLLING_ONE", Simple = "SIMPLE",
    }
}
fly_enum! {
    /// State of an app.
    AppState = "AppState" { Deployed = "DEPLOYED", Pending = "PENDING", Suspended = "SUSPENDED" }
}
fly_enum! {
    /// Generation of the platform; lower case in Fly's schema, too.
    PlatformVersion = "PlatformVersionEnum" {
        Detached = "detached", Machines = "machines", Nomad = "nomad",
    }
}
fly_enum! {
    /// How a check asks.
    CheckType = "CheckType" { Http = "HTTP", Script = "SCRIPT", Tcp = "TCP" }
}
fly_enum! {
    /// Kind of an address.
    IpAddressType = "IPAddressType" {
        PrivateV6 = "private_v6", SharedV4 = "shared_v4", V4 = "v4", V6 = "v6",
    }
}
fly_enum! {
    /// Kind of an organization.
    OrganizationType = "OrganizationType" { Personal = "PERSONAL", Shared = "SHARED" }
}
fly_enum! {
    /// How an organization pays.
    BillingStatus = "BillingStatus" {
        Current = "CURRENT", Delinquent = "DELINQUENT", PastDue = "PAST_DUE",
        SourceRequired = "SOURCE_REQUIRED", Suspended = "SUSPENDED",
        TrialActive = "TRIAL_ACTIVE", TrialEnded = "TRIAL_ENDED",
    }
}
fly_enum! {
    /// How much Fly trusts somebody.
    OrganizationTrust = "OrganizationTrust" {
        Banned = "BANNED", High = "HIGH", Low = "LOW", Restricted = "RESTRICTED",
        Unknown = "UNKNOWN",
    }
}
fly_enum! {
    /// What a service carries.
    ServiceProtocolType = "ServiceProtocolType" { Tcp = "TCP", Udp = "UDP" }
}
fly_enum! {
    /// What the edge does with a connection.
    ServiceHandlerType = "ServiceHandlerType" { EdgeHttp = "EDGE_HTTP", Http = "HTTP", PgTls = "PG_TLS", ProxyProto = "PROXY_PROTO", Tls = "TLS" }
}
fly_enum! {
    /// What runs an app.
    RuntimeType = "RuntimeType" { Firecracker = "FIRECRACKER", Nodeproxy = "NODEPROXY" }
}

impl From<Platform> for PlatformVersion {
    fn from(platform: Platform) -> Self {
        match platform {
            Platform::Nomad => Self::Nomad,
            Platform::Machines => Self::Machines,
            Platform::Detached => Self::Detached,
        }
    }
}

impl From<CheckKind> for CheckType {
    fn from(kind: CheckKind) -> Self {
        match kind {
            CheckKind::Http => Self::Http,
            CheckKind::Script => Self::Script,
            CheckKind::Tcp => Self::Tcp,
        }
    }
}
