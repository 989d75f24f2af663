//! When Fly was asked at the latest: what was asked at a moment was answered before some other.

use server::live::Hub;
use simulator::StoryClock;
use std::sync::{Arc, Mutex};
use tokio::task::JoinSet;

/// The demands for a poll of one server.
struct Server {
    began: i64,
    /// When each was made and, once it is over, when all polls were over that had begun before.
    demands: Vec<(i64, Option<i64>)>,
}

/// The demands for polls, of each server that there was, in order.
#[derive(Default)]
pub struct Polls {
    servers: Arc<Mutex<Vec<Server>>>,
    waiting: JoinSet<()>,
}

impl Polls {
    /// Another server begins.
    pub fn begin(&self, clock: &StoryClock) {
        self.servers.lock().unwrap().push(Server { began: clock.now_ms(), demands: Vec::new() });
    }

    /// Makes the newest server poll, without waiting for it.
    pub fn demand(&mut self, hub: &Hub, clock: &StoryClock) {
        let (servers, hub, clock) = (self.servers.clone(), hub.clone(), clock.clone());
        let mut known = servers.lock().unwrap();
        let server = known.len() - 1;
        let demands = &mut known[server].demands;
        let number = demands.len();
        demands.push((clock.now_ms(), None));
        drop(known);
        self.waiting.spawn(async move {
            hub.poll_now().await;
            servers.lock().unwrap()[server].demands[number].1 = Some(clock.now_ms());
        });
    }

    /// Waits until all polls that were demanded are over.
    pub async fn over(&mut self) {
        while let Some(ended) = self.waiting.join_next().await {
            ended.unwrap();
        }
    }

    /// When all that was asked at this moment had been answered: a demand waits for a poll that begins
    /// after it, so it outlasts the one that was under way; and one that ended before the next demand
    /// ended before that, too.
    pub fn answered_by(&self, asked_at: i64) -> i64 {
        let servers = self.servers.lock().unwrap();
        let there = servers.iter().filter(|server| server.began <= asked_at);
        let ends = there.filter_map(|server| {
            let next = server.demands.iter().find(|(at, _)| *at >= asked_at);
            next.or(server.demands.last()).and_then(|(_, over)| *over)
        });
        ends.max().unwrap_or(i64::MAX)
    }
}
