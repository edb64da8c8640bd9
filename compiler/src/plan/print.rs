//! The text dump of a plan: buffers with their places, then kernels with their stages.

use std::fmt::{self, Display, Formatter};

use super::kernel::{
    Access, ContractKernel, CopyKernel, Form, Instruction, Kernel, LoopKernel, Operand, RowKernel, Stage,
};
use super::window::{self, WindowForm};
use super::{Buffer, Place, Plan};
use crate::ir::print::window as operator;

impl Display for Plan {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "memory {} floats a row, {} fixed", self.row_floats, self.fixed_floats)?;
        for (position, buffer) in self.buffers.iter().enumerate() {
            writeln!(f, "b{position} {buffer}")?;
        }
        for kernel in &self.kernels {
            write!(f, "{kernel}")?;
        }
        match self.loss {
            Some(loss) => writeln!(f, "loss b{}", loss.0),
            None => Ok(()),
        }
    }
}

impl Display for Buffer {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}[{}] at ", self.name, self.dtype, self.length)?;
        match self.place {
            Place::Input(position) => write!(f, "input {position}"),
            Place::Target(position) => write!(f, "target {position}"),
            Place::Output(position) => write!(f, "output {position}"),
            Place::Parameter(position) => write!(f, "parameter {position}"),
            Place::Rows { offset } => write!(f, "rows {offset}"),
            Place::Fixed { offset } => write!(f, "fixed {offset}"),
            Place::Gradient(parameter) => write!(f, "gradient {parameter}"),
            Place::Window { of, stride, depth } => write!(f, "b{} + {stride}·step {depth}", of.0),
        }
    }
}

impl Display for Kernel {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rows(kernel) => kernel.fmt(f),
            Self::Contract(kernel) => kernel.fmt(f),
            Self::Copy(kernel) => kernel.fmt(f),
            Self::Border(border) => {
                let window::Bordered { image, low, high } = border.bordered;
                writeln!(
                    f,
                    "border b{} of {} images {image:?}: {low:?} before, {high:?} behind",
                    border.buffer.0, border.rows
                )
            }
            Self::Fill { buffer, value } => writeln!(f, "fill b{} = {value:?}", buffer.0),
            Self::RealsFromIndices { from, to } => writeln!(f, "b{} = reals of b{}", to.0, from.0),
            Self::Loop(kernel) => kernel.fmt(f),
            Self::Update { parameter, gradient } => writeln!(f, "update parameter {parameter} by b{}", gradient.0),
            Self::Assign { parameter, value } => writeln!(f, "assign parameter {parameter} = b{}", value.0),
        }
    }
}

impl Display for LoopKernel {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let order = if self.reverse { "back over" } else { "over" };
        writeln!(f, "loop {} {order} {} steps", self.depth, self.steps)?;
        self.kernels.iter().try_for_each(|kernel| write!(f, "{kernel}"))?;
        writeln!(f, "end of loop {}", self.depth)
    }
}

impl Display for RowKernel {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let outer: Vec<String> = self.outer.iter().map(ToString::to_string).collect();
        writeln!(f, "rows [{}] × {}", outer.join(", "), self.width)?;
        operands(f, &self.operands)?;
        for (number, stage) in self.stages.iter().enumerate() {
            writeln!(f, "  stage {number}")?;
            write!(f, "{stage}")?;
        }
        Ok(())
    }
}

impl Display for ContractKernel {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} of b{}, b{}", self.form, self.a.0, self.b.0)?;
        match self.scratch {
            Some(scratch) => writeln!(f, ", scratch b{}", scratch.0)?,
            None => writeln!(f)?,
        }
        operands(f, &self.operands)?;
        write!(f, "{}", self.epilogue)
    }
}

impl Display for Form {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dense { rows, k, n } => write!(f, "dense {rows} × {k} × {n}"),
            Self::DenseInputGradient { rows, k, n } => write!(f, "dense input gradient {rows} × {k} × {n}"),
            Self::DenseWeightGradient { rows, k, n } => write!(f, "dense weight gradient {rows} × {k} × {n}"),
            Self::Matmul { batch, m, k, n, a_transposed, b_transposed } => {
                let mark = |transposed: &bool| if *transposed { "ᵀ" } else { "" };
                let (a, b) = (mark(a_transposed), mark(b_transposed));
                write!(f, "matmul {batch} · {m} × {k} × {n} a{a} b{b}")
            }
            Self::Window(form) => form.fmt(f),
        }
    }
}

impl Display for WindowForm {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let [height, width] = self.window.geometry.input;
        write!(f, "{} over {} · {height} × {width} × {}", operator(&self.window), self.rows, self.channels)?;
        let [rows, pixels] = self.pitch;
        if self.pitch != self.window.geometry.input {
            write!(f, " in {rows} × {pixels} from {:?}", self.border)?;
        }
        write!(f, " to {}", self.filters)
    }
}

impl Display for CopyKernel {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "copy b{}+{} to b{}+{}:", self.from.0, self.from_offset, self.to.0, self.to_offset)?;
        for axis in &self.axes {
            write!(f, " {} by {}→{}", axis.length, axis.from, axis.to)?;
        }
        writeln!(f)
    }
}

impl Display for Stage {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (register, instruction) in self.body.iter().enumerate() {
            writeln!(f, "    %{register} = {instruction}")?;
        }
        for (position, (fold, register)) in self.folds.iter().enumerate() {
            writeln!(f, "    fold {position} = {fold:?} %{register}")?;
        }
        for store in &self.stores {
            let sign = store.fold.map_or_else(|| "=".to_owned(), |fold| format!("{fold:?}="));
            writeln!(f, "    b{}{} {sign} %{}", store.buffer.0, store.access, store.value)?;
        }
        Ok(())
    }
}

impl Display for Access {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut strides: Vec<String> = self.strides.iter().map(ToString::to_string).collect();
        strides.push(u8::from(self.along).to_string());
        if self.offset > 0 {
            write!(f, "+{}", self.offset)?;
        }
        write!(f, "[{}]", strides.join(", "))
    }
}

impl Display for Instruction {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Load(operand) => write!(f, "load {operand}"),
            Self::Accumulator => write!(f, "accumulator"),
            Self::Scalar(value) => write!(f, "{value:?}"),
            Self::RowCount => write!(f, "row count"),
            Self::InverseTotal => write!(f, "inverse total"),
            Self::Iota(access) => write!(f, "iota{access}"),
            Self::Random { distribution, operator, access, .. } => {
                write!(f, "random {distribution:?} {operator} {access}")
            }
            Self::Unary(op, x) => write!(f, "{op:?} %{x}"),
            Self::Binary(op, a, b) => write!(f, "{op:?} %{a} %{b}"),
            Self::Compare(op, a, b) => write!(f, "{op:?} %{a} %{b}"),
            Self::Select(mask, a, b) => write!(f, "Select %{mask} %{a} %{b}"),
            Self::Cast(dtype, x) => write!(f, "to {dtype} %{x}"),
            Self::Folded { stage, fold } => write!(f, "folded {stage}.{fold}"),
        }
    }
}

fn operands(f: &mut Formatter<'_>, operands: &[Operand]) -> fmt::Result {
    for (position, operand) in operands.iter().enumerate() {
        writeln!(f, "  load {position}: b{}{}", operand.buffer.0, operand.access)?;
    }
    Ok(())
}
