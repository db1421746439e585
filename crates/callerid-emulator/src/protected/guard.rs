//! What follows from the kind of guard that a backend has.

use crate::config::{Protected, ProtectedKind};

impl ProtectedKind {
    /// The backend's URL, from the scheme, host and port that it listens on.
    pub(crate) fn url(self, origin: &str, name: &str) -> String {
        match self {
            Self::Run | Self::Function | Self::Iap => origin.into(),
            Self::FunctionFirstGeneration => format!("{origin}/{name}"),
        }
    }

    /// For whom tokens are taken: the backend's URL, and an audience that was added to it; or one OAuth client.
    pub(crate) fn audiences(self, protected: &Protected, url: &str, project_number: u64) -> Vec<String> {
        let given = protected.audience.clone();
        match self {
            Self::Run | Self::Function => given.into_iter().chain([url.into()]).collect(),
            Self::FunctionFirstGeneration => vec![given.unwrap_or_else(|| url.into())],
            Self::Iap => vec![given.unwrap_or_else(|| client(&protected.name, project_number))],
        }
    }
}

/// The id of an OAuth client, as Google makes them up.
fn client(name: &str, project_number: u64) -> String {
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{project_number}-emulated{}.apps.googleusercontent.com", name.to_ascii_lowercase())
}
