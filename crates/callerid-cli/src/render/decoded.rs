//! `callerid decode`, for people.

use callerid::{Report, TokenKind, UnixTime};

use super::json;
use super::page::Page;

/// Claims that are points in time.
const TIMES: [&str; 5] = ["\"exp\"", "\"iat\"", "\"nbf\"", "\"auth_time\"", "\"updated_at\""];

/// Longest nested value that stays on the line of its name, in characters.
const INLINE_MAX: usize = 60;

/// What a text says of itself, and that nothing of it was verified.
pub(crate) fn decoded(report: &Report, now: UnixTime) -> String {
    let mut page = Page::new();
    page.heading(if report.claims.is_some() {
        "UNVERIFIED: what the token says of itself. Nothing of it was checked."
    } else {
        "UNVERIFIED: this is no token that can be looked into."
    });
    page.blank();
    facts(&mut page, report);
    for (title, object) in [("Header", &report.header), ("Claims", &report.claims)] {
        if let Some(object) = object {
            page.blank();
            page.heading(title);
            members(&mut page, object, now);
        }
    }
    if !report.notes.is_empty() {
        page.blank();
    }
    for note in &report.notes {
        page.note(&note.message);
    }
    page.blank();
    page.next_step(report.kind.next_step());
    if let Some(command) = command(report) {
        page.blank();
        page.heading("To verify it, if that is what your service expects:");
        page.command(&command);
    }
    page.finish()
}

fn facts(page: &mut Page, report: &Report) {
    let summary = &report.summary;
    let fingerprint = report.fingerprint.as_deref().filter(|_| report.kind != TokenKind::Unknown);
    for (name, value) in [
        ("this is", Some(report.kind.title())),
        ("speaks for", summary.caller.as_deref()),
        ("made for", summary.audience.as_deref()),
        ("issuer", summary.issuer.as_deref()),
        ("issued", summary.issued.as_deref()),
        ("expires", summary.expires.as_deref()),
        ("fingerprint", fingerprint),
    ] {
        if let Some(value) = value {
            page.fact(name, "fingerprint".len(), value);
        }
    }
}

fn members(page: &mut Page, object: &str, now: UnixTime) {
    let members = json::members(object);
    let column = members.iter().map(|(name, _)| bare(name).chars().count()).max().unwrap_or_default().min(24);
    for (name, value) in members {
        let whole_seconds = value.split('.').next().unwrap_or_default();
        let words = match UnixTime::parse(whole_seconds).filter(|_| TIMES.contains(&name)) {
            Some(time) => format!("{value}  {} ({time})", time.relative_to(now)),
            None => value.into(),
        };
        if value.starts_with(['{', '[']) && value.chars().count() > INLINE_MAX {
            page.block(bare(name), column, &json::indented(value));
        } else {
            page.fact(bare(name), column, &words);
        }
    }
}

/// A member's name without its quotes.
fn bare(name: &str) -> &str {
    name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name)
}

/// A command that would verify the token. What the token says goes into it only where no shell could
/// read it as anything but text.
fn command(report: &Report) -> Option<String> {
    let profile = report.summary.suggested_profile.as_deref().filter(|profile| is_plain(profile))?;
    let audience = report.summary.audience.as_deref().filter(|audience| is_plain(audience));
    Some(format!("callerid verify --profile {profile} --audience {}", audience.unwrap_or("AUDIENCE")))
}

fn is_plain(text: &str) -> bool {
    let plain = |character: char| character.is_ascii_alphanumeric() || "-_.:/@".contains(character);
    !text.is_empty() && !text.starts_with('-') && text.chars().all(plain)
}
