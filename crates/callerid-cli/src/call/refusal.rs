//! What a refusal means: which row of the table it is, and the row's words with its values put in.

use ureq::http::Uri;

use super::answer::AnswerStart;
use super::audience::{audience_of, function_url};
use super::correction::Correction;
use super::refusal_table::REFUSALS;
use super::request::Target;
use crate::cli::{Call, TokenField};
use crate::error::{Error, Exit};

/// One row of the table.
pub(crate) struct Refusal {
    /// Its stable name, which tests and `--explain` call it by.
    pub(crate) name: &'static str,
    /// All of them must be there.
    pub(crate) signs: &'static [Sign],
    pub(crate) what: &'static str,
    pub(crate) hint: &'static str,
    pub(crate) remedy: Remedy,
}

/// Something by which a refusal is recognised.
#[derive(Clone, Copy)]
pub(crate) enum Sign {
    /// The body holds this text.
    Body(&'static str),
    /// The token was made for an OAuth client.
    ClientAudience,
    /// A header field holds this text.
    Field(&'static str, &'static str),
    /// On this machine, whose URLs do not tell functions from services: the token was made for the URL without
    /// its path, and there is one.
    FunctionUrlUntried,
    /// There is a `Location` field that starts with this.
    Location(&'static str),
    /// The token was made for another audience than the one that follows from the URL.
    OtherAudienceDerived,
    /// The host is neither this machine nor one of Google's.
    OwnDomain,
    /// The status is one of a redirect.
    Redirect,
    /// The service account signed the token itself.
    SelfSigned,
    Status(u16),
}

/// What to change in the command.
#[derive(Clone, Copy)]
pub(crate) enum Remedy {
    None,
    /// The audience that follows from the URL.
    DerivedAudience,
    FunctionUrl,
    /// An ID token of Google's, for the audience that follows from the URL.
    IdToken,
    /// The address that the redirect leads to.
    Location,
    /// The OAuth client that Identity-Aware Proxy names, in its words or in its redirect to the sign-in page.
    RevealedAudience,
}

/// What is known when a call was refused.
pub(crate) struct Refused<'a> {
    pub(crate) call: &'a Call,
    pub(crate) target: &'a Target,
    pub(crate) answer: &'a AnswerStart,
    /// For whom the token was made.
    pub(crate) audience: &'a str,
    /// For whom it speaks.
    pub(crate) account: Option<&'a str>,
    /// The token, so that it can be kept out of what is said.
    pub(crate) token: &'a str,
}

/// Longest audience that is repeated from an answer.
const AUDIENCE_BYTES_MAX: usize = 256;

/// Explains a refusal. `ask_without_token` is called where the audience is to be had only from the redirect
/// that a request without a token gets.
pub(crate) fn explain(
    refused: &Refused<'_>,
    ask_without_token: impl FnOnce() -> Option<String>,
) -> (&'static str, Error) {
    let row = REFUSALS.iter().find(|row| row.signs.iter().all(|sign| refused.shows(*sign)));
    let Some(row) = row else {
        return ("", Error::rejected("the call was refused", "What it says is on standard output."));
    };
    let what = refused.put_in(row.what);
    let mut hint = refused.put_in(row.hint);
    if let Some(correction) = refused.correction(row.remedy, ask_without_token) {
        let end = if hint.ends_with('.') { hint.pop().map(|_| ":") } else { Some(":") };
        hint = format!("{hint}{} {}", end.unwrap_or_default(), correction.command(refused.call));
    }
    // What the far side says is repeated here and there, and it knows the token.
    let kept_out = |text: String| text.replace(refused.token, "…");
    let exit = if refused.answer.status.is_server_error() && row.name == "other" {
        Exit::Undecided
    } else {
        Exit::Rejected
    };
    (row.name, Error::ending(exit, kept_out(what), kept_out(hint)))
}

impl Refused<'_> {
    fn shows(&self, sign: Sign) -> bool {
        let Self { answer, target, audience, .. } = self;
        match sign {
            Sign::Body(text) => String::from_utf8_lossy(&answer.body).contains(text),
            Sign::ClientAudience => is_client(audience),
            Sign::Field(name, text) => answer.field(name).is_some_and(|value| value.contains(text)),
            Sign::FunctionUrlUntried => {
                target.is_loopback
                    && *audience == audience_of(&target.uri).audience
                    && *audience != function_url(&target.uri)
            }
            Sign::Location(start) => answer.field("location").is_some_and(|value| value.starts_with(start)),
            Sign::OtherAudienceDerived => {
                *audience != audience_of(&target.uri).audience && !is_own_domain(target)
            }
            Sign::OwnDomain => is_own_domain(target),
            Sign::Redirect => answer.status.is_redirection(),
            Sign::SelfSigned => self.call.self_signed,
            Sign::Status(status) => answer.status.as_u16() == status,
        }
    }

    fn put_in(&self, text: &str) -> String {
        let account = self.account.unwrap_or("the token's account");
        let kind = if account.ends_with("gserviceaccount.com") { "serviceAccount" } else { "user" };
        let location = self.answer.field("location").map(without_query).unwrap_or_default();
        text.replace("{account}", account)
            .replace("{member}", &format!("{kind}:{account}"))
            .replace("{audience}", self.audience)
            .replace("{host}", self.target.uri.host().unwrap_or_default())
            .replace("{status}", self.answer.status.as_str())
            .replace("{location}", &location)
    }

    fn correction(
        &self,
        remedy: Remedy,
        ask_without_token: impl FnOnce() -> Option<String>,
    ) -> Option<Correction> {
        let uri = &self.target.uri;
        let with_audience = |audience| Correction { audience: Some(audience), ..Correction::default() };
        match remedy {
            Remedy::None => None,
            Remedy::DerivedAudience => Some(with_audience(audience_of(uri).audience)),
            Remedy::FunctionUrl => Some(with_audience(function_url(uri))),
            Remedy::IdToken => Some(Correction { with_id_token: true, ..Correction::default() }),
            Remedy::Location => {
                self.next_url().map(|url| Correction { url: Some(url), ..Correction::default() })
            }
            Remedy::RevealedAudience => {
                let client = self.revealed_client(ask_without_token)?;
                let in_authorization = self.call.token_field == TokenField::XServerlessAuthorization;
                // The same command would fail the same way.
                let is_new = client != self.audience || in_authorization;
                is_new.then(|| Correction { in_authorization, with_id_token: true, ..with_audience(client) })
            }
        }
    }

    /// The OAuth client that stands in the answer, or in the one to a request without a token.
    ///
    /// Nothing but a client id is believed: somebody who may name any audience could have us make a token
    /// for somebody else's service and send it to theirs.
    fn revealed_client(&self, ask_without_token: impl FnOnce() -> Option<String>) -> Option<String> {
        let body = String::from_utf8_lossy(&self.answer.body);
        let from_body = body.split_once("expected value (").and_then(|(_, rest)| rest.split(')').next());
        let from_location = || client_of(self.answer.field("location")?);
        let found = from_body.map(Into::into).or_else(from_location);
        found.or_else(|| client_of(&ask_without_token()?)).filter(|client| is_client(client))
    }

    /// Where the redirect leads, if a token could be sent there and no query is in the address.
    fn next_url(&self) -> Option<String> {
        let location = self.answer.field("location")?;
        let url = match location.strip_prefix('/') {
            Some(path) if !path.starts_with('/') => {
                let (scheme, authority) = (self.target.uri.scheme_str()?, self.target.uri.authority()?);
                format!("{scheme}://{authority}/{path}")
            }
            _ => location.into(),
        };
        // Addresses of sign-in pages hold secrets in their queries.
        let is_usable = !url.contains(['?', '#']) && Target::parse(&url).is_ok() && url.len() <= 2_048;
        is_usable.then_some(url)
    }
}

/// The `client_id` in a query.
fn client_of(location: &str) -> Option<String> {
    let uri: Uri = location.parse().ok()?;
    let pairs = uri.query()?.split('&');
    pairs
        .filter_map(|pair| pair.split_once('='))
        .find(|(name, _)| *name == "client_id")
        .map(|(_, id)| id.into())
}

fn is_client(text: &str) -> bool {
    let name = text.strip_suffix(".apps.googleusercontent.com");
    text.len() <= AUDIENCE_BYTES_MAX
        && name.is_some_and(|name| {
            !name.is_empty()
                && name.chars().all(|character| character.is_ascii_alphanumeric() || "-_".contains(character))
        })
}

fn is_own_domain(target: &Target) -> bool {
    let host = target.uri.host().unwrap_or_default().to_ascii_lowercase();
    !target.is_loopback && !host.ends_with(".run.app") && !host.ends_with(".cloudfunctions.net")
}

fn without_query(location: &str) -> String {
    let end = location.find(['?', '#']).unwrap_or(location.len());
    location.get(..end).unwrap_or_default().chars().take(300).collect()
}

#[cfg(test)]
mod tests;
