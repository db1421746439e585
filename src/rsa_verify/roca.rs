//! The fingerprint of keys made by the faulty Infineon generator (ROCA, CVE-2017-15361).
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "remainders by primes below 2^8 leave room for a byte more, and fit a usize"
)]

/// Whether a big-endian modulus looks as if both its primes came from the ROCA generator.
///
/// That generator made primes of the form `k*M + (65537^a mod M)`, where `M` is the product of the
/// first primes. The modulus is then a power of 65537 modulo each of those primes, which a random
/// modulus is for all of them with a chance below 2^-27 (Nemec et al., "The Return of
/// Coppersmith's Attack", section 3). Most keys are cleared by the first few primes.
pub(super) fn has_roca_fingerprint(modulus: &[u8]) -> bool {
    ROCA_PRIMES.iter().all(|&prime| is_power_of_65537(remainder(modulus, prime), prime))
}

/// Walks the subgroup that 65537 generates modulo `prime`, which has fewer than 167 members.
fn is_power_of_65537(residue: u32, prime: u32) -> bool {
    core::iter::successors(Some(1), |power| Some(power * (65_537 % prime) % prime))
        .take(prime as usize)
        .any(|power| power == residue)
}

/// The remainder by a `divisor` below 2^16, two bytes at a time being too little to overflow.
fn remainder(number: &[u8], divisor: u32) -> u32 {
    number.iter().fold(0, |remainder, byte| (remainder << 8 | u32::from(*byte)) % divisor)
}

/// The odd primes to 167: they divide `M` for every key size the generator offered.
const ROCA_PRIMES: [u32; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103,
    107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];
