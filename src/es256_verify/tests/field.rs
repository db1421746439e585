//! The field in both backends against `num-bigint`.

use num_bigint::BigUint;
use proptest::prelude::*;

use super::super::field::{FieldElement, P, power_of_two, three_halves};
use super::super::{limbs29, limbs64};
use super::{any_number, big, small, striking_numbers};

fn check_both(x: &BigUint, y: &BigUint) {
    check::<limbs29::Element>(x, y);
    check::<limbs64::Element>(x, y);
}

fn check<F: FieldElement>(x: &BigUint, y: &BigUint) {
    let p = big(&P);
    let (a, b) = (F::new(&small(x)), F::new(&small(y)));
    let is =
        |element: F, expected: BigUint| assert_eq!(big(&element.number()), expected % &p, "{x:x} and {y:x}");
    let negative = |number: &BigUint| &p - number % &p;
    is(a, x.clone());
    is(a.plus(&b), x + y);
    is(a.minus(&b), x + negative(y));
    is(a.times(&b), x * y);
    is(a.squared(), x * x);
    is(a.times(&F::THREE_HALVES).plus(&a.times(&F::THREE_HALVES)), x * 3_u32);
    assert_eq!(a.times(&b).is_zero(), (x * y % &p).bits() == 0);
    // Factors as far from zero as they come in the formulas for points, on either side.
    let (sum, difference) = (a.plus(&b).plus(&b).plus(&b), F::ZERO.minus(&a).minus(&b).minus(&b).minus(&a));
    is(sum.times(&difference), (x + y * 3_u32) * (negative(x) + negative(y)) * 2_u32);
    is(sum.squared(), (x + y * 3_u32).pow(2));
    is(difference.squared(), (x + y).pow(2) * 4_u32);
    is(difference, (negative(x) + negative(y)) * 2_u32);
}

#[test]
fn striking_elements() {
    let numbers = striking_numbers(&big(&P));
    for x in &numbers {
        for y in &numbers {
            check_both(x, y);
        }
    }
}

#[test]
fn zero_and_one() {
    fn check<F: FieldElement>() {
        assert!(F::ZERO.is_zero() && !F::ONE.is_zero());
        assert_eq!(F::ONE.number(), super::super::number::ONE);
        assert_eq!(F::ZERO.number(), super::super::number::ZERO);
        // Zero as a product has more than one form.
        let p = F::new(&P);
        for zero in [p, p.times(&p), F::ONE.minus(&F::ONE).squared(), p.times(&F::ZERO.minus(&F::ONE))] {
            assert!(zero.is_zero());
            assert_eq!(zero.number(), super::super::number::ZERO);
        }
        assert!(F::ZERO.inverse().is_zero());
    }
    check::<limbs29::Element>();
    check::<limbs64::Element>();
}

#[test]
fn constants() {
    let p = big(&P);
    // As SP 800-186 section 3.2.1.3 gives it.
    let power = |exponent: u32| BigUint::from(1_u32) << exponent;
    assert_eq!(p, power(256) - power(224) + power(192) + power(96) - 1_u32);
    for exponent in [0, 1, 255, 256, 261, 512, 522] {
        assert_eq!(big(&power_of_two(exponent)), power(exponent) % &p);
    }
    assert_eq!(big(&three_halves(261)), power(260) * 3_u32 % &p);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_elements(x in any_number(), y in any_number()) {
        check_both(&x, &y);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn inverses(x in any_number()) {
        fn check<F: FieldElement>(x: &BigUint) {
            let element = F::new(&small(x));
            let one = if element.is_zero() { F::ZERO } else { F::ONE };
            assert_eq!(element.inverse().times(&element).number(), one.number());
        }
        check::<limbs29::Element>(&x);
        check::<limbs64::Element>(&x);
    }
}
