//! The check before Cloud Run services and Cloud Functions: an ID token for this service, of a caller
//! with the role of an invoker.

use callerid::{Audience, Callers, Policy, Profile, TokenKind, verify};

use super::container::Passed;
use super::credential::Credential;
use super::invokers::{Caller, Invokers};
use super::refusal::{FORBIDDEN, NOT_FOUND, Page, UNAUTHORIZED};
use super::refusal_log::{NOT_AUTHENTICATED, NOT_AUTHORIZED, NOT_VERIFIED, reasons};
use super::{Backend, Platform, Rules, Trouble, Why};
use crate::config::ProtectedKind;
use crate::http::{Request, Response};

/// Where Cloud Run looks for the token; if the first is there, the second is none of its business.
const CLOUD_RUN_FIELDS: &[&str] = &["x-serverless-authorization", "authorization"];
const FIRST_GENERATION_FIELDS: &[&str] = &["authorization"];

/// The audiences of people's tokens that are accepted everywhere: the clients of `gcloud auth login` and
/// of `gcloud auth application-default login`.
const GCLOUD_CLIENTS: [&str; 2] = [
    "32555940559.apps.googleusercontent.com",
    "764086051850-6qr4p6gpi6hn506pt8ejuq83di341hur.apps.googleusercontent.com",
];

/// Judges the caller's token, and refuses as Google does or lets the container answer.
pub(crate) fn answer(
    backend: &Backend,
    platform: &dyn Platform,
    rules: &Rules,
    request: &Request,
) -> (Response, Option<Why>) {
    let refuse = |page: &Page, why: Why| (page.answer(request), Some(why));
    if rules.has(Trouble::IngressInternal) {
        return refuse(&NOT_FOUND, Why::of("requests from outside the network are not let in"));
    }
    if rules.invokers == Invokers::AllUsers {
        return (Passed::of(request).answer(backend, request), None);
    }
    let is_first_generation = backend.protected.kind == ProtectedKind::FunctionFirstGeneration;
    let fields = if is_first_generation { FIRST_GENERATION_FIELDS } else { CLOUD_RUN_FIELDS };
    let found = fields.iter().find_map(|field| Some((*field, Credential::of(request, field)?)));
    // Nothing sent and not permitted are told apart only in Google's logs.
    let Some((field, credential)) = found else {
        let reason = format!("there is no token in {}", fields.join(" or "));
        return refuse(&FORBIDDEN, Why::logged(NOT_AUTHENTICATED, reason));
    };
    let Credential::Bearer(token) = credential else {
        let reason = format!("{field} holds no bearer token");
        return refuse(&UNAUTHORIZED, Why::logged(NOT_VERIFIED, reason));
    };
    let caller = match judge(backend, platform, token) {
        Ok(caller) => caller,
        Err(reasons) => return refuse(&UNAUTHORIZED, Why { log: Some(NOT_VERIFIED), reasons }),
    };
    if !rules.invokers.include(&caller, platform) {
        return refuse(&FORBIDDEN, Why::logged(NOT_AUTHORIZED, caller.is_none_of("the invokers")));
    }
    let passed = Passed::of(request);
    let passed = if is_first_generation { passed } else { passed.redacted(field, token) };
    (passed.answer(backend, request), None)
}

/// The caller, if the token is Google's, in force and for this service; else why not.
fn judge(backend: &Backend, platform: &dyn Platform, token: &str) -> Result<Caller, Vec<String>> {
    let verify = |audiences: &[&str]| {
        let audience = Audience::one_of(audiences.iter().copied());
        let audience = audience.map_err(|error| vec![error.to_string()])?;
        let policy = Policy::new(Profile::google(), audience, Callers::any());
        verify(token, &platform.google_keys(), &policy, platform.now()).map_err(|error| reasons(&error))
    };
    let ours: Vec<&str> = backend.audiences.iter().map(String::as_str).collect();
    let verified = match verify(&ours) {
        Ok(verified) => verified,
        // gcloud gives service accounts its own audience too, but that opens nothing.
        Err(reasons) => match verify(&GCLOUD_CLIENTS) {
            Ok(verified) if verified.kind() == TokenKind::GoogleUserIdToken => verified,
            _ => return Err(reasons),
        },
    };
    Ok(Caller {
        email: verified.email().filter(|_| verified.email_verified()).map(Into::into),
        id: verified.subject().unwrap_or_default().into(),
    })
}
