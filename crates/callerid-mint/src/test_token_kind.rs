//! The kinds of tokens that tests can have.

use callerid::Algorithm;

/// A kind of token that Google issues, of which tests can have their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TestTokenKind {
    /// A Firebase App Check token.
    AppCheck,
    /// A bearer token of Google Chat whose audience is a project number.
    Chat,
    /// An ID token of the metadata server that names its virtual machine (`format=full`).
    ComputeEngine,
    /// An attestation token of Confidential Space.
    ConfidentialSpace,
    /// An ID token of Firebase Authentication.
    Firebase,
    /// A Firebase session cookie.
    FirebaseSession,
    /// A Kubernetes service account token of a GKE cluster.
    Gke,
    /// An ID token of a service account.
    GoogleServiceAccount,
    /// An ID token of a service account without its e-mail address: what IAM Credentials gives unless
    /// asked for `includeEmail`.
    GoogleServiceAccountWithoutEmail,
    /// An ID token of a person (Sign in with Google).
    GoogleUser,
    /// The assertion that Identity-Aware Proxy adds to requests.
    Iap,
    /// A JWT that a service account signed itself.
    ServiceAccount,
}

impl TestTokenKind {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::GoogleServiceAccount,
        Self::GoogleServiceAccountWithoutEmail,
        Self::GoogleUser,
        Self::ComputeEngine,
        Self::Iap,
        Self::Firebase,
        Self::FirebaseSession,
        Self::AppCheck,
        Self::ServiceAccount,
        Self::Chat,
        Self::ConfidentialSpace,
        Self::Gke,
    ];

    /// The kind's name, in `kebab-case`; where a profile has only one kind, it is the profile's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AppCheck => "app-check",
            Self::Chat => "chat",
            Self::ComputeEngine => "compute-engine",
            Self::ConfidentialSpace => "confidential-space",
            Self::Firebase => "firebase",
            Self::FirebaseSession => "firebase-session",
            Self::Gke => "gke",
            Self::GoogleServiceAccount => "google-service-account",
            Self::GoogleServiceAccountWithoutEmail => "google-service-account-without-email",
            Self::GoogleUser => "google-user",
            Self::Iap => "iap",
            Self::ServiceAccount => "service-account",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The algorithms that Google signs such tokens with.
    #[must_use]
    pub const fn algorithms(self) -> &'static [Algorithm] {
        match self {
            Self::Gke => &[Algorithm::Rs256, Algorithm::Es256],
            Self::Iap => &[Algorithm::Es256],
            _ => &[Algorithm::Rs256],
        }
    }

    /// Seconds that such a token usually lives.
    #[must_use]
    pub const fn lifetime(self) -> u32 {
        match self {
            Self::FirebaseSession => 5 * 86_400,
            Self::Iap => 600,
            _ => 3_600,
        }
    }

    /// Whether such tokens name an e-mail address.
    #[must_use]
    pub const fn has_email(self) -> bool {
        !matches!(self, Self::AppCheck | Self::Chat | Self::Gke | Self::GoogleServiceAccountWithoutEmail)
    }
}
