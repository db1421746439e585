//! What stays the same from run to run: with a seed, and with a directory of kept keys.

use std::path::Path;

use callerid_emulator::{Config, Emulator};

use crate::client::get;
use crate::{config, folder, identity, order};

/// A token and all published keys at one moment.
fn sight(emulator: &Emulator) -> [String; 4] {
    order(emulator, "clock", "{\"now\":1800000000}");
    let urls = emulator.urls();
    let account = urls.service_account_keys.replace("{email}", crate::TARGET);
    let key_sets = [&urls.certs.google, &urls.jwks.iap, &account].map(|url| get(url, &[]).body);
    let [google, iap, account] = key_sets;
    [identity(emulator, "&format=full").body, google, iap, account]
}

#[test]
fn with_a_seed() {
    let run = |seed| sight(&Emulator::start(Config { seed, ..config() }).expect("an emulator"));
    let first = run(Some(7));
    assert_eq!(run(Some(7)), first);
    for (other, this) in run(Some(8)).iter().zip(&first) {
        assert_ne!(other, this);
    }
    let (one, another) = (run(None), run(None));
    assert!(one.iter().zip(&another).all(|(one, another)| one != another), "chance repeats itself");
}

#[test]
fn with_kept_keys() {
    let folder = folder();
    let state = folder.path().join("state");
    let start = |seed| Emulator::start(Config { state: Some(state.clone()), seed, ..config() });
    let emulator = start(None).expect("an emulator");
    order(&emulator, "rotate", "{\"step\":\"advance\"}");
    let first = sight(&emulator);
    emulator.stop();
    let emulator = start(None).expect("an emulator");
    assert_eq!(sight(&emulator), first, "the rotation is kept, too");
    emulator.stop();
    let error = start(Some(7)).expect_err("another seed is refused");
    assert!(error.to_string().contains("another seed"), "{error}");
    is_private(&state);
}

#[test]
fn with_kept_keys_that_somebody_has_spoilt() {
    let folder = folder();
    let state = folder.path().join("state");
    let start = || Emulator::start(Config { state: Some(state.clone()), ..config() });
    start().expect("an emulator").stop();
    std::fs::write(state.join("seed"), "nonsense").unwrap();
    let error = start().expect_err("no seed");
    assert!(
        error.to_string().contains("holds no seed") && !error.to_string().contains("nonsense"),
        "{error}"
    );
}

/// Whether nobody but the owner can read anything there.
#[cfg(unix)]
pub(crate) fn is_private(directory: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(directory), 0o700);
    let files: Vec<_> = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(!files.is_empty());
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[cfg(not(unix))]
pub(crate) fn is_private(directory: &Path) {
    assert!(directory.is_dir());
}
