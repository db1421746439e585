//! The largest limbs there can be: no sum of their products overflows, and what is made of them is as
//! small again. Values are tested along with those of the other backends.

use core::array;

use super::VECTORS;
use super::columns::{self, CONSTANT_MAX, LIMB_MAX, Limbs, constant, pairs, table};
use super::lanes::Lanes;

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

/// In tests an overflow panics by itself.
fn check(x: [i32; 4], y: [i32; 4]) {
    let (x, y) = (largest(x), largest(y));
    let mut limbs = [Lanes::ZERO; VECTORS];
    for columns in [columns::product(&pairs(&x), &table(&y)), columns::square(&pairs(&x), &table(&x))] {
        for y in largest_constants(&y).map(|y| table(&y)) {
            columns::low_product(&mut limbs, &pairs(&x), &y);
            assert_small(&limbs);
            let mut columns = columns;
            columns::take_low(&mut columns);
            columns::add_high_product(&mut limbs, &columns, &pairs(&x), &y);
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
        limbs[..31].fill(Lanes::new([-4096, 4096, -4096, 4096]));
        limbs[VECTORS - 1] = Lanes::new([0, -rest, 1, 0]);
        constant(&limbs)
    };
    let rest = CONSTANT_MAX - 31 * 4 * 4096 - 1;
    assert!(sum_of(rest).is_some());
    assert!(sum_of(rest + 1).is_none());
}
