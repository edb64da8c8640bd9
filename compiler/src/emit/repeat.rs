//! Stretches of a list that repeat right away, as the layers of a tower do.

use std::collections::BTreeMap;
use std::ops::Range;

/// A stretch of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Stretch {
    /// Items as they are.
    Once(Range<usize>),
    /// The first `period` items from `start` on, `times` times.
    Repeated { start: usize, period: usize, times: usize },
}

/// Items that a repetition must save.
const WORTH: usize = 8;
/// Periods that are tried: the most frequent distances between equal neighbours.
const TRIED: usize = 12;

/// The list in stretches, in order; repetitions that save most come first.
pub(super) fn stretches(items: &[usize]) -> Vec<Stretch> {
    let mut found = Vec::new();
    split(items, 0..items.len(), &mut found);
    found
}

fn split(items: &[usize], range: Range<usize>, found: &mut Vec<Stretch>) {
    let Some((start, period, times)) = best(&items[range.clone()]) else {
        found.extend((!range.is_empty()).then_some(Stretch::Once(range)));
        return;
    };
    let start = range.start + start;
    split(items, range.start..start, found);
    found.push(Stretch::Repeated { start, period, times });
    split(items, start + period * times..range.end, found);
}

/// Start, period and times of the repetition that saves most, the shortest period first.
fn best(items: &[usize]) -> Option<(usize, usize, usize)> {
    let mut best = None;
    let mut most = WORTH - 1;
    for period in periods(items) {
        let mut equal = 0;
        for start in (0..items.len() - period).rev() {
            equal = if items[start] == items[start + period] { equal + 1 } else { 0 };
            let saved = equal / period * period;
            if saved > most {
                (most, best) = (saved, Some((start, period, equal / period + 1)));
            }
        }
    }
    best
}

/// Distances between equal neighbours that may be periods, ascending.
fn periods(items: &[usize]) -> Vec<usize> {
    let mut last = BTreeMap::new();
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for (place, item) in items.iter().enumerate() {
        if let Some(before) = last.insert(item, place) {
            *counts.entry(place - before).or_default() += 1;
        }
    }
    let mut periods: Vec<usize> = counts.keys().copied().collect();
    periods.sort_by_key(|period| std::cmp::Reverse(counts[period] * period));
    periods.truncate(TRIED);
    periods.sort_unstable();
    periods
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str) -> Vec<usize> {
        text.bytes().map(usize::from).collect()
    }

    #[test]
    fn what_repeats_often_enough_is_found_with_its_shortest_period() {
        let found = stretches(&items("xyabcabcabcabcz"));
        let expected =
            [Stretch::Once(0..2), Stretch::Repeated { start: 2, period: 3, times: 4 }, Stretch::Once(14..15)];
        assert_eq!(found, expected);
        assert_eq!(stretches(&items("aaaaaaaaa")), [Stretch::Repeated { start: 0, period: 1, times: 9 }]);
    }

    #[test]
    fn a_long_period_that_holds_short_ones_is_found() {
        let found = stretches(&items("ffaffbcffaffbcx"));
        assert_eq!(found, [Stretch::Once(0..15)]);
        let found = stretches(&items("qffaffbcffaffbcffaffbcx"));
        let expected =
            [Stretch::Once(0..1), Stretch::Repeated { start: 1, period: 7, times: 3 }, Stretch::Once(22..23)];
        assert_eq!(found, expected);
    }

    #[test]
    fn every_item_is_in_one_stretch() {
        let mut state = 7_u64;
        for length in 0..200 {
            let next = |_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (state >> 62) as usize
            };
            let list: Vec<usize> = (0..length).map(next).collect();
            let mut position = 0;
            for stretch in stretches(&list) {
                position = match stretch {
                    Stretch::Once(range) => {
                        assert_eq!(range.start, position);
                        range.end
                    }
                    Stretch::Repeated { start, period, times } => {
                        assert!(start == position && period * (times - 1) >= WORTH);
                        let all = &list[start..start + period * times];
                        assert!(all.chunks(period).all(|chunk| *chunk == all[..period]));
                        start + period * times
                    }
                };
            }
            assert_eq!(position, length);
        }
    }
}
