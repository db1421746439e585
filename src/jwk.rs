//! Public keys as issuers publish them: JWK sets (RFC 7517), and the maps of key ids to PEM texts that
//! Google serves beside them.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use sha2::{Digest, Sha256};

use crate::algorithm::Algorithm;
use crate::base64url;
use crate::error::ErrorCode;
use crate::es256_verify::P256PublicKey;
use crate::json::{self, JsonError, Object, Value};
use crate::pem::{self, PemError, PublicKey};
use crate::rsa_verify::{RsaKeyError, RsaPublicKey};

/// Longest key set document that is read, in bytes. Google's are below 8 KiB.
pub const KEY_SET_BYTES_MAX: usize = 262_144;

/// Most keys that a set may hold.
pub const KEYS_MAX: usize = 100;

/// Members that only a private or a shared key has (RFC 7518 section 6).
const PRIVATE_MEMBERS: [&str; 8] = ["d", "dp", "dq", "k", "oth", "p", "q", "qi"];

/// A public key that may verify signatures, with the one algorithm it is bound to.
#[derive(Clone)]
pub struct VerifyingKey {
    key_id: Option<String>,
    material: Material,
}

#[derive(Clone)]
enum Material {
    P256(P256PublicKey),
    Rsa(RsaPublicKey),
}

/// The keys of one issuer. Those that cannot be used are set aside, each with its reason.
#[derive(Clone, Debug)]
pub struct JwkSet {
    keys: Vec<VerifyingKey>,
    set_aside: Vec<SetAsideKey>,
    /// SHA-256 of the document.
    digest: [u8; 32],
}

/// A key of a set that must not, or cannot, verify signatures here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAsideKey {
    /// The key's id, if it has one that can be read.
    pub key_id: Option<String>,
    /// Why it was set aside.
    pub reason: KeyError,
}

/// Why a key may not verify signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// One name stands twice in the JWK.
    DuplicateMember,
    /// A member is missing, of the wrong type or of the wrong length, or the PEM text is damaged.
    Malformed,
    /// `use` or `key_ops` give the key another purpose than verifying signatures.
    NotForVerifying,
    /// The point does not lie on P-256.
    PointNotOnCurve,
    /// It is a private or shared key, which has no place in a key set that others may read.
    PrivateKey,
    /// The RSA key is refused for its size, its exponent or a known weakness.
    Rsa(RsaKeyError),
    /// The key is of a type, curve or algorithm that neither RS256 nor ES256 uses.
    Unsupported,
}

/// Why a document is no key set at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeySetError {
    /// One name stands twice in the document.
    DuplicateMember,
    /// The document holds no key.
    Empty,
    /// The document is neither a JWK set, nor a JWK, nor a map of key ids to PEM texts, nor PEM.
    Malformed,
    /// The document is longer than [`KEY_SET_BYTES_MAX`].
    TooLarge,
    /// The document holds more than [`KEYS_MAX`] keys.
    TooManyKeys,
}

impl JwkSet {
    /// Reads a key set in any form that Google publishes: a JWK set, one JWK, a JSON map of key ids to
    /// PEM texts (certificates or bare public keys), or PEM text alone.
    ///
    /// # Errors
    ///
    /// A [`KeySetError`] if the document is none of these or breaks a limit. A key that cannot be used
    /// is no error here: see [`set_aside`](Self::set_aside).
    pub fn parse(document: &str) -> Result<Self, KeySetError> {
        if document.len() > KEY_SET_BYTES_MAX {
            return Err(KeySetError::TooLarge);
        }
        let keys = if document.trim_start().starts_with("-----BEGIN ") {
            pem::blocks(document).map(|block| (None, key_from_pem(block))).collect()
        } else {
            let object = json::parse_object(document.as_bytes()).map_err(|error| match error {
                JsonError::DuplicateMember => KeySetError::DuplicateMember,
                JsonError::TooManyMembers => KeySetError::TooManyKeys,
                _ => KeySetError::Malformed,
            })?;
            keys_from_object(&object)?
        };
        if keys.len() > KEYS_MAX {
            return Err(KeySetError::TooManyKeys);
        }
        let digest = Sha256::digest(document.as_bytes()).into();
        let mut set = Self { keys: Vec::new(), set_aside: Vec::new(), digest };
        for (key_id, key) in keys {
            match key {
                Ok(material) => set.keys.push(VerifyingKey { key_id, material }),
                Err(reason) => set.set_aside.push(SetAsideKey { key_id, reason }),
            }
        }
        if set.keys.is_empty() && set.set_aside.is_empty() { Err(KeySetError::Empty) } else { Ok(set) }
    }

    /// The keys that may verify signatures, in the order of the document.
    #[must_use]
    pub fn keys(&self) -> &[VerifyingKey] {
        &self.keys
    }

    /// A name for the document that the set was read from: sets with one digest are the same.
    pub(crate) const fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// The keys that may not be used, with their reasons.
    #[must_use]
    pub fn set_aside(&self) -> &[SetAsideKey] {
        &self.set_aside
    }

    /// Why the key of that id was set aside, if it was.
    pub(crate) fn set_aside_reason(&self, key_id: Option<&str>) -> Option<&KeyError> {
        self.set_aside.iter().find(|key| key.key_id.as_deref() == key_id).map(|key| &key.reason)
    }

    /// Whether a token with this `kid` finds its key here, usable or not.
    #[must_use]
    pub fn contains(&self, key_id: &str) -> bool {
        let named = |candidate: &Option<String>| candidate.as_deref() == Some(key_id);
        self.keys.iter().any(|key| named(&key.key_id)) || self.set_aside.iter().any(|key| named(&key.key_id))
    }

    /// The one key for a token that names `key_id`, if it names one.
    ///
    /// A single key without an id of its own answers to every id, because whoever gave it alone has
    /// made the choice. `algorithm` narrows the choice only for tokens that name no key.
    ///
    /// # Errors
    ///
    /// `key_not_found`, `key_ambiguous`, `key_unusable` or `duplicate_member`.
    pub fn select(&self, key_id: Option<&str>, algorithm: Algorithm) -> Result<&VerifyingKey, ErrorCode> {
        let Some(key_id) = key_id else {
            return exactly_one(self.keys.iter().filter(|key| key.algorithm() == algorithm));
        };
        match self.keys.as_slice() {
            [only] if only.key_id.is_none() && self.set_aside.is_empty() => Ok(only),
            keys => exactly_one(keys.iter().filter(|key| key.key_id.as_deref() == Some(key_id))),
        }
        .map_err(|error| match (error, self.set_aside_reason(Some(key_id))) {
            (ErrorCode::KeyNotFound, Some(KeyError::DuplicateMember)) => ErrorCode::DuplicateMember,
            (ErrorCode::KeyNotFound, Some(_)) => ErrorCode::KeyUnusable,
            (error, _) => error,
        })
    }

    /// The set as a JWK set document (RFC 7517 section 5), without the keys that were set aside.
    #[must_use]
    pub fn to_jwk_set(&self) -> String {
        let keys: Vec<String> = self.keys.iter().map(VerifyingKey::to_jwk).collect();
        format!("{{\"keys\":[{}]}}", keys.join(","))
    }

    /// The set as a JSON map of key ids to PEM texts, without the keys that were set aside.
    ///
    /// A key without an id stands under its thumbprint.
    #[must_use]
    pub fn to_pem_map(&self) -> String {
        let entry = |key: &VerifyingKey| {
            let key_id = key.key_id.clone().unwrap_or_else(|| key.thumbprint());
            format!("{}:{}", json::quoted(&key_id), json::quoted(&pem::write(&key.public_key())))
        };
        let entries: Vec<String> = self.keys.iter().map(entry).collect();
        format!("{{{}}}", entries.join(","))
    }
}

fn exactly_one<'a>(
    mut candidates: impl Iterator<Item = &'a VerifyingKey>,
) -> Result<&'a VerifyingKey, ErrorCode> {
    let key = candidates.next().ok_or(ErrorCode::KeyNotFound)?;
    if candidates.next().is_some() { Err(ErrorCode::KeyAmbiguous) } else { Ok(key) }
}

type KeyEntry = (Option<String>, Result<Material, KeyError>);

fn keys_from_object(object: &Object<'_>) -> Result<Vec<KeyEntry>, KeySetError> {
    if object.member("kty").is_some() {
        return Ok(Vec::from([entry_from_jwk(object)]));
    }
    if let Some(keys) = object.member("keys") {
        let entry = |key: &Value<'_>| key.as_object().map(entry_from_jwk).ok_or(KeySetError::Malformed);
        return keys.as_array().ok_or(KeySetError::Malformed)?.iter().map(entry).collect();
    }
    let entry = |(key_id, pem): (&str, &Value<'_>)| {
        let pem = pem.as_string().filter(|pem| pem.trim_start().starts_with("-----BEGIN "));
        let key = key_from_pem(pem.ok_or(KeySetError::Malformed)?);
        Ok((Some(String::from(key_id)), key))
    };
    object.members().map(entry).collect()
}

fn key_from_pem(block: &str) -> Result<Material, KeyError> {
    match pem::public_key(block) {
        Ok(PublicKey::Rsa { modulus, exponent }) => rsa(&modulus, &exponent),
        Ok(PublicKey::P256 { point }) => p256(&point),
        Err(PemError::PrivateKey) => Err(KeyError::PrivateKey),
        Err(PemError::Malformed) => Err(KeyError::Malformed),
        Err(PemError::UnsupportedKey) => Err(KeyError::Unsupported),
    }
}

fn entry_from_jwk(jwk: &Object<'_>) -> KeyEntry {
    let key_id = jwk.string("kid").map(String::from);
    (key_id, key_from_jwk(jwk))
}

fn key_from_jwk(jwk: &Object<'_>) -> Result<Material, KeyError> {
    match jwk.refuse_duplicates() {
        Ok(()) => {}
        Err(JsonError::DuplicateMember) => return Err(KeyError::DuplicateMember),
        Err(_) => return Err(KeyError::Malformed),
    }
    if PRIVATE_MEMBERS.into_iter().any(|name| jwk.member(name).is_some()) {
        return Err(KeyError::PrivateKey);
    }
    let text = |name| match jwk.member(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_ref())),
        Some(_) => Err(KeyError::Malformed),
    };
    text("kid")?;
    check_purpose(jwk)?;
    let bytes = |name| text(name)?.and_then(base64url::decode).ok_or(KeyError::Malformed);
    match (text("kty")?, text("crv")?, text("alg")?) {
        (Some("RSA"), None, None | Some("RS256")) => rsa(&bytes("n")?, &bytes("e")?),
        (Some("EC"), Some("P-256"), None | Some("ES256")) => {
            let (x, y) = (bytes("x")?, bytes("y")?);
            // RFC 7518 section 6.2.1.2: the full 32 bytes, leading zeros included.
            if x.len() != 32 || y.len() != 32 {
                return Err(KeyError::Malformed);
            }
            p256(&[&[4], x.as_slice(), y.as_slice()].concat())
        }
        (None, ..) | (Some("EC"), None, _) => Err(KeyError::Malformed),
        _ => Err(KeyError::Unsupported),
    }
}

/// RFC 7517 sections 4.2 and 4.3: a key that states a purpose has no other.
fn check_purpose(jwk: &Object<'_>) -> Result<(), KeyError> {
    match jwk.member("use") {
        None => {}
        Some(Value::String(purpose)) if purpose == "sig" => {}
        Some(Value::String(_)) => return Err(KeyError::NotForVerifying),
        Some(_) => return Err(KeyError::Malformed),
    }
    let Some(operations) = jwk.member("key_ops") else { return Ok(()) };
    let operations = operations.as_array().ok_or(KeyError::Malformed)?;
    let names: Option<Vec<&str>> = operations.iter().map(Value::as_string).collect();
    let names = names.ok_or(KeyError::Malformed)?;
    let repeated = names
        .iter()
        .enumerate()
        .any(|(at, name)| names.iter().skip(at.saturating_add(1)).any(|other| other == name));
    // RFC 7517 section 4.3 wants no value twice, and combinations only of related operations.
    if repeated || names.iter().any(|name| !matches!(*name, "sign" | "verify")) {
        return Err(KeyError::NotForVerifying);
    }
    if names.contains(&"verify") { Ok(()) } else { Err(KeyError::NotForVerifying) }
}

fn rsa(modulus: &[u8], exponent: &[u8]) -> Result<Material, KeyError> {
    RsaPublicKey::from_components(modulus, exponent).map(Material::Rsa).map_err(KeyError::Rsa)
}

fn p256(point: &[u8]) -> Result<Material, KeyError> {
    P256PublicKey::from_sec1(point).map(Material::P256).ok_or(KeyError::PointNotOnCurve)
}

impl VerifyingKey {
    /// The id under which tokens name the key, if it has one.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// The one algorithm that the key verifies.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        match self.material {
            Material::P256(_) => Algorithm::Es256,
            Material::Rsa(_) => Algorithm::Rs256,
        }
    }

    /// The key's size in bits: the RSA modulus, or 256.
    #[must_use]
    pub fn bits(&self) -> u32 {
        match &self.material {
            Material::P256(_) => 256,
            Material::Rsa(key) => key.modulus_bits(),
        }
    }

    /// Whether the signature over a SHA-256 digest was made with this key's private half.
    pub(crate) fn accepts(&self, digest: &[u8; 32], signature: &[u8]) -> bool {
        match &self.material {
            Material::P256(key) => key.verify(digest, signature),
            Material::Rsa(key) => key.verify_pkcs1v15_sha256(digest, signature),
        }
    }

    /// The SHA-256 thumbprint of the key (RFC 7638), base64url.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        // RFC 7638 section 3.2: the required members alone, in this order, without white space.
        let canonical = match self.members() {
            Members::P256 { x, y } => {
                format!("{{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"{x}\",\"y\":\"{y}\"}}")
            }
            Members::Rsa { n, e } => format!("{{\"e\":\"{e}\",\"kty\":\"RSA\",\"n\":\"{n}\"}}"),
        };
        base64url::encode(&Sha256::digest(canonical.as_bytes()))
    }

    /// The key as a JWK (RFC 7517 section 4) with `alg` and `use`.
    #[must_use]
    pub fn to_jwk(&self) -> String {
        let key_id = self.key_id.as_ref().map(|key_id| format!("\"kid\":{},", json::quoted(key_id)));
        let common =
            format!("{}\"use\":\"sig\",\"alg\":\"{}\"", key_id.unwrap_or_default(), self.algorithm());
        match self.members() {
            Members::P256 { x, y } => {
                format!("{{\"kty\":\"EC\",\"crv\":\"P-256\",{common},\"x\":\"{x}\",\"y\":\"{y}\"}}")
            }
            Members::Rsa { n, e } => format!("{{\"kty\":\"RSA\",{common},\"n\":\"{n}\",\"e\":\"{e}\"}}"),
        }
    }

    fn members(&self) -> Members {
        match self.public_key() {
            PublicKey::P256 { point } => {
                let coordinate = |range| base64url::encode(point.get(range).unwrap_or_default());
                Members::P256 { x: coordinate(1..33), y: coordinate(33..65) }
            }
            PublicKey::Rsa { modulus, exponent } => {
                Members::Rsa { n: base64url::encode(&modulus), e: base64url::encode(&exponent) }
            }
        }
    }

    fn public_key(&self) -> PublicKey {
        match &self.material {
            Material::P256(key) => PublicKey::P256 { point: key.to_uncompressed() },
            Material::Rsa(key) => PublicKey::Rsa {
                modulus: key.modulus_bytes().to_vec(),
                exponent: key.exponent_bytes().to_vec(),
            },
        }
    }
}

/// The members of a JWK that carry the key, base64url.
enum Members {
    P256 { x: String, y: String },
    Rsa { n: String, e: String },
}

/// Shows which key it is, not its numbers.
impl fmt::Debug for VerifyingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("VerifyingKey")
            .field("key_id", &self.key_id)
            .field("algorithm", &self.algorithm())
            .field("bits", &self.bits())
            .finish()
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentence = match self {
            Self::DuplicateMember => "one name stands twice in the key",
            Self::Malformed => "a part of the key is missing or damaged",
            Self::NotForVerifying => "the key is published for another purpose than verifying signatures",
            Self::PointNotOnCurve => "the point of the key does not lie on P-256",
            Self::PrivateKey => "it is a private or shared key, which has no place in a key set",
            Self::Rsa(error) => return formatter.write_str(&error.to_string()),
            Self::Unsupported => "the key is for another algorithm than RS256 and ES256",
        };
        formatter.write_str(sentence)
    }
}

impl fmt::Display for KeySetError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateMember => formatter.write_str("one name stands twice in the key set"),
            Self::Empty => formatter.write_str("the key set holds no key"),
            Self::Malformed => formatter.write_str(
                "the document is neither a JWK set nor a map of key ids to PEM texts nor a PEM file",
            ),
            Self::TooLarge => write!(formatter, "the key set is longer than {KEY_SET_BYTES_MAX} bytes"),
            Self::TooManyKeys => write!(formatter, "the key set holds more than {KEYS_MAX} keys"),
        }
    }
}

impl KeySetError {
    /// The stable code: `duplicate_member` or `jwks_malformed`.
    #[must_use]
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::DuplicateMember => ErrorCode::DuplicateMember,
            Self::Empty | Self::Malformed | Self::TooLarge | Self::TooManyKeys => ErrorCode::JwksMalformed,
        }
    }
}

impl core::error::Error for KeyError {}
impl core::error::Error for KeySetError {}

#[cfg(test)]
mod tests;
