//! The schedule of a plan and the map of its memory: which buffer lies where, while which kernels run.

use std::fmt::{self, Write};

use crate::budget::names::Names;
use crate::budget::peak::Peak;
use crate::plan::Place;
use crate::plan::kernel::BufferId;
use crate::plan::memory::ranges;

const FLOAT: usize = size_of::<f32>();

/// The schedule and the map; offsets and sizes in bytes, for one row where they grow with the batch.
pub fn print(names: &Names<'_>) -> String {
    let mut text = String::new();
    // writing to a string does not fail
    let _ = write(names, &mut text);
    text
}

fn write(names: &Names<'_>, text: &mut String) -> fmt::Result {
    let plan = names.plan;
    let (rows, fixed) = (plan.row_floats * FLOAT, plan.fixed_floats * FLOAT);
    writeln!(text, "{rows} bytes for each row of the batch, {fixed} beside the rows\n")?;
    if let Some(peak) = Peak::of(plan, 1) {
        writeln!(text, "most is alive at kernel {}: {} bytes at batch 1\n", peak.kernel + 1, peak.bytes())?;
    }
    for kernel in 0..names.kernels.len() {
        writeln!(text, "{:>4}  {}", kernel + 1, names.kernel(kernel))?;
    }
    let lines = lines(names);
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(text, "\n{}", ruler(names.kernels.len()))?;
    lines.iter().try_for_each(|line| writeln!(text, "{}", line.text))
}

/// A buffer of the map.
struct Line {
    is_fixed: bool,
    offset: usize,
    first: usize,
    text: String,
}

fn lines(names: &Names<'_>) -> Vec<Line> {
    let plan = names.plan;
    let mut lines = Vec::new();
    for (number, (buffer, range)) in plan.buffers.iter().zip(ranges(plan)).enumerate() {
        let (is_fixed, offset) = match buffer.place {
            Place::Rows { offset } => (false, offset * FLOAT),
            Place::Fixed { offset } => (true, offset * FLOAT),
            _ => continue,
        };
        let Some(range) = range else { continue };
        let arena = if is_fixed { "fixed" } else { "rows" };
        let is_alive = |kernel: usize| (range.first..=range.last).contains(&kernel);
        let alive: String = (0..names.kernels.len()).map(|kernel| if is_alive(kernel) { '#' } else { '.' }).collect();
        let (bytes, name) = (buffer.length.size * FLOAT, names.buffer(BufferId(number)));
        let text = format!("{arena:>5} {offset:>9} {bytes:>9}  {alive}  b{number} {name}");
        lines.push(Line { is_fixed, offset, first: range.first, text });
    }
    lines.sort_by_key(|line| (line.is_fixed, line.offset, line.first));
    lines
}

/// The heads of the columns, with the tens of every tenth kernel above.
fn ruler(count: usize) -> String {
    let tens: String = (1..=count).map(|kernel| digit(kernel, 10)).collect();
    let ones: String = (1..=count).map(|kernel| char::from(b'0' + (kernel % 10) as u8)).collect();
    let head = format!("{:>5} {:>9} {:>9}  ", "arena", "offset", "bytes");
    let above = if count < 10 { String::new() } else { format!("{:26} {tens}\n", "").trim_end().to_owned() + "\n" };
    format!("{above}{head}{ones}")
}

/// The tens of a number that ends in zero.
fn digit(number: usize, base: usize) -> char {
    if number.is_multiple_of(base) { char::from(b'0' + (number / base % 10) as u8) } else { ' ' }
}
