//! Scratch memory of the runtime's kernels for windows, which the runtime itself says.

use graven_runtime::Window;

use crate::ir::window::WindowKind;
use crate::plan::window::{Filters, WindowForm};

/// Floats that the kernel of a window works with, beside its operands.
pub fn floats(form: &WindowForm) -> usize {
    let window = window(form);
    let is_depthwise = form.order().is_some_and(Filters::is_depthwise);
    match form.window.kind {
        WindowKind::Convolution { .. } if is_depthwise => window.depthwise_scratch(),
        WindowKind::ConvolutionByInput { .. } if is_depthwise => window.depthwise_input_gradient_scratch(),
        WindowKind::ConvolutionByInput { .. } => window.input_gradient_scratch(),
        WindowKind::ConvolutionByFilter { .. } if is_depthwise => window.depthwise_weight_gradient_scratch(),
        WindowKind::ConvolutionByFilter { .. } => window.weight_gradient_scratch(),
        WindowKind::MaxByInput => window.max_pool_gradient_scratch(),
        WindowKind::Convolution { .. }
        | WindowKind::Sum
        | WindowKind::SumByInput
        | WindowKind::Max
        | WindowKind::MaxAt => 0,
    }
}

/// The window as the runtime knows it.
pub fn window(form: &WindowForm) -> Window {
    let geometry = &form.window.geometry;
    Window {
        height: form.pitch[0],
        width: form.pitch[1],
        channels: form.channels,
        size: geometry.input,
        padding: geometry.low,
        kernel: geometry.size,
        stride: geometry.stride,
        dilation: geometry.dilation,
        output: geometry.output(),
        filters: form.filters,
        groups: form.order().map_or(form.channels, |order| order.groups),
    }
}
