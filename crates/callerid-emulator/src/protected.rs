//! Backends behind emulated Cloud Run, Cloud Functions and Identity-Aware Proxy, each on a port of its own.
//!
//! [`Backend::answer`] is all of it: from a request to what would come back. Whoever is let in gets, as
//! JSON, the request that the container behind the guard would have seen.

mod container;
mod credential;
mod guard;
mod iap;
mod invokers;
mod refusal;
mod refusal_log;
mod rules;
mod serverless;

#[cfg(test)]
mod tests;

use callerid::{JwkSet, UnixTime};

use crate::config::{Protected, ProtectedKind};
use crate::http::{Request, Response};
use crate::id_token;
use crate::state::State;

pub(crate) use refusal_log::{Refusal, RefusalLog, Why};
pub(crate) use rules::{Changes, Rules, Trouble};

/// One guarded backend.
#[derive(Clone, Debug)]
pub(crate) struct Backend {
    pub(crate) protected: Protected,
    /// Where it is reached: scheme, host and port, and for a function of the first generation its name.
    pub(crate) url: String,
    /// For whom a token must have been made; the first is told to callers.
    pub(crate) audiences: Vec<String>,
}

impl Backend {
    /// A backend that listens there: scheme, host and port.
    pub(crate) fn new(protected: &Protected, origin: &str, project_number: u64) -> Self {
        let kind = protected.kind;
        let url = kind.url(origin, &protected.name);
        let audiences = kind.audiences(protected, &url, project_number);
        Self { protected: protected.clone(), url, audiences }
    }

    /// What comes back for a request, by the rules of the moment; and if that is a refusal, why.
    pub(crate) fn answer(
        &self,
        platform: &dyn Platform,
        rules: &Rules,
        request: &Request,
    ) -> (Response, Option<Why>) {
        match self.protected.kind {
            ProtectedKind::Run | ProtectedKind::Function | ProtectedKind::FunctionFirstGeneration => {
                serverless::answer(self, platform, rules, request)
            }
            ProtectedKind::Iap => iap::answer(self, platform, rules, request),
        }
    }
}

/// What a guard asks the rest of the emulator for.
pub(crate) trait Platform {
    /// What time it is for the emulator.
    fn now(&self) -> UnixTime;
    /// The keys that Google's ID tokens are verified by.
    fn google_keys(&self) -> JwkSet;
    /// The keys that what an account has signed itself is verified by; `None` if there is no such account.
    fn account_keys(&self, email: &str) -> Option<JwkSet>;
    /// The numeric id of a service account.
    fn account_id(&self, email: &str) -> Option<String>;
    /// The service account with that numeric id.
    fn account_email(&self, id: &str) -> Option<String>;
    /// Whether it is the user, or an account of the project that is not disabled.
    fn is_ours(&self, email: &str) -> bool;
    /// The number of the project.
    fn project_number(&self) -> u64;
    /// The assertion that Identity-Aware Proxy puts into the request to the backend.
    fn iap_assertion(&self, email: &str, subject: &str, audience: &str) -> Option<String>;
}

impl Platform for State {
    fn now(&self) -> UnixTime {
        self.unix_time()
    }

    fn google_keys(&self) -> JwkSet {
        self.google_keys()
    }

    fn account_keys(&self, email: &str) -> Option<JwkSet> {
        let account = self.account(email)?;
        Some(self.keys.public_keys(&self.account_keys(&account)))
    }

    fn account_id(&self, email: &str) -> Option<String> {
        self.account(email).map(|account| account.unique_id)
    }

    fn account_email(&self, id: &str) -> Option<String> {
        self.account(id).map(|account| account.email)
    }

    fn is_ours(&self, email: &str) -> bool {
        email == self.config.user || self.account(email).is_some_and(|account| !account.is_disabled)
    }

    fn project_number(&self) -> u64 {
        self.config.project_number
    }

    fn iap_assertion(&self, email: &str, subject: &str, audience: &str) -> Option<String> {
        id_token::of_iap(self, email, subject, audience)
    }
}

/// Answers a request to a backend.
pub(crate) fn answer(state: &State, backend: &Backend, request: &Request) -> Response {
    let rules = state.protection_rules(&backend.protected);
    let (response, why) = backend.answer(state, &rules, request);
    if let Some(why) = why {
        state.refusals.add(Refusal {
            backend: backend.protected.name.clone(),
            method: request.method.to_string(),
            path: request.path().into(),
            status: response.status.as_u16(),
            why,
        });
    }
    response
}
