//! `callerid keys show`.

use callerid::{JwkSet, KeyOrigin, KeySource, UnixTime, visible};

use super::json::quoted;
use super::page::{Page, Tone};

/// The keys of a set, for people.
pub(crate) fn list(
    keys: &JwkSet,
    from: &str,
    source: &KeySource,
    now: UnixTime,
    note: Option<&str>,
) -> String {
    let mut page = Page::new();
    page.heading(&format!("Keys of {}", visible(from)));
    if let Some(fetched) = source.fetched_at {
        let copy = if source.from == KeyOrigin::DiskCache { ", the copy on disk" } else { "" };
        page.fact("fetched", 7, &format!("{} ({fetched}){copy}", fetched.relative_to(now)));
    }
    if let Some(expires) = source.expires_at {
        page.fact("expires", 7, &format!("{} ({expires})", expires.relative_to(now)));
    }
    page.blank();
    let shown = |id: Option<&str>| id.map_or_else(|| "(no id)".into(), visible);
    let usable = keys.keys().iter().map(|key| {
        let words = format!("{}, {} bits, thumbprint {}", key.algorithm(), key.bits(), key.thumbprint());
        (Tone::Good, shown(key.key_id()), words)
    });
    let set_aside = keys
        .set_aside()
        .iter()
        .map(|key| (Tone::Bad, shown(key.key_id.as_deref()), format!("cannot be used: {}", key.reason)));
    let rows: Vec<_> = usable.chain(set_aside).collect();
    let column = rows.iter().map(|(_, id, _)| id.chars().count()).max().unwrap_or_default().min(40);
    for (tone, id, words) in rows {
        page.check(tone, &id, column, &words);
    }
    if let Some(note) = note {
        page.blank();
        page.note(note);
    }
    page.finish()
}

/// The keys of a set, for programs.
pub(crate) fn json(keys: &JwkSet, source: &KeySource) -> String {
    let text = |value: Option<&str>| value.map_or_else(|| "null".into(), quoted);
    let number =
        |time: Option<UnixTime>| time.map_or_else(|| "null".into(), |time| time.as_seconds().to_string());
    let usable = keys.keys().iter().map(|key| {
        format!(
            r#"{{"key_id":{},"algorithm":"{}","bits":{},"thumbprint":"{}"}}"#,
            text(key.key_id()),
            key.algorithm(),
            key.bits(),
            key.thumbprint(),
        )
    });
    let set_aside = keys.set_aside().iter().map(|key| {
        let reason = quoted(&key.reason.to_string());
        format!(r#"{{"key_id":{},"reason":{reason}}}"#, text(key.key_id.as_deref()))
    });
    format!(
        r#"{{"keys":[{}],"set_aside":[{}],"key_source":{{"from":"{}","url":{},"fetched_at":{},"expires_at":{}}}}}"#,
        usable.collect::<Vec<_>>().join(","),
        set_aside.collect::<Vec<_>>().join(","),
        source.from.as_str(),
        text(source.url.as_deref()),
        number(source.fetched_at),
        number(source.expires_at),
    )
}
