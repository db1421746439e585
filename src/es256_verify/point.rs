//! Points of P-256, which is y^2 = x^3 - 3x + b over the field modulo p (SP 800-186 section 3.2.1.3).

use alloc::vec;
use alloc::vec::Vec;

use super::field::{FieldElement, P};
use super::number::{self, Number, printed};

/// The number of points, which is prime: no point but infinity is its own negative.
pub(super) const ORDER: Number =
    printed([0xffffffff, 0x00000000, 0xffffffff, 0xffffffff, 0xbce6faad, 0xa7179e84, 0xf3b9cac2, 0xfc632551]);

/// The coefficient b of the curve.
const B: Number =
    printed([0x5ac635d8, 0xaa3a93e7, 0xb3ebbd55, 0x769886bc, 0x651d06b0, 0xcc53b0f6, 0x3bce3c3e, 0x27d2604b]);

/// The coordinates of the generator G.
const GENERATOR: [Number; 2] = [
    printed([0x6b17d1f2, 0xe12c4247, 0xf8bce6e5, 0x63a440f2, 0x77037d81, 0x2deb33a0, 0xf4a13945, 0xd898c296]),
    printed([0x4fe342e2, 0xfe1a7f9b, 0x8ee7eb4a, 0x7c0f9e16, 0x2bce3357, 0x6b315ece, 0xcbb64068, 0x37bf51f5]),
];

/// A point other than infinity, by its coordinates.
#[derive(Clone, Copy)]
pub(super) struct Affine<F> {
    pub(super) x: F,
    pub(super) y: F,
}

/// The point `(x/z^2, y/z^3)`, or infinity if z is zero.
#[derive(Clone, Copy)]
pub(super) struct Jacobian<F> {
    pub(super) x: F,
    pub(super) y: F,
    pub(super) z: F,
}

impl<F: FieldElement> Affine<F> {
    /// The point of these coordinates, if they are below p and it lies on the curve.
    pub(super) fn new(x: &Number, y: &Number) -> Option<Self> {
        if !number::is_less(x, &P) || !number::is_less(y, &P) {
            return None;
        }
        let (x, y) = (F::new(x), F::new(y));
        let three = F::ONE.plus(&F::ONE).plus(&F::ONE);
        let right = x.squared().minus(&three).times(&x).plus(&F::new(&B));
        (y.squared().number() == right.number()).then_some(Self { x, y })
    }

    pub(super) fn generator() -> Self {
        let [x, y] = GENERATOR.map(|coordinate| F::new(&coordinate));
        Self { x, y }
    }

    pub(super) fn negative(&self) -> Self {
        Self { x: self.x, y: F::ZERO.minus(&self.y) }
    }
}

impl<F: FieldElement> Jacobian<F> {
    pub(super) const INFINITY: Self = Self { x: F::ONE, y: F::ONE, z: F::ZERO };

    pub(super) fn is_infinity(&self) -> bool {
        self.z.is_zero()
    }

    /// Twice the point: with `m = (3x^2 - 3z^4) / 2`, and all three coordinates scaled by one half,
    ///
    /// ```text
    /// x' = m^2 - 2 x y^2    y' = m (x y^2 - x') - y^4    z' = y z
    /// ```
    ///
    /// which is infinity for infinity, and for no other point, since no y is zero.
    pub(super) fn doubled(&self) -> Self {
        let zz = self.z.squared();
        let yy = self.y.squared();
        let xyy = self.x.times(&yy);
        let m = self.x.minus(&zz).times(&self.x.plus(&zz)).times(&F::THREE_HALVES);
        let x = m.squared().minus(&xyy.plus(&xyy));
        let y = m.times(&xyy.minus(&x)).minus(&yy.squared());
        Self { x, y, z: self.y.times(&self.z) }
    }

    /// The sum with a point: with `h = x2 z^2 - x` and `r = y2 z^3 - y`,
    ///
    /// ```text
    /// x' = r^2 - h^3 - 2 x h^2    y' = r (x h^2 - x') - y h^3    z' = z h
    /// ```
    ///
    /// Where that is not the sum, z' is zero: for infinity, and for two points with the same x.
    pub(super) fn plus(&self, other: &Affine<F>) -> Self {
        let zz = self.z.squared();
        let h = other.x.times(&zz).minus(&self.x);
        let z = self.z.times(&h);
        let r = other.y.times(&zz.times(&self.z)).minus(&self.y);
        if z.is_zero() {
            return if self.is_infinity() {
                Self::from(*other)
            } else if r.number() == F::ZERO.number() {
                self.doubled()
            } else {
                Self::INFINITY
            };
        }
        let hh = h.squared();
        let hhh = hh.times(&h);
        let xhh = self.x.times(&hh);
        let x = r.squared().minus(&hhh).minus(&xhh.plus(&xhh));
        let y = r.times(&xhh.minus(&x)).minus(&self.y.times(&hhh));
        Self { x, y, z }
    }

    /// Whether this is x of the point; not for infinity.
    #[inline(never)]
    pub(super) fn has_x(&self, x: &F) -> bool {
        x.times(&self.z.squared()).number() == self.x.number()
    }

    /// The same points by their coordinates; none of them may be infinity.
    ///
    /// One inversion is enough for all (Montgomery's trick): the inverse of the product of all z, multiplied
    /// by those before one of them, is the inverse of that one as soon as those after it are taken off.
    pub(super) fn affine(points: &[Self]) -> Vec<Affine<F>> {
        let mut product = F::ONE;
        let mut affine = vec![Affine { x: product, y: product }; points.len()];
        for (affine, point) in affine.iter_mut().zip(points) {
            // For now, the product of all z before this one.
            affine.x = product;
            product = product.times(&point.z);
        }
        let mut rest = product.inverse();
        for (affine, point) in affine.iter_mut().zip(points).rev() {
            let inverse = rest.times(&affine.x);
            rest = rest.times(&point.z);
            let square = inverse.squared();
            *affine = Affine { x: point.x.times(&square), y: point.y.times(&square.times(&inverse)) };
        }
        affine
    }
}

impl<F: FieldElement> From<Affine<F>> for Jacobian<F> {
    fn from(point: Affine<F>) -> Self {
        Self { x: point.x, y: point.y, z: F::ONE }
    }
}
