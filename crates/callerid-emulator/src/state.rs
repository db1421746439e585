//! Everything that a running emulator knows.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use callerid::{JwkSet, UnixTime};
use callerid_mint::{Claims, SigningKey};
use serde::Serialize;

use crate::access_token::Access;
use crate::clock::Clock;
use crate::config::{Config, Protected, ServiceAccount};
use crate::error::StartError;
use crate::faults::Faults;
use crate::iam_policy::{self, Grant};
use crate::key_store::KeyStore;
use crate::keys::{KeyRing, Owner, Rotation, Step};
use crate::protected::{Changes, RefusalLog, Rules};
use crate::randomness::{Seed, blinding};
use crate::settings::Settings;
use crate::urls::Urls;

/// An account and what has become of it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Account {
    pub(crate) email: String,
    pub(crate) unique_id: String,
    pub(crate) is_disabled: bool,
    pub(crate) is_deleted: bool,
    /// Whether the key of its key file has been deleted.
    pub(crate) is_key_deleted: bool,
}

impl Account {
    fn new(account: &ServiceAccount) -> Self {
        Self {
            email: account.email.clone(),
            unique_id: account.unique_id(),
            is_disabled: account.disabled,
            is_deleted: false,
            is_key_deleted: false,
        }
    }

    pub(crate) fn principal(&self) -> String {
        format!("serviceAccount:{}", self.email)
    }
}

/// What was asked for, the answer, and until when it is good.
pub(crate) type HandedOut = BTreeMap<String, (String, i64)>;

/// Everything that a running emulator knows.
pub(crate) struct State {
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    pub(crate) seed: Seed,
    pub(crate) keys: KeyRing,
    pub(crate) faults: Faults,
    store: Option<KeyStore>,
    accounts: RwLock<Vec<Account>>,
    grants: RwLock<Vec<Grant>>,
    /// What has been changed about protected backends, by their names.
    protection: RwLock<BTreeMap<String, Rules>>,
    /// What protected backends refused.
    pub(crate) refusals: RefusalLog,
    settings: RwLock<Settings>,
    /// The tokens that the metadata server hands out again for as long as it can.
    pub(crate) handed_out: Mutex<HandedOut>,
    urls: OnceLock<Urls>,
}

impl State {
    pub(crate) fn new(config: Config) -> Result<Self, StartError> {
        let store = config.state.as_deref().map(KeyStore::open).transpose()?;
        let seed = match (&store, config.seed) {
            (Some(store), seed) => store.seed(seed)?,
            (None, Some(seed)) => Seed::from_number(seed),
            (None, None) => Seed::of_the_system()?,
        };
        let keys = KeyRing::new(seed.clone(), store.clone());
        let accounts: Vec<Account> = config.service_accounts.iter().map(Account::new).collect();
        let kept = store.as_ref().map(KeyStore::rotations).transpose()?.unwrap_or_default();
        let emails = accounts.iter().map(|account| account.email.clone());
        let owners = [Owner::Google, Owner::Iap].into_iter().chain(emails.map(Owner::AccountByGoogle));
        for owner in owners {
            if let Some(rotation) = kept.get(&owner.name()) {
                keys.restore(owner, rotation.clone());
            }
        }
        Ok(Self {
            faults: Faults::new(seed.clone()),
            settings: RwLock::default(),
            handed_out: Mutex::default(),
            grants: RwLock::new(config.grants.clone().unwrap_or_default()),
            accounts: RwLock::new(accounts),
            protection: RwLock::default(),
            refusals: RefusalLog::default(),
            clock: Clock::default(),
            config,
            seed,
            keys,
            store,
            urls: OnceLock::new(),
        })
    }

    pub(crate) fn set_urls(&self, urls: Urls) {
        // Set once, before the first request is answered.
        let _ = self.urls.set(urls);
    }

    pub(crate) fn urls(&self) -> &Urls {
        static NOWHERE: OnceLock<Urls> = OnceLock::new();
        self.urls.get().unwrap_or_else(|| NOWHERE.get_or_init(Urls::default))
    }

    pub(crate) fn now(&self) -> i64 {
        self.clock.seconds()
    }

    pub(crate) fn unix_time(&self) -> UnixTime {
        self.clock.now()
    }

    /// The accounts as they are now.
    pub(crate) fn accounts(&self) -> Vec<Account> {
        self.accounts.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The account of that address or unique id, unless it has been deleted.
    pub(crate) fn account(&self, name: &str) -> Option<Account> {
        let accounts = self.accounts.read().unwrap_or_else(PoisonError::into_inner);
        let found = accounts.iter().find(|account| account.email == name || account.unique_id == name);
        found.filter(|account| !account.is_deleted).cloned()
    }

    /// The account that the metadata server hands out tokens of.
    pub(crate) fn attached_account(&self) -> Option<Account> {
        let accounts = self.accounts.read().unwrap_or_else(PoisonError::into_inner);
        accounts.first().cloned()
    }

    /// Changes an account; false if there is none.
    pub(crate) fn change_account(&self, email: &str, change: impl FnOnce(&mut Account)) -> bool {
        let mut accounts = self.accounts.write().unwrap_or_else(PoisonError::into_inner);
        match accounts.iter_mut().find(|account| account.email == email) {
            Some(account) => {
                change(account);
                true
            }
            None => false,
        }
    }

    pub(crate) fn grants(&self) -> Vec<Grant> {
        self.grants.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes the grants, and says which there are now.
    pub(crate) fn change_grants(&self, change: impl FnOnce(&mut Vec<Grant>)) -> Vec<Grant> {
        let mut grants = self.grants.write().unwrap_or_else(PoisonError::into_inner);
        change(&mut grants);
        grants.clone()
    }

    pub(crate) fn settings(&self) -> Settings {
        self.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes the settings, and says what they are now.
    pub(crate) fn change_settings(&self, change: impl FnOnce(&mut Settings)) -> Settings {
        let mut settings = self.settings.write().unwrap_or_else(PoisonError::into_inner);
        change(&mut settings);
        settings.clone()
    }

    /// Lets the metadata server make new tokens for whoever asks next.
    pub(crate) fn forget_tokens(&self) {
        self.handed_out.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The rules of a protected backend, as they are now.
    pub(crate) fn protection_rules(&self, protected: &Protected) -> Rules {
        let changed = self.protection.read().unwrap_or_else(PoisonError::into_inner);
        let at_start = || Rules::new(protected.invokers.as_deref());
        changed.get(&protected.name).cloned().unwrap_or_else(at_start)
    }

    /// Changes the rules of a protected backend; `None` if there is none of that name.
    pub(crate) fn change_protection(&self, changes: &Changes) -> Option<Rules> {
        let protected = self.config.protected.iter().find(|protected| protected.name == changes.name)?;
        let mut rules = self.protection_rules(protected);
        rules.change(changes);
        let mut changed = self.protection.write().unwrap_or_else(PoisonError::into_inner);
        changed.insert(protected.name.clone(), rules.clone());
        Some(rules)
    }

    /// Whether the principal may do that as the account, on its own.
    pub(crate) fn permits(&self, principal: &str, permission: &str, target: &str) -> bool {
        iam_policy::permits(&self.grants(), principal, permission, target, self.now())
    }

    /// Puts everything but the rotations of keys back to where it was at the start.
    pub(crate) fn reset(&self) {
        let accounts = self.config.service_accounts.iter().map(Account::new).collect();
        *self.accounts.write().unwrap_or_else(PoisonError::into_inner) = accounts;
        self.protection.write().unwrap_or_else(PoisonError::into_inner).clear();
        self.refusals.clear();
        self.change_grants(|grants| *grants = self.config.grants.clone().unwrap_or_default());
        self.change_settings(|settings| *settings = Settings::default());
        self.faults.reset();
        self.clock.set(crate::clock::Setting::default());
    }

    /// Rotates an owner's keys, and keeps what came of it.
    pub(crate) fn rotate(&self, owner: &Owner, step: Step) -> Result<Rotation, StartError> {
        let rotation = self.keys.rotate(owner, step);
        if let Some(store) = &self.store {
            let rotations: BTreeMap<_, _> = self.keys.rotations().into_iter().collect();
            let rotations = rotations.into_iter().map(|(owner, rotation)| (owner.name(), rotation));
            store.keep_rotations(&rotations.collect())?;
        }
        Ok(rotation)
    }

    /// The keys that an account's signatures are verified by: those of its key file and Google's for it.
    pub(crate) fn account_keys(&self, account: &Account) -> Vec<Owner> {
        let own = (!account.is_key_deleted).then(|| Owner::Account(account.email.clone()));
        own.into_iter().chain([Owner::AccountByGoogle(account.email.clone())]).collect()
    }

    /// The keys that Google's ID tokens are verified by now.
    pub(crate) fn google_keys(&self) -> JwkSet {
        self.keys.public_keys(&[Owner::Google])
    }

    /// Signs claims with the owner's key of now; `None` only where the disk failed to give the key.
    pub(crate) fn sign(&self, owner: &Owner, claims: &Claims) -> Option<String> {
        self.with_signing_key(owner, |key| key.sign_jwt_emulating_google(claims, &mut blinding()).ok())
    }

    pub(crate) fn with_signing_key<T>(
        &self,
        owner: &Owner,
        sign: impl FnOnce(&SigningKey) -> Option<T>,
    ) -> Option<T> {
        let key = self.keys.signing_key(owner);
        self.keys.signing(&key).and_then(sign)
    }

    /// What an access token stands for, if it is one of this emulator's that has not expired, and its account
    /// has not been taken away.
    pub(crate) fn access(&self, token: &str) -> Option<Access> {
        let access = Access::open(token, &self.seed).filter(|access| access.expires_at > self.now())?;
        let is_there = match access.principal.strip_prefix("serviceAccount:") {
            Some(email) => self.account(email).is_some_and(|account| !account.is_disabled),
            None => true,
        };
        is_there.then_some(access)
    }

    pub(crate) fn access_token(&self, principal: &str, scopes: Vec<String>, lifetime: i64) -> String {
        let expires_at = self.now().saturating_add(lifetime);
        Access { principal: principal.into(), scopes, expires_at }.seal(&self.seed)
    }

    /// Prepares the keys that most requests need, so that the first one does not wait for them.
    pub(crate) fn warm_up(self: &Arc<Self>) {
        let first = self.attached_account().map(|account| Owner::Account(account.email));
        for owner in [Owner::Google].into_iter().chain(first) {
            self.keys.signing(&self.keys.signing_key(&owner));
        }
    }
}
