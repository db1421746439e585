//! `callerid verify`

use callerid::{
    Audience, CallerRule, Callers, CheckName, KeysAtHand, Policy, PolicyError, Profile, Report, Status,
    UnixTime, UnverifiedToken, Verdict, inspect,
};

use super::{lines, signature_only};
use crate::cli::Verify;
use crate::error::{Error, Exit, Outcome};
use crate::host::keys::Keys;
use crate::host::{clock, terminal};
use crate::input;
use crate::render;

pub(crate) fn run(arguments: Verify) -> Outcome {
    check_standard_input(&arguments)?;
    let profile = profile(&arguments.profile)?;
    if arguments.signature_only {
        return signature_only::run(arguments, &profile);
    }
    let policy = policy(&arguments, profile)?;
    let keys = Keys::open(arguments.keys.as_deref(), policy.profile(), arguments.offline)?;
    if arguments.lines {
        return lines::run(keys, policy, arguments.now);
    }
    let mut found = input::token(arguments.token)?;
    let mut keys = keys;
    let mut report = judge(&found.token, &mut keys, &policy, arguments.now);
    report.notes.append(&mut found.notes);
    if arguments.json {
        terminal::print(&(report.to_json() + "\n"))?;
    } else {
        let file = match &keys {
            Keys::Given { file, .. } => Some(file.as_str()),
            Keys::Endpoint(_) => None,
        };
        terminal::print_styled(&render::verified(&report, file, arguments.now.unwrap_or_else(clock::now)))?;
    }
    Ok(exit(report.verdict))
}

pub(crate) const fn exit(verdict: Verdict) -> Exit {
    match verdict {
        Verdict::Verified => Exit::Done,
        Verdict::Rejected => Exit::Rejected,
        Verdict::Undecided => Exit::Undecided,
    }
}

pub(crate) fn profile(name: &str) -> Outcome<Profile> {
    Profile::parse(name).map_err(|error| {
        Error::undecided(
            format_args!("the profile cannot be used: {error}"),
            "callerid decode TOKEN says which profile fits a token.",
        )
    })
}

/// Judges one token, with whatever may be told of its keys.
fn judge(token: &str, keys: &mut Keys, policy: &Policy, now: Option<UnixTime>) -> Report {
    let time = || now.unwrap_or_else(clock::now);
    let endpoint = match keys {
        Keys::Given { keys, .. } => return inspect(token, &KeysAtHand::given(keys), policy, time()),
        Keys::Endpoint(endpoint) => endpoint,
    };
    // What cannot be read needs no keys to be refused.
    let Ok(parsed) = UnverifiedToken::parse(token) else {
        return inspect(token, &KeysAtHand::unavailable("no key was looked for"), policy, time());
    };
    let mut report = match endpoint.keys_for(parsed.unverified_key_id()) {
        Ok(fetched) => {
            let at_hand = KeysAtHand::from_source(fetched.keys.keys(), fetched.source);
            let mut report = inspect(token, &at_hand, policy, time());
            report.notes.extend(fetched.note);
            report
        }
        Err(reason) => inspect(token, &KeysAtHand::unavailable(reason), policy, time()),
    };
    report.notes.extend_from_slice(endpoint.notes());
    if now.is_none() && (report.verdict == Verdict::Undecided || fails_by_time(&report)) {
        report.notes.extend(endpoint.clock_note(policy.clock_skew()));
    }
    report
}

fn fails_by_time(report: &Report) -> bool {
    let by_time = [CheckName::Expiry, CheckName::IssuedAt, CheckName::NotBefore];
    report.checks.iter().any(|check| check.status == Status::Fail && by_time.contains(&check.check))
}

/// Standard input can be read once only.
fn check_standard_input(arguments: &Verify) -> Outcome<()> {
    let is_token = arguments.token.as_deref().is_none_or(|token| token == "-");
    if arguments.keys.as_deref() == Some("-") && is_token {
        return Err(Error::undecided(
            "token and keys cannot both come from standard input",
            "Pass the token as an argument, or the keys as a file.",
        ));
    }
    if arguments.lines && !is_token {
        return Err(Error::undecided(
            "--lines reads its tokens from standard input, not from an argument",
            "callerid verify --lines … < FILE",
        ));
    }
    Ok(())
}

fn policy(arguments: &Verify, profile: Profile) -> Outcome<Policy> {
    let audience = if arguments.insecure_any_audience {
        Audience::insecure_any()
    } else if arguments.audience.is_empty() {
        return Err(Error::undecided(
            "--audience is missing: for whom must the token have been made?",
            format_args!(
                "Add --audience with {}; to look at a token only, --insecure-any-audience.",
                profile.audience_example()
            ),
        ));
    } else {
        Audience::one_of(&arguments.audience).map_err(refuse)?
    };
    let callers = callers(arguments).map_err(refuse)?;
    let mut policy =
        Policy::new(profile, audience, callers).with_clock_skew(arguments.skew).map_err(refuse)?;
    if !arguments.authorized_party.is_empty() {
        policy = policy.with_authorized_parties(&arguments.authorized_party).map_err(refuse)?;
    }
    if let Some(nonce) = &arguments.nonce {
        policy = policy.with_nonce(nonce).map_err(refuse)?;
    }
    Ok(policy)
}

fn callers(arguments: &Verify) -> Result<Callers, PolicyError> {
    let Verify { email, email_domain, subject, hosted_domain, project, .. } = arguments;
    let singles = [email_domain, subject, hosted_domain, project];
    if email.is_empty() && singles.into_iter().all(Option::is_none) {
        return Ok(Callers::any());
    }
    let mut rule = CallerRule::new().emails(email);
    if let Some(domain) = email_domain {
        rule = rule.email_domain(domain);
    }
    if let Some(subject) = subject {
        rule = rule.subject(subject);
    }
    if let Some(domain) = hosted_domain {
        rule = rule.hosted_domain(domain);
    }
    if let Some(project) = project {
        rule = rule.project(project);
    }
    Callers::matching(rule)
}

fn refuse(error: PolicyError) -> Error {
    Error::undecided(error, "callerid verify --help explains what can be expected of a token.")
}
