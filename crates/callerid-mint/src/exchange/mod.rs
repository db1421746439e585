//! How credentials become tokens: the files that name credentials, the requests that are to be sent, and
//! what the answers mean. Nothing here sends anything.
//!
//! - [`Credentials`]: any file that Application Default Credentials can be.
//! - [`token_endpoint`], [`metadata`], [`iam_credentials`], [`sts`], [`aws`]: requests, and their answers.
//! - [`Refusal`]: what the far side said no with, and [`explain`](Refusal::explain), what to do about it.

pub mod aws;
mod credentials;
mod credentials_error;
mod external_account;
pub mod iam_credentials;
pub mod metadata;
mod refusal;
mod refusals;
mod reply;
mod request;
mod secret;
pub mod sts;
pub mod token_endpoint;

pub use credentials::{Credentials, ExternalUser, ImpersonatedAccount, Person};
pub use credentials_error::CredentialsError;
pub use external_account::{ExternalAccount, SubjectTokenFormat, SubjectTokenSource};
pub use refusal::{Circumstances, Explanation, FarSide, Refusal};
pub use refusals::REFUSALS;
pub use reply::{AccessToken, REPLY_BYTES_MAX, Reply, ReplyError};
pub use request::{Method, Request};
pub use secret::Secret;

/// What a credential that is to impersonate others, or to open Google's APIs, has to be good for.
pub const CLOUD_PLATFORM_SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";
