//! `callerid call`

use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;
use std::time::Duration;

use crate::call::{Answer, Correction, Masked, Outgoing, Refused, Secret, Target, audience_of, explain};
use crate::cli::Call;
use crate::error::{Error, Exit, Outcome};
use crate::host::{files, terminal};
use crate::mint::{self, MintedToken, Purpose};

/// How long a token lives that is signed for one call, in seconds: nobody can take it back.
const SELF_SIGNED_LIFETIME: u32 = 300;

pub(crate) fn run(call: &Call) -> Outcome {
    let target = Target::parse(&call.url)?;
    let outgoing = Outgoing::of(call)?;
    let audience = audience(call, &target);
    let token = mint(call, &audience)?;
    token.warnings().iter().for_each(|warning| terminal::say(&format!("warning: {warning}")));

    let timeout = Duration::from_secs(call.timeout.into());
    step(
        call,
        format_args!("{} {} with the token in {}", outgoing.method, target, call.token_field.as_str()),
    );
    let answer = Answer::to(&target, outgoing, call.token_field, &token, timeout)?;
    step(call, format_args!("the answer has status {}", answer.start.status.as_u16()));

    let refusal = (!answer.start.status.is_success()).then(|| {
        let account = token.email();
        let (audience, token) = (audience.as_str(), token.expose());
        let refused = Refused { call, target: &target, answer: &answer.start, audience, account, token };
        let (name, error) = explain(&refused, || {
            step(
                call,
                "the same address is asked without a token for the OAuth client that it signs people in with",
            );
            Answer::redirect_without_token(&target, timeout)
        });
        step(call, format_args!("the refusal is known as {name}"));
        error
    });
    let secret = Secret::of_token(token.expose());
    drop(token);
    if call.include {
        terminal::print_bytes(&head(&answer, &secret))?;
    }
    let body = Masked::new(answer.into_body(), secret);
    match (&call.output, &refusal) {
        (Some(file), None) => write(body, file)?,
        _ => print(body)?,
    }
    refusal.map_or(Ok(Exit::Done), Err)
}

fn mint(call: &Call, audience: &str) -> Outcome<MintedToken> {
    if call.self_signed {
        return mint::self_signed(&call.source, &Purpose::Audience(audience), Some(SELF_SIGNED_LIFETIME));
    }
    mint::id_token(&call.source, audience).map_err(|error| match mint::client_of_person(&call.source) {
        Some(client) if client != audience => of_a_person(call, &client),
        _ => error,
    })
}

/// What a person can do. A token for the client of the login is never sent without being asked for: whoever gets
/// it can call every service that the person may call.
fn of_a_person(call: &Call, client: &str) -> Error {
    let as_account = Correction { account: Some("SERVICE_ACCOUNT".into()), ..Correction::default() };
    let as_person = Correction { audience: Some(client.into()), ..Correction::default() };
    Error::undecided(
        format_args!("these are the credentials of a person, whose ID tokens are for {client} alone"),
        format_args!(
            "Let a service account speak: {}. Cloud Run and Cloud Functions take a person's token for gcloud's own \
             client, too, but so does every other service that the person may call, should this one pass it on: {}",
            as_account.command(call),
            as_person.command(call),
        ),
    )
}

fn audience(call: &Call, target: &Target) -> String {
    match &call.audience {
        Some(audience) => audience.clone(),
        None if call.self_signed => {
            step(call, format_args!("the audience is {target}: it is the URL without its query"));
            target.to_string()
        }
        None => {
            let derived = audience_of(&target.uri);
            step(call, format_args!("the audience is {}: {}", derived.audience, derived.reason));
            derived.audience
        }
    }
}

/// One line of `--explain`.
fn step(call: &Call, words: impl std::fmt::Display) {
    if call.source.explain {
        terminal::say(&callerid::visible(&format!("explain: {words}")));
    }
}

/// The status line and the header fields, as curl prints them.
fn head(answer: &Answer, secret: &Secret) -> Vec<u8> {
    let mut head = format!("{:?} {}\n", answer.version, answer.start.status).into_bytes();
    for (name, value) in &answer.start.fields {
        head.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\n"].concat());
    }
    head.push(b'\n');
    secret.cover(&mut head);
    head
}

/// Passes on what comes as it comes.
fn print(mut body: impl Read) -> Outcome<()> {
    let mut out = io::stdout().lock();
    let mut buffer = vec![0; 65_536];
    let mut last = b'\n';
    loop {
        let count = match body.read(&mut buffer) {
            // What is said on standard error stands on a line of its own where both are seen.
            Ok(0) if last != b'\n' && out.is_terminal() => return terminal::print("\n"),
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(broken_off(&error)),
        };
        let chunk = buffer.get(..count).unwrap_or_default();
        last = chunk.last().copied().unwrap_or(last);
        out.write_all(chunk).and_then(|()| out.flush()).map_err(|error| Error::from_write(&error))?;
    }
}

fn write(body: impl Read, path: &Path) -> Outcome<()> {
    files::replace_from(path, body, true).map_err(|error| {
        Error::undecided(
            format_args!("{} could not be written: {error}", path.display()),
            "Give a file in a directory that you may write to; --timeout gives a long answer more time.",
        )
    })
}

fn broken_off(error: &io::Error) -> Error {
    Error::undecided(
        format_args!("the answer broke off: {error}"),
        "Try again; --timeout gives a long answer more time.",
    )
}
