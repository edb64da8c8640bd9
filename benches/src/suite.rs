//! The workloads of the peers' suite that graven can express, and how each cell of theirs is timed.

#![allow(missing_docs, reason = "what the macro emits beside the documented types")]

use std::error::Error;

use crate::cells::{counts, infer, train};
use crate::floor::Counts;
use crate::measure::Timing;
use crate::mode::{Kind, Mode};

graven::network! {
    /// 784-128-10 with relu and cross-entropy.
    pub struct Mlp;

    fn forward(image: [784]) -> [10] {
        let hidden = dense(image, 128, activation = relu);
        dense(hidden, 10)
    }

    fn loss(logits, label: index<10>) {
        cross_entropy(logits, label)
    }
}

graven::network! {
    /// 784-512-512-10 with relu and cross-entropy.
    pub struct Mlp2;

    fn forward(image: [784]) -> [10] {
        let first = dense(image, 512, activation = relu);
        let second = dense(first, 512, activation = relu);
        dense(second, 10)
    }

    fn loss(logits, label: index<10>) {
        cross_entropy(logits, label)
    }
}

graven::network! {
    /// MLPerf Tiny anomaly detection: 640-128×4-8-128×4-640, batch norm and relu after all but the last.
    pub struct Autoencoder;

    fn forward(frames: [640]) -> [640] {
        let mut x = frames;
        for units in [128, 128, 128, 128, 8, 128, 128, 128, 128] {
            x = relu(batch_norm(dense(x, units)));
        }
        dense(x, 640)
    }

    fn loss(frames, target: [640]) {
        mse(frames, target)
    }
}

/// All names of the peers' suite, in its order.
pub const PEERS: [&str; 12] = [
    "mlp",
    "mlp2",
    "cnn",
    "dscnn",
    "resnet8",
    "mobilenet_v1_025",
    "autoencoder",
    "lstm",
    "gru",
    "transformer",
    "ncf",
    "resnet18",
];

/// Those that graven runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    Mlp,
    Mlp2,
    Autoencoder,
    #[cfg(feature = "images")]
    Cnn,
    #[cfg(feature = "images")]
    DsCnn,
    #[cfg(feature = "images")]
    ResNet8,
    #[cfg(feature = "images")]
    MobileNetV1,
    #[cfg(feature = "images")]
    ResNet18,
}

macro_rules! with {
    ($model:expr, $network:ident => $call:expr) => {
        match $model {
            Model::Mlp => {
                type $network = Mlp;
                $call
            }
            Model::Mlp2 => {
                type $network = Mlp2;
                $call
            }
            Model::Autoencoder => {
                type $network = Autoencoder;
                $call
            }
            #[cfg(feature = "images")]
            Model::Cnn => {
                type $network = crate::images::Cnn;
                $call
            }
            #[cfg(feature = "images")]
            Model::DsCnn => {
                type $network = crate::images::DsCnn;
                $call
            }
            #[cfg(feature = "images")]
            Model::ResNet8 => {
                type $network = crate::images::ResNet8;
                $call
            }
            #[cfg(feature = "images")]
            Model::MobileNetV1 => {
                type $network = crate::images::MobileNetV1;
                $call
            }
            #[cfg(feature = "images")]
            Model::ResNet18 => {
                type $network = crate::images::ResNet18;
                $call
            }
        }
    };
}

impl Model {
    pub const ALL: &[Self] = &[
        Self::Mlp,
        Self::Mlp2,
        #[cfg(feature = "images")]
        Self::Cnn,
        #[cfg(feature = "images")]
        Self::DsCnn,
        #[cfg(feature = "images")]
        Self::ResNet8,
        #[cfg(feature = "images")]
        Self::MobileNetV1,
        Self::Autoencoder,
        #[cfg(feature = "images")]
        Self::ResNet18,
    ];

    /// The name that the peers have for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mlp => "mlp",
            Self::Mlp2 => "mlp2",
            Self::Autoencoder => "autoencoder",
            #[cfg(feature = "images")]
            Self::Cnn => "cnn",
            #[cfg(feature = "images")]
            Self::DsCnn => "dscnn",
            #[cfg(feature = "images")]
            Self::ResNet8 => "resnet8",
            #[cfg(feature = "images")]
            Self::MobileNetV1 => "mobilenet_v1_025",
            #[cfg(feature = "images")]
            Self::ResNet18 => "resnet18",
        }
    }

    /// The model of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|model| model.name() == name)
    }

    /// What a sample costs.
    #[must_use]
    pub fn counts(self) -> Counts {
        let first_layer = match self {
            Self::Mlp => 784 * 128,
            Self::Mlp2 => 784 * 512,
            Self::Autoencoder => 640 * 128,
            #[cfg(feature = "images")]
            Self::Cnn => 26 * 26 * 32 * 9,
            #[cfg(feature = "images")]
            Self::DsCnn => 25 * 5 * 64 * 40,
            #[cfg(feature = "images")]
            Self::ResNet8 => 32 * 32 * 16 * 27,
            #[cfg(feature = "images")]
            Self::MobileNetV1 => 48 * 48 * 8 * 27,
            #[cfg(feature = "images")]
            Self::ResNet18 => 112 * 112 * 64 * 147,
        };
        with!(self, N => counts::<N>(first_layer))
    }

    /// The most that a call may take, as a multiple of its floor.
    #[must_use]
    pub fn bar(self, mode: Mode) -> Option<f64> {
        let bars = match self {
            Self::Mlp => [1.30, 1.10, 1.45],
            Self::Mlp2 => [1.10, 1.05, 1.35],
            Self::Autoencoder => [1.30, 1.15, 1.50],
            #[cfg(feature = "images")]
            Self::Cnn => [1.20, 1.10, 1.50],
            #[cfg(feature = "images")]
            Self::DsCnn => [1.30, 1.25, 2.00],
            #[cfg(feature = "images")]
            Self::ResNet8 => [1.15, 1.12, 1.50],
            #[cfg(feature = "images")]
            Self::MobileNetV1 => [1.45, 1.40, 2.20],
            #[cfg(feature = "images")]
            Self::ResNet18 => [1.10, 1.07, 1.45],
        };
        let modes = [Mode::infer(1), Mode::infer(32), Mode::train(32)];
        modes.iter().position(|known| *known == mode).map(|position| bars[position])
    }

    /// Times a cell.
    ///
    /// # Errors
    /// A mode that the suite does not have, or `fit` in a build without it.
    pub fn time(self, mode: Mode, seconds: f64) -> Result<Timing, Box<dyn Error>> {
        match (mode.kind, mode.batch) {
            (Kind::Infer, 1) => Ok(with!(self, N => infer::<N, 1>(seconds))),
            (Kind::Infer, 32) => Ok(with!(self, N => infer::<N, 32>(seconds))),
            (Kind::Train, 32) => Ok(with!(self, N => train::<N, 32>(seconds))),
            (Kind::Fit, 32) => self.fit(false),
            (Kind::FullFit, 32) => self.fit(true),
            _ => Err(format!("the suite has no {mode}").into()),
        }
    }

    #[cfg(feature = "std")]
    fn fit(self, full: bool) -> Result<Timing, Box<dyn Error>> {
        with!(self, N => crate::cells::fit::<N, 32>(20, full))
    }

    #[cfg(not(feature = "std"))]
    fn fit(self, _full: bool) -> Result<Timing, Box<dyn Error>> {
        Err(format!("fit of {} needs the feature `std`", self.name()).into())
    }
}
