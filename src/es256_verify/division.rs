//! Division modulo a number of 256 bits.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "limb arithmetic: the bound that keeps each sum in range is stated beside it, \
              and every index is below the constant number of limbs"
)]

use super::number::{self, LIMB_BITS, LIMB_MASK, LIMBS, Limbs, Number, limbs, words};

/// Each numerator, below `m` or not, divided by the denominator, modulo the odd `m` of 256 bits. The
/// denominator is below `m` and has no divisor with it in common, or is zero, as the quotients then are.
///
/// The algorithm of Bernstein and Yang ("Fast constant-time gcd computation and modular inversion", 2019),
/// as long as there is something left: 29 steps at a time are found from the lowest limbs alone and then
/// applied to all. They take `f` and `g` from `m` and the denominator to 1 or -1 and 0, while `d` times the
/// denominator remains `f` times the numerator modulo `m`, and `e` times it `g` times the numerator.
pub(super) fn quotients(numerators: [Number; 2], denominator: &Number, m: &Number) -> [Number; 2] {
    let [first, second] = numerators;
    let modulus = Modulus { limbs: limbs(m), negative_inverse: inverse_mod_word(m[0]).wrapping_neg() };
    let mut f_and_g = [modulus.limbs, limbs(denominator)];
    let mut d_and_e = [[[0; LIMBS], limbs(&first)], [[0; LIMBS], limbs(&second)]];
    let mut delta = 1;
    // Numbers below 2^256 take at most 590 steps. So no number grows beyond 23 m, and the limbs hold 32 m.
    for _ in 0..590_usize.div_ceil(LIMB_BITS) {
        if f_and_g[1] == [0; LIMBS] {
            break;
        }
        let steps = Steps::next(&mut delta, f_and_g[0][0], f_and_g[1][0]);
        steps.apply(&mut f_and_g, &modulus);
        for pair in &mut d_and_e {
            steps.apply(pair, &modulus);
        }
    }
    debug_assert!(f_and_g[1] == [0; LIMBS]);
    let sign = if f_and_g[0][LIMBS - 1] < 0 { -1 } else { 1 };
    d_and_e.map(|[d, _]| modulus.reduced(&d, sign))
}

/// What a number of steps make of `x` and `y`: `(a x + b y) / 2^29` and `(c x + d y) / 2^29`, where
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

    /// Does these steps to a pair of numbers modulo `m`, adding to each sum that multiple of `m` by a number
    /// below 2^29 which lets it be divided. So either number grows by at most `m`.
    #[inline(never)]
    fn apply(&self, pair: &mut [Limbs; 2], m: &Modulus) {
        let [x, y] = *pair;
        for (row, limbs) in self.0.iter().zip(pair) {
            let [a, b] = row.map(i64::from);
            let (mut q, mut carry) = (0, 0);
            for at in 0..LIMBS {
                // Below 2^60, as |a| + |b| and q are at most 2^29.
                let mut sum = a * i64::from(x[at]) + b * i64::from(y[at]) + carry;
                if at == 0 {
                    q = i64::from((sum as u32).wrapping_mul(m.negative_inverse) as i32 & LIMB_MASK);
                }
                sum += q * i64::from(m.limbs[at]);
                if at > 0 {
                    limbs[at - 1] = sum as i32 & LIMB_MASK;
                }
                carry = sum >> LIMB_BITS;
            }
            limbs[LIMBS - 1] = carry as i32;
        }
    }
}

struct Modulus {
    limbs: Limbs,
    /// `-1/m mod 2^32`.
    negative_inverse: u32,
}

impl Modulus {
    /// The number below `m` that is the same modulo `m` as this one, times its sign.
    #[inline(never)]
    fn reduced(&self, limbs: &Limbs, mut sign: i64) -> Number {
        const TOP: usize = LIMBS - 1;
        const TOP_SHIFT: usize = 256 - LIMB_BITS * TOP;
        let mut limbs = *limbs;
        loop {
            // As often as 2^256 is in it, which is about as often as `m` is.
            let times = sign * i64::from(limbs[TOP] >> TOP_SHIFT);
            let mut carry = 0;
            for (limb, m) in limbs.iter_mut().zip(&self.limbs) {
                let sum = sign * i64::from(*limb) - times * i64::from(*m) + carry;
                *limb = sum as i32 & LIMB_MASK;
                carry = sum >> LIMB_BITS;
            }
            limbs[TOP] |= (carry << LIMB_BITS) as i32;
            sign = 1;
            if limbs[TOP] >> TOP_SHIFT == 0 {
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
