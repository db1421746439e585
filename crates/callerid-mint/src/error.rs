//! Why a key, a key file or claims cannot be used, or a token cannot be signed.
//!
//! No error ever holds key material: texts that come out of a key or a key file are not repeated.

use alloc::string::String;
use core::fmt;

use callerid::{EMULATOR_KEY_ID_PREFIX, TEST_MARKER};

use crate::key::{KEY_BYTES_MAX, RSA_BITS_MAX, RSA_BITS_MIN};
use crate::service_account_claims::LIFETIME_MAX;
use crate::service_account_key::KEY_FILE_BYTES_MAX;

/// Why a text is no private key that can sign here.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// No RSA key of that many bits is made.
    BitsOutOfRange {
        /// The size that was asked for.
        bits: u32,
    },
    /// One name stands twice in the JWK.
    DuplicateMember,
    /// The key is encrypted with a passphrase.
    Encrypted,
    /// The line breaks of the PEM text are written as backslash and `n`.
    EscapedLineBreaks,
    /// The numbers of the key do not belong together.
    Inconsistent,
    /// The base64, the DER or a member of the JWK is damaged or missing.
    Malformed,
    /// The text is neither PEM nor a JWK.
    NoKey,
    /// `use`, `key_ops` or `alg` of the JWK give the key another purpose than signing.
    NotForSigning,
    /// It is a public key or a certificate.
    NotPrivate,
    /// The JWK has no prime factors, and they cannot be found from its exponent.
    PrimesMissing,
    /// Its public half would be refused by every verifier here.
    Refused(callerid::KeyError),
    /// The text holds more than one private key.
    SeveralKeys,
    /// The text is longer than [`KEY_BYTES_MAX`].
    TooLarge,
    /// The key is neither an RSA key nor one of P-256.
    Unsupported,
}

/// Why a text is no service account key file that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyFileError {
    /// `client_email` is not of the form `NAME@DOMAIN`.
    EmailMalformed,
    /// One name stands twice in the file.
    DuplicateMember,
    /// `private_key` holds no key that can sign.
    Key(KeyError),
    /// `private_key` is not an RSA key, as the keys of service accounts are.
    KeyNotRsa,
    /// The file is not a JSON object.
    Malformed,
    /// A member is not a string, or empty.
    MemberMalformed {
        /// Its name.
        name: &'static str,
    },
    /// A member is missing.
    MemberMissing {
        /// Its name.
        name: &'static str,
    },
    /// It is the file of an OAuth client.
    OAuthClient,
    /// It is a credentials file of another type.
    OtherCredentials {
        /// Its `type`.
        found: &'static str,
    },
    /// `token_uri` is neither https nor on this machine.
    TokenUriMalformed,
    /// The file is longer than [`KEY_FILE_BYTES_MAX`].
    TooLarge,
    /// `type` is missing, or is none that Google's libraries know.
    TypeUnknown,
    /// `universe_domain` is not a domain.
    UniverseDomainMalformed,
}

/// Why claims cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClaimsError {
    /// The audience is empty.
    AudienceEmpty,
    /// One name stands twice in the claims.
    DuplicateMember {
        /// The name.
        name: String,
    },
    /// An e-mail address is not of the form `NAME@DOMAIN`.
    EmailMalformed,
    /// Tokens of this kind name no e-mail address.
    EmailOutOfPlace,
    /// The lifetime is zero or longer than Google allows.
    LifetimeOutOfRange {
        /// The lifetime that was asked for, in seconds.
        seconds: u32,
    },
    /// The text is not JSON.
    Malformed,
    /// The text is JSON, but no object.
    NotAnObject,
    /// A scope is empty or has white space in it, or there is none.
    ScopeMalformed,
    /// Only assertions for an access token speak for somebody else.
    SubjectOutOfPlace,
    /// Tokens of this kind have no such parameter, or it has another form.
    Test(callerid::ProfileError),
}

/// Why a token cannot be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// Tokens of this kind are signed with another algorithm than the key's.
    AlgorithmMismatch {
        /// The algorithm of such tokens.
        expected: callerid::Algorithm,
        /// The algorithm of the key.
        found: callerid::Algorithm,
    },
    /// The claims cannot be made.
    Claims(ClaimsError),
    /// The claims name an issuer of Google's, and nobody asked for an imitation.
    ImitatesGoogle,
    /// The computation failed or was disturbed, and its result is withheld.
    Failed,
    /// The key's id does not say that the key is an emulator's.
    KeyIdNotEmulated,
    /// The source of random numbers failed.
    Randomness,
    /// The token would be longer than any verifier here reads.
    TooLarge,
}

impl KeyError {
    /// What to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::BitsOutOfRange { .. } => "Ask for 2048, 3072 or 4096 bits.",
            Self::DuplicateMember => "Write the key anew, with every member once.",
            Self::Encrypted => {
                "Decrypt it first: openssl pkcs8 -in KEY -out NEW, and keep the new file private."
            }
            Self::EscapedLineBreaks => {
                "Turn every \\n into a line break; an environment variable often keeps them escaped."
            }
            Self::Inconsistent | Self::Malformed => {
                "Copy the key again from where it came; a part of it was lost or changed."
            }
            Self::NoKey => "Give a PEM text that starts with -----BEGIN PRIVATE KEY-----, or a private JWK.",
            Self::NotForSigning => "Give a key whose use is sig and whose alg is RS256 or ES256.",
            Self::NotPrivate => "Give the private half; a public key can only verify.",
            Self::PrimesMissing => "Give the key with its members p and q.",
            Self::Refused(_) | Self::Unsupported => {
                "Make a new one with callerid keygen: RSA of 2048 bits or more, or P-256."
            }
            Self::SeveralKeys => "Leave only the key that is to sign.",
            Self::TooLarge => "Give a file that holds nothing but the key.",
        }
    }
}

impl KeyFileError {
    /// What to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Key(KeyError::EscapedLineBreaks) => {
                "The line breaks of private_key were escaped twice; download the file again, or undo one escape."
            }
            Self::OAuthClient => {
                "That file belongs to an OAuth client; service account keys are made under IAM, Service accounts, Keys."
            }
            Self::OtherCredentials { .. } => {
                "Use it as Application Default Credentials instead of as a key file."
            }
            Self::TokenUriMalformed => "Google's own is https://oauth2.googleapis.com/token.",
            Self::UniverseDomainMalformed => "Google's own is googleapis.com.",
            _ => {
                "Download a new key: gcloud iam service-accounts keys create FILE --iam-account=SERVICE_ACCOUNT."
            }
        }
    }
}

impl ClaimsError {
    /// What to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::AudienceEmpty => {
                "Give the URL of the service that gets the token (is the variable that holds it set?)."
            }
            Self::DuplicateMember { .. } => "Write every claim once.",
            Self::EmailMalformed => "Give the whole address, such as NAME@PROJECT.iam.gserviceaccount.com.",
            Self::EmailOutOfPlace => "Leave the address out, or make a token of another kind.",
            Self::LifetimeOutOfRange { .. } => "Ask for 1 to 3600 seconds.",
            Self::Malformed | Self::NotAnObject => {
                "Give the claims as one JSON object, such as {\"hd\":\"example.com\"}."
            }
            Self::ScopeMalformed => {
                "Give whole scopes, such as https://www.googleapis.com/auth/cloud-platform."
            }
            Self::SubjectOutOfPlace => "Leave the subject out: the account can only speak for itself here.",
            Self::Test(_) => "Give another project, issuer or address.",
        }
    }
}

impl SignError {
    /// What to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::AlgorithmMismatch { expected: callerid::Algorithm::Es256, .. } => "Sign with a P-256 key.",
            Self::AlgorithmMismatch { .. } => "Sign with an RSA key.",
            Self::Claims(error) => error.hint(),
            Self::ImitatesGoogle => {
                "Give the token an issuer of its own, or ask for an imitation, which its header then admits."
            }
            Self::Failed | Self::Randomness => {
                "Try again; if it fails again, the key or the machine is at fault."
            }
            Self::KeyIdNotEmulated => "Give the key such an id, which says what it is to whoever reads it.",
            Self::TooLarge => "Put less into the claims.",
        }
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::BitsOutOfRange { bits } => {
                return write!(
                    formatter,
                    "no RSA key of {bits} bits is made: {RSA_BITS_MIN} to {RSA_BITS_MAX} in steps of 8 are possible"
                );
            }
            Self::DuplicateMember => "one name stands twice in the key",
            Self::Encrypted => "the private key is encrypted with a passphrase",
            Self::EscapedLineBreaks => "the line breaks of the key are written as \\n",
            Self::Inconsistent => "the numbers of the private key do not belong together",
            Self::Malformed => "a part of the private key is missing or damaged",
            Self::NoKey => "the text is neither a PEM text nor a JWK",
            Self::NotForSigning => "the key is meant for another purpose than signing",
            Self::NotPrivate => "the key is a public one, which cannot sign",
            Self::PrimesMissing => "the private key lacks its prime factors",
            Self::Refused(error) => return write!(formatter, "the key may not be used: {error}"),
            Self::SeveralKeys => "the text holds more than one private key",
            Self::TooLarge => return write!(formatter, "the key is longer than {KEY_BYTES_MAX} bytes"),
            Self::Unsupported => "the private key is neither an RSA key nor one of P-256 that can be read here",
        })
    }
}

impl fmt::Display for KeyFileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::DuplicateMember => "one name stands twice in the key file",
            Self::EmailMalformed => "client_email of the key file is no e-mail address",
            Self::Key(error) => {
                return write!(formatter, "private_key of the key file cannot be used: {error}");
            }
            Self::KeyNotRsa => "private_key of the key file is not an RSA key",
            Self::Malformed => "the key file is not a JSON object",
            Self::MemberMalformed { name } => {
                return write!(formatter, "{name} of the key file is not a string with something in it");
            }
            Self::MemberMissing { name } => return write!(formatter, "the key file has no {name}"),
            Self::OAuthClient => "the file is that of an OAuth client, not of a service account",
            Self::OtherCredentials { found } => {
                return write!(formatter, "the file is of the type {found}, not service_account");
            }
            Self::TokenUriMalformed => "token_uri of the key file is not an https URL",
            Self::TooLarge => {
                return write!(formatter, "the key file is longer than {KEY_FILE_BYTES_MAX} bytes");
            }
            Self::TypeUnknown => "the file does not say that its type is service_account",
            Self::UniverseDomainMalformed => "universe_domain of the key file is not a domain",
        })
    }
}

impl fmt::Display for ClaimsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::AudienceEmpty => "the audience is empty",
            Self::DuplicateMember { name } => {
                return write!(formatter, "the claim {} stands twice in the claims", callerid::visible(name));
            }
            Self::EmailMalformed => "the e-mail address is not of the form NAME@DOMAIN",
            Self::EmailOutOfPlace => "tokens of this kind name no e-mail address",
            Self::LifetimeOutOfRange { seconds } => {
                return write!(
                    formatter,
                    "a lifetime of {seconds} seconds is not between 1 and {LIFETIME_MAX}"
                );
            }
            Self::Malformed => "the claims are not JSON",
            Self::NotAnObject => "the claims are not a JSON object",
            Self::ScopeMalformed => "a scope is empty or has white space in it, or there is none",
            Self::SubjectOutOfPlace => "only an assertion for an access token can speak for somebody else",
            Self::Test(error) => return write!(formatter, "no such token can be imitated: {error}"),
        })
    }
}

impl fmt::Display for SignError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::AlgorithmMismatch { expected, found } => {
                return write!(
                    formatter,
                    "tokens of this kind are signed with {expected}, and the key signs with {found}"
                );
            }
            Self::Claims(error) => return fmt::Display::fmt(error, formatter),
            Self::ImitatesGoogle => {
                return write!(
                    formatter,
                    "the claims name an issuer of Google's, which only a token with {TEST_MARKER} in its header may"
                );
            }
            Self::Failed => "signing failed, and the result is withheld",
            Self::KeyIdNotEmulated => {
                return write!(
                    formatter,
                    "an emulator of Google signs only with keys whose id begins with {EMULATOR_KEY_ID_PREFIX}"
                );
            }
            Self::Randomness => "the source of random numbers failed",
            Self::TooLarge => "the token would be too long to be read by any verifier",
        })
    }
}

impl core::error::Error for KeyError {}
impl core::error::Error for KeyFileError {}
impl core::error::Error for ClaimsError {}
impl core::error::Error for SignError {}

impl From<KeyError> for KeyFileError {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

impl From<ClaimsError> for SignError {
    fn from(error: ClaimsError) -> Self {
        Self::Claims(error)
    }
}
