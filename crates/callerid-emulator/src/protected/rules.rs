//! What can be changed about a guard while it runs: who may call, and what is wrong with the backend.

use serde::{Deserialize, Serialize};

use super::invokers::Invokers;

/// The rules of the moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rules {
    pub(crate) invokers: Invokers,
    pub(crate) troubles: Vec<Trouble>,
}

/// Something that is wrong with the backend, not with the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Trouble {
    /// The agent with which Identity-Aware Proxy calls Cloud Run may not call this service.
    AgentMayNotInvoke,
    /// Identity-Aware Proxy refuses an audience in its shorter words, which do not name the right one.
    AudienceNotNamed,
    /// Cloud Run takes requests from inside the network only.
    IngressInternal,
    /// The OAuth client of Identity-Aware Proxy is misconfigured.
    OauthClientMisconfigured,
}

/// A change of rules; what it does not name stays.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Changes {
    /// The backend.
    pub(crate) name: String,
    /// The members of the role that opens it: addresses, `allUsers` or `allAuthenticatedUsers`.
    pub(crate) invokers: Option<Vec<String>>,
    pub(crate) troubles: Option<Vec<Trouble>>,
}

impl Rules {
    /// The rules at the start: these members, or everybody of the emulator's.
    pub(crate) fn new(members: Option<&[String]>) -> Self {
        let invokers = members.map_or(Invokers::EverybodyOfOurs, Invokers::from_members);
        Self { invokers, troubles: Vec::new() }
    }

    pub(crate) fn has(&self, trouble: Trouble) -> bool {
        self.troubles.contains(&trouble)
    }

    pub(crate) fn change(&mut self, changes: &Changes) {
        if let Some(members) = &changes.invokers {
            self.invokers = Invokers::from_members(members);
        }
        if let Some(troubles) = &changes.troubles {
            self.troubles.clone_from(troubles);
        }
    }
}
