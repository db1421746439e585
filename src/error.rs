//! Why something was refused: one stable code for every reason, and a sentence for people.

use core::fmt;

/// The stable name of a reason for refusing a token, a key or a key set.
///
/// The names from [`as_str`](Self::as_str) are the same in Rust, JSON, JavaScript and the documentation,
/// and never change their meaning. Branch on the code; show people the message and the hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ErrorCode {
    /// The token is longer than [`TOKEN_BYTES_MAX`](crate::TOKEN_BYTES_MAX).
    TokenTooLarge,
    /// The text does not have the three parts of a compact JWS (RFC 7515 section 7.1).
    TokenMalformed,
    /// A part is not canonical, unpadded base64url (RFC 7515 section 2).
    Base64Invalid,
    /// The JOSE header is not the JSON object that RFC 7515 section 4 asks for.
    HeaderInvalid,
    /// A JSON object that a decision depends on names one member twice (RFC 7515 section 4).
    DuplicateMember,
    /// The header demands an extension with `crit`, and none is implemented (RFC 7515 section 4.1.11).
    CriticalHeaderUnsupported,
    /// Cloud Run has replaced the signature with the words `SIGNATURE_REMOVED_BY_GOOGLE`.
    SignatureRemoved,
    /// The text is something else than a JWT: an access token, an API key, a key file …
    NotAJwt,
    /// The header names an algorithm that is neither RS256 nor ES256.
    AlgorithmUnsupported,
    /// The header names an algorithm that the profile or the key does not use.
    AlgorithmNotAllowed,
    /// The header names no key, and the profile's issuer always does.
    KeyIdMissing,
    /// No key of the set has the token's key id.
    KeyNotFound,
    /// More than one usable key answers to the token.
    KeyAmbiguous,
    /// The key that the token names is in the set but may not be used.
    KeyUnusable,
    /// The signature was not made by the key over this header and payload.
    SignatureInvalid,
    /// The payload is not a JSON object (RFC 7519 section 7.2).
    ClaimsMalformed,
    /// A claim that the issuer always sends, or that the policy asks about, is not there.
    ClaimMissing,
    /// A claim has a value of the wrong type or range.
    ClaimMalformed,
    /// The token was issued by somebody else than the profile's issuer.
    IssuerMismatch,
    /// The token was made for another audience.
    AudienceMismatch,
    /// The token's time is over.
    TokenExpired,
    /// The token is not valid yet (`nbf`).
    TokenNotYetValid,
    /// The token was issued in the future (`iat`): a clock is wrong.
    IssuedInFuture,
    /// The token lives longer than this issuer's tokens do.
    LifetimeTooLong,
    /// The token is good, but none of the caller rules allows this caller.
    CallerNotAllowed,
    /// The token speaks for another e-mail address.
    EmailMismatch,
    /// The issuer does not vouch for the e-mail address.
    EmailUnverified,
    /// The token speaks for another subject.
    SubjectMismatch,
    /// The caller belongs to another Google Workspace or Cloud organisation domain, or to none.
    HostedDomainMismatch,
    /// The caller is no service account of the expected project.
    ProjectMismatch,
    /// The token was handed to another client than the expected one (`azp`).
    AuthorizedPartyMismatch,
    /// The token does not answer the expected request (`nonce`).
    NonceMismatch,
    /// The document is not a key set that can be read.
    JwksMalformed,
    /// The keys could not be had, so nothing can be said about the signature.
    KeysUnavailable,
}

impl ErrorCode {
    /// Every code, in the order of the checks that give them.
    pub const ALL: [Self; 34] = [
        Self::TokenTooLarge,
        Self::TokenMalformed,
        Self::Base64Invalid,
        Self::HeaderInvalid,
        Self::DuplicateMember,
        Self::CriticalHeaderUnsupported,
        Self::SignatureRemoved,
        Self::NotAJwt,
        Self::AlgorithmUnsupported,
        Self::AlgorithmNotAllowed,
        Self::KeyIdMissing,
        Self::KeyNotFound,
        Self::KeyAmbiguous,
        Self::KeyUnusable,
        Self::SignatureInvalid,
        Self::ClaimsMalformed,
        Self::ClaimMissing,
        Self::ClaimMalformed,
        Self::IssuerMismatch,
        Self::AudienceMismatch,
        Self::TokenExpired,
        Self::TokenNotYetValid,
        Self::IssuedInFuture,
        Self::LifetimeTooLong,
        Self::CallerNotAllowed,
        Self::EmailMismatch,
        Self::EmailUnverified,
        Self::SubjectMismatch,
        Self::HostedDomainMismatch,
        Self::ProjectMismatch,
        Self::AuthorizedPartyMismatch,
        Self::NonceMismatch,
        Self::JwksMalformed,
        Self::KeysUnavailable,
    ];

    /// The stable name, in `snake_case`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.entry().0
    }

    /// One sentence that says what the code means, whatever the token.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        self.entry().1
    }

    /// What to do next, whatever the token; a report's hints know more.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        self.entry().2
    }

    /// Whether the code says that nothing could be decided, rather than that the token is refused.
    #[must_use]
    pub const fn is_undecided(self) -> bool {
        matches!(self, Self::JwksMalformed | Self::KeysUnavailable)
    }

    /// Whether the token itself is good and only the caller is not welcome (HTTP 403 rather than 401).
    #[must_use]
    pub const fn is_about_the_caller(self) -> bool {
        matches!(
            self,
            Self::CallerNotAllowed
                | Self::EmailMismatch
                | Self::EmailUnverified
                | Self::SubjectMismatch
                | Self::HostedDomainMismatch
                | Self::ProjectMismatch
        )
    }

    /// Name, sentence and hint.
    const fn entry(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::TokenTooLarge => (
                "token_too_large",
                "The token is longer than any that Google issues.",
                "Send the token alone; if it is one, its issuer put too much into it.",
            ),
            Self::TokenMalformed => (
                "token_malformed",
                "The text does not have the three dot-separated parts of a signed JWT.",
                "Copy the whole token again: header, payload and signature, with the two dots between them.",
            ),
            Self::Base64Invalid => (
                "base64_invalid",
                "A part of the token is not canonical, unpadded base64url.",
                "Pass the token on exactly as it was issued: no padding, no line breaks, no re-encoding.",
            ),
            Self::HeaderInvalid => (
                "header_invalid",
                "The token's header is not a JOSE header that can be used.",
                "Get a fresh token from its issuer; this one was damaged or was not made by Google.",
            ),
            Self::DuplicateMember => (
                "duplicate_member",
                "A JSON object names one member twice, so that two readers could see different values.",
                "Refuse it: Google never issues such a token or key.",
            ),
            Self::CriticalHeaderUnsupported => (
                "critical_header_unsupported",
                "The token's header demands an extension that must be understood, and none is.",
                "Refuse it: Google's tokens carry no crit header.",
            ),
            Self::SignatureRemoved => (
                "signature_removed",
                "Google removed the signature before it passed the token on, so that nobody can verify it again.",
                "Send the token for the application in Authorization and the one for Cloud Run in X-Serverless-Authorization; only the latter is redacted then.",
            ),
            Self::NotAJwt => (
                "not_a_jwt",
                "The text is not a JWT.",
                "Pass an ID token: three base64url parts with dots between them, starting with eyJ.",
            ),
            Self::AlgorithmUnsupported => (
                "algorithm_unsupported",
                "The token names an algorithm that Google's issuers do not sign with.",
                "Get a token from Google: those are signed with RS256 or ES256.",
            ),
            Self::AlgorithmNotAllowed => (
                "algorithm_not_allowed",
                "The token is signed with another algorithm than this profile or key uses.",
                "Choose the profile that fits the token's issuer.",
            ),
            Self::KeyIdMissing => (
                "key_id_missing",
                "The token does not say which key signed it, and this issuer's tokens always do.",
                "Check where the token comes from: it was not made by this profile's issuer.",
            ),
            Self::KeyNotFound => (
                "key_not_found",
                "None of the keys has the id that the token names.",
                "Check that the keys are those of the token's issuer, and fetch them again.",
            ),
            Self::KeyAmbiguous => (
                "key_ambiguous",
                "More than one key answers to the token.",
                "Give a key set in which every key has an id of its own.",
            ),
            Self::KeyUnusable => (
                "key_unusable",
                "The key that the token names may not be used to verify it.",
                "Give the issuer's current public signing keys: RSA of at least 2048 bits, or P-256.",
            ),
            Self::SignatureInvalid => (
                "signature_invalid",
                "The signature does not belong to this header and payload.",
                "Copy the token again without changing a character; if it stays so, it was altered or forged.",
            ),
            Self::ClaimsMalformed => (
                "claims_malformed",
                "The payload is not a JSON object.",
                "Get a fresh token from its issuer; this one holds no claims.",
            ),
            Self::ClaimMissing => (
                "claim_missing",
                "A claim that is needed is not in the token.",
                "Check how the token was minted: this kind of token should carry the claim.",
            ),
            Self::ClaimMalformed => (
                "claim_malformed",
                "A claim has a value of the wrong type or out of range.",
                "Check who minted the token: Google writes this claim in another form.",
            ),
            Self::IssuerMismatch => (
                "issuer_mismatch",
                "The token was issued by somebody else than this profile's issuer.",
                "Choose the profile that fits the token, or get a token from the expected issuer.",
            ),
            Self::AudienceMismatch => (
                "audience_mismatch",
                "The token was made for another audience.",
                "Mint the token for the audience that the service expects, character by character.",
            ),
            Self::TokenExpired => (
                "token_expired",
                "The token's time is over.",
                "Get a fresh token; ID tokens live for an hour at most.",
            ),
            Self::TokenNotYetValid => (
                "token_not_yet_valid",
                "The token is not valid yet.",
                "Compare the clocks of this machine and of the issuer.",
            ),
            Self::IssuedInFuture => (
                "issued_in_future",
                "The token was issued in the future.",
                "Set this machine's clock by NTP; a difference up to the skew is forgiven.",
            ),
            Self::LifetimeTooLong => (
                "lifetime_too_long",
                "The token lives longer than this issuer's tokens do.",
                "Check who minted the token; Google keeps to the lifetime that its documentation states.",
            ),
            Self::CallerNotAllowed => (
                "caller_not_allowed",
                "The token is good, but its caller is not among those who may call.",
                "If this caller should be allowed, add it to the caller rules.",
            ),
            Self::EmailMismatch => (
                "email_mismatch",
                "The token speaks for another e-mail address.",
                "Mint the token with the expected account, or expect this one.",
            ),
            Self::EmailUnverified => (
                "email_unverified",
                "The issuer does not vouch for the e-mail address in the token.",
                "Decide by subject instead, or have the caller verify the address.",
            ),
            Self::SubjectMismatch => (
                "subject_mismatch",
                "The token speaks for another subject.",
                "Mint the token with the expected account, or expect this one.",
            ),
            Self::HostedDomainMismatch => (
                "hosted_domain_mismatch",
                "The caller does not belong to the expected Google Workspace or Cloud domain.",
                "Sign in with an account of that domain; consumer and service accounts belong to none.",
            ),
            Self::ProjectMismatch => (
                "project_mismatch",
                "The caller is not a service account of the expected project.",
                "Call with a service account of that project, or expect another one.",
            ),
            Self::AuthorizedPartyMismatch => (
                "authorized_party_mismatch",
                "The token was handed to another client than the expected one.",
                "Expect the client id that asks for the token; on Android it differs from the audience.",
            ),
            Self::NonceMismatch => (
                "nonce_mismatch",
                "The token does not answer the request with the expected nonce.",
                "Start the sign-in again, and compare with the nonce of that very request.",
            ),
            Self::JwksMalformed => (
                "jwks_malformed",
                "The document is not a key set that can be read.",
                "Give a JWK set, a map of key ids to PEM texts, or a PEM file, as the issuer publishes it.",
            ),
            Self::KeysUnavailable => (
                "keys_unavailable",
                "The keys could not be had, so nothing can be said about the signature.",
                "Check the way to the key endpoint and try again, or give the keys as a file.",
            ),
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
