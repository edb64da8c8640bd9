//! Initial values of parameters, as Keras defines them.

use super::super::fault::{Mistake, Outcome};
use super::super::operator::real;
use super::super::value::{Datum, Function};
use super::{Arguments, listed};
use crate::ir::Init;
use crate::ir::op::Real;

/// Inputs and outputs of a scalar of the parameter.
#[derive(Clone, Copy)]
pub struct Fans {
    /// Inputs.
    pub input: usize,
    /// Outputs.
    pub output: usize,
}

impl Fans {
    /// Of a parameter in Keras' order of axes: positions, inputs, outputs.
    pub fn of(shape: &[usize]) -> Self {
        match shape {
            [] => Self { input: 1, output: 1 },
            [length] => Self { input: *length, output: *length },
            [positions @ .., input, output] => {
                let field: usize = positions.iter().product();
                Self { input: input * field, output: output * field }
            }
        }
    }
}

/// Initialisers that are words.
const WORDS: [&str; 11] = [
    "glorot_uniform",
    "glorot_normal",
    "he_uniform",
    "he_normal",
    "lecun_uniform",
    "lecun_normal",
    "random_uniform",
    "random_normal",
    "truncated_normal",
    "zeros",
    "ones",
];

/// The initial values that an argument asks for.
pub fn init(arguments: &Arguments<'_>, name: &str, fans: Fans) -> Outcome<Init> {
    let datum = arguments.get(name);
    if let Some(value) = real(&datum) {
        return Ok(Init::Constant(Real::new(value)));
    }
    let word = match &datum {
        Datum::Symbol(word) => (*word).to_owned(),
        Datum::Text(text) => text.clone(),
        Datum::Function(Function::Builtin(builtin)) => builtin.name.to_owned(),
        _ => String::new(),
    };
    by_word(&word, fans).ok_or_else(|| unknown(arguments, name, &datum).into())
}

fn by_word(word: &str, fans: Fans) -> Option<Init> {
    let (input, output) = (fans.input.max(1) as f64, fans.output.max(1) as f64);
    let both = (input + output) / 2.0;
    let uniform = |variance: f64| Init::Uniform(Real::new((3.0 * variance).sqrt()));
    let normal = |variance: f64| Init::TruncatedNormal(Real::new(variance.sqrt()));
    Some(match word {
        "glorot_uniform" => uniform(1.0 / both),
        "glorot_normal" => normal(1.0 / both),
        "he_uniform" => uniform(2.0 / input),
        "he_normal" => normal(2.0 / input),
        "lecun_uniform" => uniform(1.0 / input),
        "lecun_normal" => normal(1.0 / input),
        "random_uniform" => Init::Uniform(Real::new(0.05)),
        "random_normal" => Init::Normal(Real::new(0.05)),
        // Keras cuts at two deviations of the normal before; what is left has 0.8796 of its deviation.
        "truncated_normal" => Init::TruncatedNormal(Real::new(0.05 * 0.879_625_661_034_239_8)),
        "zeros" => Init::Constant(Real::new(0.0)),
        "ones" => Init::Constant(Real::new(1.0)),
        _ => return None,
    })
}

fn unknown(arguments: &Arguments<'_>, name: &str, datum: &Datum<'_>) -> Mistake {
    let words = WORDS.map(ToOwned::to_owned);
    let mistake = arguments.mistake(name, format!("{} is no way to initialise a parameter", datum.describe()));
    mistake.note(format!("it is a number or one of {}", listed(&words)))
}
