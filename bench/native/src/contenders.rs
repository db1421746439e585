//! What is timed: verifications with all claims, and the bare signature as the floor below them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use callerid::{Audience, CachingVerifier, Callers, JwkSet, Policy, Profile, UnixTime};
use jsonwebtoken::jwk::JwkSet as PeerJwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use p256::ecdsa::signature::Verifier as _;
use rsa::pkcs1::EncodeRsaPublicKey;
use sha2::{Digest, Sha256};

use crate::tokens::{AUDIENCE, EMAIL, IAP_AUDIENCE, IAP_ISSUER, ISSUER, P256_KEY_ID, RSA_KEY_ID, Tokens};

pub(crate) struct Contender {
    pub(crate) group: &'static str,
    pub(crate) name: &'static str,
    pub(crate) accepts: Box<dyn FnMut(&str) -> bool>,
}

const RS256: &str = "RS256, all claims";
const RS256_BARE: &str = "RS256, signature alone";
const RS256_REPEATED: &str = "RS256, repeated tokens";
const ES256: &str = "ES256, all claims";
const ES256_BARE: &str = "ES256, signature alone";

pub(crate) fn all(tokens: &Tokens) -> Vec<Contender> {
    let contender = |group, name, accepts| Contender { group, name, accepts };
    vec![
        contender(RS256, "callerid", callerid(tokens, Profile::google(), AUDIENCE)),
        contender(
            RS256,
            "jsonwebtoken (aws-lc-rs)",
            jsonwebtoken(tokens, Algorithm::RS256, ISSUER, AUDIENCE),
        ),
        contender(RS256_REPEATED, "callerid, remembered", remembered(tokens)),
        contender(RS256_BARE, "callerid", callerid_bare(tokens, RSA_KEY_ID, callerid::Algorithm::Rs256)),
        contender(
            RS256_BARE,
            "aws-lc-rs",
            aws_lc(&aws_lc_rs::signature::RSA_PKCS1_2048_8192_SHA256, rsa_der(tokens)),
        ),
        contender(RS256_BARE, "ring", ring(&ring::signature::RSA_PKCS1_2048_8192_SHA256, rsa_der(tokens))),
        contender(RS256_BARE, "rsa", rsa_crate(tokens)),
        contender(ES256, "callerid", callerid(tokens, Profile::iap(), IAP_AUDIENCE)),
        contender(
            ES256,
            "jsonwebtoken (aws-lc-rs)",
            jsonwebtoken(tokens, Algorithm::ES256, IAP_ISSUER, IAP_AUDIENCE),
        ),
        contender(ES256_BARE, "callerid", callerid_bare(tokens, P256_KEY_ID, callerid::Algorithm::Es256)),
        contender(
            ES256_BARE,
            "aws-lc-rs",
            aws_lc(&aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED, point(tokens)),
        ),
        contender(ES256_BARE, "ring", ring(&ring::signature::ECDSA_P256_SHA256_FIXED, point(tokens))),
        contender(ES256_BARE, "p256", p256_crate(tokens)),
    ]
}

type Accepts = Box<dyn FnMut(&str) -> bool>;

fn policy(profile: Profile, audience: &str) -> Policy {
    let callers = Callers::emails([EMAIL]).expect("an address");
    Policy::new(profile, Audience::exactly(audience).expect("an audience"), callers)
}

fn callerid(tokens: &Tokens, profile: Profile, audience: &str) -> Accepts {
    let keys = JwkSet::parse(&tokens.key_set).expect("keys");
    let policy = policy(profile, audience);
    let now = UnixTime::from_seconds(tokens.now);
    Box::new(move |token| callerid::verify(token, &keys, &policy, now).is_ok())
}

fn remembered(tokens: &Tokens) -> Accepts {
    let keys = JwkSet::parse(&tokens.key_set).expect("keys");
    let mut verifier = CachingVerifier::new(policy(Profile::google(), AUDIENCE), tokens.rs256.len());
    let now = UnixTime::from_seconds(tokens.now);
    for token in &tokens.rs256 {
        let _ = verifier.verify(token, &keys, now).expect("accepted");
    }
    Box::new(move |token| verifier.verify(token, &keys, now).is_ok_and(|accepted| accepted.repeated))
}

/// Issuer, audience, times and the caller's address, as callerid checks them.
fn jsonwebtoken(tokens: &Tokens, algorithm: Algorithm, issuer: &str, audience: &str) -> Accepts {
    let keys: PeerJwkSet = serde_json::from_str(&tokens.key_set).expect("keys");
    let keys: std::collections::HashMap<String, DecodingKey> = keys
        .keys
        .iter()
        .map(|key| (key.common.key_id.clone().expect("kid"), DecodingKey::from_jwk(key).expect("a key")))
        .collect();
    let mut validation = Validation::new(algorithm);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[audience]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    #[derive(serde::Deserialize)]
    struct Claims {
        email: String,
    }
    Box::new(move |token| {
        let header = jsonwebtoken::decode_header(token).expect("a header");
        let key = &keys[header.kid.as_deref().expect("kid")];
        jsonwebtoken::decode::<Claims>(token, key, &validation).is_ok_and(|token| token.claims.email == EMAIL)
    })
}

fn parts(token: &str) -> (&[u8], Vec<u8>) {
    let (input, signature) = token.rsplit_once('.').expect("a signature");
    (input.as_bytes(), URL_SAFE_NO_PAD.decode(signature).expect("base64"))
}

fn callerid_bare(tokens: &Tokens, key_id: &'static str, algorithm: callerid::Algorithm) -> Accepts {
    let keys = JwkSet::parse(&tokens.key_set).expect("keys");
    Box::new(move |token| {
        let parsed = callerid::UnverifiedToken::parse(token).expect("a token");
        let key = keys.select(Some(key_id), algorithm).expect("a key");
        parsed.verify_signature(key).is_ok()
    })
}

fn rsa_der(tokens: &Tokens) -> Vec<u8> {
    tokens.rsa_public.to_pkcs1_der().expect("DER").as_bytes().to_vec()
}

fn point(tokens: &Tokens) -> Vec<u8> {
    tokens.p256_public.to_sec1_point(false).as_bytes().to_vec()
}

fn aws_lc(algorithm: &'static dyn aws_lc_rs::signature::VerificationAlgorithm, key: Vec<u8>) -> Accepts {
    let key = aws_lc_rs::signature::ParsedPublicKey::new(algorithm, key).expect("a key");
    Box::new(move |token| {
        let (input, signature) = parts(token);
        key.verify_sig(input, &signature).is_ok()
    })
}

fn ring(algorithm: &'static dyn ring::signature::VerificationAlgorithm, key: Vec<u8>) -> Accepts {
    let key = ring::signature::UnparsedPublicKey::new(algorithm, key);
    Box::new(move |token| {
        let (input, signature) = parts(token);
        key.verify(input, &signature).is_ok()
    })
}

fn rsa_crate(tokens: &Tokens) -> Accepts {
    let key = tokens.rsa_public.clone();
    let prefix = [&[
        0x30_u8, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
        0x00, 0x04, 0x20,
    ][..]]
    .concat();
    Box::new(move |token| {
        let (input, signature) = parts(token);
        let scheme = rsa::Pkcs1v15Sign { hash_len: Some(32), prefix: prefix.clone().into_boxed_slice() };
        key.verify(scheme, &Sha256::digest(input), &signature).is_ok()
    })
}

fn p256_crate(tokens: &Tokens) -> Accepts {
    let key = tokens.p256_public;
    Box::new(move |token| {
        let (input, signature) = parts(token);
        p256::ecdsa::Signature::from_slice(&signature)
            .is_ok_and(|signature| key.verify(input, &signature).is_ok())
    })
}
