//! The encoded message that a PKCS#1 v1.5 signature over SHA-256 must decrypt to.

/// Fills `encoded` with EMSA-PKCS1-v1_5 of a SHA-256 digest, which is
/// `00 01 FF .. FF 00 DigestInfo digest` ([RFC 8017 section 9.2]).
///
/// The verifier builds this and compares all of it, rather than parse what the signature opens to:
/// there is then no padding, length or algorithm field left for a forger to vary.
///
/// Returns `false` when `encoded` cannot hold the eight `FF` bytes that the RFC asks for.
///
/// [RFC 8017 section 9.2]: https://www.rfc-editor.org/rfc/rfc8017#section-9.2
pub(super) fn fill_encoded_message(encoded: &mut [u8], digest: &[u8; 32]) -> bool {
    let Some((rest, digest_field)) = encoded.split_last_chunk_mut::<32>() else {
        return false;
    };
    let Some((rest, digest_info)) = rest.split_last_chunk_mut::<19>() else {
        return false;
    };
    let [first, second, padding @ .., separator] = rest else {
        return false;
    };
    if padding.len() < 8 {
        return false;
    }
    *first = 0x00;
    *second = 0x01;
    padding.fill(0xff);
    *separator = 0x00;
    *digest_info = SHA256_DIGEST_INFO;
    *digest_field = *digest;
    true
}

/// DER of DigestInfo up to the digest: SHA-256 with NULL parameters, 32 octets to follow
/// (RFC 8017 section 9.2, note 1).
const SHA256_DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
    0x04, 0x20,
];
