//! Windows to types that stand for them, and to calls of the runtime's kernels.

use graven_runtime::Window;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::rows::length;
use crate::plan::window::WindowForm;

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
    let (kernel, floats) = form.kernel();
    let (kernel, start) = (format_ident!("{kernel}"), Literal::usize_unsuffixed(form.start()));
    let a = if form.start() > 0 { quote!(rt::tail(#a, #start)) } else { a.clone() };
    let b = form.window.kind.takes_two().then(|| quote!(#b,));
    let scratch = floats.map(|_| quote!(#scratch,));
    let rows = length(form.rows, &quote!(batch.rows));
    quote!(rt::#kernel::<_, _, #window>(simd, #a, #b #rows, #scratch &mut #epilogue);)
}
