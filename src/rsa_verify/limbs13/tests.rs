//! The largest limbs there can be: no sum of their products overflows, and what is made of them is as
//! small again. Values are tested along with those of the other backends.

use super::VECTORS;
use super::columns::{self, LIMB_MAX, Limbs, pairs, table};
use super::lanes::Lanes;

/// Limbs of the largest magnitude, with these signs in turn.
fn largest(signs: [i32; 4]) -> Limbs {
    [Lanes::new(signs.map(|sign| sign * LIMB_MAX)); VECTORS]
}

fn assert_small(limbs: &Limbs) {
    for limb in limbs.map(Lanes::to_array).as_flattened() {
        assert!(limb.abs() <= LIMB_MAX, "{limb}");
    }
}

/// In tests an overflow panics by itself.
fn check(x: [i32; 4], y: [i32; 4]) {
    let (x, y) = (largest(x), largest(y));
    let (mut product, mut square, mut limbs) =
        ([Lanes::ZERO; 2 * VECTORS], [Lanes::ZERO; 2 * VECTORS], [Lanes::ZERO; VECTORS]);
    columns::product(&mut product, &pairs(&x), &table(&y));
    columns::square(&mut square, &pairs(&x), &table(&x));
    columns::low_product(&mut limbs, &pairs(&x), &table(&y));
    assert_small(&limbs);
    for columns in [&mut product, &mut square] {
        columns::take_low(columns);
        columns::add_high_product(&mut limbs, columns, &pairs(&x), &table(&y));
        assert_small(&limbs);
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
