//! Four 32-bit lanes: a vector of WebAssembly, or an array that behaves the same where tests run.
//!
//! In the array, additions that overflow a lane panic in tests: that is how the bounds stated beside
//! the sums of products are held.

use core::ops::{Add, BitAnd, BitOr, Sub};

#[cfg(all(target_family = "wasm", target_feature = "simd128"))]
use self::vector as implementation;

#[cfg(not(all(target_family = "wasm", target_feature = "simd128")))]
use self::array as implementation;

/// Four signed 32-bit numbers, or eight signed 16-bit numbers in pairs, low half first.
#[derive(Clone, Copy)]
pub(super) struct Lanes(implementation::Four);

impl Lanes {
    pub(super) const ZERO: Self = Self(implementation::ZERO);

    #[inline(always)]
    pub(super) fn new(lanes: [i32; 4]) -> Self {
        Self(implementation::new(lanes))
    }

    #[inline(always)]
    pub(super) fn splat(lane: i32) -> Self {
        Self(implementation::splat(lane))
    }

    #[inline(always)]
    pub(super) fn to_array(self) -> [i32; 4] {
        implementation::to_array(self.0)
    }

    /// In each lane, the low halves multiplied plus the high halves multiplied, all signed.
    #[inline(always)]
    pub(super) fn dot(self, other: Self) -> Self {
        Self(implementation::dot(self.0, other.0))
    }

    /// Adds the 16-bit halves, each for itself.
    #[inline(always)]
    pub(super) fn add_halves(self, other: Self) -> Self {
        Self(implementation::add_halves(self.0, other.0))
    }

    /// The lanes of `self` and then of `next`, which all fit in 16 bits, as pairs.
    #[inline(always)]
    pub(super) fn pairs(self, next: Self) -> Self {
        Self(implementation::pairs(self.0, next.0))
    }

    #[inline(always)]
    pub(super) fn shift_left<const BITS: u32>(self) -> Self {
        Self(implementation::shift_left(self.0, BITS))
    }

    /// Rounds towards minus infinity.
    #[inline(always)]
    pub(super) fn shift_right<const BITS: u32>(self) -> Self {
        Self(implementation::shift_right(self.0, BITS))
    }

    /// Moves each lane up by one; `before` gives its last lane to the first.
    #[inline(always)]
    pub(super) fn up_by_one(self, before: Self) -> Self {
        Self(implementation::up_by_one(self.0, before.0))
    }

    /// Moves each lane up by two; `before` gives its last two to the first.
    #[inline(always)]
    pub(super) fn up_by_two(self, before: Self) -> Self {
        Self(implementation::up_by_two(self.0, before.0))
    }
}

impl Add for Lanes {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(implementation::add(self.0, other.0))
    }
}

impl Sub for Lanes {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(implementation::sub(self.0, other.0))
    }
}

impl BitAnd for Lanes {
    type Output = Self;

    #[inline(always)]
    fn bitand(self, other: Self) -> Self {
        Self(implementation::and(self.0, other.0))
    }
}

impl BitOr for Lanes {
    type Output = Self;

    #[inline(always)]
    fn bitor(self, other: Self) -> Self {
        Self(implementation::or(self.0, other.0))
    }
}

/// WebAssembly's own operations, each of one machine instruction in V8 on x86-64.
#[cfg(all(target_family = "wasm", target_feature = "simd128"))]
mod vector {
    pub(super) use core::arch::wasm32::v128 as Four;
    pub(super) use core::arch::wasm32::{
        i16x8_add as add_halves, i16x8_narrow_i32x4 as pairs, i32x4_add as add, i32x4_dot_i16x8 as dot,
        i32x4_shl as shift_left, i32x4_shr as shift_right, i32x4_splat as splat, i32x4_sub as sub,
        v128_and as and, v128_or as or,
    };
    use core::arch::wasm32::{i32x4, i32x4_extract_lane, i32x4_shuffle};

    pub(super) const ZERO: Four = i32x4(0, 0, 0, 0);

    #[inline(always)]
    pub(super) fn new([a, b, c, d]: [i32; 4]) -> Four {
        i32x4(a, b, c, d)
    }

    #[inline(always)]
    pub(super) fn to_array(x: Four) -> [i32; 4] {
        [
            i32x4_extract_lane::<0>(x),
            i32x4_extract_lane::<1>(x),
            i32x4_extract_lane::<2>(x),
            i32x4_extract_lane::<3>(x),
        ]
    }

    #[inline(always)]
    pub(super) fn up_by_one(x: Four, before: Four) -> Four {
        i32x4_shuffle::<3, 4, 5, 6>(before, x)
    }

    #[inline(always)]
    pub(super) fn up_by_two(x: Four, before: Four) -> Four {
        i32x4_shuffle::<2, 3, 4, 5>(before, x)
    }
}

/// The same on an array.
#[cfg(not(all(target_family = "wasm", target_feature = "simd128")))]
mod array {
    #![allow(
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        reason = "halves of lanes are cut off and joined on purpose, and an overflow is to be found"
    )]

    pub(super) type Four = [i32; 4];

    pub(super) const ZERO: Four = [0; 4];

    pub(super) const fn new(lanes: [i32; 4]) -> Four {
        lanes
    }

    pub(super) const fn splat(lane: i32) -> Four {
        [lane; 4]
    }

    pub(super) const fn to_array(x: Four) -> [i32; 4] {
        x
    }

    pub(super) fn add(x: Four, y: Four) -> Four {
        in_lanes(x, y, |x, y| x + y)
    }

    pub(super) fn sub(x: Four, y: Four) -> Four {
        in_lanes(x, y, |x, y| x - y)
    }

    pub(super) fn and(x: Four, y: Four) -> Four {
        in_lanes(x, y, |x, y| x & y)
    }

    pub(super) fn or(x: Four, y: Four) -> Four {
        in_lanes(x, y, |x, y| x | y)
    }

    pub(super) fn dot(x: Four, y: Four) -> Four {
        in_lanes(x, y, |x, y| low(x) * low(y) + high(x) * high(y))
    }

    pub(super) fn add_halves(x: Four, y: Four) -> Four {
        in_lanes(x, y, |x, y| pair(low(x) + low(y), high(x) + high(y)))
    }

    pub(super) fn pairs([a, b, c, d]: Four, [e, f, g, h]: Four) -> Four {
        [pair(a, b), pair(c, d), pair(e, f), pair(g, h)]
    }

    pub(super) fn shift_left(x: Four, bits: u32) -> Four {
        x.map(|x| x << bits)
    }

    pub(super) fn shift_right(x: Four, bits: u32) -> Four {
        x.map(|x| x >> bits)
    }

    pub(super) const fn up_by_one([a, b, c, _]: Four, [.., before]: Four) -> Four {
        [before, a, b, c]
    }

    pub(super) const fn up_by_two([a, b, ..]: Four, [.., first, second]: Four) -> Four {
        [first, second, a, b]
    }

    fn in_lanes([a, b, c, d]: Four, [e, f, g, h]: Four, operation: impl Fn(i32, i32) -> i32) -> Four {
        [operation(a, e), operation(b, f), operation(c, g), operation(d, h)]
    }

    const fn low(x: i32) -> i32 {
        x as i16 as i32
    }

    const fn high(x: i32) -> i32 {
        x >> 16
    }

    /// The low 16 bits of both.
    const fn pair(low: i32, high: i32) -> i32 {
        low & 0xffff | high << 16
    }
}
