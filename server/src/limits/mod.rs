//! What one client may take, so that the others are served as well: open streams, and sign-ins.
//!
//! Every table here is bounded: streams are counted while they are open, and of the addresses that
//! tried to sign in a fixed number is remembered.

mod allowance;
mod network;
mod places;

pub use allowance::{Allowance, Allowances};
pub use network::Network;
pub use places::{Place, Places};

use crate::session::SessionKey;
use std::net::IpAddr;
use std::time::Duration;
use tokio::time::Instant;

/// What one client may take.
#[derive(Clone, Copy, Debug)]
pub struct ClientLimits {
    /// Streams and long polls that one session may have open at a time. A page has one of them.
    pub streams_per_session: usize,
    /// Streams and long polls that one address may have open at a time: an office may share one.
    pub streams_per_address: usize,
    /// Sign-ins that one address may try; those that succeed are given back.
    pub sign_ins: Allowance,
}

impl Default for ClientLimits {
    fn default() -> Self {
        Self {
            streams_per_session: 64,
            streams_per_address: 256,
            sign_ins: Allowance { burst: 10, every: Duration::from_secs(6) },
        }
    }
}

/// A client that has too much already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooMany {
    /// Streams of one session.
    #[error("This session has {0} live streams open, which is all it may have. Close a tab.")]
    OfSession(usize),
    /// Streams of one address.
    #[error("Your address has {0} live streams open, which is all it may have. Close a tab.")]
    OfAddress(usize),
}

/// The places of an open stream; free again when dropped.
pub struct StreamPlace {
    _session: Option<Place<SessionKey>>,
    _address: Option<Place<Network>>,
}

/// What all clients have taken.
pub struct Clients {
    limits: ClientLimits,
    sessions: Places<SessionKey>,
    addresses: Places<Network>,
    sign_ins: Allowances,
}

impl Clients {
    /// Nothing is taken yet.
    pub fn new(limits: ClientLimits) -> Self {
        let sign_ins = Allowances::new(limits.sign_ins);
        Self { limits, sessions: Places::default(), addresses: Places::default(), sign_ins }
    }

    /// A place for a stream. The session that all share has no limit of its own, and a request whose
    /// address is unknown (in a test without a connection) none of an address.
    pub fn open_stream(
        &self,
        session: Option<&SessionKey>,
        address: Option<IpAddr>,
    ) -> Result<StreamPlace, TooMany> {
        let ClientLimits { streams_per_session, streams_per_address, .. } = self.limits;
        let session = session.map(|key| {
            self.sessions
                .take(key.clone(), streams_per_session)
                .ok_or(TooMany::OfSession(streams_per_session))
        });
        let address = address.map(Network::of).map(|network| {
            self.addresses.take(network, streams_per_address).ok_or(TooMany::OfAddress(streams_per_address))
        });
        Ok(StreamPlace { _session: session.transpose()?, _address: address.transpose()? })
    }

    /// Counts a try to sign in, or says how long to wait.
    pub fn try_sign_in(&self, address: Option<IpAddr>, now: Instant) -> Result<(), Duration> {
        address.map_or(Ok(()), |address| self.sign_ins.take(Network::of(address), now))
    }

    /// A try that succeeded does not count.
    pub fn signed_in(&self, address: Option<IpAddr>, now: Instant) {
        if let Some(address) = address {
            self.sign_ins.give_back(Network::of(address), now);
        }
    }

    /// How many streams are open, of sessions and of addresses.
    pub fn open_streams(&self) -> usize {
        self.addresses.taken().max(self.sessions.taken())
    }
}
