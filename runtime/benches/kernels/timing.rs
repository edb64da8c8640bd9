//! Least times of work that is run in turns, so that a change of the clock or a neighbour meets both sides alike.

use std::time::Instant;

const TURNS: usize = 400;
const SECONDS_A_TURN: f64 = 5e-5;

/// The least seconds that `reference` and `subject` take, one turn of each after the other.
pub fn race(mut reference: impl FnMut(), mut subject: impl FnMut()) -> (f64, f64) {
    let (first, second) = (repetitions(&mut reference), repetitions(&mut subject));
    let mut least = (f64::INFINITY, f64::INFINITY);
    for _ in 0..TURNS {
        least.0 = least.0.min(seconds(&mut reference, first));
        least.1 = least.1.min(seconds(&mut subject, second));
    }
    least
}

fn repetitions(work: &mut impl FnMut()) -> usize {
    let once = (0..8).map(|_| seconds(work, 1)).fold(f64::INFINITY, f64::min);
    ((SECONDS_A_TURN / once.max(1e-9)) as usize).clamp(1, 1000)
}

fn seconds(work: &mut impl FnMut(), repetitions: usize) -> f64 {
    let start = Instant::now();
    for _ in 0..repetitions {
        work();
    }
    start.elapsed().as_secs_f64() / repetitions as f64
}
