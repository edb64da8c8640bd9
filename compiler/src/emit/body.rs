//! A plan to the statements that run it: buffers are cut from the arenas for each kernel, in the order of offsets.

use std::collections::BTreeMap;

use graven_runtime::Window;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::arguments::Canonical;
use super::contract::{self, Epilogue, Rows};
use super::copy;
use super::family::Families;
use super::repeat::{Stretch, stretches};
use super::rolled::Rolled;
use super::rows::RowFunction;
use super::template::Statement;
use super::window;
use crate::plan::kernel::{BufferId, ContractKernel, Kernel, LoopKernel, RowKernel};
use crate::plan::window::WindowForm;
use crate::plan::{Place, Plan, Storage};

/// Functions and types that the plans of a network share, each emitted once.
pub(super) struct Shared {
    model: Ident,
    rows: Families<RowFunction>,
    epilogues: Families<Epilogue>,
    windows: Vec<Window>,
}

impl Shared {
    /// Types are named away from the name of the model, which is an item outside.
    pub fn new(model: &Ident) -> Self {
        Self {
            model: model.clone(),
            rows: Families::new("rows_".to_owned()),
            epilogues: Families::new(format!("{model}Epilogue")),
            windows: Vec::new(),
        }
    }

    /// The type that stands for a window.
    fn window(&mut self, form: &WindowForm) -> Ident {
        let number = position_or_push(&mut self.windows, form.window());
        self.window_name(number)
    }

    fn window_name(&self, number: usize) -> Ident {
        format_ident!("{}Window{number}", self.model)
    }

    pub fn emit(&self) -> TokenStream {
        let windows = self.windows.iter().enumerate().map(|(number, one)| window::emit(one, &self.window_name(number)));
        let (rows, epilogues) = (&self.rows.items, &self.epilogues.items);
        quote!(#(#windows)* #rows #epilogues)
    }
}

/// The position of an item in a list, to which it is added if it is not there.
pub(super) fn position_or_push<T: PartialEq>(items: &mut Vec<T>, item: T) -> usize {
    items.iter().position(|known| *known == item).unwrap_or_else(|| {
        items.push(item);
        items.len() - 1
    })
}

/// A plan to be written down.
pub(super) struct Statements<'a> {
    pub plan: &'a Plan,
    pub storage: &'a [Storage],
    /// Whether a sink takes gradients; parameters are read through it then.
    pub training: bool,
    /// Whether outputs may be shorter than the rows present.
    pub partial_outputs: bool,
    /// What stands for each offset, where offsets are positions here.
    pub offsets: Option<&'a [TokenStream]>,
}

impl Statements<'_> {
    /// All kernels, in order; those that repeat are written once, in a loop.
    pub fn emit(&self, shared: &mut Shared) -> TokenStream {
        let kernels = &self.plan.kernels;
        let mut templates = Vec::new();
        let mut statements = Vec::new();
        let mut numbers = Vec::new();
        for (position, kernel) in kernels.iter().enumerate() {
            let statement = Statement::new(self.plan, self.storage, kernel);
            numbers.push(statement.as_ref().map_or(kernels.len() + position, |statement| {
                position_or_push(&mut templates, statement.template.clone())
            }));
            statements.push(statement);
        }
        let mut body = TokenStream::new();
        for stretch in stretches(&numbers) {
            match stretch {
                Stretch::Once(range) => body.extend(kernels[range].iter().map(|kernel| self.kernel(kernel, shared))),
                Stretch::Repeated { start, period, times } => {
                    let all: Vec<&Statement> = statements[start..start + period * times].iter().flatten().collect();
                    body.extend(self.repeated(&all, period, shared));
                }
            }
        }
        body
    }

    /// Statements whose templates repeat after each `period`.
    fn repeated(&self, statements: &[&Statement], period: usize, shared: &mut Shared) -> TokenStream {
        let rounds: Vec<&[&Statement]> = statements.chunks(period).collect();
        let mut rolled = Rolled::new(rounds.len());
        let mut body = TokenStream::new();
        for (position, first) in rounds[0].iter().enumerate() {
            let column = |offset| rounds.iter().map(|round| round[position].offsets[offset]).collect();
            let offsets: Vec<TokenStream> = (0..first.offsets.len()).map(|at| rolled.offset(column(at))).collect();
            let (plan, storage) = first.template.plan();
            let one = Statements { plan: &plan, storage: &storage, offsets: Some(&offsets), ..*self };
            body.extend(plan.kernels.iter().map(|kernel| one.kernel(kernel, shared)));
        }
        rolled.around(&body)
    }

    /// An offset, written down.
    fn written(&self, offset: usize) -> TokenStream {
        match self.offsets {
            Some(offsets) => offsets[offset].clone(),
            None => Literal::usize_unsuffixed(offset).into_token_stream(),
        }
    }

    /// The loss, one number.
    pub fn loss(&self) -> TokenStream {
        let Some(loss) = self.plan.loss else { return quote!(0f32) };
        match self.plan.buffers[loss.0].place {
            Place::Rows { offset } => get("rows", offset),
            Place::Fixed { offset } => get("fixed", offset),
            _ => quote!(0f32),
        }
    }

    fn kernel(&self, kernel: &Kernel, shared: &mut Shared) -> TokenStream {
        match kernel {
            Kernel::Rows(rows) => self.rows(rows, shared),
            Kernel::Contract(contract) => self.contract(contract, shared),
            Kernel::Copy(copy) => {
                let cuts = self.cuts(&[copy.from, copy.to]);
                cuts.before(copy::call(copy, &cuts.slice(copy.from), &cuts.slice_mut(copy.to)))
            }
            Kernel::Fill { buffer, value } => {
                let cuts = self.cuts(&[*buffer]);
                cuts.before(copy::fill(&cuts.slice_mut(*buffer), *value))
            }
            Kernel::Border(border) => {
                let cuts = self.cuts(&[border.buffer]);
                cuts.before(copy::border(border, &cuts.slice_mut(border.buffer)))
            }
            Kernel::RealsFromIndices { from, to } => {
                let cuts = self.cuts(&[*from, *to]);
                let (from, to) = (cuts.slice(*from), cuts.slice_mut(*to));
                cuts.before(quote!(rt::reals_from_indices(#from, #to);))
            }
            Kernel::Loop(inner) => self.steps(inner, shared),
            Kernel::Update { parameter, gradient } => {
                let cuts = self.cuts(&[*gradient]);
                let (at, gradient) = (self.offset(*parameter), cuts.slice(*gradient));
                cuts.before(quote!(sink.gradient(simd, #at, #gradient);))
            }
            Kernel::Assign { parameter, value } => {
                let cuts = self.cuts(&[*value]);
                let (at, value) = (self.offset(*parameter), cuts.slice(*value));
                cuts.before(quote!(sink.assign(#at, #value);))
            }
        }
    }

    fn steps(&self, inner: &LoopKernel, shared: &mut Shared) -> TokenStream {
        let (step, steps) = (step(inner.depth), Literal::usize_unsuffixed(inner.steps));
        let order = if inner.reverse { quote!((0..#steps).rev()) } else { quote!(0..#steps) };
        let body: TokenStream = inner.kernels.iter().map(|kernel| self.kernel(kernel, shared)).collect();
        quote!(for #step in #order { #body })
    }

    fn rows(&self, kernel: &RowKernel, shared: &mut Shared) -> TokenStream {
        let (nest, arguments) = Canonical::new(self.plan, &kernel.operands, &kernel.stages, self.partial_outputs);
        let name = shared.rows.name(&RowFunction { outer: kernel.outer.clone(), width: kernel.width, nest });
        let cuts = self.cuts(&[&arguments.reads[..], &arguments.writes].concat());
        let reads = arguments.reads.iter().map(|buffer| cuts.slice(*buffer));
        let writes = arguments.writes.iter().map(|buffer| cuts.slice_mut(*buffer));
        cuts.before(quote!(#name(simd, batch, [#(#reads),*], [#(#writes),*]);))
    }

    fn contract(&self, kernel: &ContractKernel, shared: &mut Shared) -> TokenStream {
        let stages = std::slice::from_ref(&kernel.epilogue);
        let (nest, arguments) = Canonical::new(self.plan, &kernel.operands, stages, self.partial_outputs);
        let way = kernel.update.map(|update| update.way);
        let own: Vec<BufferId> = [kernel.a, kernel.b].into_iter().chain(kernel.scratch).chain(way).collect();
        let cuts = self.cuts(&[&arguments.reads[..], &arguments.writes, &own].concat());
        let epilogue = Epilogue { nest, rows: Rows::of(kernel) };
        let name = shared.epilogues.name(&epilogue);
        let read = |buffer: &BufferId| match (kernel.update, self.plan.buffers[buffer.0].place) {
            (Some(_), Place::Parameter(number)) => self.offset(number),
            _ => cuts.slice(*buffer),
        };
        let written = |buffer: &BufferId| match (kernel.update, self.plan.buffers[buffer.0].place) {
            (Some(update), Place::Gradient(parameter)) => self.stream(parameter, &cuts.slice_mut(update.way)),
            _ => cuts.slice_mut(*buffer),
        };
        let reads: Vec<TokenStream> = arguments.reads.iter().map(read).collect();
        let writes: Vec<TokenStream> = arguments.writes.iter().map(written).collect();
        let value = epilogue.value(&name, &reads, &writes);
        let scratch = kernel.scratch.map_or_else(|| quote!(&mut []), |scratch| cuts.slice_mut(scratch));
        let (a, b) = (cuts.slice(kernel.a), cuts.slice(kernel.b));
        let mut call = |epilogue: &TokenStream| {
            contract::call(kernel.form, [&a, &b, &scratch], epilogue, |form| shared.window(form))
        };
        cuts.before(match epilogue.rest() {
            Some(rest) => {
                let call = call(&quote!(epilogue));
                quote!(let mut epilogue = #value; #call #rest)
            }
            None => call(&value),
        })
    }

    /// Where a parameter begins.
    fn offset(&self, parameter: usize) -> TokenStream {
        self.written(self.storage[parameter].offset)
    }

    /// Where gradients of a parameter go as they are made, through the memory `way`.
    fn stream(&self, parameter: usize, way: &TokenStream) -> TokenStream {
        let offset = self.offset(parameter);
        quote!(rt::Stream::new(&mut sink, #offset, #way))
    }

    /// The buffer that is no window.
    fn looked_into(&self, buffer: BufferId) -> BufferId {
        match self.plan.buffers[buffer.0].place {
            Place::Window { of, .. } => self.looked_into(of),
            _ => buffer,
        }
    }

    /// What a kernel that mentions these buffers needs of the arenas.
    fn cuts(&self, buffers: &[BufferId]) -> Cuts<'_> {
        let (mut rows, mut fixed) = (Taken::default(), Taken::default());
        for buffer in buffers.iter().map(|&buffer| self.looked_into(buffer)) {
            let length = self.plan.buffers[buffer.0].length;
            let (arena, offset) = match self.plan.buffers[buffer.0].place {
                Place::Rows { offset } => (&mut rows, offset),
                Place::Fixed { offset } => (&mut fixed, offset),
                _ => continue,
            };
            let longest = arena.lengths.entry(offset).or_insert(length.size);
            *longest = (*longest).max(length.size);
            arena.mentions += 1;
        }
        Cuts { statements: self, rows, fixed }
    }
}

/// The buffers of one arena that a kernel touches.
#[derive(Default)]
struct Taken {
    /// Lengths by offset.
    lengths: BTreeMap<usize, usize>,
    mentions: usize,
}

impl Taken {
    /// The statement that cuts them; one that is mentioned once is cut where it is.
    fn cut(&self, arena: &str, statements: &Statements<'_>) -> TokenStream {
        if self.mentions < 2 {
            return TokenStream::new();
        }
        let (names, arena) = (self.lengths.keys().map(|at| name(arena, *at)), format_ident!("{arena}"));
        let places = self.lengths.iter().map(|(at, length)| place(&statements.written(*at), *length));
        quote!(let [#(#names),*] = #arena.cut([#((#places)),*]);)
    }

    fn slice(&self, arena: &str, offset: usize, statements: &Statements<'_>) -> TokenStream {
        if self.mentions > 1 {
            let name = name(arena, offset);
            return quote!(#name);
        }
        let (arena, place) = (format_ident!("{arena}"), place(&statements.written(offset), self.lengths[&offset]));
        quote!(#arena.at(#place))
    }
}

/// The buffers that a kernel touches.
struct Cuts<'a> {
    statements: &'a Statements<'a>,
    rows: Taken,
    fixed: Taken,
}

impl Cuts<'_> {
    /// The statement, with what it mentions cut before.
    fn before(&self, statement: TokenStream) -> TokenStream {
        let mut statements = self.rows.cut("rows", self.statements);
        statements.extend([self.fixed.cut("fixed", self.statements), statement]);
        statements
    }

    /// A buffer that the kernel writes, as its argument.
    fn slice_mut(&self, buffer: BufferId) -> TokenStream {
        match self.statements.plan.buffers[buffer.0].place {
            Place::Window { of, stride, depth } => {
                let (of, at) = (self.slice_mut(of), start(stride, depth));
                quote!(rt::tail_mut(#of, #at))
            }
            _ => self.slice(buffer),
        }
    }

    /// A buffer that the kernel reads, as its argument.
    fn slice(&self, buffer: BufferId) -> TokenStream {
        match self.statements.plan.buffers[buffer.0].place {
            Place::Input(number) => ident(&format!("input_{number}")),
            Place::Target(number) => ident(&format!("target_{number}")),
            Place::Output(number) => ident(&format!("output_{number}")),
            Place::Parameter(number) => {
                let offset = self.statements.offset(number);
                if self.statements.training {
                    quote!(sink.tail(#offset))
                } else {
                    quote!(rt::tail(parameters, #offset))
                }
            }
            Place::Gradient(_) => quote!(&mut []),
            Place::Rows { offset } => self.rows.slice("rows", offset, self.statements),
            Place::Fixed { offset } => self.fixed.slice("fixed", offset, self.statements),
            Place::Window { of, stride, depth } => {
                let (of, at) = (self.slice(of), start(stride, depth));
                quote!(rt::tail(#of, #at))
            }
        }
    }
}

/// The variable that counts the steps of a loop.
fn step(depth: usize) -> Ident {
    format_ident!("step_{depth}")
}

/// Where a step begins.
fn start(stride: usize, depth: usize) -> TokenStream {
    let (step, stride) = (step(depth), Literal::usize_unsuffixed(stride));
    quote!(#step * #stride)
}

/// The name of what is cut from an arena; `rows_` is how functions are called.
fn name(arena: &str, offset: usize) -> Ident {
    match arena {
        "rows" => format_ident!("at_{offset}"),
        _ => format_ident!("{arena}_{offset}"),
    }
}

fn place(offset: &TokenStream, length: usize) -> TokenStream {
    let length = Literal::usize_unsuffixed(length);
    quote!(#offset, #length)
}

fn get(arena: &str, offset: usize) -> TokenStream {
    let (arena, offset) = (format_ident!("{arena}"), Literal::usize_unsuffixed(offset));
    quote!(#arena.get(#offset))
}

fn ident(name: &str) -> TokenStream {
    let ident = format_ident!("{name}");
    quote!(#ident)
}
