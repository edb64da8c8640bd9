//! Windows that move over images: convolutions, their gradients, and pools. Images lie as `[rows, height, width,
//! channels]`; results go to an [`Epilogue`](super::Epilogue) whose rows are rows of pixels.

mod channels;
mod convolution;
mod depthwise;
mod depthwise_gradient;
mod depthwise_weights;
mod frame;
mod geometry;
mod input_gradient;
mod phase;
mod pool;
mod pool_gradient;
mod strip;
mod taps;
mod weight_gradient;

pub use convolution::convolution;
pub use depthwise::depthwise;
pub use depthwise_gradient::depthwise_input_gradient;
pub use depthwise_weights::depthwise_weight_gradient;
pub use geometry::{Window, Windowed};
pub use input_gradient::convolution_input_gradient;
pub use pool::{max_pool, sum_pool};
pub use pool_gradient::{max_pool_at, max_pool_gradient, sum_pool_gradient};
pub use weight_gradient::convolution_weight_gradient;
