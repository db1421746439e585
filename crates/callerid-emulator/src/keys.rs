//! The emulator's keys: whose they are, which are published, and which one signs.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use callerid::JwkSet;
use callerid_mint::{EMULATOR_KEY_ID_PREFIX, SigningKey};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use tokio::runtime::{Handle, RuntimeFlavor};

use crate::certificate;
use crate::error::StartError;
use crate::key_store::KeyStore;
use crate::randomness::Seed;

/// Most keys that an owner publishes: the oldest give way, as no token of theirs is still in force.
const PUBLISHED_MAX: usize = 32;

/// Whose key it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Owner {
    /// Google itself, for ID tokens.
    Google,
    /// Identity-Aware Proxy.
    Iap,
    /// An account, in the key file that was handed out for it.
    Account(String),
    /// An account, by the hand of Google: what `signJwt` and `signBlob` sign with.
    AccountByGoogle(String),
    /// The identity provider of another cloud, whose tokens workloads exchange.
    IdentityProvider,
    /// The authority that the HTTPS proxy's certificates are from.
    ProxyAuthority,
    /// The HTTPS proxy.
    Proxy,
}

impl Owner {
    /// The name under which keys are derived and kept.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Google => "google".into(),
            Self::Iap => "iap".into(),
            Self::Account(email) => format!("account-{email}"),
            Self::AccountByGoogle(email) => format!("account-by-google-{email}"),
            Self::IdentityProvider => "identity-provider".into(),
            Self::ProxyAuthority => "proxy-authority".into(),
            Self::Proxy => "proxy".into(),
        }
    }

    const fn is_rsa(&self) -> bool {
        matches!(self, Self::Google | Self::Account(_) | Self::AccountByGoogle(_))
    }

    /// The name in the certificates of its keys.
    fn common_name(&self) -> String {
        match self {
            Self::Google => "federated-signon.system.gserviceaccount.com".into(),
            Self::Account(email) | Self::AccountByGoogle(email) => email.clone(),
            Self::Iap | Self::IdentityProvider | Self::ProxyAuthority | Self::Proxy => self.name(),
        }
    }
}

/// One key of an owner, made when it is first needed.
pub(crate) struct Key {
    owner: Owner,
    generation: u32,
    signing: OnceLock<Result<SigningKey, String>>,
    certificate: OnceLock<Option<String>>,
}

/// Which keys of an owner are published, oldest first, and which one signs.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Rotation {
    pub(crate) published: Vec<u32>,
    pub(crate) signing: u32,
}

impl Default for Rotation {
    fn default() -> Self {
        Self { published: vec![1], signing: 1 }
    }
}

/// What a rotation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    /// The next key is published, and does not sign yet.
    Announce,
    /// The newest published key signs from now on; without one that was announced, a new one does.
    Advance,
    /// Keys that do not sign any more are published no longer.
    Retire,
    /// A key that nobody has seen signs at once, and all others are gone.
    Sudden,
}

/// All keys.
pub(crate) struct KeyRing {
    seed: Seed,
    store: Option<KeyStore>,
    rotations: RwLock<BTreeMap<Owner, Rotation>>,
    made: Mutex<BTreeMap<(Owner, u32), Arc<Key>>>,
    /// Held by whoever rotates keys: one step after the other.
    rotating: Mutex<()>,
}

impl KeyRing {
    pub(crate) fn new(seed: Seed, store: Option<KeyStore>) -> Self {
        Self { seed, store, rotations: RwLock::default(), made: Mutex::default(), rotating: Mutex::default() }
    }

    /// Puts back what was kept of an owner's rotations.
    pub(crate) fn restore(&self, owner: Owner, rotation: Rotation) {
        self.rotations.write().unwrap_or_else(PoisonError::into_inner).insert(owner, rotation);
    }

    pub(crate) fn rotation(&self, owner: &Owner) -> Rotation {
        let rotations = self.rotations.read().unwrap_or_else(PoisonError::into_inner);
        rotations.get(owner).cloned().unwrap_or_default()
    }

    /// Every owner whose keys have been rotated.
    pub(crate) fn rotations(&self) -> BTreeMap<Owner, Rotation> {
        self.rotations.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The key that signs for the owner now.
    pub(crate) fn signing_key(&self, owner: &Owner) -> Arc<Key> {
        self.key(owner, self.rotation(owner).signing)
    }

    /// The keys that the owner publishes now.
    pub(crate) fn published_keys(&self, owner: &Owner) -> Vec<Arc<Key>> {
        self.rotation(owner).published.into_iter().map(|generation| self.key(owner, generation)).collect()
    }

    /// The public halves of what the owners publish now, as a verifier reads them.
    pub(crate) fn public_keys(&self, owners: &[Owner]) -> JwkSet {
        // What was just written can be read.
        JwkSet::parse(&self.jwk_set(owners)).unwrap_or_else(|_| empty_set())
    }

    /// What the owners publish now, as a JWK set.
    pub(crate) fn jwk_set(&self, owners: &[Owner]) -> String {
        let keys = owners.iter().flat_map(|owner| self.published_keys(owner));
        let keys: Vec<String> = keys
            .filter_map(|key| {
                let signing = self.signing(&key)?;
                signing.public_keys().keys().first().map(callerid::VerifyingKey::to_jwk)
            })
            .collect();
        format!("{{\"keys\":[{}]}}", keys.join(","))
    }

    /// What the owners publish now, as a map of key ids to certificates, or to bare public keys.
    pub(crate) fn pem_map(&self, owners: &[Owner], with_certificates: bool, now: i64) -> String {
        let mut map = Map::new();
        for key in owners.iter().flat_map(|owner| self.published_keys(owner)) {
            let Some(signing) = self.signing(&key) else { continue };
            let pem =
                if with_certificates { self.certificate(&key, now) } else { Some(signing.public_pem()) };
            if let (Some(key_id), Some(pem)) = (signing.key_id(), pem) {
                map.insert(key_id.into(), json!(pem));
            }
        }
        Value::Object(map).to_string()
    }

    fn certificate(&self, key: &Key, now: i64) -> Option<String> {
        let make = || certificate::self_signed(self.signing(key)?, &key.owner.common_name(), now).ok();
        key.certificate.get_or_init(make).clone()
    }

    /// The private half, which is made now unless it has been made before.
    ///
    /// None if that failed, which the machine's disk alone can cause.
    pub(crate) fn signing<'k>(&self, key: &'k Key) -> Option<&'k SigningKey> {
        let make = || self.make(&key.owner, key.generation).map_err(|error| error.to_string());
        if let Some(made) = key.signing.get() {
            return made.as_ref().ok();
        }
        while_others_go_on(|| key.signing.get_or_init(make)).as_ref().ok()
    }

    fn key(&self, owner: &Owner, generation: u32) -> Arc<Key> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let key = made.entry((owner.clone(), generation)).or_insert_with(|| {
            Arc::new(Key {
                owner: owner.clone(),
                generation,
                signing: OnceLock::new(),
                certificate: OnceLock::new(),
            })
        });
        Arc::clone(key)
    }

    fn make(&self, owner: &Owner, generation: u32) -> Result<SigningKey, StartError> {
        let name = format!("{}-{generation}", owner.name());
        if let Some(key) = self.store.as_ref().map(|store| store.read(&name)).transpose()?.flatten() {
            return with_emulators_id(key);
        }
        let mut numbers = self.seed.stream(&name);
        let key = if owner.is_rsa() {
            SigningKey::generate_rsa(2_048, &mut numbers)
        } else {
            SigningKey::generate_p256(&mut numbers)
        };
        let key = key.map_err(|error| StartError::Key(error.to_string()))?;
        if let Some(store) = &self.store {
            store.write(&name, &key)?;
        }
        with_emulators_id(key)
    }

    /// Rotates an owner's keys, and says where that leaves them.
    pub(crate) fn rotate(&self, owner: &Owner, step: Step) -> Rotation {
        let _one_by_one = self.rotating.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.rotation(owner);
        let newest = before.published.last().copied().unwrap_or(before.signing).max(before.signing);
        let next = newest.saturating_add(1);
        let after = match step {
            Step::Announce => {
                let published = before.published.iter().copied().chain([next]).collect();
                Rotation { published, signing: before.signing }
            }
            Step::Advance if newest > before.signing => Rotation { signing: newest, ..before },
            Step::Advance => {
                let published = before.published.iter().copied().chain([next]).collect();
                Rotation { published, signing: next }
            }
            Step::Retire => {
                let published = before.published.iter().copied().filter(|key| *key >= before.signing);
                Rotation { published: published.collect(), signing: before.signing }
            }
            Step::Sudden => Rotation { published: vec![next], signing: next },
        };
        let surplus = after.published.len().saturating_sub(PUBLISHED_MAX);
        let published = after.published.iter().copied().skip(surplus).collect();
        let after = Rotation { published, ..after };
        // Made before anybody waits for it.
        for generation in &after.published {
            self.signing(&self.key(owner, *generation));
        }
        self.restore(owner.clone(), after.clone());
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.retain(|(other, generation), _| {
            other != owner || after.published.contains(generation) || *generation == after.signing
        });
        after
    }
}

/// Does what takes a while; where it would hold up a thread that answers requests, another takes over.
fn while_others_go_on<T>(work: impl FnOnce() -> T) -> T {
    let is_shared =
        Handle::try_current().is_ok_and(|runtime| runtime.runtime_flavor() == RuntimeFlavor::MultiThread);
    if is_shared { tokio::task::block_in_place(work) } else { work() }
}

/// Names a key by its own digest, so that no two runs have different keys of one name.
fn with_emulators_id(key: SigningKey) -> Result<SigningKey, StartError> {
    let thumbprint = key.public_keys().keys().first().map(callerid::VerifyingKey::thumbprint);
    let digest = Sha256::digest(thumbprint.unwrap_or_default());
    // Forty characters in all, as many as the ids of Google's keys have.
    let digits: String = digest.iter().take(11).map(|byte| format!("{byte:02x}")).collect();
    let key_id = format!("{EMULATOR_KEY_ID_PREFIX}{digits}");
    key.with_key_id(Some(&key_id)).map_err(|error| StartError::Key(error.to_string()))
}

fn empty_set() -> JwkSet {
    JwkSet::parse("{\"keys\":[]}").unwrap_or_else(|_| unreachable!("an empty set is a set"))
}

/// Base64url without padding, as everything in a token is written.
pub(crate) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
