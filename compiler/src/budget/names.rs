//! Buffers and kernels of a plan in the words of the declaration.

use crate::ir::Parameter;
use crate::plan::kernel::{BufferId, ContractKernel, Form, Kernel};
use crate::plan::memory::flat;
use crate::plan::schedule::touched;
use crate::plan::{Place, Plan};

/// A plan and the parameters of its network.
pub struct Names<'p> {
    /// The plan.
    pub plan: &'p Plan,
    /// Its kernels at their positions; a loop stands before and behind the kernels of a step.
    pub kernels: Vec<&'p Kernel>,
    parameters: &'p [Parameter],
}

impl<'p> Names<'p> {
    /// Of a plan, with the parameters in order of declaration.
    pub fn new(plan: &'p Plan, parameters: &'p [Parameter]) -> Self {
        Self { plan, kernels: flat(&plan.kernels), parameters }
    }

    /// What a buffer holds.
    pub fn buffer(&self, buffer: BufferId) -> String {
        let name = &self.plan.buffers[buffer.0].name;
        if self.plan.loss == Some(buffer) {
            return "the loss".to_owned();
        }
        if let Some(parameter) = self.gradient_of(buffer) {
            return format!("gradient of `{parameter}`");
        }
        if let Some(parameter) = self.new_value_of(buffer) {
            return format!("new value of `{parameter}`");
        }
        let maker = self.maker(buffer);
        let layer = maker.and_then(|maker| self.layer(self.kernels[maker]));
        match (is_given(name), layer) {
            (true, Some((form, layer))) if gives_output(form) && layer != *name => format!("`{name}` of `{layer}`"),
            (true, _) => format!("`{name}`"),
            (false, Some((form, layer))) if gives_output(form) => format!("output of `{layer}`"),
            (false, Some((_, layer))) => format!("gradient of the input of `{layer}`"),
            (false, None) => maker.map_or_else(|| "unused".to_owned(), |maker| self.made_by(maker, name)),
        }
    }

    /// The parameter whose gradient a buffer holds.
    pub fn gradient_of(&self, buffer: BufferId) -> Option<&'p str> {
        self.kernels.iter().find_map(|kernel| match kernel {
            Kernel::Update { parameter, gradient } if *gradient == buffer => self.parameter(*parameter),
            _ => None,
        })
    }

    fn new_value_of(&self, buffer: BufferId) -> Option<&'p str> {
        self.kernels.iter().find_map(|kernel| match kernel {
            Kernel::Assign { parameter, value } if *value == buffer => self.parameter(*parameter),
            _ => None,
        })
    }

    fn made_by(&self, maker: usize, name: &str) -> String {
        match self.kernels[maker] {
            Kernel::RealsFromIndices { from, .. } => format!("{} as reals", self.source(*from)),
            Kernel::Copy(copy) => format!("{}, moved", self.source(copy.from)),
            _ if name == "row" => format!("one row of kernel {}", maker + 1),
            _ => format!("a result of kernel {}", maker + 1),
        }
    }

    /// A buffer that is copied, without asking further who made it.
    fn source(&self, buffer: BufferId) -> String {
        let name = &self.plan.buffers[buffer.0].name;
        if is_given(name) { format!("`{name}`") } else { "a tensor".to_owned() }
    }

    /// What a kernel does.
    pub fn kernel(&self, position: usize) -> String {
        let kernel = self.kernels[position];
        let of = |parameter: usize| self.parameter(parameter).unwrap_or_default();
        match kernel {
            Kernel::Rows(rows) => {
                let outer: Vec<String> = rows.outer.iter().map(ToString::to_string).collect();
                let made: Vec<String> = touched(kernel).writes.into_iter().map(|made| self.written(made)).collect();
                format!("rows [{}] × {} that make {}", outer.join(", "), rows.width, joined(&made))
            }
            Kernel::Contract(contract) => match self.layer(kernel) {
                Some((form, layer)) => format!("{form} of `{layer}`"),
                None => self.weight_gradient(contract),
            },
            Kernel::Loop(_) if self.ends(position) => "end of the loop".to_owned(),
            Kernel::Loop(inner) if inner.reverse => format!("loop back over {} steps", inner.steps),
            Kernel::Loop(inner) => format!("loop over {} steps", inner.steps),
            Kernel::Copy(copy) => format!("copy of {}", self.source(copy.from)),
            Kernel::Fill { buffer, .. } => format!("fill of {}", self.written(*buffer)),
            Kernel::Border(border) => format!("border of {}", self.written(border.buffer)),
            Kernel::RealsFromIndices { from, .. } => format!("reals of {}", self.source(*from)),
            Kernel::Update { parameter, .. } => format!("update of `{}`", of(*parameter)),
            Kernel::Assign { parameter, .. } => format!("assignment of `{}`", of(*parameter)),
        }
    }

    /// Whether the kernel at a position is a loop that stands behind its steps.
    pub fn ends(&self, position: usize) -> bool {
        self.kernels[..position].iter().any(|earlier| std::ptr::eq(*earlier, self.kernels[position]))
    }

    fn weight_gradient(&self, contract: &ContractKernel) -> String {
        let mut stores = contract.epilogue.stores.iter();
        match stores.find_map(|store| self.gradient_of(store.buffer)) {
            Some(parameter) => format!("{} for `{parameter}`", contract.form),
            None => contract.form.to_string(),
        }
    }

    fn written(&self, buffer: BufferId) -> String {
        match self.plan.buffers[buffer.0].place {
            Place::Output(position) => format!("output {position}"),
            _ => self.buffer(buffer),
        }
    }

    fn parameter(&self, position: usize) -> Option<&'p str> {
        self.parameters.get(position).map(|parameter| parameter.name.as_str())
    }

    /// The first kernel that writes a buffer, other than to fill it or its border.
    fn maker(&self, buffer: BufferId) -> Option<usize> {
        let makes = |kernel: &&Kernel| {
            !matches!(kernel, Kernel::Fill { .. } | Kernel::Border(_) | Kernel::Loop(_))
                && touched(kernel).writes.contains(&buffer)
        };
        self.kernels.iter().position(makes)
    }

    /// The layer whose weight a kernel multiplies by.
    fn layer(&self, kernel: &Kernel) -> Option<(Form, &'p str)> {
        let Kernel::Contract(contract) = kernel else { return None };
        let Place::Parameter(position) = self.plan.buffers[contract.b.0].place else { return None };
        let name = self.parameter(position)?;
        Some((contract.form, name.rsplit_once('.').map_or(name, |(layer, _)| layer)))
    }
}

/// Whether a kernel that reads a weight gives what the layer gives, rather than the gradient of its input.
fn gives_output(form: Form) -> bool {
    match form {
        Form::Dense { .. } => true,
        Form::Window(form) => !form.window.kind.gives_images(),
        Form::DenseInputGradient { .. } | Form::DenseWeightGradient { .. } | Form::Matmul { .. } => false,
    }
}

/// Whether a name is the user's, rather than that of a value without one.
fn is_given(name: &str) -> bool {
    let number = name.strip_prefix('v').and_then(|rest| rest.split(' ').next()).unwrap_or_default();
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    !is_number && name != "row"
}

fn joined(names: &[String]) -> String {
    match names {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [first, others @ ..] => format!("{first} and {} more", others.len()),
    }
}
