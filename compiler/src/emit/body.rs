//! A plan to the statements that run it: buffers are cut from the arenas before each kernel, in the order of offsets.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::arguments::Canonical;
use super::contract::{self, Epilogue};
use super::copy;
use super::rows::{RowFunction, length};
use crate::ir::Dim;
use crate::plan::kernel::{BufferId, ContractKernel, Kernel, LoopKernel, RowKernel};
use crate::plan::{Place, Plan, Storage};

/// Functions and types that the plans of a network share, each emitted once.
pub(super) struct Shared {
    model: Ident,
    rows: Vec<RowFunction>,
    epilogues: Vec<Epilogue>,
}

impl Shared {
    pub fn new(model: &Ident) -> Self {
        Self { model: model.clone(), rows: Vec::new(), epilogues: Vec::new() }
    }

    fn row_function(&mut self, function: RowFunction) -> Ident {
        row_name(position_or_push(&mut self.rows, function))
    }

    fn epilogue(&mut self, epilogue: &Epilogue) -> Ident {
        let number = position_or_push(&mut self.epilogues, epilogue.clone());
        self.epilogue_name(number)
    }

    /// Away from the name of the model, which is an item outside.
    fn epilogue_name(&self, number: usize) -> Ident {
        format_ident!("{}Epilogue{number}", self.model)
    }

    pub fn emit(&self) -> TokenStream {
        let rows = self.rows.iter().enumerate().map(|(number, function)| function.emit(&row_name(number)));
        let epilogues =
            self.epilogues.iter().enumerate().map(|(number, epilogue)| epilogue.emit(&self.epilogue_name(number)));
        quote!(#(#rows)* #(#epilogues)*)
    }
}

fn row_name(number: usize) -> Ident {
    format_ident!("rows_{number}")
}

fn position_or_push<T: PartialEq>(items: &mut Vec<T>, item: T) -> usize {
    items.iter().position(|known| *known == item).unwrap_or_else(|| {
        items.push(item);
        items.len() - 1
    })
}

/// A plan to be written down.
pub(super) struct Statements<'a> {
    pub plan: &'a Plan,
    pub storage: &'a [Storage],
    /// Whether outputs may be shorter than the rows present.
    pub partial_outputs: bool,
}

impl Statements<'_> {
    /// All kernels, in order.
    pub fn emit(&self, shared: &mut Shared) -> TokenStream {
        self.plan.kernels.iter().map(|kernel| self.kernel(kernel, shared)).collect()
    }

    /// The loss, one number.
    pub fn loss(&self) -> TokenStream {
        let Some(loss) = self.plan.loss else { return quote!(0f32) };
        match self.plan.buffers[loss.0].place {
            Place::Rows { offset } => {
                let offset = scaled(offset);
                quote!(rt::get(rows, #offset))
            }
            Place::Fixed { offset } => quote!(rt::get(fixed, #offset)),
            _ => quote!(0f32),
        }
    }

    fn kernel(&self, kernel: &Kernel, shared: &mut Shared) -> TokenStream {
        match kernel {
            Kernel::Rows(rows) => self.rows(rows, shared),
            Kernel::Contract(contract) => self.contract(contract, shared),
            Kernel::Copy(copy) => {
                let (from, to) = (self.slice(copy.from), self.slice_mut(copy.to));
                self.with_cuts(&[copy.from, copy.to], &copy::call(copy, &from, &to))
            }
            Kernel::Fill { buffer, value } => {
                let slice = self.slice_mut(*buffer);
                self.with_cuts(&[*buffer], &copy::fill(&slice, *value))
            }
            Kernel::RealsFromIndices { from, to } => {
                let (from, slice) = (self.slice(*from), self.slice_mut(*to));
                self.with_cuts(&[*to], &quote!(rt::reals_from_indices(#from, #slice);))
            }
            Kernel::Loop(inner) => self.steps(inner, shared),
            Kernel::Update { parameter, gradient } => {
                let (at, parameters) = self.parameter_mut(*parameter, *gradient);
                let gradient_slice = self.slice(*gradient);
                self.with_cuts(&[*gradient], &quote!(sink.gradient(simd, #at, #gradient_slice, #parameters);))
            }
            Kernel::Assign { parameter, value } => {
                let (_, parameters) = self.parameter_mut(*parameter, *value);
                let slice = self.slice(*value);
                self.with_cuts(&[*value], &quote!(rt::assign(#slice, #parameters);))
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
        let name = shared.row_function(RowFunction { outer: kernel.outer.clone(), width: kernel.width, nest });
        let reads = arguments.reads.iter().map(|buffer| self.slice(*buffer));
        let writes = arguments.writes.iter().map(|buffer| self.slice_mut(*buffer));
        let call = quote!(#name(simd, batch, [#(#reads),*], [#(#writes),*]););
        self.with_cuts(&[arguments.reads, arguments.writes].concat(), &call)
    }

    fn contract(&self, kernel: &ContractKernel, shared: &mut Shared) -> TokenStream {
        let stages = std::slice::from_ref(&kernel.epilogue);
        let (nest, arguments) = Canonical::new(self.plan, &kernel.operands, stages, self.partial_outputs);
        let epilogue = Epilogue(nest);
        let name = shared.epilogue(&epilogue);
        let read = |buffer: &BufferId| match (kernel.update, self.plan.buffers[buffer.0].place) {
            (Some(_), Place::Parameter(number)) => self.offset(number),
            _ => self.slice(*buffer),
        };
        let written = |buffer: &BufferId| match (kernel.update, self.plan.buffers[buffer.0].place) {
            (Some(update), Place::Gradient(parameter)) => self.stream(parameter, update.way),
            _ => self.slice_mut(*buffer),
        };
        let reads: Vec<TokenStream> = arguments.reads.iter().map(read).collect();
        let writes: Vec<TokenStream> = arguments.writes.iter().map(written).collect();
        let value = epilogue.value(&name, &reads, &writes);
        let scratch = kernel.scratch.map_or_else(|| quote!(&mut []), |scratch| self.slice_mut(scratch));
        let call = |epilogue: &TokenStream| {
            contract::call(kernel.form, &self.slice(kernel.a), &self.slice(kernel.b), &scratch, epilogue)
        };
        let call = match epilogue.rest() {
            Some(rest) => {
                let call = call(&quote!(epilogue));
                quote!(let mut epilogue = #value; #call #rest)
            }
            None => call(&value),
        };
        let own = [kernel.a, kernel.b]
            .into_iter()
            .chain(kernel.scratch)
            .chain(kernel.update.map(|update| update.way))
            .collect();
        self.with_cuts(&[arguments.reads, arguments.writes, own].concat(), &call)
    }

    /// Where a parameter begins.
    fn offset(&self, parameter: usize) -> TokenStream {
        Literal::usize_unsuffixed(self.storage[parameter].offset).into_token_stream()
    }

    /// Where gradients of a parameter go as they are made.
    fn stream(&self, parameter: usize, way: BufferId) -> TokenStream {
        let (offset, way) = (self.offset(parameter), self.slice_mut(way));
        quote!(rt::Stream::new(&mut sink, &mut *parameters, #offset, #way))
    }

    /// A buffer that a kernel writes, as its argument.
    fn slice_mut(&self, buffer: BufferId) -> TokenStream {
        match self.plan.buffers[buffer.0].place {
            Place::Window { of, stride, depth } => {
                let (of, at) = (self.slice_mut(of), start(stride, depth));
                quote!(rt::tail_mut(#of, #at))
            }
            _ => self.slice(buffer),
        }
    }

    /// A buffer that a kernel reads, as its argument.
    fn slice(&self, buffer: BufferId) -> TokenStream {
        match self.plan.buffers[buffer.0].place {
            Place::Input(number) => ident(&format!("input_{number}")),
            Place::Target(number) => ident(&format!("target_{number}")),
            Place::Output(number) => ident(&format!("output_{number}")),
            Place::Parameter(number) => {
                let offset = self.offset(number);
                quote!(rt::tail(parameters, #offset))
            }
            Place::Gradient(_) => quote!(&mut []),
            Place::Rows { offset } => ident(&format!("rows_at_{offset}")),
            Place::Fixed { offset } => ident(&format!("fixed_at_{offset}")),
            Place::Window { of, stride, depth } => {
                let (of, at) = (self.slice(of), start(stride, depth));
                quote!(rt::tail(#of, #at))
            }
        }
    }

    /// Position and memory of a parameter that is written, as long as the buffer it is written from.
    fn parameter_mut(&self, parameter: usize, buffer: BufferId) -> (Literal, TokenStream) {
        let offset = Literal::usize_unsuffixed(self.storage[parameter].offset);
        let length = Literal::usize_unsuffixed(self.plan.buffers[buffer.0].length.size);
        let slice = quote!(rt::view_mut(parameters, #offset, #length));
        (offset, slice)
    }

    /// The buffer that is no window.
    fn looked_into(&self, buffer: BufferId) -> BufferId {
        match self.plan.buffers[buffer.0].place {
            Place::Window { of, .. } => self.looked_into(of),
            _ => buffer,
        }
    }

    /// A kernel, with the buffers it needs cut from the arenas.
    fn with_cuts(&self, buffers: &[BufferId], call: &TokenStream) -> TokenStream {
        let (mut rows, mut fixed) = (BTreeMap::new(), BTreeMap::new());
        for buffer in buffers.iter().map(|&buffer| self.looked_into(buffer)) {
            let length = self.plan.buffers[buffer.0].length;
            let (arena, offset) = match self.plan.buffers[buffer.0].place {
                Place::Rows { offset } => (&mut rows, offset),
                Place::Fixed { offset } => (&mut fixed, offset),
                _ => continue,
            };
            let longest: &mut Dim = arena.entry(offset).or_insert(length);
            *longest = (*longest).max(length);
        }
        let rows = cuts("rows", &rows, scaled);
        let fixed = cuts("fixed", &fixed, |offset| {
            let offset = Literal::usize_unsuffixed(offset);
            quote!(#offset)
        });
        quote!({ #rows #fixed #call })
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

fn cuts(arena: &str, buffers: &BTreeMap<usize, Dim>, offset: impl Fn(usize) -> TokenStream) -> TokenStream {
    if buffers.is_empty() {
        return TokenStream::new();
    }
    let memory = format_ident!("{arena}");
    let takes = buffers.iter().map(|(at, dim)| {
        let (name, offset) = (format_ident!("{arena}_at_{at}"), offset(*at));
        let length = length(*dim, &quote!(batch.rows));
        quote!(let #name = cut.take(#offset, #length);)
    });
    quote!(let mut cut = rt::Cut::new(#memory); #(#takes)*)
}

/// An offset in the arena that grows with the batch.
fn scaled(offset: usize) -> TokenStream {
    match offset {
        0 => quote!(0),
        _ => length(Dim { size: offset, batched: true }, &quote!(batch.rows)),
    }
}

fn ident(name: &str) -> TokenStream {
    let ident = format_ident!("{name}");
    quote!(#ident)
}
