//! Our own vectors: every case of `tests/vectors/`, judged as the file says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{env, fs};

use callerid::{JwkSet, KeysAtHand, Report, UnixTime, extract, inspect};
use serde_json::{Value, json};

use crate::generate::folder;
use crate::judged::{failed, judge, look_at, policy};
use crate::support::{items, read_json, read_text, text};

/// The files of cases that are judged by keys and a policy.
pub(crate) const JUDGED: [&str; 7] =
    ["attacks", "encodings", "profiles", "times", "callers", "key_sets", "diagnoses"];

pub(crate) fn cases(family: &str) -> Vec<Value> {
    let file = read_json(&folder().join(format!("{family}.json")));
    assert_eq!(file["family"], family);
    let cases = items(&file, "cases").to_vec();
    assert!(!cases.is_empty(), "{family} has no cases");
    cases
}

/// The token of a case, written out or as a recipe.
pub(crate) fn token(case: &Value) -> String {
    match &case["token"] {
        Value::String(token) => token.clone(),
        recipe => {
            let times = usize::try_from(recipe["times"].as_u64().expect("a number")).expect("a small number");
            [text(recipe, "before"), &text(recipe, "repeat").repeat(times), text(recipe, "after")].concat()
        }
    }
}

pub(crate) fn now(case: &Value) -> UnixTime {
    UnixTime::from_seconds(case["now"].as_i64().expect("a time"))
}

/// The key set document of a case, if keys are to be had.
pub(crate) fn document(case: &Value) -> Option<String> {
    let keys = case["keys"].as_str()?;
    let is_file = keys.len() < 60 && (keys.ends_with(".json") || keys.ends_with(".pem"));
    Some(if is_file { read_text(&folder().join("keys").join(keys)) } else { String::from(keys) })
}

/// The report on a case.
fn report(case: &Value) -> Report {
    let (token, policy, now) = (token(case), policy(case), now(case));
    match document(case).map(|document| JwkSet::parse(&document)) {
        None => judge(&token, None, &policy, now),
        Some(Ok(keys)) => judge(&token, Some(&keys), &policy, now),
        Some(Err(error)) => inspect(&token, &KeysAtHand::unreadable(error), &policy, now),
    }
}

/// Judges one case and says what differs from the expectation.
fn difference(case: &Value) -> Option<String> {
    let expect = &case["expect"];
    let report = report(case);
    let code = report.code.map(|code| code.as_str());
    let first = failed(&report).first().copied();
    let mut found = json!({"verdict": report.verdict.as_str(), "code": code});
    if let Some(first) = first {
        found["check"] = json!(first);
        found["failed"] = json!(failed(&report));
    }
    if expect.get("kind").is_some() {
        found["kind"] = json!(report.kind.as_str());
    }
    if let Some(notes) = expect["notes"].as_array() {
        let there = notes.iter().filter(|note| report.notes.iter().any(|found| *note == found.note));
        found["notes"] = there.cloned().collect();
    }
    let told = report.checks.iter().find(|check| Some(check.check.as_str()) == first);
    let told = told.map(|check| (check.message.as_str(), check.hint.as_deref().unwrap_or_default()));
    for (member, told) in
        [("message_contains", told.map(|told| told.0)), ("hint_contains", told.map(|told| told.1))]
    {
        if let Some(words) = expect[member].as_str() {
            let holds = told.is_some_and(|told| told.contains(words));
            found[member] = if holds { json!(words) } else { json!(told) };
        }
    }
    (found != *expect).then(|| format!("expected {expect}\n   found {found}"))
}

/// Writes the reports on a family's cases into the folder that CALLERID_REPORTS names, for runners in other
/// languages to hold theirs against: a list of JSON texts, and `null` where no keys are to be had.
fn write_reports(family: &str, cases: &[Value]) {
    let Some(folder) = env::var_os("CALLERID_REPORTS") else { return };
    let reports: Vec<Option<String>> =
        cases.iter().map(|case| document(case).map(|_| report(case).to_json())).collect();
    let path = Path::new(&folder).join(format!("{family}.json"));
    fs::write(path, json!(reports).to_string()).expect("CALLERID_REPORTS names a folder");
}

/// Runs every case of a family.
fn check(family: &str) {
    let cases = cases(family);
    write_reports(family, &cases);
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| difference(case).map(|difference| format!("{}: {difference}", text(case, "name"))))
        .collect();
    assert!(wrong.is_empty(), "{family}: {} of {} cases\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    eprintln!("{family}: {} cases", cases.len());
}

#[test]
fn attacks() {
    check("attacks");
}

#[test]
fn encodings() {
    check("encodings");
}

#[test]
fn profiles() {
    check("profiles");
}

#[test]
fn times() {
    check("times");
}

#[test]
fn callers() {
    check("callers");
}

#[test]
fn key_sets() {
    check("key_sets");
}

#[test]
fn diagnoses() {
    check("diagnoses");
}

#[test]
fn recognition() {
    let cases = cases("recognition");
    for case in &cases {
        let report = look_at(&token(case), now(case));
        let name = text(case, "name");
        assert_eq!(report.kind.as_str(), text(&case["expect"], "kind"), "{name}");
        if let Some(notes) = case["expect"]["notes"].as_array() {
            let found: Vec<&str> = report.notes.iter().map(|note| note.note).collect();
            assert_eq!(json!(found), json!(notes), "{name}");
        }
    }
    eprintln!("recognition: {} cases", cases.len());
}

#[test]
fn extraction() {
    let cases = cases("extraction");
    for case in &cases {
        let found = extract(text(case, "text"));
        let notes: Vec<&str> = found.notes.iter().map(|note| note.note).collect();
        let found = json!({"tokens": found.tokens, "notes": notes});
        assert_eq!(found, case["expect"], "{}", text(case, "name"));
    }
    eprintln!("extraction: {} cases", cases.len());
}

/// A refusal proves nothing unless the same token without the twist is accepted.
#[test]
fn every_attack_has_an_accepted_twin() {
    let mut outcomes: BTreeMap<String, BTreeSet<bool>> = BTreeMap::new();
    for case in JUDGED.iter().flat_map(|family| cases(family)) {
        if let Some(id) = case["attack"].as_str() {
            outcomes.entry(String::from(id)).or_default().insert(case["expect"]["verdict"] == "verified");
        }
    }
    for number in 1..=50 {
        let id = format!("A{number:02}");
        // A45 and A46 are attacks on caches; A47 is asked of every report.
        if ["A45", "A46", "A47"].contains(&id.as_str()) {
            continue;
        }
        assert_eq!(outcomes.get(&id), Some(&BTreeSet::from([false, true])), "{id}");
    }
}

/// Each symptom of the catalogue that can be seen in a token has its words.
#[test]
fn every_diagnosis_has_a_case() {
    let told: BTreeSet<String> =
        cases("diagnoses").iter().filter_map(|case| case["diagnosis"].as_str().map(String::from)).collect();
    for number in 1..=28 {
        assert!(told.contains(&format!("D{number}")), "D{number}");
    }
}

#[test]
fn every_profile_accepts_and_refuses() {
    let mut outcomes: BTreeMap<String, BTreeSet<bool>> = BTreeMap::new();
    for case in cases("profiles") {
        let name = text(&case, "profile").split(':').next().expect("a name").to_owned();
        outcomes.entry(name).or_default().insert(case["expect"]["verdict"] == "verified");
    }
    for name in callerid::Profile::names() {
        let name = name.split(':').next().expect("a name");
        assert_eq!(outcomes.get(name), Some(&BTreeSet::from([false, true])), "{name}");
    }
}

/// What is judged twice, or from memory, is judged alike.
#[test]
fn a_remembering_verifier_agrees() {
    for case in JUDGED.iter().flat_map(|family| cases(family)) {
        let Some(Ok(keys)) = document(&case).map(|document| JwkSet::parse(&document)) else { continue };
        let mut remembering = callerid::CachingVerifier::new(policy(&case), 8);
        for _ in 0..2 {
            let accepted = remembering.verify(&token(&case), &keys, now(&case));
            assert_eq!(accepted.is_ok(), case["expect"]["verdict"] == "verified", "{}", text(&case, "name"));
        }
    }
}
