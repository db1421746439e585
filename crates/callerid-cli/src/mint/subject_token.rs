//! The token of a federated identity, from wherever its credentials file says.

use std::path::Path;
use std::time::Duration;

use callerid_mint::exchange::aws::{self, AwsCredentials, AwsSource};
use callerid_mint::exchange::{
    Circumstances, ExternalAccount, Reply, ReplyError, Request, Secret, SubjectTokenSource, sts,
};
use zeroize::Zeroizing;

use super::environment;
use super::refused;
use crate::error::{Error, Outcome};
use crate::host::exchange::Exchange;
use crate::host::{clock, files, program};

/// Longest token that is read from a file, in bytes.
const FILE_BYTES_MAX: usize = 131_072;

const HINT: &str = "Check credential_source in the credentials file, and what should provide the token.";

pub(super) fn obtain(account: &ExternalAccount, exchange: &Exchange) -> Outcome<Secret> {
    match account.source() {
        SubjectTokenSource::File { path, format } => {
            exchange.tell(format_args!("the federated token is in {path}"));
            let text = files::read_text(Path::new(path), FILE_BYTES_MAX).map(Zeroizing::new);
            let text = text.map_err(|error| {
                Error::undecided(
                    format_args!("the federated token in {path} could not be read: {error}"),
                    HINT,
                )
            })?;
            let unreadable =
                |error| Error::undecided(format_args!("{path} holds no federated token: {error}"), HINT);
            format.token(&text).map_err(unreadable)
        }
        source @ SubjectTokenSource::Url { format, .. } => {
            let Some(request) = source.request() else { return Err(no_request()) };
            let read = |request: &Request, reply: &Reply| match reply.status {
                200 => format.token(reply.body.expose()),
                _ => aws::text(request, reply),
            };
            ask(exchange, &request, read)
        }
        SubjectTokenSource::Executable { command, timeout_millis, output_file } => {
            let timeout = Duration::from_millis(*timeout_millis).min(exchange.time_left());
            executable(account, command, timeout, output_file.as_deref(), exchange)
        }
        SubjectTokenSource::Aws(source) => amazon(account, source, exchange),
    }
}

fn no_request() -> Error {
    Error::undecided("the credentials file names no address", HINT)
}

fn ask<T>(
    exchange: &Exchange,
    request: &Request,
    read: impl Fn(&Request, &Reply) -> Result<T, ReplyError>,
) -> Outcome<T> {
    let asked = exchange.ask(request, read);
    asked.map_err(|trouble| refused::error(exchange, request, trouble, &Circumstances::default()))
}

fn executable(
    account: &ExternalAccount,
    command: &str,
    timeout: Duration,
    output_file: Option<&str>,
    exchange: &Exchange,
) -> Outcome<Secret> {
    if !environment::allows_executables() {
        return Err(Error::undecided(
            "the credentials file wants a program to be run, and the environment does not allow that",
            "If you trust the file: GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES=1.",
        ));
    }
    if let Some(file) = output_file {
        let kept = files::read_text(Path::new(file), FILE_BYTES_MAX).map(Zeroizing::new).ok();
        if let Some(token) = kept.and_then(|text| sts::executable_token(&text, clock::now()).ok()) {
            exchange.tell(format_args!("the federated token is in {file}"));
            return Ok(token);
        }
    }
    exchange.tell("the program of the credentials file is run for the federated token");
    let mut variables = vec![
        ("GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE", account.audience()),
        ("GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE", account.subject_token_type()),
        ("GOOGLE_EXTERNAL_ACCOUNT_INTERACTIVE", "0"),
    ];
    if let Some((_, email)) = account.impersonation() {
        variables.push(("GOOGLE_EXTERNAL_ACCOUNT_IMPERSONATED_EMAIL", email));
    }
    if let Some(file) = output_file {
        variables.push(("GOOGLE_EXTERNAL_ACCOUNT_OUTPUT_FILE", file));
    }
    let hint = "Run the program of credential_source.executable by hand to see what it says.";
    let failed = |words: String| {
        Error::undecided(format_args!("the program for the federated token brought none: {words}"), hint)
    };
    let printed = program::printed(command, &variables, timeout).map_err(failed)?;
    sts::executable_token(&printed, clock::now()).map_err(|error| failed(error.to_string()))
}

fn amazon(account: &ExternalAccount, source: &AwsSource, exchange: &Exchange) -> Outcome<Secret> {
    let needs = |what: &str| {
        let what =
            format!("the credentials file does not say where {what} of this machine at Amazon is to be had");
        Error::undecided(what, HINT)
    };
    let region = environment::first_of(&["AWS_REGION", "AWS_DEFAULT_REGION"]);
    let given = given_credentials();
    let session = match &source.session_token_url {
        Some(url) if region.is_none() || given.is_none() => {
            Some(ask(exchange, &aws::session(url), aws::text)?)
        }
        _ => None,
    };
    let region = match region {
        Some(region) => region,
        None => {
            let url = source.region_url.as_deref().ok_or_else(|| needs("the region"))?;
            let zone = ask(exchange, &aws::get(url, session.as_ref()), aws::text)?;
            // us-east-2b is a zone of us-east-2.
            zone.expose().trim_end_matches(|character: char| character.is_ascii_lowercase()).into()
        }
    };
    let credentials = match given {
        Some(credentials) => credentials,
        None => {
            let url = source.url.as_deref().ok_or_else(|| needs("the role"))?;
            let role = ask(exchange, &aws::get(url, session.as_ref()), aws::text)?;
            let url = format!("{}/{}", url.trim_end_matches('/'), role.expose());
            ask(exchange, &aws::get(&url, session.as_ref()), aws::credentials)?
        }
    };
    exchange.tell(format_args!("a request to Amazon is signed for {region}, as the federated token"));
    let token = aws::subject_token(source, &region, &credentials, account.audience(), clock::now());
    token.ok_or_else(|| Error::undecided("the region at Amazon is malformed", "Check AWS_REGION."))
}

fn given_credentials() -> Option<AwsCredentials> {
    Some(AwsCredentials {
        access_key_id: environment::first_of(&["AWS_ACCESS_KEY_ID"])?,
        secret_access_key: environment::first_of(&["AWS_SECRET_ACCESS_KEY"])?.into(),
        session_token: environment::first_of(&["AWS_SESSION_TOKEN"]).map(Secret::from),
    })
}
