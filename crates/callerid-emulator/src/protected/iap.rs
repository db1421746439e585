//! Identity-Aware Proxy: takes an ID token for its OAuth client or a JWT that a service account signed
//! for the URL, and tells the application who calls in an assertion of its own.

use callerid::{
    Audience, Callers, CheckName, ErrorCode, Policy, Profile, UnverifiedToken, VerifiedToken, VerifyError,
    verify,
};
use hyper::StatusCode;

use super::container::Passed;
use super::credential::Credential;
use super::invokers::{Caller, Invokers};
use super::refusal::{FORBIDDEN, IapRefusal, iap_access_denied, iap_client_misconfigured};
use super::refusal_log::{NOT_AUTHORIZED, reasons};
use super::{Backend, Platform, Rules, Trouble, Why};
use crate::http::{Request, Response};

/// The region of every emulated service.
const REGION: &str = "us-central1";
/// Where people are sent to sign in.
const SIGN_IN: &str = "https://accounts.google.com/o/oauth2/v2/auth";

/// Why a credential is not taken: as the proxy says it, and as the core does.
struct Refused {
    as_what: AsWhat,
    reasons: Vec<String>,
}

/// What the proxy refuses a credential as, with what it quotes of it.
enum AsWhat {
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
) -> (Response, Option<Why>) {
    if rules.has(Trouble::OauthClientMisconfigured) {
        return (iap_client_misconfigured(), Some(Why::of("the OAuth client is misconfigured")));
    }
    if rules.invokers == Invokers::AllUsers {
        return (Passed::of(request).without(is_googles_own).answer(backend, request), None);
    }
    let (caller, field) = match admitted(backend, platform, request) {
        Ok(admitted) => admitted,
        Err(None) => {
            let why = Why::of("there is no token in authorization or proxy-authorization");
            return (without_token(backend, request), Some(why));
        }
        Err(Some(refused)) => {
            let response = explain(backend, rules, &refused.as_what);
            return (response, Some(Why { log: None, reasons: refused.reasons }));
        }
    };
    if !rules.invokers.include(&caller, platform) {
        let why = Why::of(caller.is_none_of("those with roles/iap.httpsResourceAccessor"));
        return (iap_access_denied(), Some(why));
    }
    if rules.has(Trouble::AgentMayNotInvoke) {
        let why = Why::logged(NOT_AUTHORIZED, "the agent of Identity-Aware Proxy is none of the invokers");
        return (FORBIDDEN.answer(request), Some(why));
    }
    let email = caller.email.unwrap_or_default();
    let subject = format!("accounts.google.com:{}", caller.id);
    let audience = assertion_audience(backend, platform);
    let Some(assertion) = platform.iap_assertion(&email, &subject, &audience) else {
        let words = "the emulator could not sign its assertion\n";
        return (Response::new(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", words), None);
    };
    // Google does not say whether the token that opened the door goes on to the application. Here it does not,
    // so that nobody comes to rely on it.
    let passed = Passed::of(request)
        .without(|name| is_googles_own(name) || name == "proxy-authorization" || name == field)
        .with("x-goog-authenticated-user-email", &format!("accounts.google.com:{email}"))
        .with("x-goog-authenticated-user-id", &subject)
        .with("x-goog-iap-jwt-assertion", &assertion);
    (passed.answer(backend, request), None)
}

/// Clients cannot pretend to be the proxy.
fn is_googles_own(name: &str) -> bool {
    name.starts_with("x-goog-")
}

/// The caller of a request, and the field that named it; nothing where there is no token. `Proxy-Authorization`
/// comes first and leaves `Authorization` to the application; if its token is no good, `Authorization` decides.
fn admitted(
    backend: &Backend,
    platform: &dyn Platform,
    request: &Request,
) -> Result<(Caller, &'static str), Option<Refused>> {
    let [first, second] = ["proxy-authorization", "authorization"];
    if let Some(Credential::Bearer(token)) = Credential::of(request, first)
        && let Ok(caller) = judge(backend, platform, request, token)
    {
        return Ok((caller, first));
    }
    match Credential::of(request, second) {
        Some(Credential::Bearer(token)) => {
            judge(backend, platform, request, token).map(|caller| (caller, second)).map_err(Some)
        }
        Some(Credential::Other) | None => Err(None),
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

fn explain(backend: &Backend, rules: &Rules, as_what: &AsWhat) -> Response {
    let refusal = match as_what {
        AsWhat::NoJwt => IapRefusal::NoJwt,
        AsWhat::Signature => IapRefusal::Signature,
        AsWhat::Payload(claim) => IapRefusal::Payload(claim),
        AsWhat::NoEmail => IapRefusal::NoEmail,
        AsWhat::Audience(_) if rules.has(Trouble::AudienceNotNamed) => IapRefusal::AudienceNotNamed,
        AsWhat::Audience(found) => IapRefusal::Audience(found, client(backend)),
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
        Err(code) => {
            let is_redacted = code == ErrorCode::SignatureRemoved;
            return Err(Refused::by_code(if is_redacted { AsWhat::Signature } else { AsWhat::NoJwt }, code));
        }
    };
    let payload: serde_json::Value = serde_json::from_slice(parsed.unverified_payload())
        .map_err(|_| Refused::by_code(AsWhat::NoJwt, ErrorCode::ClaimsMalformed))?;
    Ok(payload.get("iss").and_then(serde_json::Value::as_str).map(Into::into))
}

fn id_token(backend: &Backend, platform: &dyn Platform, token: &str) -> Result<Caller, Refused> {
    let verified = verified(token, &platform.google_keys(), Profile::google(), platform)?;
    let Some(email) = verified.email() else {
        return Err(Refused::new(AsWhat::NoEmail, "the token names no e-mail address"));
    };
    let audience = audience(&verified);
    if !backend.audiences.iter().any(|expected| expected == audience) {
        return Err(Refused::for_audience(audience, client(backend)));
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
    let unknown =
        || Refused::new(AsWhat::Signature, "the token's issuer is no service account of this emulator");
    let keys = platform.account_keys(email).ok_or_else(unknown)?;
    let profile = Profile::parse(&format!("service-account:{email}")).map_err(|_| unknown())?;
    let verified = verified(token, &keys, profile, platform)?;
    if verified.subject() != Some(email) {
        return Err(Refused::new(AsWhat::Payload("sub".into()), "sub is not the account that signed"));
    }
    let url = format!("{}{}", backend.url, request.path());
    let audience = audience(&verified);
    let site = format!("{}/", backend.url);
    let fits = match audience.strip_suffix('*') {
        // What stands for many paths must name the site whole.
        Some(start) => start.starts_with(&site) && start.ends_with('/') && url.starts_with(start),
        None => audience == url,
    };
    if !fits {
        return Err(Refused::for_audience(audience, &url));
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

impl Refused {
    fn new(as_what: AsWhat, reason: &str) -> Self {
        Self { as_what, reasons: vec![reason.into()] }
    }

    fn by_code(as_what: AsWhat, code: ErrorCode) -> Self {
        Self::new(as_what, &format!("{}: {}", code.as_str(), code.sentence()))
    }

    fn for_audience(found: &str, expected: &str) -> Self {
        let code = ErrorCode::AudienceMismatch;
        let found_visible = callerid::visible(found);
        let reason =
            format!("{}: {} Expected {expected}. Found {found_visible}.", code.as_str(), code.sentence());
        Self::new(AsWhat::Audience(found.into()), &reason)
    }
}

fn refused(error: &VerifyError) -> Refused {
    let as_what = match error.failures().first() {
        None => AsWhat::Signature,
        Some(failure) => match failure.check {
            CheckName::Format => AsWhat::NoJwt,
            CheckName::Algorithm | CheckName::Key | CheckName::Signature | CheckName::Issuer => {
                AsWhat::Signature
            }
            check => AsWhat::Payload(failure.claim.unwrap_or(check.as_str()).into()),
        },
    };
    Refused { as_what, reasons: reasons(error) }
}

fn audience(verified: &VerifiedToken) -> &str {
    verified.audiences().first().map_or("", String::as_str)
}

/// For whom the assertions are: what the application behind the proxy must expect.
pub(crate) fn assertion_audience(backend: &Backend, platform: &dyn Platform) -> String {
    let (number, name) = (platform.project_number(), &backend.protected.name);
    format!("/projects/{number}/locations/{REGION}/services/{name}")
}
