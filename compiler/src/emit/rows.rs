//! Row kernels to functions: loops over the rows, and for each row the stages one after the other.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::arguments::Canonical;
use super::expression::{Body, Scope, combine, folded};
use super::family::{Item, Parametric};
use crate::ir::Dim;
use crate::plan::kernel::{Fold, Instruction, Stage, Store};

/// A function over the rows of a kernel.
#[derive(Clone, PartialEq)]
pub(super) struct RowFunction {
    pub outer: Vec<Dim>,
    pub width: usize,
    pub nest: Canonical,
}

/// A length, `n` rows being present.
pub(super) fn length(dim: Dim, rows: &TokenStream) -> TokenStream {
    let size = Literal::usize_unsuffixed(dim.size);
    match (dim.batched, dim.size) {
        (false, _) => quote!(#size),
        (true, 1) => quote!(#rows),
        (true, _) => quote!(#rows * #size),
    }
}

impl Item for RowFunction {
    /// How many buffers are read and written.
    type Frame = [usize; 2];

    fn frame(&self) -> [usize; 2] {
        [self.nest.behind.len(), self.nest.writes()]
    }

    fn body(&self) -> TokenStream {
        self.loops()
    }

    /// The level.
    fn inferred(&self) -> usize {
        1
    }

    fn emit(&self, name: &Ident, body: &Parametric) -> TokenStream {
        let (reads, writes) = (self.nest.read_names(), self.nest.write_names());
        let [read_count, write_count] = [&reads, &writes].map(|names| Literal::usize_unsuffixed(names.len()));
        let (numbers, loops) = (body.parameters(), &body.tokens);
        quote! {
            #[inline(never)]
            fn #name<S: rt::Simd, #numbers>(
                simd: S,
                batch: &rt::Batch,
                [#(#reads),*]: [&[f32]; #read_count],
                [#(#writes),*]: [&mut [f32]; #write_count],
            ) {
                simd.vectorize(#[inline(always)] || { #loops });
            }
        }
    }
}

impl RowFunction {
    fn counters(&self) -> Vec<Ident> {
        (0..self.outer.len()).map(|axis| format_ident!("i{axis}")).collect()
    }

    fn loops(&self) -> TokenStream {
        let stages = self.nest.stages.iter().enumerate().map(|(number, stage)| self.stage(number, stage));
        let row = quote!(#(#stages)*);
        let rows = quote!(batch.rows);
        self.outer.iter().zip(self.counters()).rev().fold(row, |body, (dim, counter)| {
            let length = length(*dim, &rows);
            quote!(for #counter in 0..#length { #body })
        })
    }

    /// Stores that need a walk of their own come first: they see what in-place stores will replace.
    fn stage(&self, number: usize, stage: &Stage) -> TokenStream {
        let (mut whole, mut alone): (Vec<&Store>, Vec<&Store>) = (Vec::new(), Vec::new());
        for store in &stage.stores {
            let is_taken = whole.iter().any(|other| other.buffer == store.buffer && store.access.along);
            let own = store.access.along && (self.nest.partial[store.buffer.0] || is_taken);
            if own { alone.push(store) } else { whole.push(store) }
        }
        let alone = alone.into_iter().map(|store| Walk::new(self, number, stage, vec![store], false).emit());
        let whole = Walk::new(self, number, stage, whole, true).emit();
        quote!(#(#alone)* #whole)
    }
}

/// One walk over the columns of a row, for some of a stage's stores.
struct Walk<'a> {
    function: &'a RowFunction,
    number: usize,
    stage: &'a Stage,
    /// Stores along the columns.
    along: Vec<&'a Store>,
    /// Stores of uniform values.
    repeated: Vec<&'a Store>,
    folds: &'a [(Fold, usize)],
    is_main: bool,
}

impl Scope for Walk<'_> {
    fn load(&self, operand: usize) -> TokenStream {
        let Some(source) = self.function.nest.operands.get(operand) else { return quote!(rt::splat(simd, 0f32)) };
        if let Some(output) = self.output_of(operand) {
            let name = old(output);
            return quote!(#name);
        }
        if source.access.along {
            let name = loaded(operand);
            return quote!(#name);
        }
        let (buffer, base) = (self.function.nest.name(source.buffer), self.base(&source.access));
        quote!(rt::splat(simd, rt::get(#buffer, #base)))
    }

    fn counters(&self) -> Vec<Ident> {
        self.function.counters()
    }

    fn is_repeated(&self, operand: usize) -> bool {
        self.function.nest.operands.get(operand).is_none_or(|operand| !operand.access.along)
    }
}

impl<'a> Walk<'a> {
    fn new(function: &'a RowFunction, number: usize, stage: &'a Stage, stores: Vec<&'a Store>, is_main: bool) -> Self {
        let (along, repeated) = stores.into_iter().partition(|store| store.access.along);
        let folds = if is_main { stage.folds.as_slice() } else { &[] };
        Self { function, number, stage, along, repeated, folds, is_main }
    }

    /// The output whose old contents an operand is.
    fn output_of(&self, operand: usize) -> Option<usize> {
        let source = &self.function.nest.operands[operand];
        self.along.iter().position(|store| source.access.along && store.buffer == source.buffer)
    }

    fn emit(&self) -> TokenStream {
        let body = Body::new(self.stage, self);
        let stored = self.along.iter().chain(&self.repeated).map(|store| store.value);
        let needed = body.needed(stored.chain(self.folds.iter().map(|(_, register)| *register)));
        let uniform = body.lets(&needed, true, self);
        let columns = if self.along.is_empty() && self.folds.is_empty() {
            TokenStream::new()
        } else {
            self.columns(&body, &needed)
        };
        let puts = self.repeated.iter().map(|store| self.put(store, &body));
        quote!(#uniform #columns #(#puts)*)
    }

    fn columns(&self, body: &Body<'_>, needed: &[bool]) -> TokenStream {
        let width = Literal::usize_unsuffixed(self.function.width);
        let inputs = self.inputs(body, needed);
        let rows = inputs.iter().map(|operand| self.input_row(*operand));
        let outputs: Vec<Ident> = (0..self.along.len()).map(output).collect();
        let folds = self.folds.iter().map(|(fold, _)| fold_kind(*fold));
        let closure = self.closure(body, needed, &inputs);
        let call = quote! {
            rt::stage::<_, #width, _, _, _>(simd, [#(#rows),*], [#(#outputs),*], [#(#folds),*], #[inline(always)] #closure)
        };
        let taken = self.along.iter().map(|store| self.output_row(store));
        if !self.is_main {
            return quote!(if let (#(Some(#outputs),)*) = (#(#taken,)*) { #call; });
        }
        let results = (0..self.folds.len()).map(|fold| folded(self.number, fold));
        let call = if self.folds.is_empty() { quote!(#call;) } else { quote!(let [#(#results),*] = #call;) };
        if outputs.is_empty() {
            return call;
        }
        let skip = if self.function.outer.is_empty() { quote!(return) } else { quote!(continue) };
        quote!(let (#(Some(#outputs),)*) = (#(#taken,)*) else { #skip }; #call)
    }

    /// Operands that are loaded along the columns and not taken from an output.
    fn inputs(&self, body: &Body<'_>, needed: &[bool]) -> Vec<usize> {
        let mut inputs: Vec<usize> = self
            .loads(body, needed)
            .filter(|operand| !self.is_repeated(*operand) && self.output_of(*operand).is_none())
            .collect();
        inputs.sort_unstable();
        inputs.dedup();
        inputs
    }

    fn loads(&self, body: &Body<'_>, needed: &[bool]) -> impl Iterator<Item = usize> {
        (0..needed.len()).filter(|register| needed[*register]).filter_map(|register| match body.instruction(register) {
            Instruction::Load(operand) => Some(*operand),
            _ => None,
        })
    }

    fn closure(&self, body: &Body<'_>, needed: &[bool], inputs: &[usize]) -> TokenStream {
        let lets = body.lets(needed, false, self);
        let inputs = inputs.iter().map(|operand| loaded(*operand));
        let olds = (0..self.along.len()).map(old);
        let values = self.along.iter().enumerate().map(|(position, store)| {
            let old = old(position);
            combine(store.fold, &quote!(#old), body.real(store.value))
        });
        let folds = self.folds.iter().map(|(_, register)| body.real(*register));
        quote!(|column, [#(#inputs),*], [#(#olds),*]| { #lets ([#(#values),*], [#(#folds),*]) })
    }

    fn input_row(&self, operand: usize) -> TokenStream {
        let source = &self.function.nest.operands[operand];
        let (buffer, base) = (self.function.nest.name(source.buffer), self.base(&source.access));
        quote!(rt::row(#buffer, #base))
    }

    fn output_row(&self, store: &Store) -> TokenStream {
        let (buffer, base) = (self.function.nest.name(store.buffer), self.base(&store.access));
        quote!(rt::row_mut(#buffer, #base))
    }

    fn put(&self, store: &Store, body: &Body<'_>) -> TokenStream {
        let (buffer, base) = (self.function.nest.name(store.buffer), self.base(&store.access));
        let old = quote!(rt::splat(simd, rt::get(#buffer, #base)));
        let value = combine(store.fold, &old, body.real(store.value));
        quote!(let value = rt::lane(#value); rt::put(#buffer, #base, value);)
    }
}

fn fold_kind(fold: Fold) -> TokenStream {
    match fold {
        Fold::Sum => quote!(rt::Fold::Sum),
        Fold::Max => quote!(rt::Fold::Max),
        Fold::Min => quote!(rt::Fold::Min),
    }
}

fn loaded(operand: usize) -> Ident {
    format_ident!("x{operand}")
}

fn old(output: usize) -> Ident {
    format_ident!("old_{output}")
}

fn output(output: usize) -> Ident {
    format_ident!("row_{output}")
}
