//! Why a credentials file cannot be used. Nothing secret of the file is in any error.

use core::fmt;

use crate::error::KeyFileError;
use crate::json::JsonError;

/// Why a credentials file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialsError {
    /// A member names an address that nothing secret may be sent to.
    AddressNotAllowed {
        /// The member's name.
        name: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// The file names no source of the federated token that is known here.
    SourceUnknown,
    /// The federated token is to be had over mutual TLS, which is not possible here.
    SourceNeedsCertificate,
    /// Credentials that rest on others, which rest on others, and so on.
    NestedTooDeep,
    /// `type` is one of Google's that brings no tokens of Google.
    NotSupported {
        /// The `type`.
        found: &'static str,
    },
    /// What can be wrong with any credentials file, and with service account keys.
    File(KeyFileError),
}

impl CredentialsError {
    /// What to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::AddressNotAllowed { .. } => {
                "Trust no credentials file that somebody sent you; for another cloud than googleapis.com, set GOOGLE_CLOUD_UNIVERSE_DOMAIN to its domain."
            }
            Self::SourceUnknown => {
                "Make the file anew: gcloud iam workload-identity-pools create-cred-config --help."
            }
            Self::SourceNeedsCertificate => {
                "Let the provider take a token from a file, a URL, a program or AWS instead: gcloud iam workload-identity-pools create-cred-config --help."
            }
            Self::NestedTooDeep | Self::NotSupported { .. } => {
                "Make the file anew: gcloud auth application-default login."
            }
            Self::File(KeyFileError::Malformed | KeyFileError::TypeUnknown) => {
                "Give a credentials file: a service account key, or what gcloud auth application-default login writes."
            }
            Self::File(error) => error.hint(),
        }
    }
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AddressNotAllowed { name, expected } => {
                write!(formatter, "{name} of the credentials file is not {expected}")
            }
            Self::SourceUnknown => {
                formatter.write_str("credential_source of the credentials file names no source that is known")
            }
            Self::SourceNeedsCertificate => formatter.write_str(
                "the credentials file wants a client certificate to be used, which is not possible here",
            ),
            Self::NestedTooDeep => formatter.write_str("the credentials in the file rest on too many others"),
            Self::NotSupported { found } => {
                write!(formatter, "credentials of the type {found} bring no token of Google's here")
            }
            Self::File(KeyFileError::TypeUnknown) => {
                formatter.write_str("the file does not say of what type its credentials are")
            }
            Self::File(error) => fmt::Display::fmt(error, formatter),
        }
    }
}

impl core::error::Error for CredentialsError {}

impl From<KeyFileError> for CredentialsError {
    fn from(error: KeyFileError) -> Self {
        Self::File(error)
    }
}

impl From<JsonError> for CredentialsError {
    fn from(error: JsonError) -> Self {
        Self::File(match error {
            JsonError::DuplicateMember(_) => KeyFileError::DuplicateMember,
            JsonError::NotAnObject | JsonError::Syntax => KeyFileError::Malformed,
        })
    }
}
