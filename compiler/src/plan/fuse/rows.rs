//! The stages of a row program or epilogue: which walk over the columns makes what, and what passes between walks.

use crate::ir::hash::Map;
use crate::ir::op::{Compare, Op, Real, Source};
use crate::ir::{DType, Dim, Value};
use crate::plan::fuse::domain::Nest;
use crate::plan::fuse::facts::Edge;
use crate::plan::fuse::groups::is_arg_max;
use crate::plan::fuse::lower::Lowering;
use crate::plan::kernel::{Access, BufferId, Fold, Instruction, Operand, Register, Stage, Store};
use crate::plan::view::View;
use crate::rules::lower::{Work, cost, fold, instruction};

/// Work that a later walk may do again rather than read back, in additions.
const REPEATED: usize = 6;

/// Builds the stages of one kernel.
pub struct RowBuilder<'a, 'f, 'g> {
    lowering: &'a mut Lowering<'f, 'g>,
    nodes: &'a [Value],
    nest: &'a Nest,
    contract: Option<Value>,
    operands: Vec<Operand>,
    stages: Vec<Stage>,
    known: Map<(usize, Value), Register>,
    same: Map<(usize, Instruction), Register>,
    levels: Map<Value, usize>,
    folds: Map<Value, (usize, usize)>,
    saved: Map<Value, (BufferId, Access)>,
}

impl<'a, 'f, 'g> RowBuilder<'a, 'f, 'g> {
    /// A builder for the values `nodes` over a loop nest; `contract` is the accumulator of an epilogue.
    pub fn new(
        lowering: &'a mut Lowering<'f, 'g>,
        nodes: &'a [Value],
        nest: &'a Nest,
        contract: Option<Value>,
    ) -> Self {
        Self {
            lowering,
            nodes,
            nest,
            contract,
            operands: Vec::new(),
            stages: vec![Stage::default()],
            known: Map::default(),
            same: Map::default(),
            levels: Map::default(),
            folds: Map::default(),
            saved: Map::default(),
        }
    }

    /// The operands read and the stages that store the wanted values.
    pub fn build(mut self, wanted: &[Value]) -> (Vec<Operand>, Vec<Stage>) {
        for &value in wanted {
            if let Some(buffer) = self.lowering.known(value) {
                self.store(value, buffer);
            }
            for buffer in self.lowering.written_only.get(&value).cloned().unwrap_or_default() {
                self.store(value, buffer);
            }
        }
        (self.operands, self.stages)
    }

    fn store(&mut self, value: Value, buffer: BufferId) {
        if self.saved.get(&value).is_some_and(|(saved, _)| *saved == buffer) {
            return;
        }
        let facts = self.lowering.facts;
        let reduction = facts.reduction(value);
        if let (Op::Reduce(reduce, _), Some(target)) = (facts.graph.op(value), reduction.target) {
            let operand = facts.graph.operands(value)[0];
            let stage = self.level(value);
            let register =
                if reduction.width.is_some() { self.folded(value, stage) } else { self.value(operand, stage) };
            let access = self.nest.access(&target);
            self.put(stage, Store { buffer, access, value: register, fold: Some(fold(*reduce)) });
            return;
        }
        let stage = self.level(value);
        let register = self.node(value, stage);
        let access = self.nest.access(&self.lowering.written(value, buffer));
        if !self.lowering.written_only.get(&value).is_some_and(|only| only.contains(&buffer)) {
            self.saved.insert(value, (buffer, access.clone()));
        }
        self.put(stage, Store { buffer, access, value: register, fold: None });
    }

    fn put(&mut self, stage: usize, store: Store) {
        self.reach(stage);
        self.stages[stage].stores.push(store);
    }

    fn reach(&mut self, stage: usize) {
        while self.stages.len() <= stage {
            self.stages.push(Stage::default());
        }
    }

    fn push(&mut self, stage: usize, instruction: Instruction) -> Register {
        self.reach(stage);
        let body = &mut self.stages[stage].body;
        *self.same.entry((stage, instruction.clone())).or_insert_with(|| {
            body.push(instruction);
            body.len() - 1
        })
    }

    /// Whether this kernel makes a value.
    fn makes(&self, value: Value) -> bool {
        self.nodes.binary_search(&value).is_ok()
    }

    /// The first stage in which a value is at hand.
    fn level(&mut self, value: Value) -> usize {
        if let Some(level) = self.levels.get(&value) {
            return *level;
        }
        let level = if self.makes(value) && Some(value) != self.contract {
            let facts = self.lowering.facts;
            let bases = facts.graph.operands(value).iter().map(|&operand| facts.view(operand).base);
            let operands = bases.map(|base| self.level(base)).max().unwrap_or(0);
            operands + self.walks(value)
        } else {
            0
        };
        self.levels.insert(value, level);
        level
    }

    /// How many walks over the columns a reduction needs before its result is there.
    fn walks(&self, value: Value) -> usize {
        let facts = self.lowering.facts;
        match facts.reduction(value).width {
            Some(_) if is_arg_max(facts, value) => 2,
            Some(_) => 1,
            None => 0,
        }
    }

    /// An operand as a register of a stage.
    fn value(&mut self, operand: Value, stage: usize) -> Register {
        let facts = self.lowering.facts;
        match facts.edge(operand) {
            Edge::Constant(value) => self.constant(value, stage),
            Edge::Direct { base, .. } if self.makes(base) => self.node(base, stage),
            Edge::Direct { base, repeats: None } if self.is_made_again(base) => self.made(base, stage),
            Edge::Direct { .. } => self.load(&facts.view(operand).clone(), stage),
            Edge::Load(view) => self.load(&view, stage),
        }
    }

    fn is_made_again(&self, base: Value) -> bool {
        let facts = self.lowering.facts;
        facts.work(base) == Work::Element && (facts.is_free(base) || self.lowering.is_recomputed(base))
    }

    fn constant(&mut self, value: Value, stage: usize) -> Register {
        let facts = self.lowering.facts;
        match facts.graph.op(value) {
            Op::Source(Source::Scalar(real)) => self.push(stage, Instruction::Scalar(*real)),
            Op::Source(Source::RowCount) => self.push(stage, Instruction::RowCount),
            Op::Source(Source::InverseTotal) => self.push(stage, Instruction::InverseTotal),
            Op::Stop | Op::Movement(_) => self.constant(facts.graph.operands(value)[0], stage),
            _ => self.made(value, stage),
        }
    }

    /// A value of this kernel as a register of a stage.
    fn node(&mut self, value: Value, stage: usize) -> Register {
        let facts = self.lowering.facts;
        if Some(value) == self.contract {
            return self.push(stage, Instruction::Accumulator);
        }
        match facts.work(value) {
            Work::Fold => self.folded(value, stage),
            Work::Constant => self.constant(value, stage),
            Work::Generate => self.load(&facts.view(value).clone(), stage),
            _ if self.level(value) == stage || self.is_cheap(value) => self.made(value, stage),
            _ => self.read_back(value, stage),
        }
    }

    /// Applies the operator of a value in a stage.
    fn made(&mut self, value: Value, stage: usize) -> Register {
        if let Some(register) = self.known.get(&(stage, value)) {
            return *register;
        }
        let graph = self.lowering.facts.graph;
        let operands = graph.operands(value);
        let registers: Vec<Register> = operands.iter().map(|&operand| self.value(operand, stage)).collect();
        let register = match instruction(graph.op(value), graph.ty(operands[0]).dtype, &registers) {
            Some(instruction) => self.push(stage, instruction),
            None => registers[0],
        };
        self.known.insert((stage, value), register);
        register
    }

    /// Whether doing a value again is cheaper than storing and reading it back.
    fn is_cheap(&self, value: Value) -> bool {
        self.is_uniform(value) || self.cost(value, REPEATED + 1) <= REPEATED
    }

    fn is_uniform(&self, value: Value) -> bool {
        let elements = self.lowering.facts.shape(value).elements();
        elements != self.nest.total() || self.nest.width == 1
    }

    /// Additions to make a value of this kernel once more, at most `limit`.
    fn cost(&self, value: Value, limit: usize) -> usize {
        let facts = self.lowering.facts;
        let again = self.makes(value) || self.is_made_again(value);
        if !again || facts.work(value) != Work::Element || self.is_uniform(value) || Some(value) == self.contract {
            return 1.min(limit);
        }
        let mut total = cost(facts.graph.op(value));
        for &operand in facts.graph.operands(value) {
            if total >= limit {
                return limit;
            }
            total += match facts.edge(operand) {
                Edge::Constant(_) => 0,
                Edge::Direct { base, .. } => self.cost(base, limit - total),
                Edge::Load(_) => 1,
            };
        }
        total.min(limit)
    }

    fn read_back(&mut self, value: Value, stage: usize) -> Register {
        let (buffer, access) = match self.saved.get(&value) {
            Some(saved) => saved.clone(),
            None => self.save(value),
        };
        self.load_from(buffer, access, value, stage)
    }

    fn save(&mut self, value: Value) -> (BufferId, Access) {
        let (buffer, access) = match self.lowering.known(value) {
            Some(buffer) => (buffer, self.nest.access(&self.lowering.written(value, buffer))),
            None => {
                let buffer = self.lowering.arena("row".to_owned(), Dim::fixed(self.nest.width));
                (buffer, Access { offset: 0, strides: vec![0; self.nest.outer.len()], along: true })
            }
        };
        let home = self.level(value);
        let register = self.made(value, home);
        self.put(home, Store { buffer, access: access.clone(), value: register, fold: None });
        self.saved.insert(value, (buffer, access.clone()));
        (buffer, access)
    }

    fn load(&mut self, view: &View, stage: usize) -> Register {
        let facts = self.lowering.facts;
        let access = self.nest.access(view);
        match facts.graph.op(view.base) {
            Op::Source(Source::Iota(_)) => self.push(stage, Instruction::Iota(access)),
            Op::Random(random) => {
                let (distribution, operator) = (random.distribution, random.operator);
                let per_row = random.shape.elements().size;
                self.push(stage, Instruction::Random { distribution, operator, access, per_row })
            }
            _ => {
                let buffer = self.lowering.buffer(view.base);
                self.load_from(buffer, access, view.base, stage)
            }
        }
    }

    fn load_from(&mut self, buffer: BufferId, access: Access, value: Value, stage: usize) -> Register {
        let operand = Operand { buffer, access };
        let position = self.operands.iter().position(|known| *known == operand).unwrap_or_else(|| {
            self.operands.push(operand);
            self.operands.len() - 1
        });
        let register = self.push(stage, Instruction::Load(position));
        match self.lowering.facts.graph.ty(value).dtype {
            DType::Mask => self.push(stage, Instruction::Cast(DType::Mask, register)),
            DType::F32 | DType::Index(_) => register,
        }
    }

    /// The result of a reduction over the columns, in a stage after its walk.
    fn folded(&mut self, value: Value, stage: usize) -> Register {
        if let Some(&(at, position)) = self.folds.get(&value) {
            return self.push(stage, Instruction::Folded { stage: at, fold: position });
        }
        let facts = self.lowering.facts;
        let Op::Reduce(reduce, _) = facts.graph.op(value) else { return self.node(value, stage) };
        let operand = facts.graph.operands(value)[0];
        let mut at = self.level(facts.view(operand).base);
        let register = self.value(operand, at);
        let mut position = self.fold(at, fold(*reduce), register);
        if is_arg_max(facts, value) {
            let largest = self.push(at + 1, Instruction::Folded { stage: at, fold: position });
            at += 1;
            position = self.first_at(operand, largest, at);
        }
        self.folds.insert(value, (at, position));
        self.push(stage, Instruction::Folded { stage: at, fold: position })
    }

    /// Folds the first position at which an operand equals `largest`.
    fn first_at(&mut self, operand: Value, largest: Register, at: usize) -> usize {
        let register = self.value(operand, at);
        let equal = self.push(at, Instruction::Compare(Compare::Eq, register, largest));
        let columns = Access { offset: 0, strides: vec![0; self.nest.outer.len()], along: self.nest.width > 1 };
        let column = self.push(at, Instruction::Iota(columns));
        let none = self.push(at, Instruction::Scalar(Real::new((self.nest.width - 1) as f64)));
        let candidate = self.push(at, Instruction::Select(equal, column, none));
        self.fold(at, Fold::Min, candidate)
    }

    fn fold(&mut self, stage: usize, fold: Fold, register: Register) -> usize {
        self.reach(stage);
        let folds = &mut self.stages[stage].folds;
        folds.iter().position(|known| *known == (fold, register)).unwrap_or_else(|| {
            folds.push((fold, register));
            folds.len() - 1
        })
    }
}
