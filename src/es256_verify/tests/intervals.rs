//! That no element of nine limbs goes beyond its bounds in the formulas for points: the formulas themselves,
//! run on the intervals in which numbers can lie.

use super::super::field::FieldElement;
use super::super::number::Number;
use super::super::point::{Affine, Jacobian};

/// From where to where, in multiples of p.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Interval(f64, f64);

impl Interval {
    fn hull(self, other: Self) -> Self {
        Self(self.0.min(other.0), self.1.max(other.1))
    }

    /// A factor between -5p and 5p, as `limbs29` asks for.
    fn factor(self) -> Self {
        assert!(-5.0 < self.0 && self.1 < 5.0, "{self:?}");
        self
    }
}

impl FieldElement for Interval {
    const ZERO: Self = Self(0.0, 0.0);
    const ONE: Self = Self(0.0, 1.0);
    const THREE_HALVES: Self = Self(0.0, 1.0);

    fn new(_: &Number) -> Self {
        Self(0.0, 1.1).times(&Self::ONE)
    }

    fn number(&self) -> Number {
        self.factor();
        [0; 8]
    }

    fn plus(&self, other: &Self) -> Self {
        Self(self.0 + other.0, self.1 + other.1)
    }

    fn minus(&self, other: &Self) -> Self {
        Self(self.0 - other.1, self.1 - other.0)
    }

    fn times(&self, other: &Self) -> Self {
        let (Self(a, b), Self(c, d)) = (self.factor(), other.factor());
        let ends = [a * c, a * d, b * c, b * d];
        // (x*y + q*p)/R for q below R, and R above 32p.
        let product = Self(
            ends.into_iter().fold(0.0, f64::min) / 32.0,
            ends.into_iter().fold(0.0, f64::max) / 32.0 + 1.0,
        );
        assert!(-1.0 < product.0 && product.1 < 2.0, "{product:?}");
        product
    }

    fn squared(&self) -> Self {
        Self(0.0, self.times(self).1)
    }

    fn is_zero(&self) -> bool {
        false
    }
}

#[test]
fn coordinates_stay_within_bounds() {
    let read = Interval::new(&[0; 8]);
    let mut entry = Affine { x: read, y: read };
    let mut point = Jacobian::from(entry);
    for round in 0.. {
        let before = (entry, point);
        for next in [point.doubled(), point.plus(&entry), Jacobian::from(entry)] {
            point.x = point.x.hull(next.x);
            point.y = point.y.hull(next.y);
            point.z = point.z.hull(next.z);
        }
        for next in Jacobian::affine(&[point, point]).into_iter().flat_map(|next| [next, next.negative()]) {
            entry.x = entry.x.hull(next.x);
            entry.y = entry.y.hull(next.y);
        }
        let _ = point.has_x(&read.plus(&read));
        let unchanged = |(a, b): (Affine<_>, Jacobian<_>)| {
            (a.x, a.y, b.x, b.y, b.z) == (entry.x, entry.y, point.x, point.y, point.z)
        };
        if unchanged(before) {
            return;
        }
        assert!(round < 1000, "no end");
    }
}
