//! The network of some viewers: within this process, or a real proxy on real connections.

use crate::line::{Line, Reply};
use crate::wire::Wire;
use axum::body::Body;
use axum::http::Request;
use proxy::{Conditions, How};

pub enum Network {
    InProcess(Line),
    Real(Wire),
}

impl Network {
    pub fn change(&self, conditions: Conditions) {
        match self {
            Self::InProcess(line) => line.change(conditions),
            Self::Real(wire) => wire.proxy.change(conditions).unwrap(),
        }
    }

    /// As if nothing were on the way, for bodies that are under way as well.
    pub fn heal(&self) {
        match self {
            Self::InProcess(line) => line.heal(),
            Self::Real(wire) => wire.proxy.heal(),
        }
    }

    pub fn end_connections(&self, how: How) {
        match self {
            Self::InProcess(line) => line.end_connections(),
            Self::Real(wire) => wire.proxy.end_connections(how),
        }
    }

    /// The head of the answer; none where the connection broke before.
    pub async fn ask(&self, who: usize, request: Request<Body>) -> Option<Reply> {
        match self {
            Self::InProcess(line) => line.ask(who, request).await,
            Self::Real(wire) => wire.ask(who, request).await,
        }
    }
}
