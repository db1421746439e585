//! The largest limbs there can be: no sum of their products overflows, and what is made of them is as
//! small again. Values are tested along with those of the other backends.

use core::array;

use super::VECTORS;
use super::columns::{self, CONSTANT_MAX, LIMB_MAX, Limbs, constant, pairs, table};
use super::lanes::Lanes;
use super::reduction::{self, Circulants};

/// Limbs of the largest magnitude, with these signs in turn.
fn largest(signs: [i32; 4]) -> Limbs {
    [Lanes::new(signs.map(|sign| sign * LIMB_MAX)); VECTORS]
}

/// As many of these limbs as a constant may have, so that they start, end or lie far apart.
fn largest_constants(limbs: &Limbs) -> [Limbs; 3] {
    const MOST: usize = (CONSTANT_MAX / LIMB_MAX) as usize / 4;
    let only = |is_kept: fn(usize) -> bool| {
        let kept = array::from_fn(|i| if is_kept(i) { limbs[i] } else { Lanes::ZERO });
        assert_eq!((0..VECTORS).filter(|i| is_kept(*i)).count(), MOST);
        assert!(constant(&kept).is_some());
        kept
    };
    [only(|i| i < MOST), only(|i| i >= VECTORS - MOST), only(|i| i * MOST % VECTORS < MOST)]
}

fn assert_small(limbs: &Limbs) {
    for limb in limbs.map(Lanes::to_array).as_flattened() {
        assert!(limb.abs() <= LIMB_MAX, "{limb}");
    }
}

/// Numbers whose residues modulo all three factors of R - 1 have the largest limbs.
fn largest_circulants(signs: [i32; 4]) -> Circulants {
    let limbs = |vectors: usize| {
        let vector = Lanes::new(signs.map(|sign| sign * 4096));
        array::from_fn(|i| if i < vectors { vector } else { Lanes::ZERO })
    };
    Circulants::new(limbs(VECTORS / 2), limbs(VECTORS / 4))
}

/// In tests an overflow panics by itself.
fn check(x: [i32; 4], y: [i32; 4]) {
    let circulants = largest_circulants(y);
    let (x, y) = (largest(x), largest(y));
    for columns in [columns::product(&pairs(&x), &table(&y)), columns::square(&pairs(&x), &table(&x))] {
        for y in largest_constants(&y).map(|y| table(&y)) {
            let mut limbs = [Lanes::ZERO; VECTORS];
            columns::low_product(&mut limbs, &pairs(&x), &y);
            reduction::residues(&mut limbs);
            assert_small(&limbs);
            reduction::reduce(&mut limbs, &columns, &y, &circulants);
            assert_small(&limbs);
        }
    }
}

#[test]
fn columns_at_their_bound() {
    for signs in [[1; 4], [-1; 4], [1, -1, 1, -1], [1, 1, -1, -1]] {
        // Each quarter by itself, so that none of them cancels another.
        for sign_of in [[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]] {
            let mut limbs = array::from_fn(|i| {
                Lanes::new(signs.map(|sign| sign * sign_of[4 * i / VECTORS] * ((1 << 18) + (1 << 13))))
            });
            reduction::residues(&mut limbs);
            assert_small(&limbs);
        }
    }
}

#[test]
fn largest_limbs() {
    let signs = [[1; 4], [-1; 4], [1, -1, 1, -1], [1, 1, -1, -1]];
    for x in signs {
        for y in signs {
            check(x, y);
        }
    }
}

#[test]
fn constants_within_their_bound() {
    let sum_of = |rest: i32| {
        let mut limbs = [Lanes::ZERO; VECTORS];
        limbs[..30].fill(Lanes::new([-4096, 4096, -4096, 4096]));
        limbs[VECTORS - 1] = Lanes::new([0, -rest, 1, 0]);
        constant(&limbs)
    };
    let rest = CONSTANT_MAX - 30 * 4 * 4096 - 1;
    assert!(sum_of(rest).is_some());
    assert!(sum_of(rest + 1).is_none());
}
