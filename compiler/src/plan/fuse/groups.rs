//! Which values one kernel makes: every computed value starts alone, then producers and users join as long as one loop
//! nest fits both and no other kernel would have to run in between.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use crate::ir::op::{Op, Reduce};
use crate::ir::{Dim, Value};
use crate::plan::fuse::contract::Product;
use crate::plan::fuse::domain::Domain;
use crate::plan::fuse::facts::{Edge, Facts};
use crate::plan::schedule::distinct;
use crate::rules::lower::Work;

/// Values that one kernel makes.
#[derive(Clone, Debug)]
pub struct Group {
    /// The values, operands before users.
    pub nodes: Vec<Value>,
    /// Their loop nest.
    pub domain: Domain,
    /// The contraction among them.
    pub contract: Option<Value>,
    /// Other values that they read.
    reads: Vec<Value>,
    reduces: bool,
    movement: bool,
}

/// All groups.
pub struct Groups<'f, 'g> {
    facts: &'f Facts<'g>,
    groups: Vec<Option<Group>>,
    of_value: Vec<Option<usize>>,
    /// For each value, those that read it, ascending.
    readers: Vec<Vec<Value>>,
}

impl<'f, 'g> Groups<'f, 'g> {
    /// Groups the live values of a graph.
    pub fn new(facts: &'f Facts<'g>) -> Self {
        let length = facts.graph.len();
        let mut groups =
            Self { facts, groups: Vec::new(), of_value: vec![None; length], readers: vec![Vec::new(); length] };
        for value in facts.graph.values().filter(|&value| facts.is_live(value)) {
            groups.start(value);
        }
        for value in facts.graph.values() {
            if matches!(facts.work(value), Work::Element | Work::Fold) && groups.number(value).is_some() {
                groups.join_operands(value);
            }
        }
        groups
    }

    /// The group that makes a value.
    pub fn of(&self, value: Value) -> Option<&Group> {
        self.groups[self.number(value)?].as_ref()
    }

    /// The group's position, which stays as it is once grouping is done.
    pub fn number(&self, value: Value) -> Option<usize> {
        self.of_value[value.index()]
    }

    /// All groups, users before producers.
    pub fn users_first(&self) -> Vec<&Group> {
        let mut order = Vec::new();
        let mut seen = vec![false; self.groups.len()];
        for start in 0..self.groups.len() {
            let mut stack = vec![(start, false)];
            while let Some((number, finished)) = stack.pop() {
                if finished {
                    order.push(number);
                } else if !std::mem::replace(&mut seen[number], true) {
                    stack.push((number, true));
                    stack.extend(self.producers(number).into_iter().map(|producer| (producer, false)));
                }
            }
        }
        order.into_iter().rev().filter_map(|number| self.groups[number].as_ref()).collect()
    }

    fn start(&mut self, value: Value) {
        let facts = self.facts;
        let contract = (facts.work(value) == Work::Contract).then_some(value);
        let domain = match facts.work(value) {
            Work::Contract => Product::of(facts, value).domain(),
            Work::Element if facts.is_free(value) => return,
            Work::Element | Work::Fold => facts.domain(value),
            Work::Copy => Domain::flat(facts.shape(value).elements()),
            Work::Loop if self.joins_loop(value) => return,
            Work::Loop => Domain::flat(facts.shape(value).elements()),
            Work::Constant | Work::Generate | Work::Load | Work::View => return,
        };
        self.of_value[value.index()] = Some(self.groups.len());
        let reads: Vec<Value> = facts.graph.operands(value).iter().map(|&operand| facts.view(operand).base).collect();
        for read in &reads {
            self.readers[read.index()].push(value);
        }
        self.groups.push(Some(Group {
            nodes: vec![value],
            domain,
            contract,
            reads,
            reduces: facts.work(value) == Work::Fold,
            movement: matches!(facts.work(value), Work::Copy | Work::Loop) || facts.is_unpacked(value),
        }));
    }

    /// Adds a result of a loop to the others, if there are any.
    fn joins_loop(&mut self, value: Value) -> bool {
        let is_same = |group: &Option<Group>| {
            group
                .as_ref()
                .and_then(|group| group.nodes.first())
                .is_some_and(|&other| self.facts.is_same_loop(value, other))
        };
        let Some(number) = self.groups.iter().position(is_same) else { return false };
        self.of_value[value.index()] = Some(number);
        self.groups[number].iter_mut().for_each(|group| group.nodes.push(value));
        true
    }

    fn join_operands(&mut self, value: Value) {
        for &operand in self.facts.graph.operands(value) {
            let Edge::Direct { base, repeats } = self.facts.edge(operand) else { continue };
            let (Some(producer), Some(user)) = (self.number(base), self.number(value)) else { continue };
            if producer != user {
                let rows = self.facts.shape(base).elements();
                self.join(producer, user, repeats.map(|repeats| (rows, repeats)));
            }
        }
    }

    fn join(&mut self, producer: usize, user: usize, repeats: Option<(Dim, usize)>) {
        let (Some(a), Some(b)) = (&self.groups[producer], &self.groups[user]) else { return };
        let Some(domain) = joined(a, b, repeats) else { return };
        if !self.direct_only(producer, user, &domain) || !self.direct_only(user, producer, &domain) {
            return;
        }
        if self.passes_outside(producer, user) || self.passes_outside(user, producer) {
            return;
        }
        let Some(joining) = self.groups[user].take() else { return };
        for value in &joining.nodes {
            self.of_value[value.index()] = Some(producer);
        }
        if let Some(group) = &mut self.groups[producer] {
            group.take_in(joining, domain);
        }
    }

    /// Whether all that `user` reads of `producer` is at hand in a joined loop nest.
    fn direct_only(&self, producer: usize, user: usize, joined: &Domain) -> bool {
        let Some(group) = &self.groups[user] else { return false };
        group.nodes.iter().all(|&value| {
            self.facts.graph.operands(value).iter().all(|&operand| {
                let base = self.facts.view(operand).base;
                self.number(base) != Some(producer) || self.is_at_hand(base, operand, joined)
            })
        })
    }

    fn is_at_hand(&self, base: Value, operand: Value, joined: &Domain) -> bool {
        let available = self.facts.work(base) != Work::Fold || self.facts.reduction(base).target.is_none();
        match self.facts.edge(operand) {
            Edge::Direct { repeats: None, .. } => available,
            Edge::Direct { repeats, .. } => available && repeats == joined.width,
            Edge::Constant(_) | Edge::Load(_) => false,
        }
    }

    /// Whether a third group needs `from` and is needed by `to`. Looks at the oldest group behind `from` first: from a
    /// gradient back to the forward pass, what was saved leads past most groups.
    fn passes_outside(&self, from: usize, to: usize) -> bool {
        if !self.is_read_outside(from, to) {
            return false;
        }
        let earliest = self.first(from);
        let mut seen = vec![false; self.groups.len()];
        (seen[from], seen[to]) = (true, true);
        let mut waiting = BinaryHeap::new();
        let mut next = Some(to);
        while let Some(number) = next {
            for producer in self.read_by(number) {
                if producer == from && number != to {
                    return true;
                }
                if !std::mem::replace(&mut seen[producer], true) && self.last(producer) >= earliest {
                    let first = self.first(producer);
                    waiting.push(Reverse((first < earliest, first, producer)));
                }
            }
            next = waiting.pop().map(|Reverse((.., number))| number);
        }
        false
    }

    /// Whether a third group reads `from`, other than by a value behind both: that one has not joined any other yet.
    fn is_read_outside(&self, from: usize, to: usize) -> bool {
        let end = self.last(from).max(self.last(to));
        let nodes = self.groups[from].iter().flat_map(|group| &group.nodes);
        let is_outside = |&reader: &Value| {
            Some(reader) < end && self.number(reader).is_some_and(|number| number != from && number != to)
        };
        nodes.flat_map(|node| &self.readers[node.index()]).any(is_outside)
    }

    fn first(&self, number: usize) -> Option<Value> {
        self.groups[number].as_ref().and_then(|group| group.nodes.first().copied())
    }

    fn last(&self, number: usize) -> Option<Value> {
        self.groups[number].as_ref().and_then(|group| group.nodes.last().copied())
    }

    /// The groups that a group reads, each once, ascending.
    fn producers(&self, number: usize) -> BTreeSet<usize> {
        self.read_by(number).filter(|&producer| producer != number).collect()
    }

    fn read_by(&self, number: usize) -> impl Iterator<Item = usize> {
        self.groups[number].iter().flat_map(|group| &group.reads).filter_map(|&value| self.number(value))
    }
}

impl Group {
    fn take_in(&mut self, other: Self, domain: Domain) {
        self.nodes.extend(other.nodes);
        self.nodes.sort_unstable();
        self.reads.extend(other.reads);
        self.reads = distinct(std::mem::take(&mut self.reads));
        self.reads.retain(|value| self.nodes.binary_search(value).is_err());
        self.contract = self.contract.or(other.contract);
        self.reduces |= other.reduces;
        self.domain = domain;
    }
}

/// The loop nest of both groups as one; `repeats` says how many rows the producer's value has and how often each is
/// repeated.
fn joined(producer: &Group, user: &Group, repeats: Option<(Dim, usize)>) -> Option<Domain> {
    if producer.movement || user.movement {
        return None;
    }
    let (a, mut b) = (producer.domain.clone(), user.domain.clone());
    if let Some((_, repeats)) = repeats {
        b.width.get_or_insert(repeats);
    }
    let domain = a.joined(&b).or_else(|| b.joined(&a))?;
    let fits = |(rows, repeats): (Dim, usize)| {
        domain.width == Some(repeats) && rows.times(Dim::fixed(repeats)) == domain.total
    };
    if !repeats.is_none_or(fits) {
        return None;
    }
    let reduces = producer.reduces || user.reduces;
    if producer.contract.or(user.contract).is_some() {
        let two = producer.contract.is_some() && user.contract.is_some();
        let per_row = producer.domain.total != user.domain.total;
        let own = if producer.contract.is_some() { &producer.domain.cuts } else { &user.domain.cuts };
        let is_strange = |cut: &usize| Some(*cut) != domain.width && !own.contains(cut);
        if two || per_row || reduces || domain.cuts.iter().any(is_strange) {
            return None;
        }
    }
    Some(domain)
}

/// Whether a value is the position of the largest.
pub fn is_arg_max(facts: &Facts<'_>, value: Value) -> bool {
    matches!(facts.graph.op(value), Op::Reduce(Reduce::ArgMax, _))
}

/// The elements of a value.
pub fn elements(facts: &Facts<'_>, value: Value) -> Dim {
    facts.shape(value).elements()
}
