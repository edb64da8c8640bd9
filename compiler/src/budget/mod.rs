//! Network, plans and what the declaration allows → an error for each limit that the plans exceed.
//!
//! Nothing is estimated: sizes are those of the generated types, whose code takes them from [`footprint`] too.

pub mod footprint;
pub mod names;
pub mod peak;

use crate::ir::Parameter;
use crate::network::Network;
use crate::plan::Program;
use crate::plan::kernel::BufferId;
use crate::syntax::ast::{Budget, Limit, Resource};
use crate::syntax::{Diagnostic, Errors};
use footprint::Footprint;
use names::Names;
use peak::Peak;

/// Tensors that a message lists.
const LISTED: usize = 8;
/// Names of memory that no tensor of the user has.
const PLANNED: [&str; 3] = ["gradients on their way", "scratch", "row"];

/// Compares the plans with a budget.
pub fn check(budget: &Budget, network: &Network, program: &Program) -> Errors {
    let case = Case { network, program, batch: budget.batch.unwrap_or(1) };
    let mut errors = Errors::default();
    for limit in &budget.limits {
        if let Some(diagnostic) = case.check(limit) {
            errors.push(diagnostic);
        }
    }
    errors
}

/// A network at a batch.
struct Case<'n> {
    network: &'n Network,
    program: &'n Program,
    batch: usize,
}

impl Case<'_> {
    fn check(&self, limit: &Limit) -> Option<Diagnostic> {
        match limit.resource {
            Resource::Ram => self.ram(limit),
            Resource::TrainRam => self.train_ram(limit),
            Resource::Flash => self.flash(limit),
        }
    }

    fn ram(&self, limit: &Limit) -> Option<Diagnostic> {
        let footprint = Footprint::forward(self.network, self.program);
        let needed = footprint.bytes(self.batch);
        (needed > limit.bytes).then(|| {
            let what = format!("`{}Forward::<{}>::BYTES` is", self.network.name, self.batch);
            let peaks = vec![("inference", &self.program.forward)];
            let error = exceeded(limit, &what, needed);
            self.with_peak(error, needed, peaks).help(self.help_with_rows(&footprint, 0, limit))
        })
    }

    fn train_ram(&self, limit: &Limit) -> Option<Diagnostic> {
        let Some(footprint) = Footprint::training(self.network, self.program) else {
            let message = "`train_ram` limits training, but without a `loss` there is none";
            return Some(Diagnostic::new(limit.key.span(), message));
        };
        let (memory, model) = (footprint.bytes(self.batch), footprint::model_bytes(self.program));
        let needed = memory.saturating_add(model);
        (needed > limit.bytes).then(|| {
            let Self { network, program, batch } = self;
            let name = &network.name;
            let what = format!("`{name}Training::<{batch}>::BYTES` and `{name}::BYTES` together are");
            let error = exceeded(limit, &what, needed).note(format!(
                "{memory} bytes are the memory of a step; {model} are the model, which training changes"
            ));
            let plans = [("training", &program.training), ("evaluation", &program.evaluation)];
            let peaks = plans.into_iter().filter_map(|(kind, plan)| Some((kind, plan.as_ref()?))).collect();
            self.with_peak(error, memory, peaks).help(self.help_with_rows(&footprint, model, limit))
        })
    }

    fn flash(&self, limit: &Limit) -> Option<Diagnostic> {
        let needed = footprint::scalar_bytes(self.program);
        (needed > limit.bytes).then(|| {
            let mut parameters: Vec<&Parameter> = self.parameters().iter().collect();
            parameters.sort_by_key(|parameter| std::cmp::Reverse(parameter.len()));
            let lines = parameters.iter().map(|parameter| (bytes_of(parameter), format!("`{}`", parameter.name)));
            let error = exceeded(limit, "parameters and statistics take", needed).note("the largest first:");
            let error = listed(error, &lines.collect::<Vec<_>>());
            match parameters.first() {
                Some(largest) => error.help(format!("fewer units in `{}` help most", layer_of(&largest.name))),
                None => error,
            }
        })
    }

    fn parameters(&self) -> &[Parameter] {
        &self.network.forward.parameters
    }

    /// Says what is alive where most is.
    fn with_peak(&self, error: Diagnostic, memory: usize, plans: Vec<(&str, &crate::plan::Plan)>) -> Diagnostic {
        let peaks = plans.into_iter().filter_map(|(kind, plan)| Some((kind, plan, Peak::of(plan, self.batch)?)));
        let Some((kind, plan, peak)) = peaks.max_by_key(|(.., peak)| peak.bytes()) else { return error };
        let names = Names::new(plan, self.parameters());
        let (number, count) = (peak.kernel + 1, names.kernels.len());
        let place = names.kernel(peak.kernel);
        let error = error.note(format!("most is alive at kernel {number} of {count} of {kind}, {place}:"));
        let lines: Vec<(usize, String)> =
            peak.residents.iter().map(|resident| (resident.bytes, names.buffer(resident.buffer))).collect();
        let error = listed(error, &lines);
        match memory.saturating_sub(peak.bytes()) {
            0 => error,
            rest => error.note(format!("{rest} bytes are alignment, and gaps that other kernels use")),
        }
    }

    /// What would help when `footprint` and `beside` do not fit.
    fn help_with_rows(&self, footprint: &Footprint, beside: usize, limit: &Limit) -> String {
        let fits = |batch: &usize| footprint.bytes(*batch).saturating_add(beside) <= limit.bytes;
        let trains = limit.resource == Resource::TrainRam;
        if let Some(batch) = largest(self.batch, fits) {
            let parts = trains && !self.network.batch_statistics;
            let micro = if parts { ", and `Accumulate` trains on more rows in parts of that size" } else { "" };
            return format!("batch {batch} is the largest that fits{micro}");
        }
        let largest_parameter = self.parameters().iter().max_by_key(|parameter| parameter.len());
        if let (Some(parameter), true) = (largest_parameter, beside > limit.bytes) {
            return format!("the model alone is larger; fewer units in `{}` help most", layer_of(&parameter.name));
        }
        let plan = self.program.training.as_ref().filter(|_| trains).unwrap_or(&self.program.forward);
        let names = Names::new(plan, self.parameters());
        let is_named = |buffer: BufferId| !PLANNED.contains(&plan.buffers[buffer.0].name.as_str());
        let residents = Peak::of(plan, self.batch).map_or_else(Vec::new, |peak| peak.residents);
        let largest = residents.iter().map(|resident| resident.buffer).find(|buffer| is_named(*buffer));
        match largest.map(|buffer| (names.gradient_of(buffer), names.buffer(buffer))) {
            Some((Some(parameter), _)) => {
                let layer = layer_of(parameter);
                format!("fewer units in `{layer}`, or `trainable = false` there, help most")
            }
            Some((None, name)) => format!("a smaller {name} helps most"),
            None => "a smaller network".to_owned(),
        }
    }
}

fn exceeded(limit: &Limit, what: &str, needed: usize) -> Diagnostic {
    let Limit { key, bytes, factor, unit, .. } = limit;
    let needed = match factor {
        1 => format!("{needed} B"),
        _ => {
            // rounded up, so that what exceeds a limit looks larger
            let tenths = (needed as u128 * 10).div_ceil(*factor as u128);
            format!("{}.{} {unit} ({needed} bytes)", tenths / 10, tenths % 10)
        }
    };
    Diagnostic::new(limit.extent, format!("`{key}` allows {} {unit}, but {what} {needed}", bytes / factor))
}

/// Adds a line for each of the first sizes, and one for the others.
fn listed(error: Diagnostic, lines: &[(usize, String)]) -> Diagnostic {
    let width = lines.first().map_or(0, |(most, _)| most.to_string().len());
    let (shown, others) = lines.split_at(lines.len().min(LISTED));
    let error = shown.iter().fold(error, |error, (bytes, name)| error.note(format!("  {bytes:width$} bytes  {name}")));
    if others.is_empty() {
        return error;
    }
    let bytes: usize = others.iter().map(|(bytes, _)| bytes).sum();
    error.note(format!("  {bytes:width$} bytes  in {} more", others.len()))
}

/// The largest batch below `batch` that fits; sizes grow with the batch.
fn largest(batch: usize, fits: impl Fn(&usize) -> bool) -> Option<usize> {
    let (mut low, mut high) = (0, batch);
    while high - low > 1 {
        let middle = low.midpoint(high);
        *(if fits(&middle) { &mut low } else { &mut high }) = middle;
    }
    (low > 0).then_some(low)
}

/// The layer that owns a parameter: `hidden` of `hidden.weight`.
fn layer_of(parameter: &str) -> &str {
    parameter.rsplit_once('.').map_or(parameter, |(layer, _)| layer)
}

fn bytes_of(parameter: &Parameter) -> usize {
    parameter.len() * size_of::<f32>()
}
