//! Sums of products of 13-bit limbs, four columns to a vector, and their carries.
//!
//! One operation ([`Lanes::dot`]) adds two products in each of four columns: pairs of limbs of one
//! factor, the same in all lanes, meet pairs of neighbouring limbs of the other, which a [`Table`]
//! holds ready for every column. Sums run column by column: a *tile* of four vectors, 16 columns,
//! stays in registers while all its rows are added, so that nothing but factors is loaded.
//!
//! A *row* is a vector of the first factor: four limbs, two pairs, so two operations per vector of
//! the tile.
//!
//! Sums are stored before anything else is made of them: an engine that runs out of registers
//! keeps a sum in memory all along. Arrays are made entry by entry where they can be, since
//! clearing and copying them takes a twentieth of the time.

use core::array;

use super::lanes::Lanes;
use super::{LIMB_BITS, VECTORS};

/// Limbs, four to a vector, least significant first.
pub(super) type Limbs = [Lanes; VECTORS];

/// The columns of a product, by tiles.
pub(super) type Columns = [Tile; 2 * TILES];
pub(super) type Tile = [Lanes; TILE];

/// The limbs of a first factor in pairs, two to a row, and two rows together.
pub(super) type Pairs = [[Row; 2]; VECTORS / 2];
pub(super) type Row = [i32; 2];

/// A second factor `y`: entry `LAST - s` holds for lane `l` and `k = 4s + l` the pairs
/// `(y[k], y[k-1])` and `(y[k-2], y[k-3])`, zero where `y` has no limb.
///
/// Backwards, because with every further row a column needs the vector before. Zeros on both sides
/// let a tile run over the ends.
pub(super) type Table = [Entry; VECTORS + 2 * TILE];
pub(super) type Entry = [Lanes; 2];

const LAST: usize = VECTORS + TILE - 1;

/// Vectors in a tile.
pub(super) const TILE: usize = 4;
/// Tiles in the lower half of the columns, and in the upper.
const TILES: usize = VECTORS / TILE;

/// What no limb exceeds in magnitude.
pub(super) const LIMB_MAX: i32 = (1 << (LIMB_BITS - 1)) + (1 << 8);

/// What the magnitudes of a constant's limbs may have in all: then no column of a product with it
/// reaches 2^31.
///
/// Limbs at random have 2^11 on average, hence two thirds of this, and 11 standard deviations less.
pub(super) const CONSTANT_MAX: i32 = i32::MAX / LIMB_MAX;

// Otherwise no more than half the rows are added at once, and in a square one more.
const _: () = assert!((4 * (VECTORS / 2 + 1)) as i64 * (LIMB_MAX as i64).pow(2) < 1 << 31);

/// The pairs of a first factor.
#[inline(always)]
pub(super) fn pairs(x: &Limbs) -> Pairs {
    array::from_fn(|i| two_rows(x[2 * i], x[2 * i + 1]))
}

#[inline(always)]
pub(super) fn two_rows(first: Lanes, second: Lanes) -> [Row; 2] {
    let [a, b, c, d] = first.pairs(second).to_array();
    [[a, b], [c, d]]
}

/// The table of a second factor.
#[inline(always)]
pub(super) fn table(y: &Limbs) -> Table {
    let (mut limbs_below, mut pairs) = (Lanes::ZERO, Lanes::ZERO);
    array::from_fn(|i| {
        let limbs = limbs_below;
        limbs_below = y.get((LAST - 2).wrapping_sub(i)).copied().unwrap_or(Lanes::ZERO);
        let pairs_below = with_below(limbs, limbs_below);
        let entry = [pairs, pairs.up_by_two(pairs_below)];
        pairs = pairs_below;
        entry
    })
}

/// Limbs in pairs with the one below each.
#[inline(always)]
pub(super) fn with_below(limbs: Lanes, limbs_below: Lanes) -> Lanes {
    limbs & Lanes::splat(0xffff) | limbs.up_by_one(limbs_below).shift_left::<16>()
}

/// The table of a constant, unless its limbs exceed [`CONSTANT_MAX`].
#[inline(never)]
pub(super) fn constant(y: &Limbs) -> Option<Table> {
    let limbs = y.map(Lanes::to_array);
    let sum: i32 = limbs.as_flattened().iter().map(|limb| limb.abs()).sum();
    (sum <= CONSTANT_MAX).then(|| table(y))
}

/// The columns of `x * y`.
#[inline(always)]
pub(super) fn product(x: &Pairs, y: &Table) -> Columns {
    let (mut first, mut second) = ([[Lanes::ZERO; TILE]; 2 * TILES], [[Lanes::ZERO; TILE]; 2 * TILES]);
    add_up(&mut first, 0, x, 0, VECTORS / 2, y);
    add_up(&mut second, 0, x, VECTORS / 2, VECTORS, y);
    let mut carries = Carries::new();
    array::from_fn(|tile| {
        array::from_fn(|t| {
            let (first, second) = (first[tile][t], second[tile][t]);
            carries.join(
                (first & low_bits()) + (second & low_bits()),
                first.shift_right::<LIMB_BITS>() + second.shift_right::<LIMB_BITS>(),
            )
        })
    })
}

/// The columns of `x * x`; of the two products of different limbs one is added, and doubled.
#[inline(always)]
pub(super) fn square(x: &Pairs, table: &Table) -> Columns {
    // Row r meets the vectors v - r and v - r - 1 in column vector v, so all rows below half of
    // a tile's first vector meet later vectors only.
    let sums_once: Columns =
        array::from_fn(|tile| rows(tile, x, (TILE * tile).saturating_sub(VECTORS), TILE * tile / 2, table));
    let mut carries = Carries::new();
    // In entry s of a table, the pairs' limbs that belong to vector s; the others are of s - 1.
    let own = [Lanes::new([0xffff, -1, -1, -1]), Lanes::new([0, 0, 0xffff, -1])];
    array::from_fn(|tile| {
        // The next two rows meet themselves: in column vector 2r with the low half of the square of
        // vector r, in 2r + 1 with the high half and (doubled) the low half of the next vector.
        let mut once = sums_once[tile];
        let meets: [Entry; TILE] = array::from_fn(|s| table[LAST - 2 * tile - s]);
        let [a, b] = x[tile].each_ref().map(pair_lanes);
        let itself = |row: [Lanes; 2], entry: Entry| {
            plus_dot(Lanes::ZERO, row, [entry[0] & own[0], entry[1] & own[1]])
        };
        let itself_and_next = |row: [Lanes; 2], entry: Entry| {
            plus_dot(
                Lanes::ZERO,
                row,
                [entry[0].add_halves(entry[0] & own[0]), entry[1].add_halves(entry[1] & own[1])],
            )
        };
        once[2] = plus_dot(once[2], a, meets[2]);
        once[3] = plus_dot(once[3], a, meets[3]);
        let doubled_already = [
            itself(a, meets[0]),
            itself_and_next(a, meets[1]),
            itself(b, meets[1]),
            itself_and_next(b, meets[2]),
        ];
        array::from_fn(|t| {
            let (once, twice) = (once[t], doubled_already[t]);
            let half_low_bits = Lanes::splat((1 << (LIMB_BITS - 1)) - 1);
            carries.join(
                (once & half_low_bits).shift_left::<1>() + (twice & low_bits()),
                once.shift_right::<{ LIMB_BITS - 1 }>() + twice.shift_right::<LIMB_BITS>(),
            )
        })
    })
}

/// The columns of `x * y mod R` for a constant `y`, below 2^18 + 2^13.
#[inline(always)]
pub(super) fn low_product(columns: &mut Limbs, x: &Pairs, y: &Table) {
    add_up(columns.as_chunks_mut().0, 0, x, 0, VECTORS, y);
    let mut carries = Carries::new();
    for column in columns {
        *column = carries.join_sum(*column);
    }
}

/// Sums in these tiles, from `first_tile` on, what there is of the rows `from..to` of a product.
#[inline(never)]
fn add_up(sums: &mut [Tile], first_tile: usize, x: &Pairs, from: usize, to: usize, y: &Table) {
    for (tile, sums) in (first_tile..).zip(sums) {
        let (first, end) = ((TILE * tile).saturating_sub(VECTORS), VECTORS.min(TILE * tile + TILE));
        *sums = rows(tile, x, first.clamp(from, to), end.clamp(from, to), y);
    }
}

/// Sums in a tile the rows `from..to`, both even, two at a time.
#[inline(always)]
fn rows(tile: usize, x: &Pairs, from: usize, to: usize, y: &Table) -> Tile {
    // Where the tile's last vector meets the first row; out of reach, there are no rows.
    let entries = y.get((VECTORS + from).wrapping_sub(TILE * tile)..).unwrap_or_default();
    add_rows(&x[from / 2..to / 2], entries)
}

/// Sums rows in a tile, of which the last vector meets the first row in the first entry.
#[inline(always)]
pub(super) fn add_rows(x: &[[Row; 2]], entries: &[Entry]) -> Tile {
    let windows = entries.as_chunks::<2>().0.windows(3);
    let mut sums = [Lanes::ZERO; TILE];
    for ([first, second], window) in x.iter().zip(windows) {
        let [[y3, y2], [y1, y0], [before, _]] = window else { break };
        for i in 0..2 {
            let [a, b] = [Lanes::splat(first[i]), Lanes::splat(second[i])];
            sums[0] = sums[0] + b.dot(before[i]) + a.dot(y0[i]);
            sums[1] = sums[1] + b.dot(y0[i]) + a.dot(y1[i]);
            sums[2] = sums[2] + b.dot(y1[i]) + a.dot(y2[i]);
            sums[3] = sums[3] + b.dot(y2[i]) + a.dot(y3[i]);
        }
    }
    sums
}

#[inline(always)]
fn pair_lanes(row: &Row) -> [Lanes; 2] {
    // Each by itself, so that it is loaded into all lanes at once.
    [Lanes::splat(row[0]), Lanes::splat(row[1])]
}

#[inline(always)]
fn plus_dot(sum: Lanes, row: [Lanes; 2], entry: Entry) -> Lanes {
    sum + row[0].dot(entry[0]) + row[1].dot(entry[1])
}

#[inline(always)]
fn low_bits() -> Lanes {
    Lanes::splat((1 << LIMB_BITS) - 1)
}

/// What goes on from one vector of columns to the next.
pub(super) struct Carries {
    high: Lanes,
    carried: Lanes,
}

impl Carries {
    pub(super) const fn new() -> Self {
        Self { high: Lanes::ZERO, carried: Lanes::ZERO }
    }

    /// To begin where such sums go before.
    #[inline(always)]
    pub(super) fn after(sums: Lanes) -> Self {
        Self { high: sums.shift_right::<LIMB_BITS>(), carried: Lanes::ZERO }
    }

    /// To begin where such sums go before with the other sign.
    #[inline(always)]
    pub(super) fn after_negated(sums: Lanes) -> Self {
        Self { high: Lanes::ZERO - sums.shift_right::<LIMB_BITS>(), carried: Lanes::ZERO }
    }

    /// Columns of `low + 2^13 * high`, the high parts moved to where they belong.
    ///
    /// All the products of a column are below 2^31.6 together, so its high part is below 2^18.6.
    #[inline(always)]
    fn join(&mut self, low: Lanes, high: Lanes) -> Lanes {
        let columns = low + high.up_by_one(self.high);
        self.high = high;
        columns
    }

    /// Columns of sums below 2^31, hence below 2^18 + 2^13.
    #[inline(always)]
    pub(super) fn join_sum(&mut self, sum: Lanes) -> Lanes {
        self.join(sum & low_bits(), sum.shift_right::<LIMB_BITS>())
    }

    /// Limbs of columns, which are below 2^20.5: to the nearest multiple of 2^13 and, once, the
    /// carries from below. Carries are below 2^8 then, and limbs within [`LIMB_MAX`].
    #[inline(always)]
    pub(super) fn carry(&mut self, columns: Lanes) -> Lanes {
        let carries = (columns + Lanes::splat(1 << (LIMB_BITS - 1))).shift_right::<LIMB_BITS>();
        let limbs = columns - carries.shift_left::<LIMB_BITS>() + carries.up_by_one(self.carried);
        self.carried = carries;
        limbs
    }

    /// The last carry, where it goes next.
    #[inline(always)]
    pub(super) fn into_next(self) -> Lanes {
        Lanes::ZERO.up_by_one(self.carried)
    }
}
