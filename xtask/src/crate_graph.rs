//! Who may depend on whom: the core needs nothing of the outside world and nothing of ours, and minting
//! nothing but the core; the emulator needs no more of ours than these two.

use std::collections::BTreeSet;

use crate::Outcome;
use crate::process::{cargo, members, output};

/// Randomness, clocks, the network, a host: with any of these a library could do more than compute.
const OUTSIDE_WORLD: &str = "\
    getrandom rand rand_chacha fastrand oorandom uuid \
    chrono coarsetime instant jiff quanta time web-time \
    curl hyper mio native-tls openssl reqwest rustls socket2 tokio ureq \
    js-sys wasm-bindgen web-sys \
    aws-lc-rs ring";

/// Each library that only computes, the members of the workspace that it may use, and what else it must
/// not: the core verifies, and cannot sign.
const PURE: [(&str, &[&str], &[&str]); 4] = [
    ("callerid", &[], &["p256", "rsa"]),
    ("callerid-mint", &["callerid"], &[]),
    // What verifies in browsers and functions must not be able to sign either.
    ("callerid-wasm", &["callerid", "wasm-bindgen"], &["p256", "rsa"]),
    // What signs in the page takes time and random numbers from it, and is a module of its own.
    ("callerid-mint-wasm", &["callerid", "callerid-mint", "wasm-bindgen"], &[]),
];

/// Each library that lives in the outside world, and the members of the workspace that it may use.
const LAYERED: [(&str, &[&str]); 1] = [("callerid-emulator", &["callerid", "callerid-mint"])];

pub(crate) fn check() -> Outcome {
    for (package, may_use, must_not_use) in PURE {
        let outside: Vec<_> = OUTSIDE_WORLD.split(' ').chain(must_not_use.iter().copied()).collect();
        check_one(package, may_use, &outside)?;
    }
    LAYERED.iter().try_for_each(|(package, may_use)| check_one(package, may_use, &[]))
}

fn check_one(package: &str, may_use: &[&str], must_not_use: &[&str]) -> Outcome {
    let mut forbidden = members()?;
    forbidden.extend(must_not_use.iter().map(|name| String::from(*name)));
    forbidden.retain(|name| name != package && !may_use.contains(&name.as_str()));
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
