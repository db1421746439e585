//! X.509 certificates (RFC 5280) around the emulator's keys.

use std::error::Error;
use std::str::FromStr;
use std::time::Duration;

use callerid::Algorithm;
use callerid_mint::SigningKey;
use sha2::{Digest, Sha256};
use signature::Keypair;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder, CertificateBuilder};
use x509_cert::certificate::TbsCertificate;
use x509_cert::der::asn1::{BitString, Ia5String, UintRef};
use x509_cert::der::oid::db::rfc5280::{ID_KP_CLIENT_AUTH, ID_KP_SERVER_AUTH};
use x509_cert::der::oid::db::rfc5912::{ECDSA_WITH_SHA_256, SHA_256_WITH_RSA_ENCRYPTION};
use x509_cert::der::pem::LineEnding;
use x509_cert::der::{Any, DateTime, Document, Encode, EncodePem, Tag};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectAltName};
use x509_cert::ext::{Extension, ToExtension};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{
    AlgorithmIdentifierOwned, DynSignatureAlgorithmIdentifier, EncodePublicKey, SubjectPublicKeyInfoOwned,
    SubjectPublicKeyInfoRef,
};
use x509_cert::time::{Time, Validity};

use crate::randomness::blinding;

/// Certificates begin so long before now, in seconds: clocks differ.
const BEGIN_BEFORE: i64 = 86_400;
/// Certificates end so long after now, in seconds; longer than any emulator runs.
const END_AFTER: i64 = 397 * 86_400;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// The certificate in which Google publishes a key: signed by the key itself, for no host.
pub(crate) fn self_signed(key: &SigningKey, common_name: &str, now: i64) -> Outcome<String> {
    let usage = KeyUsage(KeyUsages::DigitalSignature.into());
    let extensions = vec![
        Request::Constraints(BasicConstraints { ca: false, path_len_constraint: None }),
        Request::Usage(usage),
        Request::Purpose(ExtendedKeyUsage(vec![ID_KP_CLIENT_AUTH])),
    ];
    make(key, common_name, key, common_name, extensions, now)
}

/// The certificate of an authority that signs others and no authorities.
pub(crate) fn authority(key: &SigningKey, common_name: &str, now: i64) -> Outcome<String> {
    let usage = KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign);
    let extensions = vec![
        Request::Constraints(BasicConstraints { ca: true, path_len_constraint: Some(0) }),
        Request::Usage(usage),
    ];
    make(key, common_name, key, common_name, extensions, now)
}

/// The certificate of a server that answers for these hosts.
pub(crate) fn server(
    key: &SigningKey,
    hosts: &[&str],
    authority: &SigningKey,
    authority_name: &str,
    now: i64,
) -> Outcome<String> {
    let names: Outcome<Vec<_>> =
        hosts.iter().map(|host| Ok(GeneralName::DnsName(Ia5String::new(host)?))).collect();
    let extensions = vec![
        Request::Constraints(BasicConstraints { ca: false, path_len_constraint: None }),
        Request::Usage(KeyUsage(KeyUsages::DigitalSignature.into())),
        Request::Purpose(ExtendedKeyUsage(vec![ID_KP_SERVER_AUTH])),
        Request::Names(SubjectAltName(names?)),
    ];
    make(key, "callerid emulator", authority, authority_name, extensions, now)
}

/// An extension that a certificate is to have.
enum Request {
    Constraints(BasicConstraints),
    Usage(KeyUsage),
    Purpose(ExtendedKeyUsage),
    Names(SubjectAltName),
}

fn make(
    key: &SigningKey,
    common_name: &str,
    signer: &SigningKey,
    signer_name: &str,
    extensions: Vec<Request>,
    now: i64,
) -> Outcome<String> {
    let profile = Profile { subject: name(common_name)?, issuer: name(signer_name)?, extensions };
    let public = public_key(key)?;
    // A certificate of one key, name and time has one number; the highest bit of it must not be set.
    let digest = Sha256::digest([public.as_bytes(), common_name.as_bytes(), &now.to_be_bytes()].concat());
    let serial = SerialNumber::new(&[&[1], digest.get(..15).unwrap_or_default()].concat())?;
    let validity =
        Validity::new(time(now.saturating_sub(BEGIN_BEFORE))?, time(now.saturating_add(END_AFTER))?);
    let subject_key = SubjectPublicKeyInfoOwned::try_from(public.as_bytes())?;
    let mut builder = CertificateBuilder::new(profile, serial, validity, subject_key)?;
    let signer = Signer(signer);
    let unsigned = builder.finalize(&signer)?;
    let signature = signer.sign(&unsigned)?;
    let certificate = builder.assemble(BitString::from_bytes(&signature)?, &signer)?;
    Ok(certificate.to_pem(LineEnding::LF)?)
}

fn name(common_name: &str) -> Outcome<Name> {
    // RFC 4514: these have a meaning in a name.
    let plain: String = common_name
        .chars()
        .filter(|character| !matches!(character, ',' | '+' | '"' | '\\' | '<' | '>' | ';' | '=' | '#'))
        .collect();
    // RFC 5280 appendix A.1: ub-common-name.
    let plain: String = plain.chars().take(64).collect();
    Ok(Name::from_str(&format!("CN={plain}"))?)
}

fn time(seconds: i64) -> Outcome<Time> {
    let since = Duration::from_secs(u64::try_from(seconds).unwrap_or_default());
    Ok(Time::from(DateTime::from_unix_duration(since)?))
}

fn public_key(key: &SigningKey) -> Outcome<Document> {
    let (_, document) = Document::from_pem(&key.public_pem())?;
    Ok(document)
}

struct Profile {
    subject: Name,
    issuer: Name,
    extensions: Vec<Request>,
}

impl BuilderProfile for Profile {
    fn get_issuer(&self, _: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        _: SubjectPublicKeyInfoRef<'_>,
        _: SubjectPublicKeyInfoRef<'_>,
        _: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        let mut extensions = Vec::new();
        for request in &self.extensions {
            let extension = match request {
                Request::Constraints(extension) => extension.to_extension(&self.subject, &extensions),
                Request::Usage(extension) => extension.to_extension(&self.subject, &extensions),
                Request::Purpose(extension) => extension.to_extension(&self.subject, &extensions),
                Request::Names(extension) => extension.to_extension(&self.subject, &extensions),
            };
            extensions.push(extension?);
        }
        Ok(extensions)
    }
}

/// Signs with a key that is not of the certificate library's own types.
struct Signer<'k>(&'k SigningKey);

impl Signer<'_> {
    fn sign(&self, message: &[u8]) -> Outcome<Vec<u8>> {
        let signature = self.0.sign(message, &mut blinding())?;
        match self.0.algorithm() {
            Algorithm::Rs256 => Ok(signature),
            // RFC 5480 appendix A: two numbers in a sequence.
            Algorithm::Es256 => {
                let (r, s) = signature.split_at(signature.len() / 2);
                let numbers = [UintRef::new(r)?.to_der()?, UintRef::new(s)?.to_der()?].concat();
                Ok(Any::new(Tag::Sequence, numbers)?.to_der()?)
            }
            _ => Err("no certificates are signed with this algorithm".into()),
        }
    }
}

/// A public key as the certificate library wants to have it.
#[derive(Clone)]
struct PublicKey(Option<Document>);

impl EncodePublicKey for PublicKey {
    fn to_public_key_der(&self) -> x509_cert::spki::Result<Document> {
        self.0.clone().ok_or(x509_cert::spki::Error::KeyMalformed)
    }
}

impl Keypair for Signer<'_> {
    type VerifyingKey = PublicKey;

    fn verifying_key(&self) -> PublicKey {
        PublicKey(public_key(self.0).ok())
    }
}

impl DynSignatureAlgorithmIdentifier for Signer<'_> {
    fn signature_algorithm_identifier(&self) -> x509_cert::spki::Result<AlgorithmIdentifierOwned> {
        Ok(match self.0.algorithm() {
            Algorithm::Rs256 => {
                AlgorithmIdentifierOwned { oid: SHA_256_WITH_RSA_ENCRYPTION, parameters: Some(Any::null()) }
            }
            _ => AlgorithmIdentifierOwned { oid: ECDSA_WITH_SHA_256, parameters: None },
        })
    }
}
