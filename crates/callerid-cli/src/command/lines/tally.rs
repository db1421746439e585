//! Counts what became of many tokens.

use std::collections::BTreeMap;
use std::time::Instant;

use callerid::{ErrorCode, Verdict};

/// How many tokens met which end.
pub(super) struct Tally {
    counts: [(Verdict, u64); 3],
    codes: BTreeMap<(usize, ErrorCode), u64>,
    started: Instant,
}

impl Tally {
    pub(super) fn start() -> Self {
        let verdicts = [Verdict::Verified, Verdict::Rejected, Verdict::Undecided];
        Self { counts: verdicts.map(|verdict| (verdict, 0)), codes: BTreeMap::new(), started: Instant::now() }
    }

    pub(super) fn count(&mut self, verdict: Verdict, code: Option<ErrorCode>) {
        for (at, (counted, count)) in self.counts.iter_mut().enumerate() {
            if *counted == verdict {
                *count += 1;
                if let Some(code) = code {
                    *self.codes.entry((at, code)).or_default() += 1;
                }
            }
        }
    }

    pub(super) fn tokens(&self) -> u64 {
        self.counts.iter().map(|(_, count)| count).sum()
    }

    pub(super) fn has(&self, verdict: Verdict) -> bool {
        self.counts.iter().any(|(counted, count)| *counted == verdict && *count > 0)
    }

    /// `3 tokens: 1 verified, 2 rejected (1 token_expired, 1 audience_mismatch) in 0.1 s (30 per second)`
    pub(super) fn summary(&self) -> String {
        let counted = |(at, (verdict, count)): (usize, &(Verdict, u64))| {
            let mut codes: Vec<_> = self.codes.iter().filter(|((of, _), _)| *of == at).collect();
            codes.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
            let codes: Vec<_> = codes.iter().map(|((_, code), count)| format!("{count} {code}")).collect();
            let codes = if codes.is_empty() { String::new() } else { format!(" ({})", codes.join(", ")) };
            (*count > 0).then(|| format!("{count} {}{codes}", verdict.as_str()))
        };
        let parts: Vec<_> = self.counts.iter().enumerate().filter_map(counted).collect();
        let tokens = self.tokens();
        let plural = if tokens == 1 { "" } else { "s" };
        let millis = self.started.elapsed().as_millis().max(1);
        let rate = u128::from(tokens).saturating_mul(1_000) / millis;
        let (seconds, tenths) = (millis / 1_000, millis / 100 % 10);
        format!("{tokens} token{plural}: {} in {seconds}.{tenths} s ({rate} per second)", parts.join(", "))
    }
}
