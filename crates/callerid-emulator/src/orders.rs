//! What can be ordered with `POST /_emulator/NAME`: one table.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::clock::Setting;
use crate::config::numeric_id;
use crate::faults::{Fault, KINDS};
use crate::iam_policy::{Grant, TOKEN_CREATOR};
use crate::id_token;
use crate::keys::{Owner, Step};
use crate::state::State;

/// Something that can be ordered.
pub(crate) struct Order {
    pub(crate) name: &'static str,
    /// What it does, with the members of its body.
    pub(crate) does: &'static str,
    obey: fn(&State, Value) -> Result<Value, String>,
}

/// All orders but the faults of answers, which have a table of their own.
pub(crate) const ORDERS: &[Order] = &[
    order("reset", "takes back everything that was ordered, but no rotation of keys", reset),
    order("rotate", "rotates keys: {keys: google|iap|EMAIL, step: announce|advance|retire|sudden}", rotate),
    order("clock", "sets the clock: {offset: seconds, now: unix seconds, where it then stands}", clock),
    order(
        "tokens",
        "alters ID tokens: {issued: seconds, lifetime: seconds, no_email, unknown_key, signature: \
         good|wrong|redacted}",
        tokens,
    ),
    order(
        "metadata",
        "alters the metadata server: {is_cloud_build, standard_has_email, scopes: [...]}",
        metadata,
    ),
    order("services", "turns services of the project off: {iam_credentials_disabled}", services),
    order("freshness", "alters what is said of keys: {max_age: seconds, age: seconds}", freshness),
    order("account", "alters an account: {email, disabled, deleted, key_deleted}", account),
    order("grant", "lets a member act as an account: {member, target, role, after: seconds}", grant),
    order("revoke", "takes all roles of a member on an account away: {member, target}", revoke),
    order(
        "protect",
        "changes a protected backend: {name, invokers: [address|allUsers|allAuthenticatedUsers], troubles: \
         [agent_may_not_invoke|audience_not_named|ingress_internal|oauth_client_misconfigured]}",
        protect,
    ),
    order("iap-assertion", "signs as Identity-Aware Proxy: {email, subject, audience}", iap_assertion),
];

const fn order(
    name: &'static str,
    does: &'static str,
    obey: fn(&State, Value) -> Result<Value, String>,
) -> Order {
    Order { name, does, obey }
}

/// Does what was ordered; `None` if there is no such order.
pub(crate) fn obey(state: &State, name: &str, body: Value) -> Option<Result<Value, String>> {
    // What was handed out before must not outlive an order; time passes for it as for everything.
    if name != "clock" {
        state.forget_tokens();
    }
    if let Some(order) = ORDERS.iter().find(|order| order.name == name) {
        return Some((order.obey)(state, body));
    }
    let (_, kind, _) = KINDS.iter().find(|(kind, _, _)| *kind == name)?;
    let ordered = read::<Fault>(body).and_then(|fault| state.faults.order(fault.of(*kind)));
    Some(ordered.map(|()| json!({"faults": state.faults.list()})))
}

fn read<T: DeserializeOwned>(body: Value) -> Result<T, String> {
    serde_json::from_value(body).map_err(|error| error.to_string())
}

fn reset(state: &State, _: Value) -> Result<Value, String> {
    state.reset();
    Ok(json!({}))
}

fn rotate(state: &State, body: Value) -> Result<Value, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Rotate {
        keys: Option<String>,
        step: Step,
    }
    let Rotate { keys, step } = read(body)?;
    let owner = match keys.as_deref() {
        None | Some("google") => Owner::Google,
        Some("iap") => Owner::Iap,
        Some(email) => match state.account(email) {
            Some(account) => Owner::AccountByGoogle(account.email),
            None => return Err("keys is neither google, iap nor the address of an account".into()),
        },
    };
    let rotation = state.rotate(&owner, step).map_err(|error| error.to_string())?;
    Ok(json!(rotation))
}

fn clock(state: &State, body: Value) -> Result<Value, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Clock {
        #[serde(default)]
        offset: i64,
        now: Option<i64>,
    }
    let Clock { offset, now } = read(body)?;
    state.clock.set(Setting { offset, frozen_at: now });
    Ok(json!({"now": state.now()}))
}

fn tokens(state: &State, body: Value) -> Result<Value, String> {
    let tokens = read(body)?;
    Ok(json!(state.change_settings(|settings| settings.tokens = tokens)))
}

fn metadata(state: &State, body: Value) -> Result<Value, String> {
    let metadata = read(body)?;
    Ok(json!(state.change_settings(|settings| settings.metadata = metadata)))
}

fn services(state: &State, body: Value) -> Result<Value, String> {
    let services = read(body)?;
    Ok(json!(state.change_settings(|settings| settings.services = services)))
}

fn freshness(state: &State, body: Value) -> Result<Value, String> {
    let freshness = read(body)?;
    Ok(json!(state.change_settings(|settings| settings.freshness = freshness)))
}

fn account(state: &State, body: Value) -> Result<Value, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Change {
        email: String,
        disabled: Option<bool>,
        deleted: Option<bool>,
        key_deleted: Option<bool>,
    }
    let change: Change = read(body)?;
    let is_there = state.change_account(&change.email, |account| {
        account.is_disabled = change.disabled.unwrap_or(account.is_disabled);
        account.is_deleted = change.deleted.unwrap_or(account.is_deleted);
        account.is_key_deleted = change.key_deleted.unwrap_or(account.is_key_deleted);
    });
    if is_there { Ok(json!({"accounts": state.accounts()})) } else { Err("there is no such account".into()) }
}

fn grant(state: &State, body: Value) -> Result<Value, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct NewGrant {
        member: String,
        target: String,
        role: Option<String>,
        /// Seconds until it has effect.
        #[serde(default)]
        after: i64,
    }
    let NewGrant { member, target, role, after } = read(body)?;
    let mut grant = Grant::new(member, role.unwrap_or_else(|| TOKEN_CREATOR.into()), target);
    grant.from = if after == 0 { 0 } else { state.now().saturating_add(after) };
    let grants = state.change_grants(|grants| {
        if !grants.contains(&grant) {
            grants.push(grant);
        }
    });
    Ok(json!({"grants": grants}))
}

fn revoke(state: &State, body: Value) -> Result<Value, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Revoked {
        member: String,
        target: String,
    }
    let Revoked { member, target } = read(body)?;
    let grants =
        state.change_grants(|grants| grants.retain(|grant| grant.member != member || grant.target != target));
    Ok(json!({"grants": grants}))
}

fn iap_assertion(state: &State, body: Value) -> Result<Value, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Caller {
        email: Option<String>,
        subject: Option<String>,
        audience: Option<String>,
    }
    let Caller { email, subject, audience } = read(body)?;
    let email = email.unwrap_or_else(|| state.config.user.clone());
    let subject = subject.unwrap_or_else(|| format!("accounts.google.com:{}", numeric_id(&email)));
    let audience = audience.unwrap_or_else(|| {
        format!("/projects/{}/global/backendServices/987654321", state.config.project_number)
    });
    let assertion =
        id_token::of_iap(state, &email, &subject, &audience).ok_or("the key could not be read")?;
    Ok(json!({"assertion": assertion}))
}

fn protect(state: &State, body: Value) -> Result<Value, String> {
    let changes = read(body)?;
    let rules = state.change_protection(&changes).ok_or("there is no protected backend of that name")?;
    Ok(json!({"name": changes.name, "invokers": rules.invokers.to_members(), "troubles": rules.troubles}))
}
