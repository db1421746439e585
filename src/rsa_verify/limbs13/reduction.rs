//! Montgomery reduction: `q = x * (-1/n) mod R`, then `t = (x + q * n) / R`.
//!
//! Since `t * R` is `x + q * n`, both are the same modulo `R - 1`, where `R` is 1, and `t` is far
//! smaller than that: so `q * n` need not be known but modulo `R - 1`. With `T = R^(1/4)` that is
//! `(T^2 + 1) * (T + 1) * (T - 1)`, and modulo each of these a product has no more columns than its
//! factors have limbs. These *circulant* products take 3/8 of the operations of a whole one.
//!
//! `t` is put together from them by `T^2 = (T^2 + 1) - 1` and the like. The halves that this takes
//! are taken of `n` once and for all.

use core::array;

use super::columns::{
    Carries, Columns, Entry, Limbs, Pairs, Row, TILE, Table, Tile, add_rows, low_product, pairs, two_rows,
    with_below,
};
use super::lanes::Lanes;
use super::{LIMB_BITS, VECTORS};

/// Vectors of a number below `T`.
const QUARTER: usize = VECTORS / 4;
/// Vectors of a number below `T^2`.
const HALF: usize = VECTORS / 2;

/// Tiles that hold them.
const QUARTER_TILES: usize = QUARTER.div_ceil(TILE);
const HALF_TILES: usize = HALF.div_ceil(TILE);

/// `n` as the second factor of circulant products: as a [`Table`], but what would be below the
/// lowest limb is the highest ones, with the sign that they have there.
#[derive(Clone)]
pub(super) struct Circulants {
    /// Of `n / 2` modulo `T^2 + 1`.
    half: [Entry; TILE * HALF_TILES + HALF],
    /// Of `n / 4` modulo `T + 1`.
    plus: [Entry; TILE * QUARTER_TILES + QUARTER],
    /// Of `n / 4` modulo `T - 1`.
    minus: [Entry; TILE * QUARTER_TILES + QUARTER],
}

impl Circulants {
    /// From `n / 2` and `n / 4` modulo `R - 1`.
    pub(super) fn new(mut half: Limbs, mut quarter: Limbs) -> Self {
        residues(&mut half);
        residues(&mut quarter);
        Self {
            half: circulant(&half[..HALF], |limbs| Lanes::ZERO - limbs),
            plus: circulant(&quarter[HALF..HALF + QUARTER], |limbs| Lanes::ZERO - limbs),
            minus: circulant(&quarter[HALF + QUARTER..], |limbs| limbs),
        }
    }
}

fn circulant<const LENGTH: usize>(y: &[Lanes], around: impl Fn(Lanes) -> Lanes) -> [Entry; LENGTH] {
    // What is below the lowest limb, then the limbs, then zeros that fill the last tile.
    let vector = |i: usize| match (y.get(i), y.get(i.wrapping_sub(y.len()))) {
        (Some(limbs), _) => around(*limbs),
        (_, Some(limbs)) => *limbs,
        _ => Lanes::ZERO,
    };
    let pairs = |i: usize| with_below(vector(i), vector(i.wrapping_sub(1)));
    array::from_fn(|i| {
        let i = LENGTH - 1 - i;
        [pairs(i), pairs(i).up_by_two(pairs(i.wrapping_sub(1)))]
    })
}

/// `columns / R` modulo `n`: a number whose magnitude is below `n`, if that of the columns is below
/// `n^2`.
#[inline(always)]
pub(super) fn reduce(limbs: &mut Limbs, columns: &Columns, inverse: &Table, n: &Circulants) {
    // The result's place holds columns and residues of q first.
    low_product(limbs, &low_limbs(columns), inverse);
    leave_out_multiples(limbs);
    residues(limbs);
    let q = pairs(limbs);
    let (q_half, q_rest) = q.split_at(HALF / 2);
    let (q_plus, q_minus) = q_rest.split_at(QUARTER / 2);

    let mut sums = [[Lanes::ZERO; TILE]; HALF_TILES + 2 * QUARTER_TILES];
    let (half, rest) = sums.split_at_mut(HALF_TILES);
    let (plus, minus) = rest.split_at_mut(QUARTER_TILES);
    add_up(half, q_half, &n.half);
    add_up(plus, q_plus, &n.plus);
    add_up(minus, q_minus, &n.minus);
    let [half, plus, minus] = [half, plus, minus].map(|sums| sums.as_flattened());

    // From here on modulo R - 1. A column has 160 products of limbs of x and as many of q: their
    // high parts and six low parts are below 2^20.
    let columns = columns.as_flattened();
    let mut half_joins = [Carries::after_negated(half[HALF - 1]), Carries::after(half[QUARTER - 1])];
    let mut plus_joins = Carries::after_negated(plus[QUARTER - 1]);
    let mut minus_joins = Carries::after(minus[QUARTER - 1]);
    let mut carries = [const { Carries::new() }; 4];
    for i in 0..QUARTER {
        let half = [half_joins[0].join_sum(half[i]), half_joins[1].join_sum(half[QUARTER + i])];
        let (plus, minus) = (plus_joins.join_sum(plus[i]), minus_joins.join_sum(minus[i]));
        let other_half = [minus + plus, minus - plus];
        let product = [
            other_half[0] + half[0],
            other_half[1] + half[1],
            other_half[0] - half[0],
            other_half[1] - half[1],
        ];
        for quarter in 0..4 {
            let v = QUARTER * quarter + i;
            limbs[v] = carries[quarter].carry(product[quarter] + columns[v] + columns[VECTORS + v]);
        }
    }
    // What comes out above goes in below. Such limbs are short of 0.54 R together, so they are t,
    // not another number that is the same modulo R - 1.
    let [c0, c1, c2, c3] = carries.map(Carries::into_next);
    for (quarter, carry) in [c3, c0, c1, c2].into_iter().enumerate() {
        limbs[QUARTER * quarter] = limbs[QUARTER * quarter] + carry;
    }
}

/// The lower half of the columns as limbs.
#[inline(always)]
fn low_limbs(columns: &Columns) -> Pairs {
    let columns = columns.as_flattened();
    let mut carries = Carries::new();
    array::from_fn(|i| {
        let first = carries.carry(columns[2 * i]);
        two_rows(first, carries.carry(columns[2 * i + 1]))
    })
}

/// Leaves a magnitude below `0.52 R`, modulo `R`.
#[inline(always)]
fn leave_out_multiples(columns: &mut Limbs) {
    let last = &mut columns[VECTORS - 1];
    let to_nearest = *last + Lanes::splat(1 << (LIMB_BITS - 1));
    *last = *last - (to_nearest & Lanes::new([0, 0, 0, -1 << LIMB_BITS]));
}

/// Turns columns below 2^18.3 into limbs of the residues modulo `T^2 + 1`, `T + 1` and `T - 1`, one
/// behind the other.
#[inline(always)]
pub(super) fn residues(x: &mut Limbs) {
    let mut carries = [const { Carries::new() }; 4];
    for i in 0..QUARTER {
        let [x0, x1, x2, x3] = [0, 1, 2, 3].map(|quarter| x[QUARTER * quarter + i]);
        let (even, odd) = (x0 + x2, x1 + x3);
        let columns = [x0 - x2, x1 - x3, even - odd, even + odd];
        for quarter in 0..4 {
            x[QUARTER * quarter + i] = carries[quarter].carry(columns[quarter]);
        }
    }
    let [c0, c1, c2, c3] = carries.map(Carries::into_next);
    x[QUARTER] = x[QUARTER] + c0;
    x[0] = x[0] - c1;
    x[HALF] = x[HALF] - c2;
    x[HALF + QUARTER] = x[HALF + QUARTER] + c3;
}

/// Sums in these tiles all rows of a circulant product.
#[inline(never)]
fn add_up(sums: &mut [Tile], x: &[[Row; 2]], y: &[Entry]) {
    let last = sums.len() - 1;
    for (tile, sums) in sums.iter_mut().enumerate() {
        *sums = add_rows(x, &y[TILE * (last - tile)..]);
    }
}
