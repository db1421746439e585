//! Who may act as which service account.

use serde::{Deserialize, Serialize};

/// May do everything that can be done as an account.
pub const TOKEN_CREATOR: &str = "roles/iam.serviceAccountTokenCreator";

/// May get ID tokens of an account.
pub const OPEN_ID_TOKEN_CREATOR: &str = "roles/iam.serviceAccountOpenIdTokenCreator";

/// What identities of other clouds get.
pub const WORKLOAD_IDENTITY_USER: &str = "roles/iam.workloadIdentityUser";

const GET_ACCESS_TOKEN: &str = "iam.serviceAccounts.getAccessToken";
const GET_OPEN_ID_TOKEN: &str = "iam.serviceAccounts.getOpenIdToken";
const IMPLICIT_DELEGATION: &str = "iam.serviceAccounts.implicitDelegation";
const SIGN_BLOB: &str = "iam.serviceAccounts.signBlob";
const SIGN_JWT: &str = "iam.serviceAccounts.signJwt";

/// What each role permits.
const ROLES: [(&str, &[&str]); 3] = [
    (TOKEN_CREATOR, &[GET_ACCESS_TOKEN, GET_OPEN_ID_TOKEN, IMPLICIT_DELEGATION, SIGN_BLOB, SIGN_JWT]),
    (OPEN_ID_TOKEN_CREATOR, &[GET_OPEN_ID_TOKEN]),
    (WORKLOAD_IDENTITY_USER, &[GET_ACCESS_TOKEN, GET_OPEN_ID_TOKEN]),
];

/// One role of one member on one account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// `serviceAccount:EMAIL`, `user:EMAIL`, or `principalSet:*` for all identities of other clouds.
    pub member: String,
    /// One of the roles that have a constant here.
    pub role: String,
    /// The account's address, or `*` for all accounts of the project.
    pub target: String,
    /// From when on it has effect, in unix seconds: grants take their time to spread.
    #[serde(default)]
    pub from: i64,
}

impl Grant {
    /// A grant that has effect at once.
    #[must_use]
    pub fn new(member: impl Into<String>, role: impl Into<String>, target: impl Into<String>) -> Self {
        Self { member: member.into(), role: role.into(), target: target.into(), from: 0 }
    }

    fn applies(&self, principal: &str, now: i64) -> bool {
        let is_member = self.member == principal
            || (self.member == "principalSet:*" && principal.starts_with("principal:"));
        is_member && self.from <= now
    }

    fn permits(&self, permission: &str) -> bool {
        ROLES.iter().any(|(role, permissions)| *role == self.role && permissions.contains(&permission))
    }
}

/// Whether one of the grants lets the principal do that as the account.
pub(crate) fn permits(grants: &[Grant], principal: &str, permission: &str, target: &str, now: i64) -> bool {
    grants.iter().any(|grant| {
        grant.applies(principal, now)
            && grant.permits(permission)
            && (grant.target == "*" || grant.target == target)
    })
}

/// Whether the principal could do that as any account: only then does it learn which there are.
pub(crate) fn sees_all(grants: &[Grant], principal: &str, permission: &str, now: i64) -> bool {
    grants
        .iter()
        .any(|grant| grant.applies(principal, now) && grant.permits(permission) && grant.target == "*")
}

/// A hop of a delegation chain.
pub(crate) const DELEGATE: &str = IMPLICIT_DELEGATION;
