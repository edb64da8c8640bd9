//! Parameters and running statistics of a network.

use super::op::Real;

/// A tensor that the model owns.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parameter {
    /// The dotted name, `hidden.weight`.
    pub name: String,
    /// The logical shape, as weight files have it.
    pub shape: Vec<usize>,
    /// Its initial values.
    pub init: Init,
    /// Who changes it.
    pub role: Role,
    /// Whether a layer made it, rather than `param`: what `l1` and `l2` act on.
    pub of_layer: bool,
}

impl Parameter {
    /// The number of scalars.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether there are no scalars.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the optimizer changes it.
    pub fn is_trainable(&self) -> bool {
        self.role == Role::Trained
    }
}

/// Who changes a parameter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// The optimizer, by gradient.
    Trained,
    /// Nobody: `trainable = false`.
    Frozen,
    /// A training step, by assignment.
    Statistic,
}

/// Initial values; a bound or deviation is worked out where the parameter is declared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Init {
    /// One number.
    Constant(Real),
    /// Uniform in [−limit, limit).
    Uniform(Real),
    /// Normal with mean 0 and this deviation.
    Normal(Real),
    /// Normal with mean 0, cut at two deviations, rescaled to have this deviation.
    TruncatedNormal(Real),
}
