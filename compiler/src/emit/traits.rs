//! Implementations of the runtime's traits, whose forms over slices everything else calls.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::methods::{inputs, targets};
use super::names::{Names, is_index, sample, tuple};
use super::runs::{self, Kind};
use crate::ir::Type;
use crate::network::{Network, Objective};
use crate::plan::{Plan, Program};

/// `Network`, and with a loss `Trainable`.
pub(super) fn emit(network: &Network, program: &Program, names: &Names) -> TokenStream {
    let base = base(network, program, names);
    let trainable = match (&program.evaluation, &program.training) {
        (Some(evaluation), Some(training)) => Some(trainable(network, names, evaluation, training)),
        _ => None,
    };
    quote!(#base #trainable)
}

fn samples<'a>(types: impl Iterator<Item = &'a Type>) -> TokenStream {
    tuple(&types.map(sample).collect::<Vec<_>>())
}

fn base(network: &Network, program: &Program, names: &Names) -> TokenStream {
    let Names { model, forward, .. } = names;
    let (input, output) = (samples(inputs(network)), samples(network.outputs.iter()));
    let name = model.to_string();
    let flattened = flattened(network);
    let at_once = program.rows_at_once.map(|rows| {
        let rows = Literal::usize_unsuffixed(rows);
        quote!(const ROWS_AT_ONCE: usize = #rows;)
    });
    let run = call(network, Kind::Forward, &program.forward, &quote!(parameters: &self.values,));
    quote! {
        impl rt::network::Network for #model {
            type Input = #input;
            type Output = #output;
            type Forward<const B: usize> = #forward<B>;

            const NAME: &'static str = #name;
            const PARAMETERS: usize = Self::PARAMETERS;
            const MACS: u64 = Self::MACS;
            const SUMMARY: &'static str = Self::SUMMARY;
            #flattened
            #at_once

            fn init(&mut self, seed: u64) {
                Self::init(self, seed);
            }
            fn tensors() -> &'static [rt::network::TensorInfo] {
                TENSORS
            }
            fn tensor(&self, name: &str, values: &mut [f32]) -> Result<(), rt::network::TensorError> {
                Self::tensor(self, name, values)
            }
            fn set_tensor(&mut self, name: &str, values: &[f32]) -> Result<(), rt::network::TensorError> {
                Self::set_tensor(self, name, values)
            }
            fn forward_in_parts<const B: usize>(
                &self,
                memory: &mut #forward<B>,
                at_once: usize,
                inputs: <Self::Input as rt::sample::Sample>::Slices<'_>,
                outputs: <Self::Output as rt::sample::Sample>::SlicesMut<'_>,
            ) -> Result<(), rt::network::RowsError> {
                let #forward { rows, fixed } = memory;
                rt::drive::forward::<Self, B>(at_once, inputs, outputs, |part| #run)
            }
        }
    }
}

fn flattened(network: &Network) -> Option<TokenStream> {
    let entries: Vec<TokenStream> = network
        .flattened
        .iter()
        .map(|(name, shape)| {
            let shape = shape.map(Literal::usize_unsuffixed);
            quote!((#name, [#(#shape),*]))
        })
        .collect();
    (!entries.is_empty()).then(|| quote!(const FLATTENED: &'static [(&'static str, [usize; 3])] = &[#(#entries),*];))
}

fn trainable(network: &Network, names: &Names, evaluation: &Plan, training: &Plan) -> TokenStream {
    let Names { model, training: memory, gradients, .. } = names;
    let target = samples(targets(network));
    let objective = objective(network.objective);
    let statistics = network.batch_statistics;
    let trainable = [
        gradients_rows(network, names, training),
        train_rows(network, names, training),
        share_rows(network, names, training),
        evaluate_rows(network, names, evaluation),
    ];
    quote! {
        impl rt::network::Trainable for #model {
            type Target = #target;
            type Training<const B: usize> = #memory<B>;
            type Gradients = #gradients;

            const OBJECTIVE: rt::network::Objective = #objective;
            const BATCH_STATISTICS: bool = #statistics;
            const SLOTS: &'static [rt::Slot] = SLOTS;

            fn parameters(&self) -> &[f32] {
                Self::parameters(self)
            }
            fn parameters_mut(&mut self) -> &mut [f32] {
                Self::parameters_mut(self)
            }
            fn values(&self) -> &[f32] {
                &self.values
            }
            fn values_mut(&mut self) -> &mut [f32] {
                &mut self.values
            }
            #(#trainable)*
        }
    }
}

fn gradients_rows(network: &Network, names: &Names, training: &Plan) -> TokenStream {
    let Names { training: memory, gradients, .. } = names;
    let sink = quote!(rt::Collect { parameters: &mut self.values, gradient: &mut gradients.values });
    let run = call(network, Kind::Training, training, &quote!(sink: #sink,));
    let nothing = tuple(&names.outputs.iter().map(|_| quote!([].as_mut_slice())).collect::<Vec<_>>());
    quote! {
        fn gradients_rows<const B: usize>(
            &mut self,
            memory: &mut #memory<B>,
            inputs: <Self::Input as rt::sample::Sample>::Slices<'_>,
            targets: <Self::Target as rt::sample::Sample>::Slices<'_>,
            gradients: &mut #gradients,
        ) -> Result<f32, rt::network::RowsError> {
            let #memory { rows, fixed, clock } = memory;
            rt::fill(&mut gradients.values, 0.0);
            let samples = rt::drive::TrainingRows::<Self> { inputs, targets, outputs: #nothing };
            rt::drive::gradients::<Self, B>(clock, samples, |part| #run)
        }
    }
}

fn train_rows(network: &Network, names: &Names, training: &Plan) -> TokenStream {
    let memory = &names.training;
    let run = call(network, Kind::Training, training, &quote!(sink: learner.step(&mut model.values),));
    quote! {
        fn train_rows<const B: usize, O: rt::optimizer::Optimizer>(
            &mut self,
            memory: &mut #memory<B>,
            optimizer: &O,
            state: &mut O::State<Self>,
            inputs: <Self::Input as rt::sample::Sample>::Slices<'_>,
            targets: <Self::Target as rt::sample::Sample>::Slices<'_>,
            outputs: <Self::Output as rt::sample::Sample>::SlicesMut<'_>,
        ) -> Result<f32, rt::network::RowsError> {
            let #memory { rows, fixed, clock } = memory;
            let samples = rt::drive::TrainingRows::<Self> { inputs, targets, outputs };
            let learner = rt::drive::Learner::<Self, O> { optimizer, state };
            rt::drive::train::<Self, O, B>(self, clock, learner, samples, |model, part, learner| #run)
        }
    }
}

fn share_rows(network: &Network, names: &Names, training: &Plan) -> TokenStream {
    let memory = &names.training;
    let sink = quote!(rt::Sharing { parameters: &self.values, share });
    let run = call(network, Kind::Training, training, &quote!(sink: #sink,));
    quote! {
        fn share_rows<const B: usize>(
            &self,
            memory: &mut #memory<B>,
            batch: rt::Batch,
            inputs: <Self::Input as rt::sample::Sample>::Slices<'_>,
            targets: <Self::Target as rt::sample::Sample>::Slices<'_>,
            outputs: <Self::Output as rt::sample::Sample>::SlicesMut<'_>,
            share: rt::Share<'_>,
        ) -> Result<f32, rt::network::RowsError> {
            let #memory { rows, fixed, .. } = memory;
            let samples = rt::drive::TrainingRows::<Self> { inputs, targets, outputs };
            rt::drive::share::<Self, B>(batch, samples, |part| #run)
        }
    }
}

fn evaluate_rows(network: &Network, names: &Names, evaluation: &Plan) -> TokenStream {
    let memory = &names.training;
    let run = call(network, Kind::Evaluation, evaluation, &quote!(parameters: &self.values,));
    quote! {
        fn evaluate_rows<const B: usize>(
            &self,
            memory: &mut #memory<B>,
            inputs: <Self::Input as rt::sample::Sample>::Slices<'_>,
            targets: <Self::Target as rt::sample::Sample>::Slices<'_>,
            outputs: <Self::Output as rt::sample::Sample>::SlicesMut<'_>,
        ) -> Result<f32, rt::network::RowsError> {
            let #memory { rows, fixed, .. } = memory;
            let samples = rt::drive::TrainingRows::<Self> { inputs, targets, outputs };
            rt::drive::evaluate::<Self, B>(samples, |part| #run)
        }
    }
}

fn objective(objective: Objective) -> TokenStream {
    let variant = match objective {
        Objective::Classification => quote!(Classification),
        Objective::BinaryProbability => quote!(BinaryProbability),
        Objective::BinaryLogit => quote!(BinaryLogit),
        Objective::Regression => quote!(Regression),
    };
    quote!(rt::network::Objective::#variant)
}

/// A block that runs a plan over the rows of `part`, in the memory `rows` and `fixed`; `model` is the field that has
/// the parameters.
fn call(network: &Network, kind: Kind, plan: &Plan, model: &TokenStream) -> TokenStream {
    let run = runs::name(&network.name, kind);
    let inputs = flat("input", inputs(network), &quote!(inputs));
    let targets = (kind != Kind::Forward).then(|| flat("target", targets(network), &quote!(targets)));
    let outputs = outputs(&network.outputs, plan.row_floats);
    let (takes, fields) = (&outputs.takes, &outputs.fields);
    let finish = &outputs.finish;
    let (input_takes, input_fields) = (inputs.takes, inputs.fields);
    let (target_takes, target_fields) = targets.map(|targets| (targets.takes, targets.fields)).unzip();
    let result = quote! {
        rt::dispatch(#run {
            batch: part.batch, rows, fixed, #input_fields #target_fields #fields #model
        })
    };
    let result = if finish.is_empty() { result } else { quote!(let result = #result; #finish result) };
    quote! {{
        #input_takes
        #target_takes
        #takes
        #result
    }}
}

/// Statements before a run, fields of it, statements behind it.
#[derive(Default)]
struct Pieces {
    takes: TokenStream,
    fields: TokenStream,
    finish: TokenStream,
}

fn numbered(role: &str, count: usize) -> Vec<Ident> {
    (0..count).map(|number| format_ident!("{role}_{number}")).collect()
}

/// Samples that are read, as flat slices.
fn flat<'a>(role: &str, types: impl Iterator<Item = &'a Type>, field: &TokenStream) -> Pieces {
    let types: Vec<&Type> = types.collect();
    let names = numbered(role, types.len());
    let pattern = tuple(&names);
    let fields = names.iter().zip(types).map(|(name, ty)| {
        let sample = sample(ty);
        let method = if is_index(ty) { quote!(indices) } else { quote!(reals) };
        quote!(#name: <#sample as rt::sample::Element>::#method(#name),)
    });
    Pieces { takes: quote!(let #pattern = part.#field;), fields: fields.collect(), finish: TokenStream::new() }
}

/// Outputs as flat slices; integers pass through reals behind the plan's own memory.
fn outputs(types: &[Type], row_floats: usize) -> Pieces {
    let names = numbered("output", types.len());
    let pattern = tuple(&names);
    let mut pieces = Pieces { takes: quote!(let #pattern = part.outputs;), ..Pieces::default() };
    if !types.iter().any(is_index) {
        pieces.takes.extend(quote!(let rows = rows.as_flattened_mut();));
    } else {
        let floats = Literal::usize_unsuffixed(row_floats);
        pieces.takes.extend(quote! {
            let mut cut = rt::Cut::new(rows.as_flattened_mut());
            let rows = cut.take(0, #floats * part.batch.rows);
        });
    }
    let mut offset = row_floats;
    for (number, (name, ty)) in names.iter().zip(types).enumerate() {
        let sample = sample(ty);
        if !is_index(ty) {
            pieces.fields.extend(quote!(#name: <#sample as rt::sample::Element>::reals_mut(#name),));
            continue;
        }
        let scratch = format_ident!("reals_{number}");
        let width = ty.shape.elements().size;
        let (at, length) = (Literal::usize_unsuffixed(offset), Literal::usize_unsuffixed(width));
        offset += width;
        pieces.takes.extend(quote!(let #scratch = cut.take(#at * part.batch.rows, #length * part.batch.rows);));
        pieces.fields.extend(quote!(#name: &mut *#scratch,));
        pieces.finish.extend(quote!(<#sample as rt::sample::Element>::set_indices(#name, #scratch);));
    }
    pieces
}
