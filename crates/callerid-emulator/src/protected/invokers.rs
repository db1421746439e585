//! Who may call a backend: the members of its `roles/run.invoker`, or of the like.

use super::Platform;

/// The callers who are let in once their token is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Invokers {
    /// Everybody, with a token or without (`allUsers`).
    AllUsers,
    /// Everybody whose token is good (`allAuthenticatedUsers`).
    AllAuthenticatedUsers,
    /// The user and the service accounts that the emulator has.
    EverybodyOfOurs,
    /// These e-mail addresses.
    Only(Vec<String>),
}

/// A caller whose token is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// Verified, if it is there: IAM goes by the id where a token names no address.
    pub(crate) email: Option<String>,
    /// The numeric id of the account at Google.
    pub(crate) id: String,
}

impl Invokers {
    /// From the members of an IAM binding, each an address with or without `serviceAccount:` or `user:`.
    pub(crate) fn from_members(members: &[String]) -> Self {
        let has = |name: &str| members.iter().any(|member| member == name);
        if has("allUsers") {
            return Self::AllUsers;
        }
        if has("allAuthenticatedUsers") {
            return Self::AllAuthenticatedUsers;
        }
        let address = |member: &String| {
            let kinds = ["serviceAccount:", "user:"];
            kinds.iter().find_map(|kind| member.strip_prefix(kind)).unwrap_or(member).into()
        };
        Self::Only(members.iter().map(address).collect())
    }

    /// The members of the binding; nothing where it is everybody of the emulator's.
    pub(crate) fn to_members(&self) -> Option<Vec<String>> {
        match self {
            Self::AllUsers => Some(vec!["allUsers".into()]),
            Self::AllAuthenticatedUsers => Some(vec!["allAuthenticatedUsers".into()]),
            Self::EverybodyOfOurs => None,
            Self::Only(emails) => Some(emails.clone()),
        }
    }

    /// Whether this caller may call.
    pub(crate) fn include(&self, caller: &Caller, platform: &dyn Platform) -> bool {
        let email = caller.email.clone().or_else(|| platform.account_email(&caller.id));
        match (self, email) {
            (Self::AllUsers | Self::AllAuthenticatedUsers, _) => true,
            (_, None) => false,
            (Self::EverybodyOfOurs, Some(email)) => platform.is_ours(&email),
            (Self::Only(emails), Some(email)) => emails.contains(&email),
        }
    }
}

impl Caller {
    /// That the caller is missing where it would have to be.
    pub(crate) fn is_none_of(&self, whom: &str) -> String {
        let name = self.email.as_deref().unwrap_or(&self.id);
        format!("{} is none of {whom}", callerid::visible(name))
    }
}
