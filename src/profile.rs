//! What is true of every token of one Google issuer: who issues it, how it is signed, where its keys
//! are, how long it lives and what it must say.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::algorithm::Algorithm;

/// The rules for the tokens of one issuer.
///
/// A profile is chosen by whoever verifies, never by the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    rules: &'static Rules,
    parameter: String,
    issuers: Vec<String>,
}

/// One row of the table of profiles. `{}` in a text stands for the profile's parameter.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rules {
    pub(crate) name: &'static str,
    pub(crate) parameter: Option<Parameter>,
    pub(crate) issuers: &'static [&'static str],
    pub(crate) algorithms: &'static [Algorithm],
    pub(crate) jwk_set_url: &'static str,
    pub(crate) pem_map_url: Option<&'static str>,
    /// Longest time from `iat` to `exp`, in seconds.
    pub(crate) lifetime_max: i64,
    pub(crate) audience_form: AudienceForm,
    pub(crate) key_id_required: bool,
    pub(crate) email: EmailSource,
    /// Claims that must be there besides `iss`, `aud`, `exp` and `iat`.
    pub(crate) required: &'static [RequiredClaim],
    /// What its `aud` looks like, for people.
    pub(crate) audience_example: &'static str,
}

/// The form that the `aud` claim may have (RFC 7519 section 4.1.3 allows both).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AudienceForm {
    /// One string.
    One,
    /// One string, or an array of strings of which one match is enough.
    OneOrMany,
}

/// Where a caller's e-mail address comes from, and what makes it trustworthy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EmailSource {
    /// The `email` claim, if `email_verified` is true.
    VerifiedClaim,
    /// The `email` claim; the issuer vouches for it without saying so.
    VouchedClaim,
    /// The issuer itself, which is a service account: what it writes into `email` proves nothing.
    Issuer,
}

/// A claim that a profile demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequiredClaim {
    /// A string that is not empty and has at most this many characters.
    Text { name: &'static str, characters_max: usize },
    /// A `NumericDate` that does not lie in the future.
    PastTime { name: &'static str },
}

/// What stands behind the colon in a profile's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parameter {
    Email,
    GkeIssuer,
    ProjectId,
    ProjectNumber,
}

/// Why a text names no profile.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProfileError {
    /// The profile needs a parameter of another form; the text says which.
    Parameter(&'static str),
    /// There is no profile of that name.
    Unknown,
}

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// OpenID Connect Core section 2 limits `sub` to 255 characters.
const SUBJECT: RequiredClaim = RequiredClaim::Text { name: "sub", characters_max: 255 };
/// Firebase documents 128 characters for a user id.
const FIREBASE_USER: RequiredClaim = RequiredClaim::Text { name: "sub", characters_max: 128 };
const SIGN_IN_TIME: RequiredClaim = RequiredClaim::PastTime { name: "auth_time" };

/// Every profile that there is.
pub(crate) static PROFILES: [Rules; 9] = [
    Rules {
        name: "google",
        parameter: None,
        // Google writes both, and nothing else is Google.
        issuers: &["https://accounts.google.com", "accounts.google.com"],
        algorithms: &[Algorithm::Rs256],
        jwk_set_url: "https://www.googleapis.com/oauth2/v3/certs",
        pem_map_url: Some("https://www.googleapis.com/oauth2/v1/certs"),
        lifetime_max: HOUR,
        audience_form: AudienceForm::One,
        key_id_required: true,
        email: EmailSource::VerifiedClaim,
        required: &[SUBJECT],
        audience_example: "https://SERVICE-HASH-REGION.a.run.app, or an OAuth client id",
    },
    Rules {
        name: "iap",
        parameter: None,
        issuers: &["https://cloud.google.com/iap"],
        algorithms: &[Algorithm::Es256],
        jwk_set_url: "https://www.gstatic.com/iap/verify/public_key-jwk",
        pem_map_url: Some("https://www.gstatic.com/iap/verify/public_key"),
        lifetime_max: 600,
        audience_form: AudienceForm::One,
        key_id_required: true,
        email: EmailSource::VouchedClaim,
        required: &[SUBJECT],
        audience_example: "/projects/PROJECT_NUMBER/global/backendServices/SERVICE_ID",
    },
    Rules {
        name: "firebase",
        parameter: Some(Parameter::ProjectId),
        issuers: &["https://securetoken.google.com/{}"],
        algorithms: &[Algorithm::Rs256],
        jwk_set_url: "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com",
        pem_map_url: Some(
            "https://www.googleapis.com/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com",
        ),
        lifetime_max: HOUR,
        audience_form: AudienceForm::One,
        key_id_required: true,
        email: EmailSource::VerifiedClaim,
        required: &[FIREBASE_USER, SIGN_IN_TIME],
        audience_example: "the project id",
    },
    Rules {
        name: "firebase-session",
        parameter: Some(Parameter::ProjectId),
        issuers: &["https://session.firebase.google.com/{}"],
        algorithms: &[Algorithm::Rs256],
        jwk_set_url: "https://identitytoolkit.googleapis.com/v1/sessionCookiePublicKeys",
        pem_map_url: Some("https://www.googleapis.com/identitytoolkit/v3/relyingparty/publicKeys"),
        lifetime_max: 14 * DAY,
        audience_form: AudienceForm::One,
        key_id_required: true,
        email: EmailSource::VerifiedClaim,
        required: &[FIREBASE_USER, SIGN_IN_TIME],
        audience_example: "the project id",
    },
    Rules {
        name: "app-check",
        parameter: Some(Parameter::ProjectNumber),
        issuers: &["https://firebaseappcheck.googleapis.com/{}"],
        algorithms: &[Algorithm::Rs256],
        jwk_set_url: "https://firebaseappcheck.googleapis.com/v1/jwks",
        pem_map_url: None,
        lifetime_max: 7 * DAY,
        audience_form: AudienceForm::OneOrMany,
        key_id_required: true,
        email: EmailSource::VerifiedClaim,
        required: &[SUBJECT],
        audience_example: "projects/PROJECT_NUMBER",
    },
    Rules {
        name: "service-account",
        parameter: Some(Parameter::Email),
        issuers: &["{}"],
        algorithms: &[Algorithm::Rs256],
        jwk_set_url: "https://www.googleapis.com/service_accounts/v1/metadata/jwk/{}",
        pem_map_url: Some("https://www.googleapis.com/service_accounts/v1/metadata/x509/{}"),
        lifetime_max: HOUR,
        audience_form: AudienceForm::One,
        // Node's libraries sign such tokens without naming the key.
        key_id_required: false,
        email: EmailSource::Issuer,
        // An assertion for a token exchange may leave out `sub`.
        required: &[],
        audience_example: "the URL that the account signed for",
    },
    Rules {
        name: "chat",
        parameter: None,
        issuers: &["chat@system.gserviceaccount.com"],
        algorithms: &[Algorithm::Rs256],
        jwk_set_url: "https://www.googleapis.com/service_accounts/v1/jwk/chat@system.gserviceaccount.com",
        pem_map_url: Some(
            "https://www.googleapis.com/service_accounts/v1/metadata/x509/chat@system.gserviceaccount.com",
        ),
        // Google states none; a day is what its own Node library, which its Chat samples use, allows.
        lifetime_max: DAY,
        audience_form: AudienceForm::One,
        key_id_required: true,
        email: EmailSource::Issuer,
        required: &[],
        audience_example: "the Chat app's project number",
    },
    Rules {
        name: "confidential-space",
        parameter: None,
        issuers: &["https://confidentialcomputing.googleapis.com"],
        algorithms: &[Algorithm::Rs256],
        jwk_set_url: "https://www.googleapis.com/service_accounts/v1/metadata/jwk/signer@confidentialspace-sign.iam.gserviceaccount.com",
        pem_map_url: Some(
            "https://www.googleapis.com/service_accounts/v1/metadata/x509/signer@confidentialspace-sign.iam.gserviceaccount.com",
        ),
        lifetime_max: HOUR,
        audience_form: AudienceForm::One,
        key_id_required: true,
        email: EmailSource::VerifiedClaim,
        required: &[SUBJECT],
        audience_example: "https://sts.googleapis.com, or the audience of a custom token",
    },
    Rules {
        name: "gke",
        parameter: Some(Parameter::GkeIssuer),
        issuers: &["{}"],
        algorithms: &[Algorithm::Rs256, Algorithm::Es256],
        jwk_set_url: "{}/jwks",
        pem_map_url: None,
        // Kubernetes prolongs the tokens that it mounts by default to a year.
        lifetime_max: 365 * DAY,
        audience_form: AudienceForm::OneOrMany,
        key_id_required: true,
        email: EmailSource::VerifiedClaim,
        required: &[SUBJECT],
        audience_example: "PROJECT_ID.svc.id.goog, or the audience of the projected volume",
    },
];

impl Profile {
    /// ID tokens of people and service accounts, issued by `https://accounts.google.com`.
    #[must_use]
    pub fn google() -> Self {
        Self::new(&PROFILES[0], "")
    }

    /// The assertions that Identity-Aware Proxy adds to requests in `x-goog-iap-jwt-assertion`.
    #[must_use]
    pub fn iap() -> Self {
        Self::new(&PROFILES[1], "")
    }

    /// Reads a profile's name: `google`, `iap`, `firebase:PROJECT_ID`, `firebase-session:PROJECT_ID`,
    /// `app-check:PROJECT_NUMBER`, `service-account:EMAIL`, `chat`, `confidential-space` or
    /// `gke:ISSUER`.
    ///
    /// # Errors
    ///
    /// A [`ProfileError`] if there is no such profile, or its parameter is missing or of another form.
    pub fn parse(name: &str) -> Result<Self, ProfileError> {
        let (name, parameter) = match name.split_once(':') {
            Some((name, parameter)) => (name, Some(parameter)),
            None => (name, None),
        };
        let rules = PROFILES.iter().find(|rules| rules.name == name).ok_or(ProfileError::Unknown)?;
        match (rules.parameter, parameter) {
            (None, None) => Ok(Self::new(rules, "")),
            (None, Some(_)) => Err(ProfileError::Parameter("this profile takes no parameter")),
            (Some(form), Some(parameter)) if form.accepts(parameter) => Ok(Self::new(rules, parameter)),
            (Some(form), _) => Err(ProfileError::Parameter(form.describe())),
        }
    }

    /// The names that [`parse`](Self::parse) knows, each with its parameter's name in capitals.
    #[must_use]
    pub fn names() -> Vec<String> {
        let name = |rules: &Rules| match rules.parameter {
            Some(parameter) => [rules.name, ":", parameter.name()].concat(),
            None => String::from(rules.name),
        };
        PROFILES.iter().map(name).collect()
    }

    fn new(rules: &'static Rules, parameter: &str) -> Self {
        let issuers = rules.issuers.iter().map(|issuer| issuer.replace("{}", parameter)).collect();
        Self { rules, parameter: String::from(parameter), issuers }
    }

    pub(crate) const fn rules(&self) -> &'static Rules {
        self.rules
    }

    /// The exact spellings of `iss` that the profile accepts.
    #[must_use]
    pub fn issuers(&self) -> &[String] {
        &self.issuers
    }

    /// The algorithms that the issuer signs with.
    #[must_use]
    pub const fn algorithms(&self) -> &'static [Algorithm] {
        self.rules.algorithms
    }

    /// Where the issuer publishes its keys as a JWK set (https).
    #[must_use]
    pub fn jwk_set_url(&self) -> String {
        self.rules.jwk_set_url.replace("{}", &self.parameter)
    }

    /// Where the issuer publishes the same keys as a map of key ids to PEM texts, if it does (https).
    #[must_use]
    pub fn pem_map_url(&self) -> Option<String> {
        self.rules.pem_map_url.map(|url| url.replace("{}", &self.parameter))
    }

    /// What the audience of such a token looks like, in words for people.
    #[must_use]
    pub const fn audience_example(&self) -> &'static str {
        self.rules.audience_example
    }

    /// The longest time from `iat` to `exp` that the issuer gives a token, in seconds.
    #[must_use]
    pub const fn lifetime_max(&self) -> i64 {
        self.rules.lifetime_max
    }
}

impl Parameter {
    const fn name(self) -> &'static str {
        match self {
            Self::Email => "EMAIL",
            Self::GkeIssuer => "ISSUER",
            Self::ProjectId => "PROJECT_ID",
            Self::ProjectNumber => "PROJECT_NUMBER",
        }
    }

    const fn describe(self) -> &'static str {
        match self {
            Self::Email => {
                "give the service account's e-mail address, such as NAME@PROJECT.iam.gserviceaccount.com"
            }
            Self::GkeIssuer => {
                "give the cluster's issuer: https://container.googleapis.com/v1/projects/P/locations/L/clusters/C"
            }
            Self::ProjectId => "give the project's id, such as my-project-1 (not its number)",
            Self::ProjectNumber => "give the project's number, digits only (not its id)",
        }
    }

    /// The parameter becomes part of an issuer and of a URL, so it must look like nothing else.
    fn accepts(self, text: &str) -> bool {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        match self {
            Self::Email => text.strip_suffix("gserviceaccount.com").is_some_and(|start| {
                start.split_once('@').is_some_and(|(name, domain)| {
                    !name.is_empty()
                        && name.chars().all(plain)
                        && domain.ends_with('.')
                        && domain.chars().all(plain)
                })
            }),
            Self::GkeIssuer => {
                let path = text.strip_prefix("https://container.googleapis.com/v1/projects/");
                let parts: Vec<&str> = path.unwrap_or_default().split('/').collect();
                matches!(parts.as_slice(), [_, "locations", _, "clusters", _])
                    && parts.iter().all(|part| !part.is_empty() && part.chars().all(plain))
            }
            // A project id starts with a letter; a domain-scoped one has a colon in it.
            Self::ProjectId => {
                text.starts_with(|c: char| c.is_ascii_lowercase())
                    && text.chars().all(|c| plain(c) || c == ':')
            }
            Self::ProjectNumber => !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()),
        }
    }
}

/// Writes the name that [`Profile::parse`] reads.
impl fmt::Display for Profile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rules.parameter {
            Some(_) => write!(formatter, "{}:{}", self.rules.name, self.parameter),
            None => formatter.write_str(self.rules.name),
        }
    }
}

impl fmt::Display for ProfileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parameter(form) => formatter.write_str(form),
            Self::Unknown => {
                write!(
                    formatter,
                    "there is no such profile; the profiles are {}",
                    Profile::names().join(", ")
                )
            }
        }
    }
}

impl core::error::Error for ProfileError {}
