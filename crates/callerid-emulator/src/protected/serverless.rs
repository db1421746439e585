//! The check before Cloud Run services and Cloud Functions: an ID token for this service, of a caller
//! with the role of an invoker.

use callerid::{Audience, Callers, Policy, Profile, TokenKind, verify};

use super::container::Passed;
use super::credential::Credential;
use super::invokers::{Caller, Invokers};
use super::refusal::{FORBIDDEN, NOT_FOUND, UNAUTHORIZED};
use super::{Backend, Platform, Rules, Trouble};
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
) -> Response {
    if rules.has(Trouble::IngressInternal) {
        return NOT_FOUND.answer(request);
    }
    if rules.invokers == Invokers::AllUsers {
        return Passed::of(request).answer(backend, request);
    }
    let is_first_generation = backend.protected.kind == ProtectedKind::FunctionFirstGeneration;
    let fields = if is_first_generation { FIRST_GENERATION_FIELDS } else { CLOUD_RUN_FIELDS };
    let found = fields.iter().find_map(|field| Some((*field, Credential::of(request, field)?)));
    // Nothing sent and not permitted are told apart only in Google's logs.
    let Some((field, credential)) = found else { return FORBIDDEN.answer(request) };
    let Credential::Bearer(token) = credential else { return UNAUTHORIZED.answer(request) };
    let Some(caller) = judge(backend, platform, token) else { return UNAUTHORIZED.answer(request) };
    if !rules.invokers.include(&caller, platform) {
        return FORBIDDEN.answer(request);
    }
    let passed = Passed::of(request);
    let passed = if is_first_generation { passed } else { passed.redacted(field, token) };
    passed.answer(backend, request)
}

/// The caller, if the token is Google's, in force and for this service.
fn judge(backend: &Backend, platform: &dyn Platform, token: &str) -> Option<Caller> {
    let audiences = backend.audiences.iter().map(String::as_str).chain(GCLOUD_CLIENTS);
    let policy = Policy::new(Profile::google(), Audience::one_of(audiences).ok()?, Callers::any());
    let verified = verify(token, &platform.google_keys(), &policy, platform.now()).ok()?;
    let is_ours = verified.audiences().iter().any(|audience| backend.audiences.contains(audience));
    // gcloud gives service accounts its own audience too, but that opens nothing.
    if !is_ours && verified.kind() != TokenKind::GoogleUserIdToken {
        return None;
    }
    Some(Caller {
        email: verified.email().filter(|_| verified.email_verified()).map(Into::into),
        id: verified.subject()?.into(),
    })
}
