//! One judgement of a token, with everything that must hold for every judgement.

use callerid::{
    Audience, CallerRule, Callers, CheckName, ErrorCode, JwkSet, KeysAtHand, Policy, Profile, Report, Status,
    UnixTime, UnverifiedToken, Verdict, VerifyError, decode, inspect, refusal_without_keys, verify,
};
use serde_json::Value;

/// The names of the checks, in the order of the report format.
const CHECKS: [&str; 18] = [
    "format",
    "algorithm",
    "key",
    "signature",
    "issuer",
    "audience",
    "expiry",
    "issued_at",
    "not_before",
    "lifetime",
    "required_claims",
    "caller",
    "email",
    "subject",
    "hosted_domain",
    "project",
    "authorized_party",
    "nonce",
];

/// Judges a token silently and with a report, demands that both agree, and hands out the report.
pub(crate) fn judge(token: &str, keys: Option<&JwkSet>, policy: &Policy, now: UnixTime) -> Report {
    let at_hand = keys.map_or_else(|| KeysAtHand::unavailable("nobody gave any"), KeysAtHand::given);
    let report = inspect(token, &at_hand, policy, now);
    if let Some(keys) = keys {
        check_agreement(token, &report, verify(token, keys, policy, now));
    }
    check_refusal_without_keys(token, &report, policy, now);
    check_shape(&report);
    check_silence(token, &format!("{report:?}\n{}", report.to_json()), &report);
    report
}

/// What is refused whatever the keys are, is refused for that with any; what is not, waits for them.
fn check_refusal_without_keys(token: &str, report: &Report, policy: &Policy, now: UnixTime) {
    let refusal = refusal_without_keys(token, policy, now);
    let without = inspect(token, &KeysAtHand::unavailable("nobody gave any"), policy, now).code;
    assert_eq!(refusal.or(Some(ErrorCode::KeysUnavailable)), without);
    assert!(refusal.is_none() || refusal == report.code);
}

/// Whether this check failed because its claim is missing or malformed.
fn claim_cannot_be_read(checks: &[Value], name: &str) -> bool {
    checks.iter().any(|check| {
        check["check"] == name && (check["code"] == "claim_missing" || check["code"] == "claim_malformed")
    })
}

/// `verify` accepts exactly when the report says `verified`, and refuses for the same reasons.
fn check_agreement(token: &str, report: &Report, verified: Result<callerid::VerifiedToken, VerifyError>) {
    match verified {
        Ok(verified) => {
            assert_eq!(report.verdict, Verdict::Verified, "verify accepts what inspect does not");
            assert_eq!(report.code, None);
            // The report writes the claims anew; what they say is the same.
            let value = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
            assert_eq!(Some(value(verified.claims())), report.claims.as_deref().map(value));
            assert_eq!(Some(verified.fingerprint()), report.fingerprint.as_deref());
            assert_eq!(Some(verified.expires_at()), report.expires_at);
            check_silence(token, &format!("{verified:?}"), report);
        }
        Err(error) => {
            assert_ne!(report.verdict, Verdict::Verified, "inspect accepts what verify does not");
            assert_eq!(report.code, Some(error.code()));
            let told: Vec<_> = error.failures().iter().map(|failure| (failure.check, failure.code)).collect();
            let reported: Vec<_> = report
                .checks
                .iter()
                .filter(|check| check.status == Status::Fail)
                .map(|check| (check.check, check.code.expect("a failure has a code")))
                .collect();
            assert_eq!(told, reported);
            check_silence(token, &format!("{error:?}\n{error}"), report);
        }
    }
}

/// The report is the JSON that other programs rely on.
fn check_shape(report: &Report) {
    let json = report.to_json();
    assert!(!json.contains('\n'), "one line");
    let json: Value = serde_json::from_str(&json).expect("the report is JSON");
    let verdict = json["verdict"].as_str().expect("a verdict");
    assert!(["verified", "rejected", "undecided"].contains(&verdict));
    let is_verified = verdict == "verified";
    assert_eq!(json["code"].is_null(), is_verified, "a code exactly for what is not verified: {json}");
    assert_eq!(json.get("claims").is_some(), is_verified, "claims only of verified tokens");
    assert_eq!(json.get("unverified_claims").is_some(), !is_verified);
    for member in
        ["kind", "header", "key_id", "expires_at", "fingerprint", "key_source", "notes", "key", "summary"]
    {
        assert!(json.get(member).is_some(), "no member {member}");
    }
    let checks = json["checks"].as_array().expect("checks");
    let places: Vec<usize> = checks
        .iter()
        .map(|check| {
            let name = check["check"].as_str().expect("a name");
            CHECKS.iter().position(|known| *known == name).expect("a known check")
        })
        .collect();
    assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "checks in order: {places:?}");
    assert_eq!(places[..11], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], "the checks that are always made");
    let mut failed_early = false;
    for check in checks {
        let status = check["status"].as_str().expect("a status");
        assert!(["pass", "fail", "skipped"].contains(&status), "{status}");
        assert_eq!(check["code"].is_string(), status == "fail", "a code exactly for failures: {check}");
        assert_eq!(check["hint"].is_string(), status == "fail", "a hint exactly for failures: {check}");
        assert!(check["message"].as_str().is_some_and(|message| !message.is_empty()), "no message: {check}");
        let message = check["message"].as_str().expect("a message");
        assert!(message.chars().all(callerid::is_visible), "unfit to be shown: {message:?}");
        // A lifetime needs both its ends, which other checks ask for.
        let times = ["expiry", "issued_at"].map(|name| claim_cannot_be_read(checks, name));
        let has_no_ends = check["check"] == "lifetime" && times.iter().any(|unread| *unread);
        assert_eq!(
            failed_early || has_no_ends,
            status == "skipped",
            "skipped exactly behind a failure that leaves nothing to judge: {json}"
        );
        let is_early =
            ["format", "algorithm", "key", "signature"].contains(&check["check"].as_str().unwrap_or(""));
        failed_early |= is_early && status == "fail";
    }
    assert_eq!(
        is_verified,
        checks.iter().all(|check| check["status"] == "pass"),
        "verified exactly when every check passed"
    );
}

/// Neither the token nor its signature may stand in what is shown or logged.
fn check_silence(token: &str, shown: &str, report: &Report) {
    if token.len() < 40 {
        return;
    }
    assert!(!shown.contains(token), "the token is shown: {shown}");
    if let [_, payload, signature] = token.split('.').collect::<Vec<_>>().as_slice() {
        // The words that stand for a removed signature are no signature.
        for part in [payload, signature].into_iter().filter(|part| part.len() >= 40) {
            assert!(!shown.contains(*part), "a part of the token is shown: {shown}");
        }
    }
    if let Ok(parsed) = UnverifiedToken::parse(token) {
        let debug = format!("{parsed:?}");
        assert!(
            !debug.contains(token.rsplit('.').next().unwrap_or(token))
                || debug.is_empty()
                || token.ends_with('.')
        );
        assert_eq!(Some(parsed.fingerprint()), report.fingerprint);
    }
}

/// Looks at a text without judging it; the report must promise nothing.
pub(crate) fn look_at(text: &str, now: UnixTime) -> Report {
    let report = decode(text, now);
    assert_eq!(report.verdict, Verdict::Undecided);
    assert_eq!(report.code, None);
    assert!(report.checks.is_empty());
    let json: Value = serde_json::from_str(&report.to_json()).expect("the report is JSON");
    assert!(json.get("claims").is_none(), "nothing was verified");
    assert!(json.get("unverified_claims").is_some());
    report
}

/// A policy as a case describes it.
pub(crate) fn policy(case: &Value) -> Policy {
    let profile = Profile::parse(case["profile"].as_str().expect("a profile")).expect("a known profile");
    let audience = match &case["audience"] {
        Value::Null => Audience::insecure_any(),
        expected => Audience::one_of(texts(expected)).expect("an audience"),
    };
    let mut policy = Policy::new(profile, audience, callers(case));
    if let Some(parties) = case.get("authorized_party") {
        policy = policy.with_authorized_parties(texts(parties)).expect("authorized parties");
    }
    if let Some(nonce) = case.get("nonce") {
        policy = policy.with_nonce(nonce.as_str().expect("a nonce")).expect("a nonce");
    }
    if let Some(skew) = case.get("skew") {
        let skew = skew.as_u64().and_then(|skew| u32::try_from(skew).ok());
        policy = policy.with_clock_skew(skew.expect("seconds")).expect("a small skew");
    }
    policy
}

/// A list of rules of which one must hold, or demands that must all hold and are reported one by one.
fn callers(case: &Value) -> Callers {
    if let Some(rules) = case["callers"].as_array() {
        let rules = rules.iter().map(|rule| match rule {
            Value::String(email) => CallerRule::new().emails([email]),
            rule => demands(rule, ["email", "emailDomain", "subject", "hostedDomain", "project"]),
        });
        return Callers::one_of(rules).expect("caller rules");
    }
    let rule = demands(case, ["email", "email_domain", "subject", "hosted_domain", "project"]);
    if rule == CallerRule::new() { Callers::any() } else { Callers::matching(rule).expect("a caller rule") }
}

fn demands(source: &Value, [email, email_domain, subject, hosted_domain, project]: [&str; 5]) -> CallerRule {
    let mut rule = CallerRule::new();
    let text = |name: &str| source.get(name).map(|value| value.as_str().expect("a text"));
    if let Some(emails) = source.get(email) {
        rule = rule.emails(texts(emails));
    }
    if let Some(domain) = text(email_domain) {
        rule = rule.email_domain(domain);
    }
    if let Some(subject) = text(subject) {
        rule = rule.subject(subject);
    }
    if let Some(domain) = text(hosted_domain) {
        rule = rule.hosted_domain(domain);
    }
    if let Some(project) = text(project) {
        rule = rule.project(project);
    }
    rule
}

/// One text, or a list of them.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(items) => items.iter().map(|item| item.as_str().expect("a text")).collect(),
        value => vec![value.as_str().expect("a text")],
    }
}

/// The names of the checks that failed.
pub(crate) fn failed(report: &Report) -> Vec<&'static str> {
    let failed = report.checks.iter().filter(|check| check.status == Status::Fail);
    failed.map(|check| CheckName::as_str(check.check)).collect()
}
