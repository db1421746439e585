//! How the emulator differs from Google, for as long as it is ordered to.

use serde::{Deserialize, Serialize};

/// Everything but faults of answers, accounts, grants and keys.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub(crate) struct Settings {
    pub(crate) tokens: Tokens,
    pub(crate) metadata: Metadata,
    pub(crate) services: Services,
    pub(crate) freshness: Freshness,
}

/// How issued ID tokens and assertions of Identity-Aware Proxy differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Tokens {
    /// Seconds by which the time of issue is put ahead, or back if negative.
    pub(crate) issued: i64,
    /// Seconds that they live instead of an hour, or ten minutes.
    pub(crate) lifetime: Option<i64>,
    /// Whether e-mail addresses are left out even if they are asked for.
    pub(crate) no_email: bool,
    /// Whether they name a key that is published nowhere.
    pub(crate) unknown_key: bool,
    pub(crate) signature: Signature,
}

/// What becomes of signatures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Signature {
    #[default]
    Good,
    /// Over something else.
    Wrong,
    /// Replaced as Cloud Run replaces them.
    Redacted,
}

/// How the metadata server differs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Metadata {
    /// Whether it is that of Cloud Build, which has no `identity`.
    pub(crate) is_cloud_build: bool,
    /// Whether tokens of the standard format have an e-mail address, as on Cloud Run.
    pub(crate) standard_has_email: bool,
    /// The scopes that the machine was made with, in place of all.
    pub(crate) scopes: Option<Vec<String>>,
}

/// Which services the project has turned off.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Services {
    pub(crate) iam_credentials_disabled: bool,
}

/// What is said of the freshness of keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Freshness {
    /// Seconds, in place of Google's.
    pub(crate) max_age: Option<i64>,
    /// Seconds that a cache in between has already kept them.
    pub(crate) age: Option<i64>,
}
