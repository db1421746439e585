//! Division modulo a number of 256 bits.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "limb arithmetic: the bound that keeps each sum in range is stated beside it, \
              and every index is below the constant number of limbs"
)]

use super::number::{self, LIMB_BITS, LIMB_MASK, LIMBS, Limbs, Number, limbs, words};

/// Each numerator divided by the denominator, modulo the odd `m`; all of them are below `m`, and the
/// denominator has no divisor with it in common, or is zero, as the quotients then are.
///
/// The algorithm of Bernstein and Yang ("Fast constant-time gcd computation and modular inversion", 2019),
/// as long as there is something left: 29 steps at a time are found from the lowest limbs alone and then
/// applied to all. They take `f` and `g` from `m` and the denominator to 1 or -1 and 0, while `d` times the
/// denominator remains `f` times the numerator modulo `m`, and `e` times it `g` times the numerator.
pub(super) fn quotients(numerators: [Number; 2], denominator: &Number, m: &Number) -> [Number; 2] {
    let modulus = Modulus { limbs: limbs(m), negative_inverse: inverse_mod_word(m[0]).wrapping_neg() };
    let (mut f, mut g) = (modulus.limbs, limbs(denominator));
    let mut pairs = numerators.map(|numerator| ([0; LIMBS], limbs(&numerator)));
    let mut delta = 1;
    // For numbers below 2^256 never more than 21 times (590 steps).
    while g != [0; LIMBS] {
        let steps = Steps::next(&mut delta, f[0], g[0]);
        (f, g) = steps.apply(&f, &g, &modulus);
        for (d, e) in &mut pairs {
            (*d, *e) = steps.apply(d, e, &modulus);
        }
    }
    // The sign of f is that of its highest limb.
    pairs.map(|(d, _)| modulus.number(&if f[LIMBS - 1] < 0 { d.map(|limb| -limb) } else { d }))
}

/// What a number of steps make of `f` and `g`: `(a f + b g) / 2^29` and `(c f + d g) / 2^29`, where
/// |a| + |b| and |c| + |d| are at most 2^29.
struct Steps([[i32; 2]; 2]);

impl Steps {
    /// Each step halves `g`, after it was made even by adding `f`, or by taking its place and subtracting it,
    /// whichever keeps the two of a size. Twenty-nine of them depend on no more than 29 bits.
    fn next(delta: &mut i32, mut f: i32, mut g: i32) -> Self {
        let ([mut a, mut b], [mut c, mut d]) = ([1, 0], [0, 1]);
        for _ in 0..LIMB_BITS {
            if g & 1 == 1 {
                if *delta > 0 {
                    (f, g, a, b, c, d) = (g, f.wrapping_neg(), c, d, -a, -b);
                    *delta = -*delta;
                }
                g = g.wrapping_add(f);
                (c, d) = (c + a, d + b);
            }
            *delta += 2;
            g >>= 1;
            (a, b) = (2 * a, 2 * b);
        }
        Self([[a, b], [c, d]])
    }

    /// Does these steps to two numbers modulo `m`. Either grows by at most `m`; where a sum can be divided by
    /// 2^29 as it is, nothing is added.
    fn apply(&self, x: &Limbs, y: &Limbs, m: &Modulus) -> (Limbs, Limbs) {
        let [first, second] = self.0.map(|[a, b]| m.combination(i64::from(a), x, i64::from(b), y));
        (first, second)
    }
}

struct Modulus {
    limbs: Limbs,
    /// `-1/m mod 2^32`.
    negative_inverse: u32,
}

impl Modulus {
    /// `(a x + b y + q m) / 2^29` for that `q` below 2^29 which makes it a whole number.
    fn combination(&self, a: i64, x: &Limbs, b: i64, y: &Limbs) -> Limbs {
        let lowest = a * i64::from(x[0]) + b * i64::from(y[0]);
        let q = i64::from((lowest as u32).wrapping_mul(self.negative_inverse) as i32 & LIMB_MASK);
        let (mut limbs, mut carry) = ([0; LIMBS], 0);
        for at in 0..LIMBS {
            // Below 2^60, as |a| + |b| and q are at most 2^29.
            let sum = a * i64::from(x[at]) + b * i64::from(y[at]) + q * i64::from(self.limbs[at]) + carry;
            if at > 0 {
                limbs[at - 1] = sum as i32 & LIMB_MASK;
            }
            carry = sum >> LIMB_BITS;
        }
        limbs[LIMBS - 1] = carry as i32;
        limbs
    }

    /// The number below `m` that is the same modulo `m`.
    fn number(&self, limbs: &Limbs) -> Number {
        const BITS_BELOW: usize = LIMB_BITS * (LIMBS - 1);
        let mut limbs = *limbs;
        loop {
            // As often as 2^256 is in it, which is about as often as `m` is.
            let times = i64::from(limbs[LIMBS - 1] >> (256 - BITS_BELOW));
            let mut carry = 0;
            for (limb, m) in limbs.iter_mut().zip(&self.limbs) {
                let sum = i64::from(*limb) - times * i64::from(*m) + carry;
                *limb = sum as i32 & LIMB_MASK;
                carry = sum >> LIMB_BITS;
            }
            limbs[LIMBS - 1] |= (carry << LIMB_BITS) as i32;
            if limbs[LIMBS - 1] >> (256 - BITS_BELOW) == 0 {
                break;
            }
        }
        let (number, m) = (words(&limbs), words(&self.limbs));
        if number::is_less(&number, &m) { number } else { number::subtract(&number, &m).0 }
    }
}

/// The inverse of the odd `m` modulo 2^32, by Newton's iteration: an odd `m` is its own inverse modulo 8,
/// and each step doubles the number of right bits, 3, 6, 12, 24, 48.
const fn inverse_mod_word(m: u32) -> u32 {
    let (mut inverse, mut step) = (m, 0);
    while step < 4 {
        inverse = inverse.wrapping_mul(2_u32.wrapping_sub(m.wrapping_mul(inverse)));
        step += 1;
    }
    inverse
}
