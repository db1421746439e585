//! Points and the comb in both backends against the `p256` crate.

use alloc::vec::Vec;

use num_bigint::BigUint;
use p256::elliptic_curve::PrimeField;
use p256::elliptic_curve::group::Group;
use p256::elliptic_curve::point::AffineCoordinates;
use p256::{FieldBytes, ProjectivePoint, Scalar};
use proptest::prelude::*;

use super::super::comb::{Comb, sum};
use super::super::field::{FieldElement, P};
use super::super::number::{self, Number, printed};
use super::super::point::{Affine, Jacobian, ORDER};
use super::super::{limbs29, limbs64};
use super::{any_number, big, small, striking_numbers};

/// A number, which may be above the order, as a scalar of the crate.
fn scalar(number: &BigUint) -> Scalar {
    let bytes = number::to_big_endian(&small(&(number % big(&ORDER))));
    Scalar::from_repr(FieldBytes::from(bytes)).expect("below the order")
}

fn times_generator(number: &BigUint) -> ProjectivePoint {
    ProjectivePoint::GENERATOR * scalar(number)
}

fn coordinates(point: &ProjectivePoint) -> [Number; 2] {
    let point = point.to_affine();
    [point.x(), point.y()].map(|bytes| number::from_big_endian(&bytes.into()))
}

fn affine<F: FieldElement>(point: &ProjectivePoint) -> Affine<F> {
    let [x, y] = coordinates(point);
    Affine::new(&x, &y).expect("on the curve")
}

/// The point with another z than one.
fn jacobian<F: FieldElement>(point: &ProjectivePoint, z: u32) -> Jacobian<F> {
    let Affine { x, y } = affine::<F>(point);
    let z = F::new(&[z, 1, 2, 3, 4, 5, 6, 7]);
    Jacobian { x: x.times(&z.squared()), y: y.times(&z.squared().times(&z)), z }
}

fn assert_same<F: FieldElement>(ours: &Jacobian<F>, theirs: &ProjectivePoint) {
    assert_eq!(ours.is_infinity(), bool::from(theirs.is_identity()));
    if ours.is_infinity() {
        return;
    }
    let [x, y] = coordinates(theirs);
    assert!(ours.has_x(&F::new(&x)) && !ours.has_x(&F::new(&y)));
    let [point] = Jacobian::affine(&[*ours]).try_into().map_err(|_| ()).expect("one");
    let Affine { x: our_x, y: our_y } = point;
    assert_eq!([our_x.number(), our_y.number()], [x, y]);
}

fn check_addition<F: FieldElement>(a: &BigUint, b: &BigUint) {
    let (left, right) = (times_generator(a), times_generator(b));
    if bool::from(left.is_identity()) || bool::from(right.is_identity()) {
        return;
    }
    let (ours, other) = (jacobian::<F>(&left, 8), affine::<F>(&right));
    assert_same(&ours, &left);
    assert_same(&ours.doubled(), &left.double());
    assert_same(&ours.doubled().doubled(), &left.double().double());
    assert_same(&ours.plus(&other), &(left + right));
    assert_same(&ours.plus(&other.negative()), &(left - right));
    assert_same(&ours.plus(&other).plus(&other), &(left + right + right));
    // The exceptions: a point with itself and with its negative, and infinity.
    let same = affine::<F>(&left);
    assert_same(&ours.plus(&same), &left.double());
    let infinity = ours.plus(&same.negative());
    for infinity in [infinity, infinity.doubled(), Jacobian::INFINITY, Jacobian::INFINITY.doubled()] {
        assert!(infinity.is_infinity());
        assert_same(&infinity.plus(&other), &right);
        assert_same(&infinity.plus(&other.negative()), &-right);
    }
}

fn check_sum<F: FieldElement>(u: &BigUint, v: &BigUint, key: &BigUint) {
    let (generator, point) = (ProjectivePoint::GENERATOR, times_generator(key));
    let (first, second) = (Comb::new(Affine::<F>::generator()), Comb::new(affine::<F>(&point)));
    let reduced = |number: &BigUint| small(&(number % big(&ORDER)));
    let ours = sum(&reduced(u), &first, &reduced(v), &second);
    assert_same(&ours, &(generator * scalar(u) + point * scalar(v)));
}

#[test]
fn additions_of_striking_multiples() {
    let numbers: Vec<_> = striking_numbers(&big(&ORDER)).into_iter().step_by(3).collect();
    for a in &numbers {
        for b in &numbers {
            check_addition::<limbs29::Element>(a, b);
            check_addition::<limbs64::Element>(a, b);
        }
    }
}

#[test]
fn sums_of_striking_multiples() {
    let order = big(&ORDER);
    let (first, second) = (Comb::new(Affine::generator()), Comb::new(Affine::generator()));
    let numbers = striking_numbers(&order);
    // With the generator as the key, the two halves of the sum meet and cancel in every way.
    for u in &numbers {
        for v in &numbers {
            let ours = sum::<limbs29::Element>(&small(&(u % &order)), &first, &small(&(v % &order)), &second);
            assert_same(&ours, &times_generator(&(u + v)));
        }
    }
    for key in [1_u32, 2, 3].into_iter().map(BigUint::from).chain([&order - 1_u32, &order - 2_u32]) {
        for u in numbers.iter().step_by(5) {
            check_sum::<limbs64::Element>(u, &(u * &key), &key);
            check_sum::<limbs64::Element>(&(u * &key), u, &key);
            check_sum::<limbs64::Element>(&(&order * &key - u % &order * &key), u, &key);
        }
    }
}

#[test]
fn the_generator_and_points_off_the_curve() {
    fn check<F: FieldElement>() {
        let Affine { x, y } = Affine::<F>::generator();
        let [gx, gy] = coordinates(&ProjectivePoint::GENERATOR);
        assert_eq!([x.number(), y.number()], [gx, gy]);
        assert!(Affine::<F>::new(&gx, &gy).is_some());
        assert!(Affine::<F>::new(&gy, &gx).is_none());
        // Coordinates so small that there is room for p, which may not be added to them.
        for [x, y] in [coordinates(&with_x(5)), WITH_SMALL_Y] {
            assert!(Affine::<F>::new(&x, &y).is_some());
            for (x, y) in [(number::add(&x, &P), (y, false)), ((x, false), number::add(&y, &P))] {
                assert!(x.1 || y.1 || Affine::<F>::new(&x.0, &y.0).is_none());
            }
        }
    }
    check::<limbs29::Element>();
    check::<limbs64::Element>();
}

/// A point whose y is 5.
const WITH_SMALL_Y: [Number; 2] = [
    printed([0xd7325d76, 0x46cd60d8, 0x0a92738c, 0xeb345f84, 0x4cffaf35, 0x841022ca, 0xb176f692, 0xde8de1d7]),
    [5, 0, 0, 0, 0, 0, 0, 0],
];

/// A point of small x, of which there are two if there is one.
fn with_x(x: u8) -> ProjectivePoint {
    let mut compressed = [0; 33];
    (compressed[0], compressed[32]) = (2, x);
    p256::PublicKey::from_sec1_bytes(&compressed).expect("on the curve").to_projective()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn additions_of_any_multiples(a in any_number(), b in any_number()) {
        check_addition::<limbs29::Element>(&a, &b);
        check_addition::<limbs64::Element>(&a, &b);
    }

    #[test]
    fn sums_of_any_multiples(u in any_number(), v in any_number(), key in any_number()) {
        let key = key % big(&ORDER) + 1_u32;
        prop_assume!(key < big(&ORDER));
        check_sum::<limbs29::Element>(&u, &v, &key);
        check_sum::<limbs64::Element>(&u, &v, &key);
    }
}
