//! Tables: tensors with place, layout and initial values; the summary.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

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
    let infos = parameters.iter().map(info);
    let slots = parameters.iter().zip(&program.storage).enumerate().map(|(number, (parameter, storage))| {
        let (offset, layout) = (Literal::usize_unsuffixed(storage.offset), layout(storage));
        let (number, init) = (Literal::usize_unsuffixed(number), init(parameter.init));
        quote!(rt::Slot { info: TENSORS[#number], offset: #offset, layout: #layout, init: #init })
    });
    quote! {
        const TENSORS: &[rt::network::TensorInfo] = &[#(#infos),*];
        const SLOTS: &[rt::Slot] = &[#(#slots),*];
    }
}

fn info(parameter: &Parameter) -> TokenStream {
    let (name, trainable) = (&parameter.name, parameter.is_trainable());
    let shape = parameter.shape.iter().copied().map(Literal::usize_unsuffixed);
    quote!(rt::network::TensorInfo { name: #name, shape: &[#(#shape),*], trainable: #trainable })
}

fn layout(storage: &Storage) -> TokenStream {
    match storage.layout {
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
