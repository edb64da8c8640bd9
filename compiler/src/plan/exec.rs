//! Runs a plan in `f64`, element by element, as the reference of emitted code; for tests.
//!
//! Memory starts as NaN and becomes NaN again after the last use, so that a wrong place or order shows.

mod window;

use super::kernel::{
    Access, BorderKernel, BufferId, ContractKernel, CopyKernel, Fold, Form, Instruction, Kernel, LoopKernel, Operand,
    Register, RowKernel, Stage,
};
use super::memory::{Range, ranges};
use super::{Layout, Place, Plan, Program};
use crate::ir::op::{Distribution, Op, Random};
use crate::ir::{Builder, DType, Shape};
use crate::rules::eval::element::{binary, compare, unary};
use crate::rules::eval::{Environment, values};

/// What a plan runs on.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// Elements of the inputs, row-major.
    pub inputs: Vec<Vec<f64>>,
    /// Elements of the targets, row-major.
    pub targets: Vec<Vec<f64>>,
    /// Elements of the parameters, each in its physical order.
    pub parameters: Vec<Vec<f64>>,
    /// Lengths of the outputs, which may be less than the rows need.
    pub outputs: Vec<usize>,
    /// Rows in this call.
    pub rows: usize,
    /// Position of the first of them in the whole batch.
    pub first_row: usize,
    /// One over the rows of the step.
    pub inverse_total: f64,
    /// Seed of everything random.
    pub seed: u64,
    /// Training steps taken.
    pub step: u64,
}

/// What a plan gives.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Outcome {
    /// The outputs, as long as the call asked for.
    pub outputs: Vec<Vec<f64>>,
    /// The loss.
    pub loss: Option<f64>,
    /// Gradients handed on, in physical order.
    pub gradients: Vec<(usize, Vec<f64>)>,
    /// Statistics set.
    pub assigned: Vec<(usize, Vec<f64>)>,
}

struct Machine<'a> {
    plan: &'a Plan,
    call: &'a Call,
    parameters: Vec<Vec<f64>>,
    rows: Vec<f64>,
    fixed: Vec<f64>,
    /// The steps of the loops around, outermost first.
    steps: Vec<usize>,
    outcome: Outcome,
}

/// Runs a plan.
pub fn run(plan: &Plan, call: &Call) -> Outcome {
    let outputs = call.outputs.iter().map(|&length| vec![f64::NAN; length]).collect();
    let mut machine = Machine {
        plan,
        call,
        parameters: call.parameters.clone(),
        rows: vec![f64::NAN; plan.row_floats * call.rows],
        fixed: vec![f64::NAN; plan.fixed_floats],
        steps: Vec::new(),
        outcome: Outcome { outputs, ..Outcome::default() },
    };
    machine.kernels(&plan.kernels, 0, &ranges(plan));
    machine.outcome.loss = plan.loss.map(|loss| machine.get(loss, 0));
    machine.outcome
}

/// The order of a parameter's scalars: physical position of each logical one.
pub fn physical_positions(layout: Layout, length: usize) -> Vec<usize> {
    match layout {
        Layout::RowMajor => (0..length).collect(),
        Layout::Panels { k, n, transposed } => (0..length)
            .map(|logical| if transposed { (logical % k, logical / k) } else { (logical / n, logical % n) })
            .map(|(row, column)| panel_position(k, n, row, column))
            .collect(),
        Layout::Filters(filters) => (0..length).map(|logical| filters.place(logical)).collect(),
    }
}

/// Elements of a parameter in physical order.
pub fn to_physical(program: &Program, parameter: usize, logical: &[f64]) -> Vec<f64> {
    let mut physical = vec![0.0; logical.len()];
    let positions = physical_positions(program.storage[parameter].layout, logical.len());
    for (value, position) in logical.iter().zip(positions) {
        physical[position] = *value;
    }
    physical
}

/// Elements of a parameter in logical order.
pub fn to_logical(program: &Program, parameter: usize, physical: &[f64]) -> Vec<f64> {
    let positions = physical_positions(program.storage[parameter].layout, physical.len());
    positions.into_iter().map(|position| physical[position]).collect()
}

fn panel_position(k: usize, n: usize, row: usize, column: usize) -> usize {
    let panel = column / 32;
    let width = (n - panel * 32).min(32);
    panel * 32 * k + row * width + column % 32
}

/// Where a body is: the outer loops' indices and the column.
struct Point<'p> {
    outer: &'p [usize],
    column: usize,
    accumulator: f64,
    folded: &'p [Vec<f64>],
}

fn at(access: &Access, point: &Point<'_>) -> usize {
    let outer: usize = access.strides.iter().zip(point.outer).map(|(stride, index)| stride * index).sum();
    access.offset + outer + usize::from(access.along) * point.column
}

impl Machine<'_> {
    fn length(&self, buffer: BufferId) -> usize {
        self.plan.buffers[buffer.0].length.at(self.call.rows)
    }

    fn get(&self, buffer: BufferId, position: usize) -> f64 {
        assert!(position < self.length(buffer), "read of {position} is outside of {:?}", self.plan.buffers[buffer.0]);
        match self.plan.buffers[buffer.0].place {
            Place::Input(number) => self.call.inputs[number][position],
            Place::Target(number) => self.call.targets[number][position],
            Place::Output(number) => self.outcome.outputs[number][position],
            Place::Parameter(number) => self.parameters[number][position],
            Place::Rows { offset } => self.rows[offset * self.call.rows + position],
            Place::Fixed { offset } => self.fixed[offset + position],
            Place::Gradient(number) => panic!("read of the gradient of parameter {number}"),
            Place::Window { of, stride, depth } => self.get(of, position + stride * self.steps[depth]),
        }
    }

    fn place(&mut self, buffer: BufferId, position: usize) -> Option<&mut f64> {
        assert!(position < self.length(buffer), "write of {position} is outside of {:?}", self.plan.buffers[buffer.0]);
        match self.plan.buffers[buffer.0].place {
            Place::Output(number) => self.outcome.outputs[number].get_mut(position),
            Place::Gradient(number) => self.gradient(number).get_mut(position),
            Place::Rows { offset } => self.rows.get_mut(offset * self.call.rows + position),
            Place::Fixed { offset } => self.fixed.get_mut(offset + position),
            Place::Window { of, stride, depth } => self.place(of, position + stride * self.steps[depth]),
            place => panic!("write to {place:?}"),
        }
    }

    /// A gradient that is handed on bit by bit.
    fn gradient(&mut self, parameter: usize) -> &mut Vec<f64> {
        let gradients = &mut self.outcome.gradients;
        let known = gradients.iter().position(|(number, _)| *number == parameter);
        let position = known.unwrap_or_else(|| {
            gradients.push((parameter, vec![f64::NAN; self.call.parameters[parameter].len()]));
            gradients.len() - 1
        });
        &mut gradients[position].1
    }

    fn put(&mut self, buffer: BufferId, position: usize, value: f64) {
        if let Some(place) = self.place(buffer, position) {
            *place = value;
        }
    }

    fn all(&self, buffer: BufferId) -> Vec<f64> {
        (0..self.length(buffer)).map(|position| self.get(buffer, position)).collect()
    }

    /// Fills what ends at `position` with NaN, but for what another live buffer has taken over.
    fn poison(&mut self, position: usize, ranges: &[Option<Range>]) {
        let live = |range: &Option<Range>| range.is_some_and(|range| range.first <= position && position < range.last);
        let kept: Vec<usize> = (0..ranges.len()).filter(|&buffer| live(&ranges[buffer])).collect();
        for ended in (0..ranges.len()).filter(|&buffer| ranges[buffer].is_some_and(|range| range.last == position)) {
            let own = &self.plan.buffers[ended].place;
            if !matches!(own, Place::Rows { .. } | Place::Fixed { .. }) {
                continue;
            }
            let taken = kept.iter().any(|&other| self.plan.buffers[other].place == *own);
            if !taken {
                (0..self.length(BufferId(ended))).for_each(|element| self.put(BufferId(ended), element, f64::NAN));
            }
        }
    }

    /// Runs kernels, of which the first has the given position; gives the position behind the last.
    fn kernels(&mut self, kernels: &[Kernel], mut position: usize, ranges: &[Option<Range>]) -> usize {
        for kernel in kernels {
            match kernel {
                Kernel::Loop(inner) => position = self.turns(inner, position, ranges),
                kernel => self.kernel(kernel),
            }
            self.poison(position, ranges);
            position += 1;
        }
        position
    }

    /// Runs a loop that begins at a position; gives the position of its end.
    fn turns(&mut self, inner: &LoopKernel, position: usize, ranges: &[Option<Range>]) -> usize {
        let mut end = position + 1;
        for turn in 0..inner.steps {
            assert_eq!(self.steps.len(), inner.depth, "a loop knows how many are around it");
            self.steps.push(if inner.reverse { inner.steps - 1 - turn } else { turn });
            end = self.kernels(&inner.kernels, position + 1, ranges);
            self.steps.pop();
        }
        end
    }

    fn kernel(&mut self, kernel: &Kernel) {
        match kernel {
            Kernel::Loop(_) => unreachable!("loops are run by `turns`"),
            Kernel::Rows(rows) => self.rows(rows),
            Kernel::Contract(contract) => self.contract(contract),
            Kernel::Copy(copy) => self.copy(copy),
            Kernel::Fill { buffer, value } => {
                (0..self.length(*buffer)).for_each(|position| self.put(*buffer, position, value.get()));
            }
            Kernel::Border(border) => self.border(border),
            Kernel::RealsFromIndices { from, to } => {
                (0..self.length(*to)).for_each(|position| self.put(*to, position, self.get(*from, position)));
            }
            Kernel::Update { parameter, gradient } => {
                let gradient = self.all(*gradient);
                self.outcome.gradients.push((*parameter, gradient));
                self.parameters[*parameter].fill(f64::NAN);
            }
            Kernel::Assign { parameter, value } => {
                let value = self.all(*value);
                self.outcome.assigned.push((*parameter, value));
                self.parameters[*parameter].fill(f64::NAN);
            }
        }
    }

    fn copy(&mut self, copy: &CopyKernel) {
        let lengths: Vec<usize> = copy.axes.iter().map(|axis| axis.length.at(self.call.rows)).collect();
        for outer in indices(&lengths) {
            let (mut from, mut to) = (copy.from_offset as isize, copy.to_offset);
            for (axis, &index) in copy.axes.iter().zip(&outer) {
                from += axis.from * index as isize;
                to += axis.to * index;
            }
            self.put(copy.to, to, self.get(copy.from, from.unsigned_abs()));
        }
    }

    fn border(&mut self, border: &BorderKernel) {
        let (bordered, rows) = (&border.bordered, border.rows.at(self.call.rows));
        let ([height, width], [_, _, channels]) = (bordered.pitch(), bordered.image);
        let is_inside =
            |axis: usize, at: usize| (bordered.low[axis]..bordered.low[axis] + bordered.image[axis]).contains(&at);
        for position in 0..rows * bordered.len() {
            let pixel = position / channels;
            if !(is_inside(0, pixel / width % height) && is_inside(1, pixel % width)) {
                self.put(border.buffer, position, 0.0);
            }
        }
    }

    fn rows(&mut self, kernel: &RowKernel) {
        let lengths: Vec<usize> = kernel.outer.iter().map(|length| length.at(self.call.rows)).collect();
        for outer in indices(&lengths) {
            let mut folded: Vec<Vec<f64>> = Vec::new();
            for stage in &kernel.stages {
                let mut folds: Vec<f64> = stage.folds.iter().map(|(fold, _)| identity(*fold)).collect();
                for column in 0..kernel.width {
                    let point = Point { outer: &outer, column, accumulator: f64::NAN, folded: &folded };
                    let values = self.stage(stage, &kernel.operands, &point);
                    for (result, (fold, register)) in folds.iter_mut().zip(&stage.folds) {
                        *result = combined(*fold, *result, values[*register]);
                    }
                }
                folded.push(folds);
            }
        }
    }

    fn stage(&mut self, stage: &Stage, operands: &[Operand], point: &Point<'_>) -> Vec<f64> {
        let mut values: Vec<f64> = Vec::new();
        for instruction in &stage.body {
            let value = self.instruction(instruction, operands, point, &values);
            values.push(value);
        }
        for store in &stage.stores {
            let position = at(&store.access, point);
            if store.fold.is_some() && !store.access.along && point.column > 0 {
                continue;
            }
            let value = values[store.value];
            match store.fold {
                None => self.put(store.buffer, position, value),
                Some(fold) => {
                    if let Some(place) = self.place(store.buffer, position) {
                        *place = combined(fold, *place, value);
                    }
                }
            }
        }
        values
    }

    fn instruction(&self, step: &Instruction, operands: &[Operand], point: &Point<'_>, values: &[f64]) -> f64 {
        let value = |register: &Register| values[*register];
        match step {
            Instruction::Load(number) => self.get(operands[*number].buffer, at(&operands[*number].access, point)),
            Instruction::Accumulator => point.accumulator,
            Instruction::Scalar(real) => real.get(),
            Instruction::RowCount => self.call.rows as f64,
            Instruction::InverseTotal => self.call.inverse_total,
            Instruction::Iota(access) => at(access, point) as f64,
            Instruction::Random { distribution, operator, access, per_row } => {
                let position = at(access, point);
                self.draw(*distribution, *operator, *per_row, position)
            }
            Instruction::Unary(op, x) => unary(*op, value(x)),
            Instruction::Binary(op, a, b) => binary(*op, value(a), value(b)),
            Instruction::Compare(op, a, b) => f64::from(compare(*op, value(a), value(b))),
            Instruction::Select(mask, a, b) => {
                if value(mask) != 0.0 {
                    value(a)
                } else {
                    value(b)
                }
            }
            Instruction::Cast(DType::Mask, x) => f64::from(value(x) != 0.0),
            Instruction::Cast(_, x) => value(x),
            Instruction::Folded { stage, fold } => point.folded[*stage][*fold],
        }
    }

    fn draw(&self, distribution: Distribution, operator: u32, per_row: usize, position: usize) -> f64 {
        let builder = Builder::new();
        let shape = Shape::fixed(&[per_row]);
        builder.add(Op::Random(Random { distribution, operator, shape }), &[]);
        let environment = Environment {
            rows: 1,
            first_row: self.call.first_row + position / per_row,
            seed: self.call.seed,
            step: self.call.step,
            ..Environment::default()
        };
        values(&builder.finish(), &environment)[0].as_slice().map_or(f64::NAN, |drawn| drawn[position % per_row])
    }

    fn contract(&mut self, kernel: &ContractKernel) {
        let (rows, width) = kernel.form.rows_and_width();
        let rows = rows.at(self.call.rows);
        let results = match kernel.form {
            Form::Window(form) => window::results(&form, self.call.rows, &self.all(kernel.a), &self.all(kernel.b)),
            _ => (0..rows * width).map(|at| self.product(kernel, at / width, at % width)).collect(),
        };
        let lengths: Vec<usize> = kernel.outer.iter().map(|length| length.at(self.call.rows)).collect();
        for (row, outer) in indices(&lengths).iter().enumerate() {
            for (column, &accumulator) in results[row * width..(row + 1) * width].iter().enumerate() {
                let point = Point { outer, column, accumulator, folded: &[] };
                self.stage(&kernel.epilogue, &kernel.operands, &point);
            }
        }
        if let Some(update) = kernel.update {
            self.parameters[update.parameter].fill(f64::NAN);
        }
    }

    fn product(&self, kernel: &ContractKernel, row: usize, column: usize) -> f64 {
        let size = self.call.rows;
        let (a, b) = (|at| self.get(kernel.a, at), |at| self.get(kernel.b, at));
        match kernel.form {
            Form::Dense { k, n, .. } => (0..k).map(|i| a(row * k + i) * b(panel_position(k, n, i, column))).sum(),
            Form::DenseInputGradient { k, n, .. } => {
                (0..n).map(|i| a(row * n + i) * b(panel_position(k, n, column, i))).sum()
            }
            Form::DenseWeightGradient { rows, k, n } => {
                let positions = (0..k * n).find(|&at| panel_position(k, n, at / n, at % n) == column);
                let (i, j) = positions.map_or((0, 0), |at| (at / n, at % n));
                (0..rows.at(size)).map(|r| a(r * k + i) * b(r * n + j)).sum()
            }
            Form::Matmul { m, k, n, a_transposed, b_transposed, .. } => {
                let (m, k) = (m.at(size), k.at(size));
                let (p, i) = (row / m, row % m);
                let left = |s| if a_transposed { p * m * k + s * m + i } else { (p * m + i) * k + s };
                let right = |s| if b_transposed { (p * n + column) * k + s } else { (p * k + s) * n + column };
                (0..k).map(|s| a(left(s)) * b(right(s))).sum()
            }
            Form::Window(_) => f64::NAN,
        }
    }
}

fn identity(fold: Fold) -> f64 {
    match fold {
        Fold::Sum => 0.0,
        Fold::Max => f64::NEG_INFINITY,
        Fold::Min => f64::INFINITY,
    }
}

fn combined(fold: Fold, a: f64, b: f64) -> f64 {
    use crate::ir::op::Binary;
    match fold {
        Fold::Sum => a + b,
        Fold::Max => binary(Binary::Max, a, b),
        Fold::Min => binary(Binary::Min, a, b),
    }
}

/// All indices of loops, the last one fastest.
fn indices(lengths: &[usize]) -> Vec<Vec<usize>> {
    lengths.iter().fold(vec![Vec::new()], |prefixes, &length| {
        let extend = |prefix: Vec<usize>| (0..length).map(move |index| [&prefix[..], &[index]].concat());
        prefixes.into_iter().flat_map(extend).collect()
    })
}
