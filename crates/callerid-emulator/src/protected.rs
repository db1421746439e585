//! Backends behind emulated Cloud Run, Cloud Functions and Identity-Aware Proxy, each on a port of its own.
//!
//! [`answer`] hands a request to the file of the protection, which judges the caller's token by the
//! [`View`] and either refuses as Google does or lets it through to the backend, which echoes.

mod echo;

use callerid::{JwkSet, UnixTime};

use crate::config::{Protected, ProtectedKind};
use crate::http::{Request, Response};
use crate::id_token;
use crate::keys::Owner;
use crate::state::State;

/// One protected backend.
#[derive(Clone, Debug)]
pub(crate) struct Backend {
    pub(crate) protected: Protected,
    /// Where it is reached: scheme, host and port.
    pub(crate) url: String,
    /// The audience that tokens must be made for.
    pub(crate) audience: String,
}

impl Backend {
    pub(crate) fn new(protected: &Protected, url: String, project_number: u64) -> Self {
        let audience = match (&protected.audience, protected.kind) {
            (Some(audience), _) => audience.clone(),
            (None, ProtectedKind::Iap) => {
                format!("{project_number}-callerid-emulator.apps.googleusercontent.com")
            }
            (None, ProtectedKind::Run | ProtectedKind::Function) => url.clone(),
        };
        Self { protected: protected.clone(), url, audience }
    }
}

/// What a protection may know of the emulator.
pub(crate) struct View<'s>(&'s State);

impl View<'_> {
    /// What time it is for the emulator.
    pub(crate) fn now(&self) -> UnixTime {
        self.0.unix_time()
    }

    /// The keys that Google's ID tokens are verified by, for [`callerid::verify`].
    pub(crate) fn google_keys(&self) -> JwkSet {
        self.0.google_keys()
    }

    /// The keys that what an account has signed itself is verified by; `None` if there is no such account.
    pub(crate) fn account_keys(&self, email: &str) -> Option<JwkSet> {
        let account = self.0.account(email)?;
        Some(self.0.keys.public_keys(&self.0.account_keys(&account)))
    }

    /// The number of the project.
    pub(crate) fn project_number(&self) -> u64 {
        self.0.config.project_number
    }

    /// Whether a text is an access token of this emulator's that is still good.
    pub(crate) fn is_access_token(&self, text: &str) -> bool {
        self.0.access(text).is_some()
    }

    /// Whether the address is that of the user or of an account of the project that is not disabled:
    /// only these may call the backends.
    pub(crate) fn may_call(&self, email: &str) -> bool {
        email == self.0.config.user || self.0.account(email).is_some_and(|account| !account.is_disabled)
    }

    /// The assertion that Identity-Aware Proxy puts into the request to the backend.
    pub(crate) fn iap_assertion(&self, email: &str, subject: &str, audience: &str) -> Option<String> {
        id_token::of_iap(self.0, email, subject, audience)
    }

    /// The keys that those assertions are verified by.
    pub(crate) fn iap_keys(&self) -> JwkSet {
        self.0.keys.public_keys(&[Owner::Iap])
    }
}

/// Answers a request to a backend.
pub(crate) fn answer(state: &State, backend: &Backend, request: &Request) -> Response {
    let view = View(state);
    match backend.protected.kind {
        ProtectedKind::Run | ProtectedKind::Function | ProtectedKind::Iap => {
            echo::answer(request, backend, &view)
        }
    }
}
