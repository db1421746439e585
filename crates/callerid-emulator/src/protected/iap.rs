//! Identity-Aware Proxy: takes an ID token for its OAuth client or a JWT that a service account signed
//! for the URL, and tells the application who calls in an assertion of its own.

use callerid::{
    Audience, Callers, CheckName, Policy, Profile, UnverifiedToken, VerifiedToken, VerifyError, verify,
};
use hyper::StatusCode;

use super::container::Passed;
use super::credential::Credential;
use super::invokers::{Caller, Invokers};
use super::refusal::{FORBIDDEN, IapRefusal, iap_access_denied, iap_client_misconfigured};
use super::{Backend, Platform, Rules, Trouble};
use crate::http::{Request, Response};

/// The region of every emulated service.
const REGION: &str = "us-central1";
/// Where people are sent to sign in.
const SIGN_IN: &str = "https://accounts.google.com/o/oauth2/v2/auth";

/// Why a credential is not taken, with what the refusal quotes of it.
enum Refused {
    NoJwt,
    Signature,
    Payload(String),
    NoEmail,
    Audience(String),
}

/// Judges the caller's token, and refuses as Google does or lets the application answer.
pub(crate) fn answer(
    backend: &Backend,
    platform: &dyn Platform,
    rules: &Rules,
    request: &Request,
) -> Response {
    if rules.has(Trouble::OauthClientMisconfigured) {
        return iap_client_misconfigured();
    }
    if rules.invokers == Invokers::AllUsers {
        return Passed::of(request).without(is_googles_own).answer(backend, request);
    }
    let (caller, field) = match admitted(backend, platform, rules, request) {
        Ok(admitted) => admitted,
        Err(refusal) => return *refusal,
    };
    if !rules.invokers.include(&caller, platform) {
        return iap_access_denied();
    }
    if rules.has(Trouble::AgentMayNotInvoke) {
        return FORBIDDEN.answer(request);
    }
    let email = caller.email.unwrap_or_default();
    let subject = format!("accounts.google.com:{}", caller.id);
    let audience = assertion_audience(backend, platform);
    let Some(assertion) = platform.iap_assertion(&email, &subject, &audience) else {
        let words = "the emulator could not sign its assertion\n";
        return Response::new(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", words);
    };
    // Google does not say whether the token that opened the door goes on to the application. Here it does not,
    // so that nobody comes to rely on it.
    Passed::of(request)
        .without(|name| is_googles_own(name) || name == "proxy-authorization" || name == field)
        .with("x-goog-authenticated-user-email", &format!("accounts.google.com:{email}"))
        .with("x-goog-authenticated-user-id", &subject)
        .with("x-goog-iap-jwt-assertion", &assertion)
        .answer(backend, request)
}

/// Clients cannot pretend to be the proxy.
fn is_googles_own(name: &str) -> bool {
    name.starts_with("x-goog-")
}

/// The caller of a request, and the field that named it. `Proxy-Authorization` comes first and leaves
/// `Authorization` to the application; if its token is no good, `Authorization` decides.
fn admitted(
    backend: &Backend,
    platform: &dyn Platform,
    rules: &Rules,
    request: &Request,
) -> Result<(Caller, &'static str), Box<Response>> {
    let [first, second] = ["proxy-authorization", "authorization"];
    if let Some(Credential::Bearer(token)) = Credential::of(request, first)
        && let Ok(caller) = judge(backend, platform, request, token)
    {
        return Ok((caller, first));
    }
    match Credential::of(request, second) {
        Some(Credential::Bearer(token)) => match judge(backend, platform, request, token) {
            Ok(caller) => Ok((caller, second)),
            Err(refused) => Err(Box::new(explain(backend, rules, &refused))),
        },
        Some(Credential::Other) | None => Err(Box::new(without_token(backend, request))),
    }
}

/// Browsers are sent to sign in; scripts on a page cannot follow there and are told so.
fn without_token(backend: &Backend, request: &Request) -> Response {
    let refusal = IapRefusal::Empty;
    if request.header("x-requested-with").is_some_and(|value| value.eq_ignore_ascii_case("XMLHttpRequest")) {
        return refusal.answer(StatusCode::UNAUTHORIZED);
    }
    let client = client(backend);
    let location = format!("{SIGN_IN}?client_id={client}&response_type=code&scope=openid+email");
    refusal.answer(StatusCode::FOUND).with_header("location", &location)
}

fn explain(backend: &Backend, rules: &Rules, refused: &Refused) -> Response {
    let refusal = match refused {
        Refused::NoJwt => IapRefusal::NoJwt,
        Refused::Signature => IapRefusal::Signature,
        Refused::Payload(claim) => IapRefusal::Payload(claim),
        Refused::NoEmail => IapRefusal::NoEmail,
        Refused::Audience(_) if rules.has(Trouble::AudienceNotNamed) => IapRefusal::AudienceNotNamed,
        Refused::Audience(found) => IapRefusal::Audience(found, client(backend)),
    };
    refusal.answer(StatusCode::UNAUTHORIZED)
}

/// The OAuth client, which is the audience to ask for.
fn client(backend: &Backend) -> &str {
    backend.audiences.first().map_or("", String::as_str)
}

fn judge(
    backend: &Backend,
    platform: &dyn Platform,
    request: &Request,
    token: &str,
) -> Result<Caller, Refused> {
    match unverified_issuer(token)? {
        Some(issuer) if issuer.ends_with("gserviceaccount.com") => {
            self_signed(backend, platform, request, token, &issuer)
        }
        _ => id_token(backend, platform, token),
    }
}

/// Who says to have issued it, which only picks the rules that it is judged by.
fn unverified_issuer(token: &str) -> Result<Option<String>, Refused> {
    let parsed = match UnverifiedToken::parse(token) {
        Ok(parsed) => parsed,
        Err(callerid::ErrorCode::SignatureRemoved) => return Err(Refused::Signature),
        Err(_) => return Err(Refused::NoJwt),
    };
    let payload: serde_json::Value =
        serde_json::from_slice(parsed.unverified_payload()).map_err(|_| Refused::NoJwt)?;
    Ok(payload.get("iss").and_then(serde_json::Value::as_str).map(Into::into))
}

fn id_token(backend: &Backend, platform: &dyn Platform, token: &str) -> Result<Caller, Refused> {
    let verified = verified(token, &platform.google_keys(), Profile::google(), platform)?;
    let Some(email) = verified.email() else { return Err(Refused::NoEmail) };
    let audience = audience(&verified);
    if !backend.audiences.iter().any(|expected| expected == audience) {
        return Err(Refused::Audience(audience.into()));
    }
    Ok(Caller { email: Some(email.into()), id: verified.subject().unwrap_or_default().into() })
}

/// A JWT that the account signed for exactly this URL, or for all that start like it.
fn self_signed(
    backend: &Backend,
    platform: &dyn Platform,
    request: &Request,
    token: &str,
    email: &str,
) -> Result<Caller, Refused> {
    let keys = platform.account_keys(email).ok_or(Refused::Signature)?;
    let profile = Profile::parse(&format!("service-account:{email}")).map_err(|_| Refused::Signature)?;
    let verified = verified(token, &keys, profile, platform)?;
    if verified.subject() != Some(email) {
        return Err(Refused::Payload("sub".into()));
    }
    let url = format!("{}{}", backend.url, request.path());
    let audience = audience(&verified);
    let fits = match audience.strip_suffix('*') {
        Some(start) => start.ends_with('/') && url.starts_with(start),
        None => audience == url,
    };
    if !fits {
        return Err(Refused::Audience(audience.into()));
    }
    let id = platform.account_id(email).unwrap_or_default();
    Ok(Caller { email: Some(email.into()), id })
}

/// Verifies everything but the audience, which the proxy has its own words for.
fn verified(
    token: &str,
    keys: &callerid::JwkSet,
    profile: Profile,
    platform: &dyn Platform,
) -> Result<VerifiedToken, Refused> {
    let policy = Policy::new(profile, Audience::insecure_any(), Callers::any());
    verify(token, keys, &policy, platform.now()).map_err(|error| refused(&error))
}

fn refused(error: &VerifyError) -> Refused {
    let Some(failure) = error.failures().first() else { return Refused::Signature };
    match failure.check {
        CheckName::Format => Refused::NoJwt,
        CheckName::Algorithm | CheckName::Key | CheckName::Signature | CheckName::Issuer => {
            Refused::Signature
        }
        check => Refused::Payload(failure.claim.unwrap_or(check.as_str()).into()),
    }
}

fn audience(verified: &VerifiedToken) -> &str {
    verified.audiences().first().map_or("", String::as_str)
}

/// For whom the assertions are: what the application behind the proxy must expect.
pub(crate) fn assertion_audience(backend: &Backend, platform: &dyn Platform) -> String {
    let (number, name) = (platform.project_number(), &backend.protected.name);
    format!("/projects/{number}/locations/{REGION}/services/{name}")
}
