//! `callerid keys get`, `callerid keys show` and `callerid keys convert`

use std::path::Path;

use callerid::{ErrorCode, JwkSet, KeyOrigin, KeySource, Note};

use super::verify::profile;
use crate::cli::{KeySetForm, KeysConvert, KeysGet, KeysShow};
use crate::error::{Error, Exit, Outcome};
use crate::host::http::Address;
use crate::host::keys::{Keys, bad_address, parse, read_document};
use crate::host::{clock, files, terminal};
use crate::render;

pub(crate) fn get(arguments: &KeysGet) -> Outcome {
    let url = match &arguments.url {
        Some(url) => url.clone(),
        None => profile(&arguments.profile)?.jwk_set_url(),
    };
    let address = Address::parse(&url).map_err(bad_address)?;
    let reply = address.get().map_err(|reason| {
        Error::undecided(format_args!("{url} was not fetched: {reason}"), ErrorCode::KeysUnavailable.hint())
    })?;
    let status = reply.status;
    if (400..500).contains(&status) {
        let what = format!("{url} answered with status {status}");
        return Err(Error::rejected(what, "Check the address and the profile's parameter."));
    }
    if status != 200 {
        let what = format!("{url} answered with status {status}");
        return Err(Error::undecided(what, "Try again in a minute."));
    }
    // A page of a proxy must not end up where keys are expected.
    parse(&reply.body, &url)?;
    match &arguments.output {
        Some(file) => write(file, &reply.body)?,
        None => terminal::print(&reply.body)?,
    }
    Ok(Exit::Done)
}

fn write(file: &Path, document: &str) -> Outcome<()> {
    files::replace(file, document.as_bytes(), false).map_err(|error| {
        Error::undecided(
            format_args!("{} could not be written: {error}", file.display()),
            "Give a file in a directory that you may write to.",
        )
    })
}

pub(crate) fn show(arguments: &KeysShow) -> Outcome {
    let profile = profile(&arguments.profile)?;
    match Keys::open(arguments.keys.as_deref(), &profile, arguments.offline)? {
        Keys::Given { keys, file } => {
            let source = KeySource { from: KeyOrigin::Given, url: None, fetched_at: None, expires_at: None };
            print_list(arguments, &keys, &file, &source, None)?;
        }
        Keys::Endpoint(mut endpoint) => {
            let fetched = endpoint.keys_for(None).map_err(|reason| {
                let what = format!("the keys could not be had: {reason}");
                Error::undecided(what, ErrorCode::KeysUnavailable.hint())
            })?;
            let note = fetched.note.as_ref().or_else(|| endpoint.notes().first());
            let url = fetched.source.url.as_deref().unwrap_or_default();
            print_list(arguments, fetched.keys.keys(), url, &fetched.source, note)?;
        }
    }
    Ok(Exit::Done)
}

fn print_list(
    arguments: &KeysShow,
    keys: &JwkSet,
    from: &str,
    source: &KeySource,
    note: Option<&Note>,
) -> Outcome<()> {
    if arguments.json {
        return terminal::print(&(render::keys::json(keys, source) + "\n"));
    }
    let note = note.map(|note| note.message.as_str());
    terminal::print_styled(&render::keys::list(keys, from, source, clock::now(), note))
}

pub(crate) fn convert(arguments: &KeysConvert) -> Outcome {
    let document = read_document(&arguments.file)?;
    let keys = parse(&document, &arguments.file)?;
    for key in keys.set_aside() {
        let id = key.key_id.as_deref().map_or_else(|| "without an id".into(), callerid::visible);
        terminal::say(&format!("left out: key {id}: {}", key.reason));
    }
    if keys.keys().is_empty() {
        return Err(Error::undecided(
            "none of the keys can be used",
            "Give public keys: RSA of at least 2048 bits, or P-256.",
        ));
    }
    // JWK sets hold no PEM, and the other forms hold nothing else.
    let is_pem = document.contains("-----BEGIN ");
    let other = if is_pem { KeySetForm::JwkSet } else { KeySetForm::PemMap };
    let converted = match arguments.to.unwrap_or(other) {
        KeySetForm::JwkSet => keys.to_jwk_set(),
        KeySetForm::PemMap => keys.to_pem_map(),
    };
    terminal::print(&(render::json::indented(&converted) + "\n"))?;
    Ok(Exit::Done)
}
