//! Private keys that sign (RFC 7518 sections 3.3 and 3.4).

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use callerid::{Algorithm, JwkSet};
use p256::ecdsa::signature::{RandomizedSigner, SignatureEncoding, Signer};
use p256::elliptic_curve::Generate;
use rsa::RsaPrivateKey;
use rsa::pkcs8::{EncodePrivateKey, LineEnding};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::error::{KeyError, SignError};
use crate::json::{self, JsonError};
use crate::key_numbers::{self, public_jwk};
use crate::rand_core::{CryptoRng, TryCryptoRng};
use crate::{key_jwk, key_pem};

/// Longest text that is read as a key, in bytes; one of 8192 bits has less than 7,000.
pub const KEY_BYTES_MAX: usize = 32_768;

/// Fewest bits of an RSA modulus that any verifier here accepts.
pub const RSA_BITS_MIN: u32 = callerid::rsa_verify::MODULUS_BITS_MIN;

/// Most bits of an RSA modulus that any verifier here accepts.
pub const RSA_BITS_MAX: u32 = callerid::rsa_verify::MODULUS_BITS_MAX;

/// A private key that signs with RS256 (an RSA key) or ES256 (a key of P-256).
///
/// Every key passed the same tests that verifiers put its public half to. It is wiped from memory when
/// it is dropped, and only [`expose_private_pem`](Self::expose_private_pem) and
/// [`expose_private_jwk`](Self::expose_private_jwk) hand it out.
#[derive(Clone)]
pub struct SigningKey {
    private: Private,
    /// The public half alone, under the key's id.
    public: JwkSet,
    key_id: Option<String>,
}

/// Boxed, so that moving a key leaves no copy behind.
#[derive(Clone)]
pub(crate) enum Private {
    P256(Box<p256::ecdsa::SigningKey>),
    Rsa(Box<rsa::pkcs1v15::SigningKey<Sha256>>),
}

impl SigningKey {
    /// Reads a private key from PEM (PKCS#8, PKCS#1 or SEC 1) or from a JWK, whichever it is.
    ///
    /// # Errors
    ///
    /// A [`KeyError`] that says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        if text.trim_start().starts_with('{') { Self::from_jwk(text) } else { Self::from_pem(text) }
    }

    /// Reads a private key from PEM: PKCS#8 (`PRIVATE KEY`), PKCS#1 (`RSA PRIVATE KEY`) or SEC 1
    /// (`EC PRIVATE KEY`). The key's id is its thumbprint (RFC 7638).
    ///
    /// # Errors
    ///
    /// A [`KeyError`] that says what is wrong with it.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        if text.len() > KEY_BYTES_MAX {
            return Err(KeyError::TooLarge);
        }
        Self::new(key_pem::read(text)?)
    }

    /// Reads a private key from a JWK (RFC 7517) with `kty` `RSA` or `EC`. Without `kid`, the key's id is
    /// its thumbprint (RFC 7638).
    ///
    /// # Errors
    ///
    /// A [`KeyError`] that says what is wrong with it.
    pub fn from_jwk(text: &str) -> Result<Self, KeyError> {
        if text.len() > KEY_BYTES_MAX {
            return Err(KeyError::TooLarge);
        }
        let jwk = json::parse_object(text).map_err(|error| match error {
            JsonError::DuplicateMember(_) => KeyError::DuplicateMember,
            JsonError::NotAnObject | JsonError::Syntax => KeyError::NoKey,
        })?;
        let (private, key_id) = key_jwk::read(&jwk)?;
        let key = Self::new(private)?;
        if key_id.is_some() { key.with_key_id(key_id.as_deref()) } else { Ok(key) }
    }

    /// Makes a new RSA key with the public exponent 65537.
    ///
    /// # Errors
    ///
    /// [`KeyError::BitsOutOfRange`] unless there are [`RSA_BITS_MIN`] to [`RSA_BITS_MAX`] bits, in steps
    /// of 8.
    pub fn generate_rsa<R: CryptoRng + ?Sized>(bits: u32, rng: &mut R) -> Result<Self, KeyError> {
        let out_of_range = KeyError::BitsOutOfRange { bits };
        if !(RSA_BITS_MIN..=RSA_BITS_MAX).contains(&bits) || !bits.is_multiple_of(8) {
            return Err(out_of_range);
        }
        let size = usize::try_from(bits).map_err(|_| out_of_range.clone())?;
        let key = RsaPrivateKey::new(rng, size).map_err(|_| out_of_range)?;
        Self::new(Private::from(key))
    }

    /// Makes a new key of P-256.
    ///
    /// # Errors
    ///
    /// None that can be expected: every key that is made passes the tests of keys that are read.
    pub fn generate_p256<R: CryptoRng + ?Sized>(rng: &mut R) -> Result<Self, KeyError> {
        Self::new(Private::from(p256::SecretKey::generate_from_rng(rng)))
    }

    fn new(private: Private) -> Result<Self, KeyError> {
        let public = key_numbers::public_half(&public_jwk(&private, None))?;
        let thumbprint = public.keys().first().map(callerid::VerifyingKey::thumbprint);
        Self { private, public, key_id: None }.with_key_id(thumbprint.as_deref())
    }

    /// Gives the key another id, or none: then tokens do not name it.
    ///
    /// # Errors
    ///
    /// None that can be expected: the public half was accepted before, and its id does not matter.
    pub fn with_key_id(mut self, key_id: Option<&str>) -> Result<Self, KeyError> {
        self.public = key_numbers::public_half(&public_jwk(&self.private, key_id))?;
        self.key_id = key_id.map(String::from);
        Ok(self)
    }

    /// The id under which tokens name the key, if they do.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// The one algorithm that the key signs with.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        match self.private {
            Private::P256(_) => Algorithm::Es256,
            Private::Rsa(_) => Algorithm::Rs256,
        }
    }

    /// The key's size in bits: the RSA modulus, or 256.
    #[must_use]
    pub fn bits(&self) -> u32 {
        self.public.keys().first().map_or(0, callerid::VerifyingKey::bits)
    }

    /// The public half, which verifies what the key signs; the only key in the set.
    ///
    /// [`JwkSet::to_jwk_set`] and [`JwkSet::to_pem_map`] write it as issuers publish it.
    #[must_use]
    pub const fn public_keys(&self) -> &JwkSet {
        &self.public
    }

    /// The public half as PEM (`PUBLIC KEY`).
    #[must_use]
    pub fn public_pem(&self) -> String {
        let map = self.public.to_pem_map();
        let members = json::parse_object(&map).map(json::Object::into_members).unwrap_or_default();
        let pem = members.first().and_then(|(_, pem)| json::string(pem));
        pem.map(|pem| pem.as_str().into()).unwrap_or_default()
    }

    /// Hands out the **private key** as PKCS#8 PEM. Whoever has it can sign in the key's name.
    ///
    /// # Errors
    ///
    /// None that can be expected: every key that was read can be written.
    pub fn expose_private_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        match &self.private {
            Private::P256(key) => {
                let key = p256::SecretKey::from(key.as_ref());
                key.to_pkcs8_pem(LineEnding::LF)
            }
            Private::Rsa(key) => {
                let key: &RsaPrivateKey = key.as_ref().as_ref();
                key.to_pkcs8_pem(LineEnding::LF)
            }
        }
        .map_err(|_| KeyError::Inconsistent)
    }

    /// Hands out the **private key** as a JWK with `alg` and `use`. Whoever has it can sign in the key's
    /// name.
    ///
    /// # Errors
    ///
    /// None that can be expected: every key that was read can be written.
    pub fn expose_private_jwk(&self) -> Result<Zeroizing<String>, KeyError> {
        key_jwk::write(&self.private, &public_jwk(&self.private, self.key_id()))
    }

    /// Signs bytes: PKCS#1 v1.5 with SHA-256, blinded by random numbers, or ECDSA with SHA-256, `r` and
    /// `s` in 64 bytes, which needs none (RFC 6979). The signature does not depend on the random numbers.
    ///
    /// # Errors
    ///
    /// [`SignError::Randomness`] or [`SignError::Failed`].
    pub fn sign<R: TryCryptoRng + ?Sized>(&self, message: &[u8], rng: &mut R) -> Result<Vec<u8>, SignError> {
        match &self.private {
            Private::P256(key) => {
                let signature: p256::ecdsa::Signature =
                    key.try_sign(message).map_err(|_| SignError::Failed)?;
                Ok(signature.to_bytes().to_vec())
            }
            Private::Rsa(key) => {
                let mut watched = Watched { rng, failed: false };
                match key.try_sign_with_rng(&mut watched, message) {
                    Ok(signature) => Ok(signature.to_vec()),
                    Err(_) if watched.failed => Err(SignError::Randomness),
                    Err(_) => Err(SignError::Failed),
                }
            }
        }
    }
}

/// Shows which key it is, nothing of the key itself.
impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SigningKey")
            .field("algorithm", &self.algorithm())
            .field("bits", &self.bits())
            .field("key_id", &self.key_id)
            .finish()
    }
}

impl From<RsaPrivateKey> for Private {
    fn from(key: RsaPrivateKey) -> Self {
        Self::Rsa(Box::new(rsa::pkcs1v15::SigningKey::new(key)))
    }
}

impl From<p256::SecretKey> for Private {
    fn from(key: p256::SecretKey) -> Self {
        Self::P256(Box::new(p256::ecdsa::SigningKey::from(key)))
    }
}

/// A source of random numbers that remembers whether it failed.
struct Watched<'r, R: ?Sized> {
    rng: &'r mut R,
    failed: bool,
}

impl<R: TryCryptoRng + ?Sized> Watched<'_, R> {
    fn watch<T>(&mut self, result: Result<T, R::Error>) -> Result<T, R::Error> {
        self.failed |= result.is_err();
        result
    }
}

impl<R: TryCryptoRng + ?Sized> crate::rand_core::TryRng for Watched<'_, R> {
    type Error = R::Error;

    fn try_next_u32(&mut self) -> Result<u32, R::Error> {
        let result = self.rng.try_next_u32();
        self.watch(result)
    }

    fn try_next_u64(&mut self) -> Result<u64, R::Error> {
        let result = self.rng.try_next_u64();
        self.watch(result)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), R::Error> {
        let result = self.rng.try_fill_bytes(bytes);
        self.watch(result)
    }
}

impl<R: TryCryptoRng + ?Sized> TryCryptoRng for Watched<'_, R> {}
