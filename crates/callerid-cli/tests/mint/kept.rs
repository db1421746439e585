//! ID tokens on disk: when they are handed out again, and when not.

use std::fs;
use std::path::PathBuf;

use serde_json::json;

use crate::faults::assert_private;
use crate::{AUDIENCE, World};

fn kept(world: &World) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(world.directory.join("cache/tokens")) else { return Vec::new() };
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// Mints from a key file, and says whether the token is one that was kept.
fn mint(world: &World, more: &[&str]) -> (String, bool) {
    let key = world.credentials("service_account");
    let ran = world.mint(&[&["--credentials", &key, "--explain"], more].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    (ran.out, ran.err.contains("kept on disk by an earlier run"))
}

#[test]
fn the_same_token_serves_until_it_is_about_to_expire() {
    let world = World::new("kept");
    let (first, was_kept) = mint(&world, &[]);
    assert!(!was_kept);
    assert_eq!(mint(&world, &[]), (first.clone(), true));
    let file = kept(&world).remove(0);
    assert_private(&file);
    assert!(!mint(&world, &["--no-cache"]).1, "--no-cache");

    let text = fs::read_to_string(&file).unwrap();
    let expiry = text.lines().find_map(|line| line.strip_prefix("expires-at: ")).unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    for (left, serves) in [(3_000, true), (200, false)] {
        fs::write(&file, text.replace(expiry, &(now + left).to_string())).unwrap();
        assert_eq!(mint(&world, &[]).1, serves, "{left} seconds left");
    }
}

#[test]
fn another_audience_or_source_is_another_token() {
    let world = World::new("kept-apart");
    let (first, _) = mint(&world, &[]);
    let key = world.credentials("service_account");
    let other = world.run(&["mint", "--audience", "https://other.example", "--credentials", &key]);
    world.verified(&other.out, "https://other.example");
    assert!(!mint(&world, &["--impersonate", world.account()]).1);
    let same = world.changed("service_account", &[("project_id", "another".into())]);
    assert!(!world.mint(&["--credentials", &same, "--explain"]).err.contains("by an earlier run"));
    assert_eq!(kept(&world).len(), 4);
    assert_eq!(mint(&world, &[]), (first, true));
}

#[test]
fn what_was_tampered_with_is_not_handed_out() {
    let world = World::new("kept-tampered");
    let (first, _) = mint(&world, &[]);
    let file = kept(&world).remove(0);
    let text = fs::read_to_string(&file).unwrap();
    let swapped = world.run(&["mint", "--audience", "https://other.example", "--metadata"]).out;
    for tampered in [
        String::new(),
        text.replace("callerid token 1", "callerid token 0"),
        text.replace(first.trim(), swapped.trim()),
        text.replace(first.trim(), "eyJ.eyJ.x"),
        text.replace("expires-at: ", "expires-at: x"),
    ] {
        fs::write(&file, &tampered).unwrap();
        let (token, was_kept) = mint(&world, &[]);
        assert!(!was_kept, "{tampered}");
        world.verified(&token, AUDIENCE);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        for mode in [0o644, 0o660] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            assert!(!mint(&world, &[]).1, "{mode:o}");
        }
    }
}

#[test]
fn what_a_receiver_may_refuse_is_not_kept() {
    let world = World::new("kept-odd");
    world.order("tokens", &json!({"no_email": true}));
    let key = world.credentials("service_account");
    let ran = world.mint(&["--credentials", &key]);
    assert!(ran.code == 0 && ran.err.starts_with("warning: the token names no e-mail address"), "{ran:?}");
    world.order("reset", &json!({}));
    world.order("tokens", &json!({"lifetime": 90_000}));
    let ran = world.mint(&["--credentials", &key]);
    assert!(ran.code == 0 && ran.err.contains("longer than verifiers accept"), "{ran:?}");
    assert!(kept(&world).is_empty());
}

#[test]
fn the_machines_own_tokens_are_not_kept() {
    let world = World::new("kept-machine");
    assert_eq!(world.mint(&["--metadata"]).code, 0);
    assert!(kept(&world).is_empty());
}

#[test]
fn many_at_once_do_not_disturb_each_other() {
    let world = World::new("kept-at-once");
    let tokens: Vec<String> = std::thread::scope(|scope| {
        let minted: Vec<_> = (0..12).map(|_| scope.spawn(|| mint(&world, &[]).0)).collect();
        minted.into_iter().map(|token| token.join().unwrap()).collect()
    });
    for token in &tokens {
        world.verified(token, AUDIENCE);
    }
    let (token, was_kept) = mint(&world, &[]);
    assert!(was_kept && tokens.contains(&token) && kept(&world).len() == 1);
}
