//! Division against `num-bigint`.

use num_bigint::BigUint;
use proptest::prelude::*;

use super::super::division::quotients;
use super::super::field::P;
use super::super::number::{self, Number};
use super::super::point::ORDER;
use super::{any_number, big, small, striking_numbers};

fn check(numerators: [&BigUint; 2], denominator: &BigUint, m: &Number) {
    let modulus = big(m);
    let quotients = quotients(numerators.map(small), &small(&(denominator % &modulus)), m);
    let inverse = (denominator % &modulus).modinv(&modulus).unwrap_or_default();
    for (quotient, numerator) in quotients.iter().zip(numerators) {
        assert_eq!(big(quotient), numerator * &inverse % &modulus, "{numerator:x} / {denominator:x}");
    }
}

#[test]
fn quotients_of_striking_numbers() {
    for m in [P, ORDER] {
        let numbers = striking_numbers(&big(&m));
        for numerator in &numbers {
            for denominator in &numbers {
                check([numerator, denominator], denominator, &m);
            }
        }
    }
}

#[test]
fn nothing_is_divided_by_zero() {
    assert_eq!(quotients([number::ONE, ORDER], &number::ZERO, &P), [number::ZERO; 2]);
}

#[test]
fn other_odd_moduli() {
    // The bounds of the division hold for any of 256 bits.
    let m = [u32::MAX, 0, u32::MAX, 0, 1, 2, 3, 1 << 31];
    for denominator in striking_numbers(&big(&m)) {
        if denominator.modinv(&big(&m)).is_some() {
            check([&BigUint::from(5_u32), &denominator], &denominator, &m);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn quotients_of_any_numbers(a in any_number(), b in any_number(), denominator in any_number()) {
        check([&a, &b], &denominator, &P);
        check([&a, &b], &denominator, &ORDER);
    }

    #[test]
    fn sums_differences_and_order(a in any_number(), b in any_number()) {
        let limit = BigUint::from(1_u32) << 256_u32;
        let (sum, carry) = number::add(&small(&a), &small(&b));
        prop_assert_eq!((big(&sum), carry), ((&a + &b) % &limit, &a + &b >= limit));
        let (difference, borrow) = number::subtract(&small(&a), &small(&b));
        prop_assert_eq!((big(&difference), borrow), ((&limit + &a - &b) % &limit, a < b));
        prop_assert_eq!(number::is_less(&small(&a), &small(&b)), a < b);
        prop_assert!(!number::is_less(&small(&a), &small(&a)));
    }

    #[test]
    fn limbs_hold_what_words_hold(a in any_number()) {
        prop_assert_eq!(number::words(&number::limbs(&small(&a))), small(&a));
    }
}
