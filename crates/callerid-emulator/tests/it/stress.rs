//! Many clients at once while keys rotate and answers fail: no wrong token, no crash, no leak.
//!
//! `CALLERID_STRESS_SECONDS` says how long; without it, as long as a test should take.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use callerid::{JwkSet, Profile};
use callerid_emulator::Emulator;
use serde_json::json;
use ureq::Agent;
use ureq::http::Method;

use crate::client::{agent, get, send};
use crate::{AUDIENCE, TARGET, access_token, order, start, text};

const CLIENTS: u64 = 200;
const SECONDS_DEFAULT: u64 = 3;
/// How much more memory the process may hold in the end than when all clients had begun, in KiB; the
/// other tests of the binary run in the same process.
const GROWTH_MAX: u64 = 128 * 1024;

/// What the clients have met.
#[derive(Default)]
struct Met {
    good: AtomicU64,
    failed: AtomicU64,
    /// What must not be.
    wrong: Mutex<Vec<String>>,
}

impl Met {
    fn wrong(&self, what: String) {
        self.wrong.lock().unwrap().push(what);
    }
}

/// One client: asks for a token for an audience of its own, and holds what it gets against the keys.
fn ask(emulator: &Emulator, agent: &Agent, access: &str, number: u64, met: &Met) {
    let audience = format!("{AUDIENCE}&client={number}");
    let urls = emulator.urls();
    let url = format!("{}/v1/projects/-/serviceAccounts/{TARGET}:generateIdToken", urls.iam_credentials);
    let bearer = format!("Bearer {access}");
    let body = json!({"audience": audience, "includeEmail": true}).to_string();
    let answer = send(agent, &Method::POST, &url, &[("Authorization", &bearer)], &body);
    let token = match answer {
        Ok(answer) if answer.status == 200 => text(&answer.json(), "token"),
        Ok(answer) if [429, 500, 503].contains(&answer.status) => {
            met.failed.fetch_add(1, Ordering::Relaxed);
            return;
        }
        Ok(answer) => return met.wrong(format!("{}: {}", answer.status, answer.body)),
        Err(error) => return met.wrong(format!("no answer: {error}")),
    };
    let keys = match send(agent, &Method::GET, &urls.jwks.google, &[], "") {
        Ok(answer) if answer.status == 200 => JwkSet::parse(&answer.body).expect("a key set"),
        Ok(_) => {
            met.failed.fetch_add(1, Ordering::Relaxed);
            return;
        }
        Err(error) => return met.wrong(format!("no keys: {error}")),
    };
    let policy = callerid::Policy::new(
        Profile::google(),
        callerid::Audience::exactly(&audience).expect("an audience"),
        callerid::Callers::emails([TARGET]).expect("an address"),
    );
    let now = std::time::UNIX_EPOCH.elapsed().expect("a time").as_secs();
    let now = callerid::UnixTime::from_seconds(i64::try_from(now).expect("a time"));
    match callerid::verify(&token, &keys, &policy, now) {
        Ok(_) => {
            met.good.fetch_add(1, Ordering::Relaxed);
        }
        Err(error) => met.wrong(format!("{:?}", error.code())),
    }
}

/// Rotates as Google does: a new key is published before it signs, and an old one long after.
fn rotate(emulator: &Emulator, stopping: &AtomicBool) -> u64 {
    let mut rotations = 0;
    loop {
        for step in ["announce", "advance"] {
            order(emulator, "rotate", &format!("{{\"step\":\"{step}\"}}"));
            thread::sleep(Duration::from_millis(150));
        }
        rotations += 1;
        if stopping.load(Ordering::Relaxed) {
            return rotations;
        }
    }
}

/// Memory that the process holds, in KiB, where the system tells.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[test]
fn two_hundred_clients_during_rotation_and_failures() {
    let seconds = std::env::var("CALLERID_STRESS_SECONDS").ok().and_then(|text| text.parse().ok());
    let duration = Duration::from_secs(seconds.unwrap_or(SECONDS_DEFAULT));
    let emulator = start();
    let access = access_token(&emulator);
    for endpoint in ["iam_credentials", "keys"] {
        let body = json!({"status": 503, "endpoint": endpoint, "probability": 0.05, "retry_after": 1});
        order(&emulator, "status", &body.to_string());
    }
    let (met, stopping) = (Met::default(), AtomicBool::new(false));
    let mut before = None;
    let rotations = thread::scope(|scope| {
        let rotating = scope.spawn(|| rotate(&emulator, &stopping));
        for number in 0..CLIENTS {
            let (emulator, access, met, stopping) = (&emulator, &access, &met, &stopping);
            scope.spawn(move || {
                let agent = agent();
                while !stopping.load(Ordering::Relaxed) {
                    ask(emulator, &agent, access, number, met);
                }
            });
        }
        let begun = Instant::now();
        let has_met = |count: &AtomicU64| count.load(Ordering::Relaxed) > 0;
        // However slow the machine is, there must have been something to judge.
        let is_over = || begun.elapsed() >= duration && has_met(&met.good) && has_met(&met.failed);
        while !is_over() && met.wrong.lock().unwrap().is_empty() {
            thread::sleep(Duration::from_millis(50));
            // By then every client has its thread and its connection.
            if before.is_none() && met.good.load(Ordering::Relaxed) > 2 * CLIENTS {
                before = resident();
            }
        }
        stopping.store(true, Ordering::Relaxed);
        rotating.join().expect("no panic")
    });
    let after = resident();
    let (good, failed) = (met.good.into_inner(), met.failed.into_inner());
    println!(
        "{good} verified, {failed} failed as ordered, {rotations} rotations, {before:?} KiB before, {after:?} after"
    );
    let wrong = met.wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} wrong, such as {}", wrong.len(), wrong[0]);
    assert!(rotations > 0);
    if let (Some(before), Some(after)) = (before, after) {
        assert!(after < before + GROWTH_MAX, "{before} KiB grew to {after} KiB");
    }
    // And it answers as before.
    order(&emulator, "reset", "");
    assert_eq!(get(&emulator.urls().jwks.google, &[]).status, 200);
}
