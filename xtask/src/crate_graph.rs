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

/// What the WebAssembly module has beyond the core.
const THE_GLUE: [&str; 2] = ["callerid-wasm", "wasm-bindgen"];

pub(crate) fn check() -> Outcome {
    let mut forbidden = members()?;
    forbidden.remove("callerid");
    forbidden.extend(NOT_IN_THE_CORE.split(' ').map(Into::into));
    hold("callerid", &forbidden)?;
    // What verifies in browsers and functions must not be able to sign.
    forbidden.retain(|name| !THE_GLUE.contains(&&**name));
    hold("callerid-wasm", &forbidden)
}

fn hold(package: &str, forbidden: &BTreeSet<String>) -> Outcome {
    // What is linked in on any platform; not what only tests and build scripts use.
    let query = format!("tree --package {package} --edges normal --target all --prefix none --format {{p}}");
    let tree = output(&mut cargo(&query))?;
    let names: BTreeSet<_> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    let found: Vec<_> = names.into_iter().filter(|name| forbidden.contains(*name)).collect();
    if found.is_empty() {
        return Ok(());
    }
    let way = format!("cargo tree -p {package} -e normal --target all -i NAME");
    Err(format!("{package} depends on {}; `{way}` shows how", found.join(", ")).into())
}
