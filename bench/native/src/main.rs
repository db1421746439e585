//! Times the verification of distinct, Google-shaped tokens on one thread, callerid beside its peers.
//!
//! Every contender runs over all tokens in every round, one after the other, so that whatever else the
//! machine does disturbs them alike; what is reported is the median of the rounds.
//! Usage: `callerid-bench OUTPUT.json RS256.txt ES256.txt KEYS.json`: the other files are written for the
//! benchmark in Node, which runs over the same tokens.

mod contenders;
mod tokens;

use std::time::Instant;

use contenders::Contender;
use tokens::Tokens;

const TOKENS: usize = 2_000;
const ROUNDS: usize = 9;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut file = || arguments.next().expect("four file names");
    let (output, rs256_file, es256_file, key_file) = (file(), file(), file(), file());
    let tokens = Tokens::sign(TOKENS);
    for (file, tokens) in [(rs256_file, &tokens.rs256), (es256_file, &tokens.es256)] {
        std::fs::write(file, tokens.join("\n")).expect("tokens are written");
    }
    std::fs::write(key_file, &tokens.key_set).expect("keys are written");
    let mut contenders = contenders::all(&tokens);
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); contenders.len()];
    for _ in 0..ROUNDS {
        for (contender, times) in contenders.iter_mut().zip(&mut times) {
            times.push(microseconds_per_token(contender, &tokens));
        }
    }
    let rows: Vec<_> = contenders
        .iter()
        .zip(&mut times)
        .map(|(contender, times)| {
            times.sort_by(f64::total_cmp);
            serde_json::json!({
                "group": contender.group,
                "name": contender.name,
                "microseconds": times[times.len() / 2],
                "best": times[0],
            })
        })
        .collect();
    std::fs::write(output, serde_json::to_string_pretty(&rows).expect("JSON")).expect("figures are written");
}

fn microseconds_per_token(contender: &mut Contender, tokens: &Tokens) -> f64 {
    let tokens = tokens.of(contender.group);
    let start = Instant::now();
    for token in tokens {
        assert!((contender.accepts)(token), "{} must accept", contender.name);
    }
    start.elapsed().as_secs_f64() * 1e6 / tokens.len() as f64
}
