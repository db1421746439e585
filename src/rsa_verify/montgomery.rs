//! Exponentiation in Montgomery form, shared by the two limb representations.
//!
//! With `R` a power of two above the modulus `n`, a backend computes `x * y / R mod n` much more
//! cheaply than `x * y mod n`. Everything that differs between backends is behind
//! [`MontgomeryModulus`]; the exponentiation is written once, here.
//!
//! All values are public (a signature, a public key, a hash), so nothing runs in constant time.

/// An odd modulus together with the constants that Montgomery multiplication needs.
pub(super) trait MontgomeryModulus: Sized {
    /// A residue in the backend's own limbs, on the stack, large enough for the largest modulus.
    type Residue: Clone;

    /// `R^2 mod n`: multiplying by it brings a residue into Montgomery form.
    fn r_squared(&self) -> &Self::Residue;

    /// Reads a big-endian number no longer than the modulus, or `None` when it is not below it.
    fn residue(&self, bytes: &[u8]) -> Option<Self::Residue>;

    /// Replaces `x` by `x * y / R mod n`.
    fn multiply(&self, x: &mut Self::Residue, y: &Self::Residue);

    /// Replaces `x` by `x * x / R mod n`.
    fn square(&self, x: &mut Self::Residue);

    /// Writes `x`, fully reduced, as a big-endian number that fills `bytes`.
    ///
    /// `x` must be below `2n`, as is any product with a residue that was read.
    fn write(&self, x: &mut Self::Residue, bytes: &mut [u8]);
}

/// Writes `base^exponent mod n` into `bytes`, for an odd exponent of at least 3.
///
/// Returns `false`, leaving `bytes` alone, when `base` is not below the modulus.
///
/// The exponent is scanned from its top bit. Because it is odd, the last step multiplies by the
/// base; taking the *plain* base there, rather than the base times `R`, also takes the result out
/// of Montgomery form. For 65537 that leaves one multiplication in, 16 squarings, one out.
pub(super) fn public_power<M: MontgomeryModulus>(
    modulus: &M,
    base: &[u8],
    exponent: u64,
    bytes: &mut [u8],
) -> bool {
    debug_assert!(exponent >= 3 && exponent % 2 == 1);
    let Some(base) = modulus.residue(base) else {
        return false;
    };
    let mut base_in_form = base.clone();
    modulus.multiply(&mut base_in_form, modulus.r_squared());

    let mut power = base_in_form.clone();
    for bit in (1..exponent.ilog2()).rev() {
        modulus.square(&mut power);
        if exponent >> bit & 1 == 1 {
            modulus.multiply(&mut power, &base_in_form);
        }
    }
    modulus.square(&mut power);
    modulus.multiply(&mut power, &base);
    modulus.write(&mut power, bytes);
    true
}

/// The inverse of the odd `n` modulo 2^64, by Newton's iteration.
///
/// An odd `n` is its own inverse modulo 8; each step doubles the number of right bits,
/// 3, 6, 12, 24, 48, 96.
pub(super) fn inverse_mod_word(n: u64) -> u64 {
    let mut inverse = n;
    for _ in 0..5 {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(n.wrapping_mul(inverse)));
    }
    inverse
}
