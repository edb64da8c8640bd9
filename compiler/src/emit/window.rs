//! Windows to types that stand for them, and to calls of the runtime's kernels.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::rows::length;
use crate::ir::window::WindowKind;
use crate::plan::window::{Filters, WindowForm};

/// What the runtime knows of a window.
#[derive(Clone, PartialEq)]
pub(super) struct Frame {
    pitch: [usize; 2],
    pairs: [[usize; 2]; 6],
    channels: usize,
    filters: usize,
    groups: usize,
}

impl Frame {
    pub fn of(form: &WindowForm) -> Self {
        let geometry = &form.window.geometry;
        Self {
            pitch: form.pitch,
            pairs: [geometry.input, geometry.low, geometry.size, geometry.stride, geometry.dilation, geometry.output()],
            channels: form.channels,
            filters: form.filters,
            groups: form.order().map_or(form.channels, |order| order.groups),
        }
    }

    /// The type.
    pub fn emit(&self, name: &Ident) -> TokenStream {
        let literal = Literal::usize_unsuffixed;
        let [size, padding, kernel, stride, dilation, output] = self.pairs.map(|pair| {
            let [down, across] = pair.map(literal);
            quote!([#down, #across])
        });
        let [height, width] = self.pitch.map(literal);
        let [channels, filters, groups] = [self.channels, self.filters, self.groups].map(literal);
        quote! {
            struct #name;
            impl rt::Windowed for #name {
                const WINDOW: rt::Window = rt::Window {
                    height: #height,
                    width: #width,
                    channels: #channels,
                    size: #size,
                    padding: #padding,
                    kernel: #kernel,
                    stride: #stride,
                    dilation: #dilation,
                    output: #output,
                    filters: #filters,
                    groups: #groups,
                };
            }
        }
    }
}

/// The call of the runtime's kernel.
pub(super) fn call(
    form: &WindowForm,
    window: &Ident,
    [a, b, scratch]: [&TokenStream; 3],
    epilogue: &TokenStream,
) -> TokenStream {
    let rows = length(form.rows, &quote!(batch.rows));
    let (operands, takes_scratch) = match form.window.kind {
        WindowKind::Convolution { .. } => (quote!(#a, #b), form.order().is_some_and(Filters::is_depthwise)),
        WindowKind::ConvolutionByInput { .. } | WindowKind::ConvolutionByFilter { .. } | WindowKind::MaxByInput => {
            (quote!(#a, #b), true)
        }
        WindowKind::MaxAt => (quote!(#a, #b), false),
        WindowKind::Max | WindowKind::Sum | WindowKind::SumByInput => (quote!(#a), false),
    };
    let scratch = takes_scratch.then(|| quote!(#scratch,));
    let kernel = format_ident!("{}", kernel(form));
    quote!(rt::#kernel::<_, _, #window>(simd, #operands, #rows, #scratch &mut #epilogue);)
}

fn kernel(form: &WindowForm) -> &'static str {
    let depthwise = form.order().is_some_and(Filters::is_depthwise);
    match form.window.kind {
        WindowKind::Convolution { .. } if depthwise => "depthwise",
        WindowKind::Convolution { .. } => "convolution",
        WindowKind::ConvolutionByInput { .. } if depthwise => "depthwise_input_gradient",
        WindowKind::ConvolutionByInput { .. } => "convolution_input_gradient",
        WindowKind::ConvolutionByFilter { .. } if depthwise => "depthwise_weight_gradient",
        WindowKind::ConvolutionByFilter { .. } => "convolution_weight_gradient",
        WindowKind::Sum => "sum_pool",
        WindowKind::SumByInput => "sum_pool_gradient",
        WindowKind::Max => "max_pool",
        WindowKind::MaxByInput => "max_pool_gradient",
        WindowKind::MaxAt => "max_pool_at",
    }
}
