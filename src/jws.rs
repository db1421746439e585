//! The compact serialisation of a JSON Web Signature (RFC 7515 section 7.1), before anyone has
//! looked at its claims.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use sha2::{Digest, Sha256};

use crate::algorithm::Algorithm;
use crate::base64url;
use crate::error::ErrorCode;
use crate::json::{self, JsonError, Object, Value};
use crate::jwk::VerifyingKey;

/// Longest token that is read, in bytes. Google's own stay below 4 KiB; some verifiers' test tokens
/// with long lists of groups reach 11 KiB.
pub const TOKEN_BYTES_MAX: usize = 16_384;

/// What Cloud Run puts in the place of a signature that it has checked.
///
/// The words are themselves canonical base64url, so they are recognised as text, before decoding.
pub(crate) const SIGNATURE_REMOVED: &str = "SIGNATURE_REMOVED_BY_GOOGLE";

/// Members of a header by which a token offers its own key. They are never followed.
pub(crate) const KEY_OFFERS: [&str; 4] = ["jku", "jwk", "x5c", "x5u"];

/// A token whose three parts could be read and whose header is usable; **nothing in it is trusted**.
///
/// Its claims cannot be read as if they were:
///
/// ```compile_fail,E0599
/// let token = callerid::UnverifiedToken::parse("e30.e30.AA").unwrap();
/// token.claims();
/// ```
#[derive(Clone)]
#[must_use]
pub struct UnverifiedToken {
    /// SHA-256 of the signing input, which the signature and the fingerprint both need.
    digest: [u8; 32],
    header: Header,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

/// What the JOSE header says (RFC 7515 section 4); **untrusted**, since the token's sender wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// The `alg` member as written.
    pub(crate) algorithm: String,
    pub(crate) key_id: Option<String>,
}

/// A token whose signature is good, so that its payload is what the key's owner signed.
///
/// **Its claims are still unjudged**: it may be expired, or made for somebody else. So they cannot be
/// read by plain name:
///
/// ```compile_fail,E0599
/// fn claims(token: &callerid::SignatureVerified) -> &str {
///     token.claims()
/// }
/// ```
///
/// and only a key makes one:
///
/// ```compile_fail,E0451
/// let token = callerid::SignatureVerified { payload: Vec::new() };
/// ```
#[derive(Clone)]
#[must_use]
pub struct SignatureVerified {
    payload: Vec<u8>,
}

impl UnverifiedToken {
    /// Takes a compact JWS apart (RFC 7515 section 5.2, steps 1 to 7).
    ///
    /// # Errors
    ///
    /// `token_too_large`, `token_malformed`, `signature_removed`, `base64_invalid`, `header_invalid`,
    /// `duplicate_member` or `critical_header_unsupported`.
    pub fn parse(token: &str) -> Result<Self, ErrorCode> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(ErrorCode::TokenTooLarge);
        }
        let (signing_input, signature) = token.rsplit_once('.').ok_or(ErrorCode::TokenMalformed)?;
        let (header, payload) = signing_input.split_once('.').ok_or(ErrorCode::TokenMalformed)?;
        if payload.contains('.') || header.is_empty() {
            return Err(ErrorCode::TokenMalformed);
        }
        if signature == SIGNATURE_REMOVED {
            return Err(ErrorCode::SignatureRemoved);
        }
        let header = base64url::decode(header).ok_or(ErrorCode::Base64Invalid)?;
        let payload = base64url::decode(payload).ok_or(ErrorCode::Base64Invalid)?;
        let signature = base64url::decode(signature).ok_or(ErrorCode::Base64Invalid)?;
        let header = Header::parse(&header)?;
        let digest = Sha256::digest(signing_input.as_bytes()).into();
        Ok(Self { digest, header, payload, signature })
    }

    /// The `alg` that the header names, if it is one of ours; **untrusted**, to be compared only.
    #[must_use]
    pub fn unverified_algorithm(&self) -> Option<Algorithm> {
        Algorithm::from_name(&self.header.algorithm)
    }

    /// The `kid` that the header names; **untrusted**, of use only to pick from keys that are trusted.
    #[must_use]
    pub fn unverified_key_id(&self) -> Option<&str> {
        self.header.key_id.as_deref()
    }

    /// The payload bytes; **untrusted**.
    #[must_use]
    pub fn unverified_payload(&self) -> &[u8] {
        &self.payload
    }

    pub(crate) const fn unverified_header(&self) -> &Header {
        &self.header
    }

    /// A short name for the token that can stand in logs: the first 16 hexadecimal digits of the
    /// SHA-256 of its signing input. A token and its redacted copy have the same one.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        abbreviated(&self.digest)
    }

    /// Checks the signature with a key that the caller trusts (RFC 7515 section 5.2, step 8).
    ///
    /// # Errors
    ///
    /// `algorithm_not_allowed` if the header names another algorithm than the key's,
    /// `signature_invalid` if the signature is not this key's over this token.
    pub fn verify_signature(self, key: &VerifyingKey) -> Result<SignatureVerified, ErrorCode> {
        self.check_signature(key)?;
        Ok(SignatureVerified { payload: self.payload })
    }

    /// The key owns the algorithm; what the header says is only compared with it.
    pub(crate) fn check_signature(&self, key: &VerifyingKey) -> Result<(), ErrorCode> {
        if self.header.algorithm != key.algorithm().as_str() {
            return Err(ErrorCode::AlgorithmNotAllowed);
        }
        if key.accepts(&self.digest, &self.signature) { Ok(()) } else { Err(ErrorCode::SignatureInvalid) }
    }
}

impl SignatureVerified {
    /// The payload bytes: signed by the key's owner, **their meaning still unjudged**.
    #[must_use]
    pub fn unvalidated_payload(&self) -> &[u8] {
        &self.payload
    }
}

impl Header {
    fn parse(json: &[u8]) -> Result<Self, ErrorCode> {
        let object = json::parse_object(json).map_err(|error| match error {
            JsonError::DuplicateMember => ErrorCode::DuplicateMember,
            _ => ErrorCode::HeaderInvalid,
        })?;
        // Any crit is refused: no extension is implemented, and an empty one is forbidden.
        if object.member("crit").is_some() {
            return Err(ErrorCode::CriticalHeaderUnsupported);
        }
        // An unencoded (RFC 7797), compressed (RFC 7516) or nested (RFC 7519 section 5.2) payload
        // would be read wrongly.
        let nested = object.string("cty").is_some_and(|content| content.eq_ignore_ascii_case("JWT"));
        if nested || object.member("b64").is_some() || object.member("zip").is_some() {
            return Err(ErrorCode::HeaderInvalid);
        }
        let algorithm = object.string("alg").map(String::from).ok_or(ErrorCode::HeaderInvalid)?;
        let key_id = optional_string(&object, "kid")?;
        // RFC 8725 section 3.11: a token of another declared type is not one of these.
        let declared_type = optional_string(&object, "typ")?;
        if declared_type.is_some_and(|declared| !declared.eq_ignore_ascii_case("JWT")) {
            return Err(ErrorCode::HeaderInvalid);
        }
        Ok(Self { algorithm, key_id })
    }
}

fn optional_string(object: &Object<'_>, name: &str) -> Result<Option<String>, ErrorCode> {
    match object.member(name) {
        None => Ok(None),
        Some(Value::String(string)) => Ok(Some(String::from(string.as_ref()))),
        Some(_) => Err(ErrorCode::HeaderInvalid),
    }
}

/// The fingerprint of any text: of a token, its signing input is taken.
pub(crate) fn fingerprint(text: &str) -> String {
    abbreviated(&Sha256::digest(text.as_bytes()).into())
}

/// The first eight bytes of a digest in hexadecimal.
fn abbreviated(digest: &[u8; 32]) -> String {
    let nibbles = digest.iter().take(8).flat_map(|byte| [byte >> 4, byte & 0x0f]);
    nibbles.filter_map(|nibble| char::from_digit(u32::from(nibble), 16)).collect()
}

/// Shows neither payload nor signature.
impl fmt::Debug for UnverifiedToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("UnverifiedToken")
            .field("fingerprint", &self.fingerprint())
            .finish_non_exhaustive()
    }
}

/// Shows no payload.
impl fmt::Debug for SignatureVerified {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SignatureVerified").finish_non_exhaustive()
    }
}
