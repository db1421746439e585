//! Sums of products of 13-bit limbs, four columns to a vector, and their carries.
//!
//! One operation ([`Lanes::dot`]) adds two products in each of four columns: pairs of limbs of one
//! factor, the same in all lanes, meet pairs of neighbouring limbs of the other, which a [`Table`]
//! holds ready for every column. Sums run column by column: a *tile* of four vectors, 16 columns,
//! stays in registers while all its rows are added, so that nothing but factors is loaded.
//!
//! A *row* is a vector of the first factor: four limbs, two pairs, so two operations per vector of
//! the tile.

use super::lanes::Lanes;
use super::{LIMB_BITS, VECTORS};

/// Limbs, four to a vector, least significant first.
pub(super) type Limbs = [Lanes; VECTORS];

/// The columns of a product.
pub(super) type Columns = [Lanes; 2 * VECTORS];

/// The limbs of a first factor in pairs, two to a row.
pub(super) type Pairs = [Row; VECTORS];
type Row = [i32; 2];

/// A second factor `y`: entry `LAST - s` holds for lane `l` and `k = 4s + l` the pairs
/// `(y[k], y[k-1])` and `(y[k-2], y[k-3])`, zero where `y` has no limb.
///
/// Backwards, because with every further row a column needs the vector before. Zeros on both sides
/// let a tile run over the ends.
pub(super) type Table = [Entry; VECTORS + 2 * TILE];
type Entry = [Lanes; 2];

const LAST: usize = VECTORS + TILE - 1;

/// Vectors in a tile.
const TILE: usize = 4;

/// What no limb exceeds in magnitude.
pub(super) const LIMB_MAX: i32 = (1 << (LIMB_BITS - 1)) + (1 << 7);

/// Rows that are added before the sums are split.
///
/// A product of two limbs is below 2^24 * 1.064 in magnitude ([`LIMB_MAX`]). These rows and the
/// four of a triangle add at most 112 products to a column, below 2^31.
const ROWS_AT_ONCE: usize = 24;
const _: () = assert!(4 * (ROWS_AT_ONCE + TILE) as i64 * (LIMB_MAX as i64).pow(2) < 1 << 31);

/// Sums of products in a tile, as `low + 2^13 * high`.
struct Sums {
    low: [Lanes; TILE],
    high: [Lanes; TILE],
}

/// The pairs of a first factor.
#[inline(always)]
pub(super) fn pairs(x: &Limbs) -> Pairs {
    let mut pairs = [[0; 2]; VECTORS];
    for (rows, limbs) in pairs.as_chunks_mut().0.iter_mut().zip(x.as_chunks().0) {
        *rows = two_rows(limbs);
    }
    pairs
}

#[inline(always)]
fn two_rows([first, second]: &[Lanes; 2]) -> [Row; 2] {
    let [a, b, c, d] = first.pairs(*second).to_array();
    [[a, b], [c, d]]
}

/// The table of a second factor.
#[inline(always)]
pub(super) fn table(y: &Limbs) -> Table {
    let mut table = [[Lanes::ZERO; 2]; VECTORS + 2 * TILE];
    let (mut before, mut pairs_before) = (Lanes::ZERO, Lanes::ZERO);
    let mut fill = |entry: &mut Entry, limbs: Lanes| {
        let pairs = limbs & Lanes::splat(0xffff) | limbs.up_by_one(before).shift_left::<16>();
        *entry = [pairs, pairs.up_by_two(pairs_before)];
        (before, pairs_before) = (limbs, pairs);
    };
    for (entry, limbs) in table[LAST - VECTORS + 1..=LAST].iter_mut().rev().zip(y) {
        fill(entry, *limbs);
    }
    // The last limbs have a place in the columns above them too.
    fill(&mut table[LAST - VECTORS], Lanes::ZERO);
    table
}

/// The columns of `x * y`.
#[inline(never)]
pub(super) fn product(columns: &mut Columns, x: &Pairs, y: &Table) {
    let mut carries = Carries::new();
    for (tile, columns) in columns.as_chunks_mut::<TILE>().0.iter_mut().enumerate() {
        let first = TILE * tile;
        let (from, to) = (first.saturating_sub(VECTORS), VECTORS.min(first + TILE));
        let sums = sums(&x[from..to], &y[VECTORS + from - first..], |_| ());
        for (t, column) in columns.iter_mut().enumerate() {
            *column = carries.join(sums.low[t], sums.high[t]);
        }
    }
}

/// The columns of `x * x`; of the two products of different limbs one is added, and doubled.
#[inline(never)]
pub(super) fn square(columns: &mut Columns, x: &Pairs, table: &Table) {
    let mut carries = Carries::new();
    // In entry s of a table, the pairs' limbs that belong to vector s; the others are of s - 1.
    let own = [Lanes::new([0xffff, -1, -1, -1]), Lanes::new([0, 0, 0xffff, -1])];
    for (tile, columns) in columns.as_chunks_mut::<TILE>().0.iter_mut().enumerate() {
        let first = TILE * tile;
        // Row r meets the vectors v - r and v - r - 1 in column vector v, so all rows below half of
        // `first` meet later vectors only.
        let (from, to) = (first.saturating_sub(VECTORS), first / 2);
        let mut sums_once = rows(&x[from..to], &table[VECTORS + from - first..]);
        // The next two rows meet themselves: in column vector 2r with the low half of the square of
        // vector r, in 2r + 1 with the high half and (doubled) the low half of the next vector.
        let meets: &[Entry] = &table[VECTORS + to - first..][..TILE];
        let [a, b] = [pair_lanes(&x[to]), pair_lanes(&x[to + 1])];
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
        sums_once[2] = plus_dot(sums_once[2], a, meets[1]);
        sums_once[3] = plus_dot(sums_once[3], a, meets[0]);
        let doubled_already = [
            itself(a, meets[3]),
            itself_and_next(a, meets[2]),
            itself(b, meets[2]),
            itself_and_next(b, meets[1]),
        ];
        for (t, column) in columns.iter_mut().enumerate() {
            let (once, twice) = (sums_once[t], doubled_already[t]);
            *column = carries.join(
                (once & low_bits()).shift_left::<1>() + (twice & low_bits()),
                once.shift_right::<LIMB_BITS>().shift_left::<1>() + twice.shift_right::<LIMB_BITS>(),
            );
        }
    }
}

/// `x * y mod R`.
#[inline(never)]
pub(super) fn low_product(limbs: &mut Limbs, x: &Pairs, y: &Table) {
    let mut carries = Carries::new();
    for (tile, limbs) in limbs.as_chunks_mut::<TILE>().0.iter_mut().enumerate() {
        let first = TILE * tile;
        let sums = sums(&x[..first], &y[VECTORS - first..VECTORS + TILE], |sums| {
            let [y3, y2, y1, y0] = &y[LAST - 3..=LAST] else { return };
            let [a, b, c, d] = &x[first..first + TILE] else { return };
            add_row(sums, a, [y0, y1, y2, y3]);
            add_row(&mut sums[1..], b, [y0, y1, y2]);
            add_row(&mut sums[2..], c, [y0, y1]);
            add_row(&mut sums[3..], d, [y0]);
        });
        for (t, limb) in limbs.iter_mut().enumerate() {
            let column = carries.join(sums.low[t], sums.high[t]);
            *limb = carries.carry(column);
        }
    }
}

/// `(columns + q * n) / R`, where R divides the sum, and `q` is what [`take_low`] and its product
/// with `-1/n` make it.
///
/// What the lower half of the columns has in all is a multiple of R, and so small a multiple that
/// its three highest columns tell which; the others, below 2^20 each, are 2^30 times less.
#[inline(never)]
pub(super) fn add_high_product(limbs: &mut Limbs, columns: &Columns, q: &Pairs, n: &Table) {
    let mut below = [Lanes::ZERO; TILE];
    for (rows, entries) in q.as_chunks::<TILE>().0.iter().zip(n[TILE..].as_chunks::<TILE>().0) {
        for i in 0..TILE {
            below[i] = plus_dot(below[i], pair_lanes(&rows[i]), entries[i]);
        }
    }
    let (mut low, mut high) = (Lanes::ZERO, Lanes::ZERO);
    for sum in below {
        low = low + (sum & low_bits());
        high = high + sum.shift_right::<LIMB_BITS>();
    }
    let mut carries = Carries::new();
    let [_, a, b, c] = (carries.join(low, high) + columns[VECTORS - 1]).to_array().map(i64::from);
    let half = 1 << (3 * LIMB_BITS - 1);
    let multiple = (a + (b << LIMB_BITS) + (c << (2 * LIMB_BITS)) + half) >> (3 * LIMB_BITS);
    let mut multiple = Lanes::new([multiple as i32, 0, 0, 0]);

    let above = columns[VECTORS..].as_chunks::<TILE>().0;
    for (tile, (limbs, above)) in limbs.as_chunks_mut::<TILE>().0.iter_mut().zip(above).enumerate() {
        let sums = sums(&q[TILE * (tile + 1)..], &n[TILE..], |sums| {
            let [n0, n1, n2, n3] = &n[TILE - 1..2 * TILE - 1] else { return };
            let [a, b, c, d] = &q[TILE * tile..TILE * (tile + 1)] else { return };
            add_row(sums, a, [n0]);
            add_row(sums, b, [n1, n0]);
            add_row(sums, c, [n2, n1, n0]);
            add_row(sums, d, [n3, n2, n1, n0]);
        });
        for (t, limb) in limbs.iter_mut().enumerate() {
            let column = carries.join(sums.low[t], sums.high[t]) + above[t] + multiple;
            *limb = carries.carry(column);
            multiple = Lanes::ZERO;
        }
    }
}

/// Turns the lower half of the columns into limbs, and carries into the upper half.
#[inline(never)]
pub(super) fn take_low(columns: &mut Columns) -> Pairs {
    let mut pairs = [[0; 2]; VECTORS];
    let mut carries = Carries::new();
    for (rows, columns) in pairs.as_chunks_mut().0.iter_mut().zip(columns.as_chunks_mut::<2>().0) {
        *columns = columns.map(|column| carries.carry(column));
        *rows = two_rows(columns);
    }
    columns[VECTORS] = columns[VECTORS] + Lanes::ZERO.up_by_one(carries.carried);
    pairs
}

/// Adds these rows, and what `triangle` adds, to a tile; `y` starts where the tile's last vector
/// meets the first row.
#[inline(always)]
fn sums(x: &[Row], y: &[Entry], triangle: impl FnOnce(&mut [Lanes; TILE])) -> Sums {
    let (first, second) = x.split_at(x.len().min(ROWS_AT_ONCE));
    let mut sums = rows(first, y);
    triangle(&mut sums);
    let mut low = sums.map(|sum| sum & low_bits());
    let mut high = sums.map(Lanes::shift_right::<LIMB_BITS>);
    if !second.is_empty() {
        let sums = rows(second, &y[ROWS_AT_ONCE..]);
        for t in 0..TILE {
            low[t] = low[t] + (sums[t] & low_bits());
            high[t] = high[t] + sums[t].shift_right::<LIMB_BITS>();
        }
    }
    Sums { low, high }
}

/// Adds an even number of rows to a tile, two at a time.
#[inline(always)]
fn rows(x: &[Row], y: &[Entry]) -> [Lanes; TILE] {
    let mut sums = [Lanes::ZERO; TILE];
    let entries = y.as_chunks::<2>().0.array_windows();
    for ([first, second], [[y3, y2], [y1, y0], [before, _]]) in x.as_chunks::<2>().0.iter().zip(entries) {
        let [a, b] = [pair_lanes(first), pair_lanes(second)];
        sums[3] = plus_dot(plus_dot(sums[3], a, *y3), b, *y2);
        sums[2] = plus_dot(plus_dot(sums[2], a, *y2), b, *y1);
        sums[1] = plus_dot(plus_dot(sums[1], a, *y1), b, *y0);
        sums[0] = plus_dot(plus_dot(sums[0], a, *y0), b, *before);
    }
    sums
}

/// Adds a row to as many vectors of a tile as there are entries.
#[inline(always)]
fn add_row<const COUNT: usize>(sums: &mut [Lanes], row: &Row, entries: [&Entry; COUNT]) {
    let row = pair_lanes(row);
    for (sum, entry) in sums.iter_mut().zip(entries) {
        *sum = plus_dot(*sum, row, *entry);
    }
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
struct Carries {
    high: Lanes,
    carried: Lanes,
}

impl Carries {
    const fn new() -> Self {
        Self { high: Lanes::ZERO, carried: Lanes::ZERO }
    }

    /// Columns of `low + 2^13 * high`, the high parts moved to where they belong.
    ///
    /// All the products of a column are below 2^31.5 together, so its high part is below 2^18.5.
    #[inline(always)]
    fn join(&mut self, low: Lanes, high: Lanes) -> Lanes {
        let columns = low + high.up_by_one(self.high);
        self.high = high;
        columns
    }

    /// Limbs of columns, which are below 2^19.9: to the nearest multiple of 2^13 and, once, the
    /// carries from below. Carries are below 2^7 then, and limbs within [`LIMB_MAX`].
    #[inline(always)]
    fn carry(&mut self, columns: Lanes) -> Lanes {
        let carries = (columns + Lanes::splat(1 << (LIMB_BITS - 1))).shift_right::<LIMB_BITS>();
        let limbs = columns - carries.shift_left::<LIMB_BITS>() + carries.up_by_one(self.carried);
        self.carried = carries;
        limbs
    }
}
