//! What a token or another pasted text is, told from its form and its claims alone.
//!
//! Recognising a token says nothing about whether it is genuine.

pub(crate) use classify::{classify, suggested_profile};

mod classify;

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenKind {
    /// An opaque OAuth 2.0 access token.
    AccessToken,
    /// A Google API key.
    ApiKey,
    /// A Gemini API auth key.
    AuthKey,
    /// An OAuth 2.0 authorization code.
    AuthorizationCode,
    /// A bearer token of Google Chat in project-number mode.
    ChatToken,
    /// Claims without header and signature.
    ClaimsOnly,
    /// An OAuth 2.0 client id.
    ClientId,
    /// An OAuth 2.0 client secret.
    ClientSecret,
    /// A Confidential Space attestation token.
    ConfidentialSpaceToken,
    /// A credentials file of Application Default Credentials.
    CredentialsFile,
    /// A JWT of another issuer than Google.
    ExternalToken,
    /// A Firebase App Check token.
    FirebaseAppCheckToken,
    /// A token for a Firebase Auth blocking function.
    FirebaseBlockingEvent,
    /// A Firebase custom token, which is exchanged for an ID token.
    FirebaseCustomToken,
    /// An unsigned token of the Firebase emulator.
    FirebaseEmulatorToken,
    /// A Firebase or Identity Platform ID token.
    FirebaseIdToken,
    /// A Firebase custom token of the kind that was signed with a shared secret.
    FirebaseLegacyCustomToken,
    /// A Firebase phone number verification token.
    FirebasePhoneNumberToken,
    /// A Firebase session cookie.
    FirebaseSessionCookie,
    /// What gcloud says when it gets no identity token.
    GcloudMessage,
    /// A subject token of GitHub Actions.
    GithubActionsToken,
    /// A Kubernetes service account token of a GKE cluster.
    GkeToken,
    /// An ID token of the metadata server that names its virtual machine.
    GoogleComputeEngineIdToken,
    /// An ID token of Google that is neither clearly a person's nor a service account's.
    GoogleIdToken,
    /// An ID token of a service account.
    GoogleServiceAccountIdToken,
    /// An ID token of a person.
    GoogleUserIdToken,
    /// The assertion that Identity-Aware Proxy adds to requests.
    IapAssertion,
    /// An encrypted token (RFC 7516).
    Jwe,
    /// A key set.
    KeySet,
    /// A token whose issuer looks like Google and is not.
    LookAlikeToken,
    /// A private key.
    PrivateKey,
    /// An OAuth 2.0 refresh token.
    RefreshToken,
    /// A security event token of Cross-Account Protection.
    RiscEvent,
    /// A SAML assertion.
    SamlAssertion,
    /// A JWT that a service account signed to call a Google API.
    ServiceAccountAccessJwt,
    /// A JWT that a service account signed to exchange it at the token endpoint.
    ServiceAccountAssertion,
    /// A service account key file.
    ServiceAccountKeyFile,
    /// A JWT that a service account signed for some other audience.
    ServiceAccountSignedJwt,
    /// Nothing that is known here.
    Unknown,
    /// A JWT whose claims tell nothing about its kind.
    UnknownJwt,
    /// A JWT without a signature.
    UnsignedJwt,
    /// A link that saves a pass to Google Wallet.
    WalletLink,
}

/// What is known of one kind.
struct Description {
    kind: TokenKind,
    name: &'static str,
    title: &'static str,
    next_step: &'static str,
    /// Whether the text by itself lets somebody act for its owner for longer than a token lives.
    secret: bool,
}

const fn describe(
    kind: TokenKind,
    name: &'static str,
    title: &'static str,
    next_step: &'static str,
) -> Description {
    Description { kind, name, title, next_step, secret: false }
}

const fn secret(
    kind: TokenKind,
    name: &'static str,
    title: &'static str,
    next_step: &'static str,
) -> Description {
    Description { kind, name, title, next_step, secret: true }
}

const REVOKE: &str = "Treat it as leaked: revoke it and make a new one.";

/// Every kind, with its stable name, what it is in words, and what to do with it.
static DESCRIPTIONS: [Description; 42] = [
    describe(
        TokenKind::AccessToken,
        "google_access_token",
        "an OAuth access token: opaque, for calling Google APIs, with nothing in it to verify here",
        "A service behind Cloud Run, Cloud Functions or IAP needs an ID token: mint one for that service's audience (gcloud auth print-identity-token, not print-access-token).",
    ),
    secret(TokenKind::ApiKey, "google_api_key", "a Google API key", REVOKE),
    secret(
        TokenKind::AuthKey,
        "google_auth_key",
        "an auth key for the Gemini API, which Google's other services do not take as a bearer token",
        REVOKE,
    ),
    secret(
        TokenKind::AuthorizationCode,
        "google_authorization_code",
        "an OAuth authorization code: good once, for ten minutes",
        "Exchange it at the token endpoint from the client that asked for it; the reply holds the ID token.",
    ),
    describe(
        TokenKind::ChatToken,
        "google_chat_token",
        "a bearer token of Google Chat (audience: project number)",
        "Verify it with the profile chat and the Chat app's project number as audience.",
    ),
    describe(
        TokenKind::ClaimsOnly,
        "claims_only",
        "claims alone, as API Gateway and Cloud Endpoints forward them: without a signature, so nobody can verify them",
        "Verify the client's own token instead; the gateway passes it on in X-Forwarded-Authorization.",
    ),
    describe(
        TokenKind::ClientId,
        "google_client_id",
        "an OAuth client id: public, no credential; it is what belongs into the audience of a person's ID token",
        "Pass the token whose audience it is.",
    ),
    secret(TokenKind::ClientSecret, "google_client_secret", "an OAuth client secret", REVOKE),
    describe(
        TokenKind::ConfidentialSpaceToken,
        "google_confidential_space_token",
        "an attestation token of Confidential Space",
        "Verify it with the profile confidential-space.",
    ),
    secret(
        TokenKind::CredentialsFile,
        "google_credentials_file",
        "a credentials file of Application Default Credentials",
        "Keep it out of tickets and chats, and mint a token from it instead; if it was shown to others, revoke its refresh token.",
    ),
    describe(
        TokenKind::ExternalToken,
        "external_token",
        "a JWT of an issuer other than Google",
        "Verify it with that issuer's own keys. Google takes such a token only as subject token of workload identity federation.",
    ),
    describe(
        TokenKind::FirebaseAppCheckToken,
        "firebase_app_check_token",
        "a Firebase App Check token: it speaks for an app, not for a person",
        "Verify it with the profile app-check:PROJECT_NUMBER and the audience projects/PROJECT_NUMBER.",
    ),
    describe(
        TokenKind::FirebaseBlockingEvent,
        "firebase_blocking_event",
        "a token that calls a Firebase Auth blocking function",
        "Verify it with the profile firebase:PROJECT_ID and the function's URL as audience.",
    ),
    describe(
        TokenKind::FirebaseCustomToken,
        "firebase_custom_token",
        "a Firebase custom token: a ticket for signing in, not an ID token",
        "Exchange it first with signInWithCustomToken, and send the ID token that comes back.",
    ),
    describe(
        TokenKind::FirebaseEmulatorToken,
        "firebase_emulator_token",
        "an unsigned token of the Firebase Authentication emulator",
        "Use it against the emulator only; everybody can write such a token.",
    ),
    describe(
        TokenKind::FirebaseIdToken,
        "firebase_id_token",
        "an ID token of Firebase Authentication or Identity Platform",
        "Verify it with the profile firebase:PROJECT_ID and the project id as audience.",
    ),
    describe(
        TokenKind::FirebaseLegacyCustomToken,
        "firebase_legacy_custom_token",
        "a Firebase custom token of the old kind, signed with a shared secret",
        "Make custom tokens with the Firebase Admin SDK; this kind is no longer accepted.",
    ),
    describe(
        TokenKind::FirebasePhoneNumberToken,
        "firebase_phone_number_token",
        "a token of Firebase Phone Number Verification",
        "Verify it with the Firebase Admin SDK; there is no profile for it here.",
    ),
    describe(
        TokenKind::FirebaseSessionCookie,
        "firebase_session_cookie",
        "a Firebase session cookie; it is signed with other keys than Firebase ID tokens",
        "Verify it with the profile firebase-session:PROJECT_ID and the project id as audience.",
    ),
    describe(
        TokenKind::GcloudMessage,
        "gcloud_message",
        "what gcloud says when its account cannot get an ID token; in Cloud Build, because the metadata server there has no identity endpoint",
        "In Cloud Build, let the build's service account impersonate itself (it needs roles/iam.serviceAccountTokenCreator on itself): gcloud auth print-identity-token --impersonate-service-account=SA --include-email --audiences=URL.",
    ),
    describe(
        TokenKind::GithubActionsToken,
        "github_actions_token",
        "a token of GitHub Actions, not of Google",
        "Exchange it by workload identity federation; the service gets an ID token of the impersonated service account.",
    ),
    describe(
        TokenKind::GkeToken,
        "gke_token",
        "a Kubernetes service account token of a GKE cluster",
        "Verify it with the profile gke:ISSUER; Cloud Run and IAP do not take it.",
    ),
    describe(
        TokenKind::GoogleComputeEngineIdToken,
        "google_compute_engine_id_token",
        "a service account's ID token from the metadata server that names its virtual machine (format=full)",
        "Verify it with the profile google and the audience that it was asked for.",
    ),
    describe(
        TokenKind::GoogleIdToken,
        "google_id_token",
        "an ID token of Google",
        "Verify it with the profile google and the audience that it was asked for.",
    ),
    describe(
        TokenKind::GoogleServiceAccountIdToken,
        "google_service_account_id_token",
        "a service account's ID token",
        "Verify it with the profile google and the audience that it was asked for.",
    ),
    describe(
        TokenKind::GoogleUserIdToken,
        "google_user_id_token",
        "a person's ID token (Sign in with Google)",
        "Verify it with the profile google and the OAuth client id as audience.",
    ),
    describe(
        TokenKind::IapAssertion,
        "iap_assertion",
        "the assertion that Identity-Aware Proxy adds to a request (x-goog-iap-jwt-assertion)",
        "Verify it with the profile iap and the back end's path as audience.",
    ),
    describe(
        TokenKind::Jwe,
        "jwe",
        "an encrypted token (five parts), which only its addressee can open",
        "Send a signed ID token; Google's services do not take encrypted ones.",
    ),
    describe(
        TokenKind::KeySet,
        "key_set",
        "a key set, not a token",
        "Give it as the keys, and the token as the token.",
    ),
    describe(
        TokenKind::LookAlikeToken,
        "look_alike_token",
        "a JWT whose issuer looks like Google's but is not",
        "Do not trust it: only https://accounts.google.com and accounts.google.com are Google.",
    ),
    secret(TokenKind::PrivateKey, "private_key", "a private key", REVOKE),
    secret(
        TokenKind::RefreshToken,
        "google_refresh_token",
        "an OAuth refresh token, which stays good until it is revoked",
        REVOKE,
    ),
    describe(
        TokenKind::RiscEvent,
        "google_risc_event",
        "a security event token of Cross-Account Protection; such tokens never expire",
        "Verify it with the keys that Google's RISC configuration names; there is no profile for it here.",
    ),
    describe(
        TokenKind::SamlAssertion,
        "saml_assertion",
        "a SAML assertion, not a JWT",
        "Sign in with OpenID Connect to get an ID token.",
    ),
    describe(
        TokenKind::ServiceAccountAccessJwt,
        "service_account_access_jwt",
        "a JWT that a service account signed itself to call a Google API",
        "Cloud Run and Cloud Functions need a token that Google signed: exchange an assertion with target_audience for one.",
    ),
    describe(
        TokenKind::ServiceAccountAssertion,
        "service_account_assertion",
        "an assertion that a service account signed for the token endpoint",
        "Exchange it first: post it to https://oauth2.googleapis.com/token and send the token that comes back.",
    ),
    secret(
        TokenKind::ServiceAccountKeyFile,
        "service_account_key_file",
        "a service account key file, which holds a private key",
        "Treat the key as leaked if others could see it: delete it with gcloud iam service-accounts keys delete.",
    ),
    describe(
        TokenKind::ServiceAccountSignedJwt,
        "service_account_signed_jwt",
        "a JWT that a service account signed itself, as IAP, API Gateway and Cloud Endpoints take it",
        "Verify it with the profile service-account:EMAIL. Cloud Run needs a token that Google signed instead.",
    ),
    describe(
        TokenKind::Unknown,
        "unknown",
        "no token that is known here",
        "Pass an ID token: three base64url parts with dots between them, starting with eyJ.",
    ),
    describe(
        TokenKind::UnknownJwt,
        "unknown_jwt",
        "a JWT that does not say who issued it",
        "Find out who issues it; Google's tokens name their issuer.",
    ),
    describe(
        TokenKind::UnsignedJwt,
        "unsigned_jwt",
        "a JWT without a signature (alg none), which everybody can write",
        "Never trust it; get a token from its issuer.",
    ),
    describe(
        TokenKind::WalletLink,
        "google_wallet_link",
        "a JWT that saves a pass to Google Wallet",
        "It is meant for a Save to Google Wallet link, not as a credential.",
    ),
];

impl TokenKind {
    /// The stable name, in `snake_case`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.description().name
    }

    /// What it is, in words that can follow "This is".
    #[must_use]
    pub fn title(self) -> &'static str {
        self.description().title
    }

    /// What to do with it.
    #[must_use]
    pub fn next_step(self) -> &'static str {
        self.description().next_step
    }

    /// Whether it is a long-lived secret that should never have been pasted anywhere.
    #[must_use]
    pub fn is_secret(self) -> bool {
        self.description().secret
    }

    fn description(self) -> &'static Description {
        let of = |kind| DESCRIPTIONS.iter().find(|description| description.kind == kind);
        // Every kind has a row: a test looks at them all.
        of(self).or_else(|| of(Self::Unknown)).unwrap_or(&DESCRIPTIONS[0])
    }

    /// Every kind.
    pub fn all() -> impl Iterator<Item = Self> {
        DESCRIPTIONS.iter().map(|description| description.kind)
    }
}
