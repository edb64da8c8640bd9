//! Tables: tensors with place, layout and initial values; the summary.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::body::position_or_push;
use super::expression::real;
use crate::ir::op::Real;
use crate::ir::{Init, Parameter};
use crate::network::{Layer, Network};
use crate::plan::window::Filters;
use crate::plan::{Layout, Program, Storage};

/// Standard deviation of a standard normal number that is drawn again beyond two deviations.
const TRUNCATED_DEVIATION: f64 = 0.879_625_661_034_239_8;

/// Parameters of a network, in order of declaration.
pub(super) fn parameters(network: &Network) -> &[Parameter] {
    let graph = network.training.as_ref().unwrap_or(&network.forward);
    &graph.parameters
}

/// The tables, as constants that only emitted code sees.
pub(super) fn emit(network: &Network, program: &Program) -> TokenStream {
    let parameters = parameters(network);
    let mut kinds: Vec<Kind<'_>> = Vec::new();
    let rows: Vec<TokenStream> = parameters
        .iter()
        .zip(&program.storage)
        .map(|(parameter, storage)| {
            let kind = position_or_push(&mut kinds, Kind::of(parameter, storage));
            let (kind, offset) = (Literal::usize_unsuffixed(kind), Literal::usize_unsuffixed(storage.offset));
            let name = &parameter.name;
            quote!((#name, #kind, #offset))
        })
        .collect();
    let count = Literal::usize_unsuffixed(rows.len());
    let kinds = kinds.iter().map(Kind::emit);
    quote! {
        const SLOTS: &[rt::Slot; #count] = &rt::slots(&[#(#kinds),*], [#(#rows),*]);
        const TENSORS: &[rt::network::TensorInfo; #count] = &rt::infos(SLOTS);
    }
}

/// What tensors have in common.
#[derive(PartialEq)]
struct Kind<'p> {
    shape: &'p [usize],
    trainable: bool,
    layout: Layout,
    init: Init,
}

impl<'p> Kind<'p> {
    fn of(parameter: &'p Parameter, storage: &Storage) -> Self {
        let (shape, trainable) = (&parameter.shape, parameter.is_trainable());
        Self { shape, trainable, layout: storage.layout, init: parameter.init }
    }

    fn emit(&self) -> TokenStream {
        let shape = self.shape.iter().copied().map(Literal::usize_unsuffixed);
        let (trainable, layout, init) = (self.trainable, layout(self.layout), init(self.init));
        quote!(rt::Kind { shape: &[#(#shape),*], trainable: #trainable, layout: #layout, init: #init })
    }
}

fn layout(layout: Layout) -> TokenStream {
    match layout {
        Layout::RowMajor => quote!(rt::Layout::RowMajor),
        Layout::Panels { k, n, transposed } => {
            let (k, n) = (Literal::usize_unsuffixed(k), Literal::usize_unsuffixed(n));
            quote!(rt::Layout::Panels { k: #k, n: #n, transposed: #transposed })
        }
        Layout::Filters(Filters { groups, own, taps, filters }) => {
            let [groups, own, taps, filters] = [groups, own, taps, filters].map(Literal::usize_unsuffixed);
            quote!(rt::Layout::Filters { groups: #groups, own: #own, taps: #taps, filters: #filters })
        }
    }
}

fn init(init: Init) -> TokenStream {
    match init {
        Init::Constant(value) => {
            let value = real(value);
            quote!(rt::Init::Constant(#value))
        }
        Init::Uniform(limit) => {
            let limit = real(limit);
            quote!(rt::Init::Uniform { limit: #limit })
        }
        Init::Normal(deviation) => {
            let deviation = real(deviation);
            quote!(rt::Init::Normal { deviation: #deviation })
        }
        Init::TruncatedNormal(deviation) => {
            let deviation = real(Real::new(deviation.get() / TRUNCATED_DEVIATION));
            quote!(rt::Init::TruncatedNormal { deviation: #deviation })
        }
    }
}

/// Multiply-accumulates a sample.
pub(super) fn macs(network: &Network) -> u64 {
    network.layers.iter().map(|layer| layer.macs).sum()
}

/// Layers as a table of text, with a line of totals.
pub(super) fn summary(network: &Network) -> String {
    let cells = |layer: &Layer| {
        let count = layer.parameters.to_string();
        let bytes = (layer.parameters * size_of::<f32>()).to_string();
        [layer.name.clone(), layer.kind.clone(), layer.output.written(), count, layer.macs.to_string(), bytes]
    };
    let head = ["layer", "kind", "output", "parameters", "multiply-adds", "bytes"].map(str::to_owned);
    let scalars: usize = parameters(network).iter().map(Parameter::len).sum();
    let bytes = scalars * size_of::<f32>();
    let total = [
        "total".to_owned(),
        String::new(),
        String::new(),
        scalars.to_string(),
        macs(network).to_string(),
        bytes.to_string(),
    ];
    let lines: Vec<[String; 6]> =
        std::iter::once(head).chain(network.layers.iter().map(cells)).chain(std::iter::once(total)).collect();
    let widths: [usize; 6] =
        std::array::from_fn(|column| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0));
    lines.iter().map(|line| aligned(line, widths)).collect()
}

/// Text to the left, numbers to the right.
fn aligned(cells: &[String; 6], widths: [usize; 6]) -> String {
    let cell = |(column, (cell, width)): (usize, (&String, usize))| {
        if column < 3 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
    };
    let cells: Vec<String> = cells.iter().zip(widths).enumerate().map(cell).collect();
    format!("{}\n", cells.join("  ").trim_end())
}
