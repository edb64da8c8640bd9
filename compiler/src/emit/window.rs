//! Windows to types that stand for them, and to calls of the runtime's kernels.

use graven_runtime::Window;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::rows::length;
use crate::ir::window::WindowKind;
use crate::plan::window::{Filters, WindowForm};

/// The type that stands for a window.
pub(super) fn emit(window: &Window, name: &Ident) -> TokenStream {
    let literal = Literal::usize_unsuffixed;
    let pairs = [window.size, window.padding, window.kernel, window.stride, window.dilation, window.output];
    let [size, padding, kernel, stride, dilation, output] = pairs.map(|pair| {
        let [down, across] = pair.map(literal);
        quote!([#down, #across])
    });
    let numbers = [window.height, window.width, window.channels, window.filters, window.groups];
    let [height, width, channels, filters, groups] = numbers.map(literal);
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
