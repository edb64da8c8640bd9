//! The process's place on the machine: its core, its priority, its processor time.

use rustix::io;
use rustix::process::setpriority_process;

/// Keeps the process on one core and, where that is allowed, ahead of its neighbours there.
///
/// # Errors
/// A core that does not exist or may not be used.
pub fn settle(core: usize) -> io::Result<()> {
    pin(core)?;
    // Only root may raise a priority; the figures are minima, so it is a help and no need.
    let _ = setpriority_process(None, -20);
    Ok(())
}

#[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
fn pin(core: usize) -> io::Result<()> {
    use rustix::thread::{CpuSet, sched_setaffinity};
    if core >= CpuSet::MAX_CPU {
        return Err(io::Errno::INVAL);
    }
    let mut cores = CpuSet::new();
    cores.set(core);
    sched_setaffinity(None, &cores)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
fn pin(_core: usize) -> io::Result<()> {
    Ok(())
}

/// Nanoseconds that the process has run, which a neighbour on the core does not lengthen.
#[must_use]
pub fn processor_time() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    let (seconds, nanoseconds) = (time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs());
    seconds * 1_000_000_000 + nanoseconds
}

/// Load averages over 1, 5 and 15 minutes; zeros where the system does not say.
#[must_use]
pub fn load() -> [f64; 3] {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let mut words = text.split_whitespace().map(|word| word.parse().unwrap_or(0.0));
    std::array::from_fn(|_| words.next().unwrap_or(0.0))
}
