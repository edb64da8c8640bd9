//! Contractions to calls of the runtime's kernels, and their epilogues to named types.

use proc_macro2::{Ident, Literal, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};

use super::arguments::Canonical;
use super::expression::{Body, Scope, combine, sum};
use super::family::{Item, Parametric};
use super::rows::length;
use super::window;
use crate::ir::op::{Binary, Unary};
use crate::plan::kernel::{Access, BufferId, ContractKernel, Form, Instruction, Stage};
use crate::plan::window::WindowForm;

/// The type of an epilogue.
#[derive(Clone, PartialEq)]
pub(super) struct Epilogue {
    pub nest: Canonical,
    pub rows: Rows,
}

/// What the rows of an epilogue are.
#[derive(Clone, PartialEq)]
pub(super) enum Rows {
    /// One loop.
    Plain,
    /// Steps of several loops, of these lengths.
    Nested(Vec<usize>),
    /// Rows of pixels: steps of loops of these lengths, the last one over the pixels of a row, which the kernel counts
    /// through by their channels.
    Pixels { lengths: Vec<usize>, channels: usize },
}

impl Rows {
    pub fn of(kernel: &ContractKernel) -> Self {
        let lengths: Vec<usize> = kernel.outer.iter().map(|dim| dim.size).collect();
        match kernel.form {
            Form::Window(form) if form.result().is_some() => {
                Self::Pixels { lengths, channels: form.rows_and_width().1 }
            }
            _ if lengths.len() == 1 => Self::Plain,
            _ => Self::Nested(lengths),
        }
    }
}

/// The terms of `Σ strides·i` for the step number `row` of loops of these lengths.
fn position(row: &TokenStream, strides: &[usize], lengths: &[usize]) -> Vec<TokenStream> {
    let ([outer @ .., last], [.., length]) = (strides, lengths) else { return Vec::new() };
    let literal = Literal::usize_unsuffixed;
    let times = |counter: TokenStream, stride: usize| match stride {
        0 => None,
        1 => Some(counter),
        _ => {
            let stride = literal(stride);
            Some(quote!(#counter * #stride))
        }
    };
    let is_one_loop = strides.windows(2).zip(&lengths[1..]).all(|(pair, length)| pair[0] == pair[1] * length);
    if is_one_loop {
        return times(row.clone(), *last).into_iter().collect();
    }
    if *length == 1 {
        return position(row, outer, &lengths[..outer.len()]);
    }
    let length = literal(*length);
    let mut terms = position(&quote!((#row / #length)), outer, &lengths[..outer.len()]);
    terms.extend(times(quote!((#row % #length)), *last));
    terms
}

impl Scope for Epilogue {
    fn load(&self, operand: usize) -> TokenStream {
        let Some(source) = self.nest.operands.get(operand) else { return quote!(rt::splat(simd, 0f32)) };
        self.read(source.buffer, &source.access)
    }

    fn counters(&self) -> Vec<Ident> {
        vec![format_ident!("row")]
    }

    fn base(&self, access: &Access) -> TokenStream {
        let mut terms = self.start(access);
        if let (Rows::Pixels { .. }, Some(stride @ 1..)) = (&self.rows, access.strides.last()) {
            let stride = Literal::usize_unsuffixed(*stride);
            terms.push(quote!(pixel * #stride));
        }
        sum(terms)
    }

    fn along(&self, access: &Access) -> TokenStream {
        let mut terms = self.start(access);
        match &self.rows {
            Rows::Pixels { channels, .. } if access.strides.last() != Some(channels) => {
                let base = self.base(access);
                terms = vec![base, quote!(channel)];
            }
            _ => terms.push(quote!(column)),
        }
        sum(terms)
    }

    fn column(&self) -> TokenStream {
        if matches!(self.rows, Rows::Pixels { .. }) { quote!(channel) } else { quote!(column) }
    }

    fn is_repeated(&self, operand: usize) -> bool {
        self.nest.operands.get(operand).is_none_or(|operand| !operand.access.along)
    }
}

impl Item for Epilogue {
    /// The stream, if one is written to; which reads are behind it; the number of writes; whether the batch is a field,
    /// and whether the body is long.
    type Frame = (Option<usize>, Vec<bool>, usize, [bool; 2]);

    fn frame(&self) -> Self::Frame {
        let flags = [self.needs_batch(), self.is_heavy()];
        (self.nest.stream, self.nest.behind.clone(), self.nest.writes(), flags)
    }

    fn body(&self) -> TokenStream {
        let body: TokenStream = self.nest.stages.iter().map(|stage| self.stores(stage)).collect();
        let pixel = self.pixel(&body);
        quote!(#pixel #body)
    }

    /// The receiver of a stream.
    fn inferred(&self) -> usize {
        usize::from(self.nest.stream.is_some())
    }

    fn emit(&self, name: &Ident, body: &Parametric) -> TokenStream {
        let fields = self.fields();
        let (reads, writes) = (self.reads(), self.writes());
        let batch = self.needs_batch().then(|| quote!(batch: &'a rt::Batch,));
        let (declared, numbers, body) = (body.parameters(), body.names(), &body.tokens);
        let (inline, body) = if self.is_heavy() {
            (quote!(#[inline(never)]), quote!(simd.vectorize(#[inline(always)] || { #body });))
        } else {
            (quote!(#[inline(always)]), body.clone())
        };
        let streams = self.nest.stream.is_some();
        let (sink, bounded_sink) = (streams.then(|| quote!(K,)), streams.then(|| quote!(K: rt::Sink,)));
        let reach = self.reach();
        quote! {
            struct #name<'a, #sink #declared> { #batch #(#reads,)* #(#writes,)* }
            impl<S: rt::Simd, #bounded_sink #declared> rt::Epilogue<S> for #name<'_, #sink #(#numbers),*> {
                #inline
                fn store(&mut self, simd: S, row: usize, column: usize, lanes: usize, value: rt::Vector<S>) {
                    let Self { #(#fields),* } = self;
                    #body
                }
                #reach
            }
        }
    }
}

impl Epilogue {
    /// The terms of a position that do not change within a row of pixels.
    fn start(&self, access: &Access) -> Vec<TokenStream> {
        let offset = (access.offset > 0).then(|| Literal::usize_unsuffixed(access.offset).into_token_stream());
        let row = quote!(row);
        let strides = &access.strides[..];
        let steps = match &self.rows {
            Rows::Plain => position(&row, strides, &[1]),
            Rows::Nested(lengths) => position(&row, strides, lengths),
            Rows::Pixels { lengths, .. } => {
                let outer = lengths.len() - 1;
                position(&row, &strides[..outer.min(strides.len())], &lengths[..outer])
            }
        };
        offset.into_iter().chain(steps).collect()
    }

    /// Where in a row of pixels the results are.
    fn pixel(&self, body: &TokenStream) -> TokenStream {
        let Rows::Pixels { channels, .. } = self.rows else { return TokenStream::new() };
        let (one, channels) = (channels == 1, Literal::usize_unsuffixed(channels));
        let [pixel, channel] = if one {
            [quote!(column), quote!(0usize)]
        } else {
            [quote!(column / #channels), quote!(column % #channels)]
        };
        let pixel = mentions(body, "pixel").then(|| quote!(let pixel = #pixel;));
        let channel = mentions(body, "channel").then(|| quote!(let channel = #channel;));
        quote!(#pixel #channel)
    }

    /// Whether the body is long: a tile of a contraction stores at many places, each of which would hold a copy.
    fn is_heavy(&self) -> bool {
        self.nest.stages.iter().flat_map(|stage| &stage.body).any(|instruction| match instruction {
            Instruction::Unary(op, _) => is_polynomial(*op),
            Instruction::Binary(op, ..) => *op == Binary::Pow,
            Instruction::Random { .. } => true,
            _ => false,
        })
    }

    /// Fields that are read: memory, or where a parameter lies behind the stream of gradients.
    fn reads(&self) -> Vec<TokenStream> {
        let field =
            |(name, behind): (Ident, &bool)| if *behind { quote!(#name: usize) } else { quote!(#name: &'a [f32]) };
        self.nest.read_names().into_iter().zip(&self.nest.behind).map(field).collect()
    }

    fn writes(&self) -> Vec<TokenStream> {
        let field = |(number, name): (usize, Ident)| {
            if self.nest.stream == Some(number) {
                quote!(#name: rt::Stream<'a, K>)
            } else {
                quote!(#name: &'a mut [f32])
            }
        };
        self.nest.write_names().into_iter().enumerate().map(field).collect()
    }

    fn reach(&self) -> Option<TokenStream> {
        let stream = format_ident!("write_{}", self.nest.stream?);
        Some(quote! {
            #[inline(always)]
            fn reach(&mut self, simd: S, column: usize) {
                self.#stream.reach(simd, column);
            }
        })
    }

    /// Hands on the last gradients of a variable `epilogue`.
    pub fn rest(&self) -> Option<TokenStream> {
        let stream = format_ident!("write_{}", self.nest.stream?);
        Some(quote!(epilogue.#stream.finish(simd);))
    }

    /// Names of the fields, in order.
    fn fields(&self) -> Vec<Ident> {
        let batch = self.needs_batch().then(|| format_ident!("batch"));
        batch.into_iter().chain(self.nest.read_names()).chain(self.nest.write_names()).collect()
    }

    /// A value of the type.
    pub fn value(&self, name: &TokenStream, reads: &[TokenStream], writes: &[TokenStream]) -> TokenStream {
        let batch = self.needs_batch().then(|| quote!(batch,));
        let (read, written) = (self.nest.read_names(), self.nest.write_names());
        quote!(#name { #batch #(#read: #reads,)* #(#written: #writes),* })
    }

    fn read(&self, buffer: BufferId, access: &Access) -> TokenStream {
        let name = self.nest.name(buffer);
        let buffer =
            self.nest.stream_before(buffer).map_or_else(|| quote!(#name), |stream| quote!(#stream.parameters(*#name)));
        if access.along {
            let at = self.along(access);
            quote!(rt::load(simd, #buffer, #at, lanes))
        } else {
            let base = self.base(access);
            quote!(rt::splat(simd, rt::get(#buffer, #base)))
        }
    }

    fn needs_batch(&self) -> bool {
        self.nest.stages.iter().flat_map(|stage| &stage.body).any(|instruction| {
            matches!(instruction, Instruction::RowCount | Instruction::InverseTotal | Instruction::Random { .. })
        })
    }

    fn stores(&self, stage: &Stage) -> TokenStream {
        let body = Body::new(stage, self);
        let needed = body.needed(stage.stores.iter().map(|store| store.value));
        let (uniform, varying) = (body.lets(&needed, true, self), body.lets(&needed, false, self));
        let stores = stage.stores.iter().map(|store| {
            let buffer = self.nest.name(store.buffer);
            if self.nest.stream == Some(store.buffer.0) {
                let (at, value) = (self.along(&store.access), body.real(store.value));
                return quote!(let stored = #value; #buffer.store(#at, lanes, stored););
            }
            let old = self.read(store.buffer, &store.access);
            let value = combine(store.fold, &old, body.real(store.value));
            if store.access.along {
                let at = self.along(&store.access);
                quote!(let stored = #value; rt::store(#buffer, #at, lanes, stored);)
            } else {
                let base = self.base(&store.access);
                quote!(let stored = rt::lane(#value); rt::put(#buffer, #base, stored);)
            }
        });
        quote!(#uniform #varying #(#stores)*)
    }
}

/// Whether a function is many instructions.
fn is_polynomial(op: Unary) -> bool {
    match op {
        Unary::Neg | Unary::Abs | Unary::Sign | Unary::Floor | Unary::Reciprocal | Unary::Sqrt | Unary::Rsqrt => false,
        Unary::Exp
        | Unary::Log
        | Unary::Log1p
        | Unary::Sin
        | Unary::Cos
        | Unary::Tanh
        | Unary::Sigmoid
        | Unary::Erf => true,
    }
}

/// Whether an identifier occurs in tokens.
fn mentions(tokens: &TokenStream, name: &str) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Group(group) => mentions(&group.stream(), name),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// The call of the runtime's kernel; `named` gives the type that stands for a window.
pub(super) fn call(
    form: Form,
    [a, b, scratch]: [&TokenStream; 3],
    epilogue: &TokenStream,
    named: impl FnOnce(&WindowForm) -> Ident,
) -> TokenStream {
    let present = quote!(batch.rows);
    let literal = Literal::usize_unsuffixed;
    let dense = |kernel: &str, rows, k, n, scratch| {
        let (kernel, rows, k, n) = (format_ident!("{kernel}"), length(rows, &present), literal(k), literal(n));
        quote!(rt::#kernel::<_, _, #k, #n>(simd, #a, #b, #rows, #scratch &mut #epilogue);)
    };
    match form {
        Form::Dense { rows, k, n } => dense("dense", rows, k, n, quote!()),
        Form::DenseInputGradient { rows, k, n } => dense("dense_input_gradient", rows, k, n, quote!(#scratch,)),
        Form::DenseWeightGradient { rows, k, n } => dense("dense_weight_gradient", rows, k, n, quote!(#scratch,)),
        Form::Matmul { batch, m, k, n, a_transposed, b_transposed } => {
            let [batch, m, k] = [batch, m, k].map(|dim| length(dim, &present));
            let n = literal(n);
            let fields = quote! {
                batch: #batch, m: #m, k: #k, n: #n, a_transposed: #a_transposed, b_transposed: #b_transposed
            };
            quote!(rt::matmul(simd, rt::Matmul { #fields }, #a, #b, &mut #epilogue);)
        }
        Form::Window(form) => window::call(&form, &named(&form), [a, b, scratch], epilogue),
    }
}
