//! Movement to calls of the runtime.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::expression::real;
use super::rows::length;
use crate::ir::op::Real;
use crate::plan::kernel::{BorderKernel, CopyKernel};
use crate::plan::window::Bordered;

/// A strided copy.
pub(super) fn call(copy: &CopyKernel, from: &TokenStream, to: &TokenStream) -> TokenStream {
    let axes = copy.axes.iter().map(|axis| {
        let length = length(axis.length, &quote!(batch.rows));
        let (from, to) = (Literal::isize_unsuffixed(axis.from.abs()), Literal::usize_unsuffixed(axis.to));
        let sign = (axis.from < 0).then(|| quote!(-));
        quote!(rt::Axis { length: #length, from: #sign #from, to: #to })
    });
    let [from_offset, to_offset] = [copy.from_offset, copy.to_offset].map(Literal::usize_unsuffixed);
    quote!(rt::copy(#from, #from_offset, #to, #to_offset, [#(#axes),*]);)
}

/// One number everywhere.
pub(super) fn fill(slice: &TokenStream, value: Real) -> TokenStream {
    let value = real(value);
    quote!(rt::fill(#slice, #value);)
}

/// Zeros around each image.
pub(super) fn border(border: &BorderKernel, slice: &TokenStream) -> TokenStream {
    let rows = length(border.rows, &quote!(batch.rows));
    let numbers = |values: &[usize]| {
        let values = values.iter().copied().map(Literal::usize_unsuffixed);
        quote!([#(#values),*])
    };
    let Bordered { image, low, high } = border.bordered;
    let (image, low, high) = (numbers(&image), numbers(&low), numbers(&high));
    quote!(rt::border(#slice, #rows, rt::Bordered { image: #image, low: #low, high: #high });)
}
