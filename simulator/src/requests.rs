//! Counts of the requests that arrived.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use serde::Serialize;

/// One row of the counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RequestCount {
    /// `graphql`, `rest`, `machines`.
    pub api: String,
    /// Method and route for REST, the operation's name for GraphQL.
    pub operation: String,
    /// Name of the token, never the token; `none` where no valid one was sent.
    pub token: String,
    /// HTTP status of the answers; 0 where none was given.
    pub status: u16,
    /// How many.
    pub count: u64,
}

/// Everything counted since the start or the last reset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RequestCounts {
    /// The sum.
    pub total: u64,
    /// By API, operation, token and status.
    pub rows: Vec<RequestCount>,
}

impl RequestCounts {
    /// How many requests one operation got, whoever sent them and whatever was answered.
    pub fn of(&self, operation: &str) -> u64 {
        let rows = self.rows.iter().filter(|row| row.operation == operation);
        rows.map(|row| row.count).sum()
    }

    /// How many requests came with the token of this name.
    pub fn by_token(&self, name: &str) -> u64 {
        let rows = self.rows.iter().filter(|row| row.token == name);
        rows.map(|row| row.count).sum()
    }
}

type Key = (&'static str, String, &'static str, u16);

/// Where requests are counted.
#[derive(Debug, Default)]
pub(crate) struct RequestLog(Mutex<BTreeMap<Key, u64>>);

impl RequestLog {
    pub(crate) fn count(&self, api: &'static str, operation: &str, token: &'static str, status: u16) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry((api, operation.to_owned(), token, status)).or_insert(0) += 1;
    }

    pub(crate) fn counts(&self) -> RequestCounts {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let rows = counts.iter().map(|((api, operation, token, status), count)| RequestCount {
            api: (*api).to_owned(),
            operation: operation.clone(),
            token: (*token).to_owned(),
            status: *status,
            count: *count,
        });
        RequestCounts { total: counts.values().sum(), rows: rows.collect() }
    }

    pub(crate) fn reset(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
