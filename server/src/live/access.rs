//! Proofs that a token may see an app.
//!
//! A watch polls with one viewer's token, and its state is shown to others; so each of them has to
//! prove access with a token of their own: when they come, and again each minute. While Fly cannot
//! be asked, the last proof holds for five minutes.

use super::viewer::Fingerprint;
use crate::upstream::Upstream;
use fly::{FlyError, FlyToken};
use model::AppName;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;
use tokio::time::Instant;

/// A proof is renewed after this long.
const FRESH: Duration = Duration::from_secs(60);
/// A proof holds for this long while Fly cannot be asked.
const GRACE: Duration = Duration::from_secs(300);
/// A question that has no answer by then has failed.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

/// What a proof says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The token can see the app.
    Allowed,
    /// The token is good, but there is no such app for it.
    Denied,
    /// Fly refuses the token altogether.
    Refused,
}

#[derive(Clone, Copy)]
struct Proof {
    verdict: Verdict,
    /// When Fly was asked.
    asked: Instant,
    at: Instant,
}

type Key = (Fingerprint, AppName);

/// All proofs. At most one question per token, app and minute, however many ask.
#[derive(Default)]
pub struct Proofs {
    /// Read by every stream whenever something changes.
    known: RwLock<HashMap<Fingerprint, HashMap<AppName, Proof>>>,
    asked: Mutex<HashMap<Key, Arc<Question>>>,
}

/// The last question about one token and app that brought no verdict; one asks at a time.
#[derive(Default)]
struct Question(tokio::sync::Mutex<Option<(Instant, Arc<FlyError>)>>);

impl Question {
    fn is_recent(&self) -> bool {
        let last = self.0.try_lock();
        last.is_ok_and(|last| last.as_ref().is_some_and(|(at, _)| at.elapsed() < FRESH))
    }
}

impl Proofs {
    /// Remembers what Fly said to a request made with this token at the moment `asked`. What it says to
    /// one that was made later counts, whichever answer comes first.
    pub fn remember(&self, token: &Fingerprint, app: &AppName, verdict: Verdict, asked: Instant) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let of_token = known.entry(*token).or_default();
        if of_token.get(app).is_none_or(|newest| newest.asked <= asked) {
            of_token.insert(app.clone(), Proof { verdict, asked, at: Instant::now() });
        }
        known.retain(|_, proofs| {
            proofs.retain(|_, proof| proof.at.elapsed() < GRACE);
            !proofs.is_empty()
        });
        drop(known);
        // Nobody waits for these, and what they brought is out of date.
        lock(&self.asked).retain(|_, question| Arc::strong_count(question) > 1 || question.is_recent());
    }

    /// Forgets what is known of a token.
    pub fn forget(&self, token: &Fingerprint) {
        self.known.write().unwrap_or_else(PoisonError::into_inner).remove(token);
        lock(&self.asked).retain(|(known, _), _| known != token);
    }

    /// The last verdict, with whether it needs no renewal yet; none where it is too old to hold.
    pub fn last(&self, token: &Fingerprint, app: &AppName) -> Option<(Verdict, bool)> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let proof = *known.get(token)?.get(app)?;
        drop(known);
        let age = proof.at.elapsed();
        (age < GRACE).then_some((proof.verdict, age < FRESH))
    }

    /// Whether the token may see the app, as far as is known without asking.
    pub fn holds(&self, token: &Fingerprint, app: &AppName) -> bool {
        matches!(self.last(token, app), Some((Verdict::Allowed, _)))
    }

    /// A verdict that needs no renewal yet.
    pub fn fresh(&self, token: &Fingerprint, app: &AppName) -> Option<Verdict> {
        self.last(token, app).filter(|(_, fresh)| *fresh).map(|(verdict, _)| verdict)
    }

    /// Asks Fly, unless a fresh answer is known. A question that failed is not asked again within
    /// the minute either.
    pub async fn prove(
        &self,
        upstream: &dyn Upstream,
        token: &FlyToken,
        app: &AppName,
    ) -> Result<Verdict, Arc<FlyError>> {
        let fingerprint = token.fingerprint();
        let key = (fingerprint, app.clone());
        let question = lock(&self.asked).entry(key.clone()).or_default().clone();
        let mut last = question.0.lock().await;
        if let Some(verdict) = self.fresh(&fingerprint, app) {
            return Ok(verdict);
        }
        if let Some((at, error)) = last.as_ref()
            && at.elapsed() < FRESH
        {
            return Err(error.clone());
        }
        let asked = Instant::now();
        let answer = tokio::time::timeout(ANSWER_WITHIN, upstream.can_see(token, app)).await;
        let answer = answer.unwrap_or(Err(FlyError::Timeout));
        let known = verdict(&answer);
        if let (None, Err(error)) = (known, answer) {
            let error = Arc::new(error);
            *last = Some((Instant::now(), error.clone()));
            return Err(error);
        }
        let known = known.unwrap_or(Verdict::Allowed);
        self.remember(&fingerprint, app, known, asked);
        lock(&self.asked).remove(&key);
        Ok(known)
    }
}

/// What an answer says of access; none where it says nothing of it.
pub fn verdict<T>(answer: &Result<T, FlyError>) -> Option<Verdict> {
    match answer {
        Ok(_) => Some(Verdict::Allowed),
        Err(error) if error.is_refused() => Some(Verdict::Refused),
        Err(error) if error.is_access_denied() => Some(Verdict::Denied),
        Err(_) => None,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // The maps are whole after every single call on them.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_late_answer_to_an_older_question_does_not_give_back_what_a_newer_one_took() {
        let (proofs, token, app) = (Proofs::default(), [1; 32], "web".parse().unwrap());
        let older = Instant::now();
        tokio::time::advance(Duration::from_secs(1)).await;
        proofs.remember(&token, &app, Verdict::Denied, Instant::now());
        tokio::time::advance(Duration::from_secs(1)).await;
        proofs.remember(&token, &app, Verdict::Allowed, older);
        assert_eq!(proofs.fresh(&token, &app), Some(Verdict::Denied));
        proofs.remember(&token, &app, Verdict::Allowed, Instant::now());
        assert_eq!(proofs.fresh(&token, &app), Some(Verdict::Allowed), "Fly shows it again");
    }
}
