//! A closure in, microseconds a call out; the procedure is that of the peers' programs.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::machine::processor_time;

/// Calls longer than this are also timed by the processor's clock. It leaves out the time that a virtual machine thinks
/// was stolen from it, by guess, so for shorter calls it may show less than the call took.
const LONG: Duration = Duration::from_millis(1);
const FEWEST: usize = 4;

/// Microseconds a call.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    /// The least on the wall clock.
    pub min: f64,
    /// The median on the wall clock.
    pub median: f64,
    /// The least of the processor's time; absent for short calls.
    #[serde(default)]
    pub cpu_min: Option<f64>,
    /// Calls timed.
    pub reps: usize,
    /// The very first call.
    #[serde(default)]
    pub first_call: f64,
}

impl Timing {
    /// The figure to compare: the least of both clocks.
    #[must_use]
    pub fn best(&self) -> f64 {
        self.cpu_min.map_or(self.min, |cpu| cpu.min(self.min))
    }
}

/// Times `call` again and again for about `seconds`, after a quarter of that to warm up.
pub fn measure(seconds: f64, mut call: impl FnMut()) -> Timing {
    let first_call = timed(&mut call);
    let end = Instant::now() + Duration::from_secs_f64(0.25 * seconds);
    while Instant::now() < end {
        call();
    }
    let long = (0..3).all(|_| timed(&mut call) > LONG);
    let (mut wall, mut processor) = (Vec::new(), Vec::new());
    let end = Instant::now() + Duration::from_secs_f64(seconds);
    while Instant::now() < end || wall.len() < FEWEST {
        let start = if long { processor_time() } else { 0 };
        wall.push(timed(&mut call));
        if long {
            processor.push(Duration::from_nanos(processor_time() - start));
        }
    }
    wall.sort_unstable();
    Timing {
        min: rounded(wall[0]),
        median: rounded(wall[wall.len() / 2]),
        cpu_min: processor.into_iter().min().map(rounded),
        reps: wall.len(),
        first_call: rounded(first_call),
    }
}

fn timed(call: &mut impl FnMut()) -> Duration {
    let start = Instant::now();
    call();
    start.elapsed()
}

/// Microseconds with two digits behind the point.
fn rounded(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e8).round() / 100.0
}
