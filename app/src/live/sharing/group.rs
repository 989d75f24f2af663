//! The other tabs that a leader's stream carries.

use super::super::follows::{FollowerId, Follows};
use super::said::TabId;
use model::live::{Cursor, Topic};

/// A tab of which nothing was heard for this long is dead: a living one says something every 15 s.
const DEAD_MS: u64 = 40_000;
/// How many topics one stream may carry; the server takes no more.
const MOST_TOPICS: usize = 16;

#[derive(Debug)]
struct Member {
    tab: TabId,
    join: u32,
    heard_at: u64,
    carried: bool,
    followers: Vec<FollowerId>,
}

/// The tabs that a leader serves besides itself.
#[derive(Debug, Default)]
pub(super) struct Group {
    members: Vec<Member>,
}

/// One request of a tab to be carried.
pub(super) struct Wish {
    pub(super) tab: TabId,
    pub(super) join: u32,
    pub(super) topics: Vec<Topic>,
    pub(super) since: Option<Cursor>,
}

impl Group {
    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// A stream begins that carries all of them.
    pub(super) fn begin_stream(&mut self) {
        for member in &mut self.members {
            member.carried = true;
        }
    }

    /// Each tab that the stream carries, with the number of its request.
    pub(super) fn carried(&self) -> Vec<(TabId, u32)> {
        self.members.iter().filter(|member| member.carried).map(|member| (member.tab, member.join)).collect()
    }

    /// Takes a tab in. Not where the stream would carry more than the server takes.
    pub(super) fn join<S: Clone>(&mut self, wish: Wish, now: u64, follows: &mut Follows<Option<S>>) -> bool {
        self.drop_tab(wish.tab, follows);
        let Wish { tab, join, topics, since } = wish;
        let carried = follows.topics();
        if carried.len() + topics.iter().filter(|topic| !carried.contains(topic)).count() > MOST_TOPICS {
            return false;
        }
        let followers = topics.into_iter().map(|topic| follows.add(topic, since.clone(), None)).collect();
        self.members.push(Member { tab, join, heard_at: now, carried: false, followers });
        true
    }

    pub(super) fn heard_of(&mut self, tab: TabId, now: u64) {
        if let Some(member) = self.members.iter_mut().find(|member| member.tab == tab) {
            member.heard_at = now;
        }
    }

    /// Forgets a tab.
    pub(super) fn drop_tab<S: Clone>(&mut self, tab: TabId, follows: &mut Follows<Option<S>>) {
        self.keep(|member| member.tab != tab, follows);
    }

    /// Forgets the tabs that died without a word. Says whether there were any.
    pub(super) fn drop_dead<S: Clone>(&mut self, now: u64, follows: &mut Follows<Option<S>>) -> bool {
        self.keep(|member| now < member.heard_at + DEAD_MS, follows)
    }

    /// Forgets all tabs.
    pub(super) fn drop_all<S: Clone>(&mut self, follows: &mut Follows<Option<S>>) {
        self.keep(|_| false, follows);
    }

    fn keep<S: Clone>(&mut self, keep: impl Fn(&Member) -> bool, follows: &mut Follows<Option<S>>) -> bool {
        let before = self.members.len();
        self.members.retain(|member| {
            let keep = keep(member);
            if !keep {
                for id in &member.followers {
                    follows.remove(*id);
                }
            }
            keep
        });
        self.members.len() != before
    }
}
