//! Random events against what must always hold.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::host::{Endpoint, Host, MINUTE, Outcome, SECOND, START, millis};
use crate::key_cache::{ON_MISS_BURST, ON_MISS_PACE};

/// A linear congruential generator (Knuth's MMIX): the same numbers in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::try_from(self.below(choices.len() as u64)).unwrap()]
    }
}

/// Keys come and go one by one; "k3" is then the third key ever.
fn key(number: u64) -> String {
    format!("k{number}")
}

fn endpoint(newest: u64) -> Endpoint {
    Endpoint::with(&[&key(newest), &key(newest + 1)])
}

/// The host itself asserts that no two fetches run at once and that every wait ends.
#[test]
fn an_endpoint_that_is_up_loses_no_key() {
    for seed in 0..60 {
        let mut random = Random(seed);
        let mut newest = 0;
        let mut host = Host::new(endpoint(newest));
        let mut asked = Vec::new();
        for _ in 0..400 {
            match random.below(10) {
                0 => {
                    // The older key goes and a newer one comes: one key is always in both sets.
                    newest += 1;
                    host.endpoint = endpoint(newest);
                    asked.retain(|(caller, number): &(usize, u64)| {
                        *number >= newest || host.callers[*caller].outcome != Outcome::Waiting
                    });
                }
                1 => host.latency = random.pick(&[0, 1, 30, 700, 5_000]),
                2 => {
                    host.cache_control =
                        random.pick(&[None, Some("no-store"), Some("max-age=99"), Some("max-age=9999")])
                }
                3 => host.run_for(random.below(3 * MINUTE)),
                4 => host.ask_often("junk", random.below(30)),
                5 | 6 => {
                    let number = newest + random.below(2);
                    asked.push((host.ask(Some(&key(number))), number));
                }
                _ => host.run_for(random.pick(&[1, 20, 400, 2_000, 20_000])),
            }
        }
        host.run_for(MINUTE);
        for (caller, number) in asked {
            let caller = &host.callers[caller];
            assert_eq!(caller.outcome, Outcome::Found, "seed {seed}, key {number}");
            assert!(caller.decided_at - caller.asked_at <= 5_000 + millis(ON_MISS_PACE) + 5_000);
        }
        let junk = host.callers.iter().filter(|caller| caller.key_id() == "junk");
        assert!(junk.clone().count() > 0);
        for caller in junk {
            assert_eq!(caller.outcome, Outcome::NotFound, "seed {seed}");
        }
    }
}

#[test]
fn whatever_happens_fetches_stay_within_budget_and_callers_get_answers() {
    for seed in 0..80 {
        let mut random = Random(seed + 1_000);
        let mut host = Host::new(endpoint(0));
        // Half of the runs see only tokens whose key every set holds.
        let unknown_keys = seed % 2 == 0;
        for _ in 0..400 {
            match random.below(8) {
                0 => host.endpoint = any_endpoint(&mut random),
                1 => host.latency = random.pick(&[0, 30, 5_000, 20_000]),
                2 => host.cache_control = random.pick(&[None, Some("no-cache"), Some("max-age=120")]),
                3 if unknown_keys => host.ask_often("junk", random.below(30)),
                4 if unknown_keys => host.ask_often(&key(random.below(4)), 1),
                3 | 4 => {
                    host.ask(None);
                }
                5 => host.ask_often(&key(1), 1),
                _ => host.run_for(random.pick(&[1, 20, 400, 2_000, 20_000, 300_000])),
            }
        }
        host.endpoint = endpoint(0);
        host.run_for(WAIT_MAX);
        for caller in &host.callers {
            assert_ne!(caller.outcome, Outcome::Waiting, "seed {seed}");
            assert!(caller.decided_at - caller.asked_at <= WAIT_MAX, "seed {seed}");
        }
        // Known keys: a success keeps for 54 seconds at least, and within such a time the doubling
        // pauses let no more than six failures through.
        let elapsed = host.now - START;
        let known = 6 * (1 + elapsed / (54 * SECOND));
        let unknown = u64::from(ON_MISS_BURST) + elapsed / millis(ON_MISS_PACE);
        let budget = if unknown_keys { known + unknown } else { known };
        let fetches = host.fetches.len();
        assert!(fetches as u64 <= budget, "seed {seed}: {fetches} fetches in {elapsed} ms");
    }
}

/// A fetch that is under way, the pause before the next one, and that one.
const WAIT_MAX: u64 = 35_000;

fn any_endpoint(random: &mut Random) -> Endpoint {
    match random.below(6) {
        0 => Endpoint::down(),
        1 => Endpoint::Fails,
        2 => Endpoint::Hangs,
        3 => Endpoint::Answers(200, String::from("<html>")),
        number => endpoint(number - 4),
    }
}
