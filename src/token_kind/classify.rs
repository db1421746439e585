//! Which kind of JWT it is, by the claims that tell the kinds apart.

use super::TokenKind;
use crate::json::{Object, Value};
use crate::profile::Profile;

/// One test of the classification.
type Test = fn(&Facts<'_>) -> bool;

/// What a header and claims say that tells kinds apart; **untrusted**.
struct Facts<'a> {
    claims: &'a Object<'a>,
    algorithm: &'a str,
    issuer: &'a str,
    subject: &'a str,
    audience: &'a str,
    authorized_party: &'a str,
    email: &'a str,
}

/// The tests in their order; the first that holds names the kind.
const TESTS: [(Test, TokenKind); 24] = [
    (
        |facts| facts.is_unsigned() && facts.issuer.starts_with("https://securetoken.google.com/"),
        TokenKind::FirebaseEmulatorToken,
    ),
    (|facts| facts.is_unsigned(), TokenKind::UnsignedJwt),
    (|facts| facts.issuer == "https://cloud.google.com/iap", TokenKind::IapAssertion),
    (
        |facts| facts.issuer.starts_with("https://securetoken.google.com/") && facts.has("event_type"),
        TokenKind::FirebaseBlockingEvent,
    ),
    (|facts| facts.issuer.starts_with("https://securetoken.google.com/"), TokenKind::FirebaseIdToken),
    (
        |facts| facts.issuer.starts_with("https://session.firebase.google.com/"),
        TokenKind::FirebaseSessionCookie,
    ),
    (
        |facts| facts.issuer.starts_with("https://firebaseappcheck.googleapis.com/"),
        TokenKind::FirebaseAppCheckToken,
    ),
    (
        |facts| facts.issuer.starts_with("https://fpnv.googleapis.com/projects/"),
        TokenKind::FirebasePhoneNumberToken,
    ),
    (|facts| facts.audience == FIREBASE_CUSTOM_AUDIENCE, TokenKind::FirebaseCustomToken),
    (
        |facts| facts.algorithm == "HS256" && facts.has("v") && facts.has("d"),
        TokenKind::FirebaseLegacyCustomToken,
    ),
    (|facts| facts.is_google() && facts.has("events"), TokenKind::RiscEvent),
    (|facts| facts.is_google() && facts.names_a_machine(), TokenKind::GoogleComputeEngineIdToken),
    (|facts| facts.is_google() && facts.is_service_account(), TokenKind::GoogleServiceAccountIdToken),
    (|facts| facts.is_google() && facts.is_for_a_client(), TokenKind::GoogleUserIdToken),
    (|facts| facts.is_google(), TokenKind::GoogleIdToken),
    (|facts| facts.issuer == "chat@system.gserviceaccount.com", TokenKind::ChatToken),
    (
        |facts| facts.issuer == "https://confidentialcomputing.googleapis.com",
        TokenKind::ConfidentialSpaceToken,
    ),
    (|facts| facts.issuer.starts_with("https://container.googleapis.com/v1/projects/"), TokenKind::GkeToken),
    (|facts| facts.is_self_signed() && facts.is_for_the_token_endpoint(), TokenKind::ServiceAccountAssertion),
    (
        |facts| {
            facts.is_self_signed()
                && facts.audience == "google"
                && facts.claims.string("typ") == Some("savetowallet")
        },
        TokenKind::WalletLink,
    ),
    (|facts| facts.is_self_signed() && facts.is_for_an_api(), TokenKind::ServiceAccountAccessJwt),
    (|facts| facts.is_self_signed(), TokenKind::ServiceAccountSignedJwt),
    (|facts| facts.issuer == "https://token.actions.githubusercontent.com", TokenKind::GithubActionsToken),
    (|facts| facts.looks_like_google(), TokenKind::LookAlikeToken),
];

/// The audience of every Firebase custom token.
const FIREBASE_CUSTOM_AUDIENCE: &str =
    "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit";

/// The token endpoint, by its present and its older address.
const TOKEN_ENDPOINTS: [&str; 2] =
    ["https://oauth2.googleapis.com/token", "https://www.googleapis.com/oauth2/v4/token"];

impl Facts<'_> {
    fn has(&self, name: &str) -> bool {
        self.claims.member(name).is_some()
    }

    fn is_unsigned(&self) -> bool {
        self.algorithm.eq_ignore_ascii_case("none")
    }

    fn is_google(&self) -> bool {
        // Security events are seen with a slash behind the issuer.
        matches!(
            self.issuer.strip_suffix('/').unwrap_or(self.issuer),
            "https://accounts.google.com" | "accounts.google.com"
        )
    }

    fn names_a_machine(&self) -> bool {
        self.claims
            .member("google")
            .and_then(Value::as_object)
            .is_some_and(|google| google.member("compute_engine").is_some())
    }

    fn is_service_account(&self) -> bool {
        let is_number = !self.subject.is_empty() && self.subject.bytes().all(|byte| byte.is_ascii_digit());
        self.email.ends_with("gserviceaccount.com") || (is_number && self.authorized_party == self.subject)
    }

    fn is_for_a_client(&self) -> bool {
        let is_client = |text: &str| text.ends_with(".apps.googleusercontent.com");
        is_client(self.audience) || is_client(self.authorized_party)
    }

    fn is_self_signed(&self) -> bool {
        self.issuer.ends_with("gserviceaccount.com") && self.issuer.contains('@')
    }

    fn is_for_the_token_endpoint(&self) -> bool {
        TOKEN_ENDPOINTS.contains(&self.audience)
    }

    fn is_for_an_api(&self) -> bool {
        let host = self.audience.strip_prefix("https://").unwrap_or_default();
        let host = host.split('/').next().unwrap_or_default();
        self.issuer == self.subject && (self.has("scope") || host.ends_with(".googleapis.com"))
    }

    fn looks_like_google(&self) -> bool {
        let issuer = self.issuer.to_ascii_lowercase();
        issuer.contains("accounts.google") || issuer.contains("google.com")
    }
}

/// The kind of a JWT with these header and claims; **nothing is said about its truth**.
pub(crate) fn classify(header: Option<&Object<'_>>, claims: &Object<'_>) -> TokenKind {
    let text = |name| claims.string(name).unwrap_or_default();
    let facts = Facts {
        claims,
        algorithm: header.and_then(|header| header.string("alg")).unwrap_or_default(),
        issuer: text("iss"),
        subject: text("sub"),
        audience: text("aud"),
        authorized_party: text("azp"),
        email: text("email"),
    };
    let kind = TESTS.iter().find(|(test, _)| test(&facts)).map(|(_, kind)| *kind);
    kind.unwrap_or(if facts.issuer.is_empty() { TokenKind::UnknownJwt } else { TokenKind::ExternalToken })
}

/// The name of the profile that verifies tokens of this kind, its parameter taken from the **untrusted**
/// claims: a suggestion for people, never a choice.
pub(crate) fn suggested_profile(kind: TokenKind, claims: &Object<'_>) -> Option<Profile> {
    let issuer = claims.string("iss").unwrap_or_default();
    let last = issuer.rsplit('/').next().unwrap_or_default();
    let name = match kind {
        TokenKind::GoogleUserIdToken
        | TokenKind::GoogleServiceAccountIdToken
        | TokenKind::GoogleComputeEngineIdToken
        | TokenKind::GoogleIdToken => return Some(Profile::google()),
        TokenKind::IapAssertion => return Some(Profile::iap()),
        TokenKind::ChatToken => return Profile::parse("chat").ok(),
        TokenKind::ConfidentialSpaceToken => return Profile::parse("confidential-space").ok(),
        TokenKind::FirebaseIdToken | TokenKind::FirebaseBlockingEvent => ["firebase:", last],
        TokenKind::FirebaseSessionCookie => ["firebase-session:", last],
        TokenKind::FirebaseAppCheckToken => ["app-check:", last],
        TokenKind::GkeToken => ["gke:", issuer],
        TokenKind::ServiceAccountSignedJwt
        | TokenKind::ServiceAccountAccessJwt
        | TokenKind::ServiceAccountAssertion => ["service-account:", issuer],
        _ => return None,
    };
    Profile::parse(&name.concat()).ok()
}
