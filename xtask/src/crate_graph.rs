//! Who may depend on whom: the core needs nothing of the outside world and nothing of ours.

use std::collections::BTreeSet;

use crate::Outcome;
use crate::process::{cargo, members, output};

/// Randomness, clocks, the network, a host, signing: with any of these the core could do more
/// than decide.
const NOT_IN_THE_CORE: &str = "\
    getrandom rand rand_chacha fastrand oorandom uuid \
    chrono coarsetime instant jiff quanta time web-time \
    curl hyper mio native-tls openssl reqwest rustls socket2 tokio ureq \
    js-sys wasm-bindgen web-sys \
    aws-lc-rs ring rsa";

pub(crate) fn check() -> Outcome {
    let mut forbidden = members()?;
    forbidden.remove("callerid");
    forbidden.extend(NOT_IN_THE_CORE.split(' ').map(Into::into));
    // What is linked in on any platform; not what only tests and build scripts use.
    let query = "tree --package callerid --edges normal --target all --prefix none --format {p}";
    let tree = output(&mut cargo(query))?;
    let names: BTreeSet<_> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    let found: Vec<_> = names.into_iter().filter(|name| forbidden.contains(*name)).collect();
    if found.is_empty() {
        return Ok(());
    }
    let way = "cargo tree -p callerid -e normal --target all -i NAME";
    Err(format!("the core depends on {}; `{way}` shows how", found.join(", ")).into())
}
