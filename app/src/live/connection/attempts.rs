//! The attempts to have a stream: how each goes, and what follows it.

use super::super::link::{Crowd, Link};
use super::io::{Answer, Effect, Moment, StreamId, StreamInput};
use super::phase::{POLL_PAUSE_MS, POLLING_MS, Phase};
use super::{Connection, backoff};

impl Connection {
    pub(super) fn stream_says(&mut self, input: StreamInput, at: Moment, effects: &mut Vec<Effect>) {
        match input {
            StreamInput::Heard => {
                self.last_heard = at.steady;
                if matches!(self.phase, Phase::Open { .. } | Phase::Following(_)) {
                    self.shown_from = at.server;
                }
            }
            // The other tab sees to its stream, and says how it is.
            _ if matches!(self.phase, Phase::Following(_)) => {}
            StreamInput::Answered(answer) => self.answered(answer, at, effects),
            StreamInput::Polled => self.polled(at),
            StreamInput::Greeted if self.is_polling() => {}
            StreamInput::Greeted => {
                self.phase = Phase::Open { began: at.steady };
                self.polls.answered = false;
                self.last_heard = at.steady;
                self.shown_from = at.server;
                self.was_live = true;
                self.switch_until = None;
            }
            StreamInput::ForeignProtocol => {
                self.refuse("Windsock was updated. Reload the page to go on.", effects);
            }
            StreamInput::TooLong => {
                self.refuse("What is there to show is larger than this page can read.", effects);
            }
            StreamInput::Retry(millis) => self.retry = Some(millis),
            StreamInput::Bye => {
                let asked = self.retry.take().map(|millis| backoff::asked(millis, at.random));
                self.fail(asked, at, effects);
            }
            StreamInput::SignedOut => self.close(Phase::Refused(Link::SignedOut), effects),
            StreamInput::Ended => self.fail(None, at, effects),
        }
    }

    fn answered(&mut self, answer: Answer, at: Moment, effects: &mut Vec<Effect>) {
        self.place.crowd = matches!(answer, Answer::Status { code: 429, .. }).then_some(Crowd::Streams);
        match answer {
            Answer::Stream => {
                if let Phase::Connecting { answered, .. } = &mut self.phase {
                    *answered = Some(at.steady);
                }
            }
            Answer::NotAStream if matches!(self.phase, Phase::Connecting { .. }) => {
                self.poll_instead(at, effects);
            }
            Answer::Redirect => {
                self.refuse("A proxy before Windsock asks you to sign in. Reload the page.", effects);
            }
            Answer::Status { code: 401, .. } => self.close(Phase::Refused(Link::SignedOut), effects),
            Answer::Status { code: 403 | 404, .. } => {
                self.refuse("There is nothing to follow here, or your token cannot see it.", effects);
            }
            Answer::Status { code: 408 | 425 | 429 | 500.., retry_after } => {
                self.fail(retry_after.map(|millis| backoff::asked(millis, at.random)), at, effects);
            }
            Answer::Status { code: 400..=499, .. } => {
                self.refuse("The server does not understand this page. Reload it.", effects);
            }
            Answer::NotAStream | Answer::Status { .. } => self.fail(None, at, effects),
        }
    }

    /// A poll was answered: the next one follows after a pause, or at once for somebody new.
    fn polled(&mut self, at: Moment) {
        self.polls.answered = true;
        self.was_live = true;
        self.attempt = 0;
        self.last_heard = at.steady;
        self.shown_from = at.server;
        self.switch_until = None;
        self.stream = StreamId(self.stream.0.wrapping_add(1));
        self.phase = Phase::Waiting { until: at.steady + POLL_PAUSE_MS, asked_until: at.steady };
    }

    /// The stream is held back: asks for news in its place, and for a stream again much later.
    pub(super) fn poll_instead(&mut self, at: Moment, effects: &mut Vec<Effect>) {
        self.polls.until = Some(at.steady + POLLING_MS);
        self.connect(at, effects);
    }

    pub(super) fn connect(&mut self, at: Moment, effects: &mut Vec<Effect>) {
        if self.followed.is_empty() {
            self.close(Phase::Idle, effects);
            return;
        }
        if self.phase.is_proven(at.steady) {
            self.attempt = 0;
        }
        self.stream = StreamId(self.stream.0.wrapping_add(1));
        self.carried.clone_from(&self.followed);
        self.linger_until = None;
        self.retry = None;
        self.phase = self.next_phase(at.steady);
        effects.push(Effect::Connect(self.stream));
    }

    fn next_phase(&mut self, now: u64) -> Phase {
        if !self.leads {
            return Phase::Following(None);
        }
        match self.polls.until {
            Some(until) if now < until => Phase::Polling { began: now },
            _ => {
                self.polls.until = None;
                Phase::Connecting { began: now, answered: None }
            }
        }
    }

    /// The attempt failed or the stream broke: wait, at least as long as was asked for.
    pub(super) fn fail(&mut self, asked: Option<u64>, at: Moment, effects: &mut Vec<Effect>) {
        let proven = self.phase.is_proven(at.steady);
        self.polls.answered = false;
        self.attempt = if proven { 0 } else { self.attempt.saturating_add(1) };
        let asked = asked.unwrap_or(0);
        let own = if proven && asked > 0 { 0 } else { backoff::full_jitter(self.attempt, at.random) };
        let waiting = Phase::Waiting { until: at.steady + asked.max(own), asked_until: at.steady + asked };
        self.close(waiting, effects);
    }

    fn refuse(&mut self, why: &str, effects: &mut Vec<Effect>) {
        self.close(Phase::Refused(Link::Failed(why.to_owned())), effects);
    }

    /// Nothing that the stream still says counts any more.
    pub(super) fn close(&mut self, next: Phase, effects: &mut Vec<Effect>) {
        if self.phase.has_stream() {
            effects.push(Effect::Close);
        }
        self.stream = StreamId(self.stream.0.wrapping_add(1));
        self.switch_until = None;
        if !matches!(next, Phase::Waiting { .. }) {
            self.place.crowd = None;
        }
        self.phase = next;
    }
}
