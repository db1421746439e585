//! `callerid verify`, for people: the verdict first, then why, then what to do.

use callerid::{Check, CheckName, KeyOrigin, Note, Report, Status, UnixTime, Verdict, visible};

use super::page::{Page, Tone};

/// The report; `file` is where the keys were read from, if they were given.
pub(crate) fn verified(report: &Report, file: Option<&str>, now: UnixTime) -> String {
    let mut page = Page::new();
    let code = report.code.map_or("", |code| code.as_str());
    match report.verdict {
        Verdict::Verified => page.verdict(Tone::Good, "verified"),
        Verdict::Rejected => page.verdict(Tone::Bad, &format!("rejected: {code}")),
        Verdict::Undecided => page.verdict(Tone::Open, &format!("undecided: {code}")),
    }
    page.blank();
    checks(&mut page, report);
    page.blank();
    facts(&mut page, report, file, now);
    let notes = || report.notes.iter().filter(|note| matters(note, report.verdict));
    if notes().next().is_some() {
        page.blank();
    }
    for note in notes() {
        page.note(&note.message);
    }
    if let Some(hint) = hint(report) {
        page.blank();
        page.next_step(hint);
    }
    page.finish()
}

/// What the policy left open matters only for a token that it let pass.
fn matters(note: &Note, verdict: Verdict) -> bool {
    verdict == Verdict::Verified || !matches!(note.note, "any_audience" | "no_caller_rule")
}

fn checks(page: &mut Page, report: &Report) {
    let name = |check: &Check| check.check.as_str().replace('_', " ");
    let column = report.checks.iter().map(|check| name(check).len()).max().unwrap_or_default();
    for alike in report.checks.chunk_by(is_skipped_alike) {
        match alike {
            // A row of lines that all say the same hides the one that says something else.
            [first, _, ..] => {
                let names: Vec<String> = alike.iter().map(name).collect();
                let words = format!("{}: {}.", first.message.trim_end_matches('.'), names.join(", "));
                page.check(Tone::Open, &format!("{} more", names.len()), column, &words);
            }
            _ => alike.iter().for_each(|check| page.check(tone(check), &name(check), column, &check.message)),
        }
    }
}

fn is_skipped_alike(one: &Check, next: &Check) -> bool {
    one.status == Status::Skipped && next.status == Status::Skipped && one.message == next.message
}

fn tone(check: &Check) -> Tone {
    match check.status {
        Status::Pass => Tone::Good,
        Status::Fail if check.code.is_some_and(|code| code.is_undecided()) => Tone::Open,
        Status::Fail => Tone::Bad,
        Status::Skipped => Tone::Open,
    }
}

/// Who is calling. Unless the token is good, this is what it says of itself.
fn facts(page: &mut Page, report: &Report, file: Option<&str>, now: UnixTime) {
    let summary = &report.summary;
    let is_unverified = report.verdict != Verdict::Verified && report.claims.is_some();
    if is_unverified {
        page.heading("Unverified, as the token has it:");
    }
    show(
        page,
        [
            ("this is", Some(report.kind.title())),
            ("caller", summary.caller.as_deref()),
            ("made for", summary.audience.as_deref()),
            ("issuer", summary.issuer.as_deref()),
            ("issued", summary.issued.as_deref()),
            ("expires", summary.expires.as_deref()),
        ],
    );
    if is_unverified {
        page.blank();
    }
    let key = report.key.as_ref().filter(|_| is_signature_judged(report)).map(|key| {
        let id = key.key_id.as_deref().map_or_else(|| "without an id".into(), visible);
        format!("{id}, thumbprint {}", key.thumbprint)
    });
    let source = source(report, file, now);
    show(
        page,
        [
            ("key", key.as_deref()),
            ("keys from", source.as_deref()),
            ("fingerprint", report.fingerprint.as_deref()),
        ],
    );
}

fn show<'a>(page: &mut Page, facts: impl IntoIterator<Item = (&'a str, Option<&'a str>)>) {
    for (name, value) in facts {
        if let Some(value) = value {
            page.fact(name, "fingerprint".len(), value);
        }
    }
}

fn is_signature_judged(report: &Report) -> bool {
    let is_judged = |check: &Check| check.check == CheckName::Signature && check.status != Status::Skipped;
    report.checks.iter().any(is_judged)
}

fn source(report: &Report, file: Option<&str>, now: UnixTime) -> Option<String> {
    let source = report.key_source.as_ref()?;
    let from = file.or(source.url.as_deref()).map(visible)?;
    let copy = if source.from == KeyOrigin::DiskCache { " (the copy on disk)" } else { "" };
    Some(match source.fetched_at {
        Some(fetched) => format!("{from}, fetched {}{copy}", fetched.relative_to(now)),
        None => from,
    })
}

/// What to do about the failure that decided.
fn hint(report: &Report) -> Option<&str> {
    let decided = |check: &&Check| check.status == Status::Fail && check.code == report.code;
    report.checks.iter().find(decided)?.hint.as_deref()
}
