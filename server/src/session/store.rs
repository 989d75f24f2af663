//! The sessions that are alive.

use super::id::{SessionId, SessionKey};
use super::vault::{Records, Vault, VaultError};
use crate::clock::Clock;
use crate::live::Viewer;
use fly::FlyToken;
use model::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio_util::sync::CancellationToken;

/// A session nobody used for this long is over.
const IDLE_MS: i64 = 7 * 24 * 3_600 * 1_000;
/// A session is over after this long, however much it is used.
const ABSOLUTE_MS: i64 = 30 * 24 * 3_600 * 1_000;
/// The last use is written to disk at most this often.
const TOUCH_MS: i64 = 3_600 * 1_000;

/// One signed-in browser.
#[derive(Clone, Debug)]
pub struct ActiveSession {
    /// Its name on the server.
    pub key: SessionKey,
    /// The Fly token it acts with.
    pub token: FlyToken,
    /// Whom the token belongs to, as Fly names them.
    pub viewer: String,
    /// Cancelled when it ends: every stream of it listens.
    pub ended: CancellationToken,
}

impl ActiveSession {
    /// Who looks, for the watches.
    pub fn as_viewer(&self) -> Viewer {
        Viewer::new(self.token.clone(), self.ended.clone())
    }
}

/// What is kept of a session, on disk and in memory.
#[derive(Serialize, Deserialize)]
struct Record {
    token: String,
    viewer: String,
    created_at: Timestamp,
    used_at: Timestamp,
}

struct Entry {
    active: ActiveSession,
    created_at: Timestamp,
    used_at: Timestamp,
    saved_at: Timestamp,
}

impl Entry {
    fn record(&self) -> Record {
        Record {
            token: self.active.token.expose_for_session().to_owned(),
            viewer: self.active.viewer.clone(),
            created_at: self.created_at,
            used_at: self.used_at,
        }
    }

    fn is_over(&self, now: Timestamp) -> bool {
        now.since(self.used_at) > IDLE_MS || now.since(self.created_at) > ABSOLUTE_MS
    }
}

/// All sessions.
pub struct Sessions {
    entries: Mutex<HashMap<SessionKey, Entry>>,
    vault: Option<Vault>,
    clock: Arc<dyn Clock>,
}

impl Sessions {
    /// Takes up the sessions that the vault keeps; without a vault they live in memory.
    pub fn open(vault: Option<Vault>, clock: Arc<dyn Clock>) -> Result<Self, VaultError> {
        let mut entries = HashMap::new();
        if let Some(vault) = &vault {
            let Records { readable, unreadable } = vault.read_all()?;
            if unreadable > 0 {
                tracing::warn!(unreadable, "sessions sealed with another key were left alone");
            }
            entries = readable.into_iter().filter_map(|(key, plain)| revive(key, &plain)).collect();
        }
        let sessions = Self { entries: Mutex::new(entries), vault, clock };
        sessions.sweep();
        Ok(sessions)
    }

    /// Begins a session.
    pub fn begin(&self, token: FlyToken, viewer: String) -> Result<SessionId, VaultError> {
        let id = SessionId::random().map_err(|_| super::SealError::NoRandomness)?;
        let now = self.clock.now();
        let active = ActiveSession { key: id.key(), token, viewer, ended: CancellationToken::new() };
        let entry = Entry { active, created_at: now, used_at: now, saved_at: now };
        self.save(&id.key(), &entry.record())?;
        self.lock().insert(id.key(), entry);
        self.sweep();
        Ok(id)
    }

    /// The session of a cookie, if it is alive.
    pub fn find(&self, id: &SessionId) -> Option<ActiveSession> {
        let now = self.clock.now();
        let key = id.key();
        let mut entries = self.lock();
        let entry = entries.get_mut(&key)?;
        if entry.is_over(now) {
            drop(entries);
            self.end(&key);
            return None;
        }
        entry.used_at = now;
        let active = entry.active.clone();
        let due = now.since(entry.saved_at) > TOUCH_MS;
        if due {
            entry.saved_at = now;
        }
        let record = due.then(|| entry.record());
        drop(entries);
        if let Some(record) = record {
            self.touch(&key, &record);
        }
        Some(active)
    }

    /// Ends a session and every stream of it.
    pub fn end(&self, key: &SessionKey) {
        let entry = self.lock().remove(key);
        if let Some(entry) = entry {
            entry.active.ended.cancel();
        }
        if let Some(Err(error)) = self.vault.as_ref().map(|vault| vault.remove(key)) {
            tracing::error!(%error, "an ended session could not be removed from disk");
        }
    }

    /// Ends every session of a token that Fly refuses.
    pub fn end_all_of(&self, token: &FlyToken) {
        let keys: Vec<SessionKey> = {
            let entries = self.lock();
            let same =
                entries.values().filter(|entry| entry.active.token.fingerprint() == token.fingerprint());
            same.map(|entry| entry.active.key.clone()).collect()
        };
        for key in keys {
            self.end(&key);
        }
    }

    /// Writes the last use. A session that ended meanwhile must not come back with a restart.
    fn touch(&self, key: &SessionKey, record: &Record) {
        if let Err(error) = self.save(key, record) {
            tracing::warn!(%error, "the last use of a session could not be kept");
        }
        if !self.lock().contains_key(key) {
            self.end(key);
        }
    }

    /// Ends the sessions whose time is over, with their streams.
    pub fn sweep(&self) {
        let now = self.clock.now();
        let over: Vec<SessionKey> =
            self.lock().iter().filter(|(_, entry)| entry.is_over(now)).map(|(key, _)| key.clone()).collect();
        for key in over {
            self.end(&key);
        }
    }

    fn save(&self, key: &SessionKey, record: &Record) -> Result<(), VaultError> {
        let Some(vault) = &self.vault else { return Ok(()) };
        let plain = serde_json::to_vec(record).unwrap_or_default();
        vault.write(key, &plain)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SessionKey, Entry>> {
        // A panic elsewhere cannot leave the map half changed: every change is one call.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn revive(key: SessionKey, plain: &[u8]) -> Option<(SessionKey, Entry)> {
    let record: Record = serde_json::from_slice(plain).ok()?;
    let token = FlyToken::parse(&record.token).ok()?;
    let active =
        ActiveSession { key: key.clone(), token, viewer: record.viewer, ended: CancellationToken::new() };
    let entry =
        Entry { active, created_at: record.created_at, used_at: record.used_at, saved_at: record.used_at };
    Some((key, entry))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicI64, Ordering};

    #[derive(Default)]
    struct SetClock(AtomicI64);

    impl Clock for SetClock {
        fn now(&self) -> Timestamp {
            Timestamp(self.0.load(Ordering::Relaxed))
        }
    }

    fn token() -> FlyToken {
        FlyToken::parse("fo1_example").unwrap()
    }

    #[test]
    fn a_session_survives_a_restart_when_there_is_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let open = || {
            let vault = Vault::open(folder.path(), None).unwrap();
            Sessions::open(Some(vault), Arc::new(SetClock::default())).unwrap()
        };
        let id = open().begin(token(), "mara@example.com".into()).unwrap();
        assert_eq!(open().find(&id).unwrap().viewer, "mara@example.com");

        open().end(&id.key());
        assert!(open().find(&id).is_none(), "an ended session came back");
    }

    #[test]
    fn ending_a_session_ends_its_streams() {
        let sessions = Sessions::open(None, Arc::new(SetClock::default())).unwrap();
        let id = sessions.begin(token(), String::new()).unwrap();
        let active = sessions.find(&id).unwrap();
        sessions.end(&active.key);
        assert!(active.ended.is_cancelled());
        assert!(sessions.find(&id).is_none());
    }

    #[test]
    fn a_refused_token_ends_all_sessions_of_it_and_no_other() {
        let sessions = Sessions::open(None, Arc::new(SetClock::default())).unwrap();
        let refused = [
            sessions.begin(token(), String::new()).unwrap(),
            sessions.begin(token(), String::new()).unwrap(),
        ];
        let other = sessions.begin(FlyToken::parse("fo1_other").unwrap(), String::new()).unwrap();
        sessions.end_all_of(&token());
        assert!(refused.iter().all(|id| sessions.find(id).is_none()));
        assert!(sessions.find(&other).is_some());
    }

    #[test]
    fn a_session_ends_when_it_is_idle_or_old() {
        let clock = Arc::new(SetClock::default());
        let sessions = Sessions::open(None, clock.clone()).unwrap();
        let idle = sessions.begin(token(), String::new()).unwrap();
        clock.0.store(IDLE_MS + 1, Ordering::Relaxed);
        assert!(sessions.find(&idle).is_none());

        let open = sessions.begin(token(), String::new()).unwrap();
        let ended = sessions.find(&open).unwrap().ended;
        clock.0.store(2 * (IDLE_MS + 1), Ordering::Relaxed);
        sessions.sweep();
        assert!(ended.is_cancelled(), "its streams went on");

        let used = sessions.begin(token(), String::new()).unwrap();
        let begun = 2 * (IDLE_MS + 1);
        for day in 1..=30 {
            clock.0.store(begun + day * 24 * 3_600 * 1_000, Ordering::Relaxed);
            assert!(sessions.find(&used).is_some(), "gone on day {day}");
        }
        clock.0.store(begun + ABSOLUTE_MS + 1, Ordering::Relaxed);
        assert!(sessions.find(&used).is_none());
    }
}
