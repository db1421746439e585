//! Verifies the lines of one job after the other, on any thread.

use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use callerid::key_cache::{KeyRequest, ON_MISS_PACE};
use callerid::{
    ErrorCode, JwkSet, KeysAtHand, Note, Policy, Report, TOKEN_BYTES_MAX, UnixTime, UnverifiedToken, Verdict,
    inspect,
};

use super::reader::Lines;
use crate::host::clock;
use crate::host::endpoint::{Attempt, Endpoint, Fetched};
use crate::host::keys::Keys;

/// What all threads share.
pub(super) struct Worker {
    keys: SharedKeys,
    policy: Policy,
    now: Option<UnixTime>,
}

/// The reports on the lines of one job.
pub(super) struct Verified {
    /// One report per line.
    pub(super) json: String,
    pub(super) outcomes: Vec<(Verdict, Option<ErrorCode>)>,
}

enum SharedKeys {
    Endpoint(Box<Mutex<Asked>>),
    Given(JwkSet),
}

/// An endpoint, and the request on behalf of the tokens that come in now.
struct Asked {
    endpoint: Endpoint,
    request: Option<(KeyRequest, Instant)>,
}

impl Worker {
    pub(super) fn new(keys: Keys, policy: Policy, now: Option<UnixTime>) -> Self {
        let keys = match keys {
            Keys::Given { keys, .. } => SharedKeys::Given(keys),
            Keys::Endpoint(endpoint) => {
                SharedKeys::Endpoint(Box::new(Mutex::new(Asked { endpoint: *endpoint, request: None })))
            }
        };
        Self { keys, policy, now }
    }

    pub(super) fn verify(&self, lines: &Lines) -> Verified {
        let mut verified = Verified { json: String::new(), outcomes: Vec::with_capacity(lines.len()) };
        let mut fetched = None;
        for line in lines {
            let report = self.report(&String::from_utf8_lossy(line), &mut fetched);
            verified.json.push_str(&report.to_json());
            verified.json.push('\n');
            verified.outcomes.push((report.verdict, report.code));
        }
        verified
    }

    /// What is worth knowing of the endpoint's keys on disk.
    pub(super) fn notes(&self) -> Vec<Note> {
        match &self.keys {
            SharedKeys::Endpoint(asked) => {
                asked.lock().unwrap_or_else(PoisonError::into_inner).endpoint.notes().to_vec()
            }
            SharedKeys::Given(_) => Vec::new(),
        }
    }

    fn report(&self, token: &str, fetched: &mut Option<Fetched>) -> Report {
        let now = self.now.unwrap_or_else(clock::now);
        let asked = match &self.keys {
            SharedKeys::Given(keys) => {
                let mut report = inspect(token, &KeysAtHand::given(keys), &self.policy, now);
                report.notes.extend(note_on_length(token));
                return report;
            }
            SharedKeys::Endpoint(asked) => asked,
        };
        let Ok(parsed) = UnverifiedToken::parse(token) else {
            let none = KeysAtHand::unavailable("no key was looked for");
            let mut report = inspect(token, &none, &self.policy, now);
            report.notes.extend(note_on_length(token));
            return report;
        };
        let key_id = parsed.unverified_key_id();
        // The keys of this job's last token serve the next one too, if they know its key.
        if fetched.as_ref().is_none_or(|fetched| !fetched.keys.knows(key_id)) {
            match keys_for(asked, key_id) {
                Ok(keys) => *fetched = Some(keys),
                Err(reason) => {
                    return inspect(token, &KeysAtHand::unavailable(reason), &self.policy, now);
                }
            }
        }
        let Some(fetched) = fetched else {
            return inspect(token, &KeysAtHand::unavailable("there are none"), &self.policy, now);
        };
        let at_hand = KeysAtHand::from_source(fetched.keys.keys(), fetched.source.clone());
        let mut report = inspect(token, &at_hand, &self.policy, now);
        report.notes.extend(fetched.note.clone());
        report
    }
}

/// Asks the shared endpoint. Nobody else is kept waiting while this token waits.
fn keys_for(asked: &Mutex<Asked>, key_id: Option<&str>) -> Result<Fetched, String> {
    let mut request = None;
    loop {
        let mut asked = asked.lock().unwrap_or_else(PoisonError::into_inner);
        let request = *request.get_or_insert_with(|| asked.request());
        let time = match asked.endpoint.attempt(request, key_id) {
            Attempt::Keys(fetched) => return Ok(fetched),
            Attempt::NoKeys(reason) => return Err(reason),
            Attempt::Wait(time) => time,
        };
        drop(asked);
        thread::sleep(time.min(Duration::from_secs(1)));
    }
}

impl Asked {
    /// The tokens of a few seconds are one batch and share one request, so that a file full of unknown
    /// keys causes a few fetches and not one for each job.
    fn request(&mut self) -> KeyRequest {
        match self.request {
            Some((request, made)) if made.elapsed() < ON_MISS_PACE => request,
            _ => {
                let request = self.endpoint.request();
                self.request = Some((request, Instant::now()));
                request
            }
        }
    }
}

/// A line that was cut has a fingerprint of what was left.
fn note_on_length(token: &str) -> Option<Note> {
    (token.len() > TOKEN_BYTES_MAX).then(|| {
        let message = format!("The line was cut behind {TOKEN_BYTES_MAX} bytes.");
        Note { note: "line_cut", message }
    })
}
