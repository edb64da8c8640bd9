//! Safetensors to models: everything is checked before the first value is written.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use graven_runtime::network::{Network, TensorInfo};
use half::{bf16, f16};
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};
use serde::de::DeserializeOwned;

use super::channels;
use super::error::{WeightError, WeightProblem};
use super::names;
use super::write::PREPARATION;

type Rename<'a> = Box<dyn Fn(&str) -> String + 'a>;

/// The weights in a file, and how to read them: `Weights::open(path)?.channels_first().load_into(&mut model)?`.
pub struct Weights<'a> {
    path: Option<PathBuf>,
    bytes: Cow<'a, [u8]>,
    rename: Option<Rename<'a>>,
    channels_first: bool,
}

impl<'a> Weights<'a> {
    /// The contents of a file.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, WeightError> {
        let path = path.as_ref();
        let bytes = fs::read(path).map_err(|error| WeightProblem::Read(error).at(Some(path)))?;
        Ok(Self { path: Some(path.to_owned()), ..Self::from_bytes(bytes) })
    }

    /// The contents of a file in memory.
    #[must_use]
    pub fn from_bytes(bytes: impl Into<Cow<'a, [u8]>>) -> Self {
        Self { path: None, bytes: bytes.into(), rename: None, channels_first: false }
    }

    /// Maps each name in the file to the name in the model. A function from the model's names to the file's will do too,
    /// when only that way every tensor finds exactly one.
    #[must_use]
    pub fn rename(mut self, names: impl Fn(&str) -> String + 'a) -> Self {
        self.rename = Some(Box::new(names));
        self
    }

    /// The file comes from a library that flattens images channels first, as PyTorch does: the weights of dense layers
    /// after flattened images are permuted, except those that the file itself marks as height-width-channel.
    #[must_use]
    pub fn channels_first(mut self) -> Self {
        self.channels_first = true;
        self
    }

    /// Sets every tensor of the model.
    ///
    /// # Errors
    /// A file that is truncated or no safetensors, or a tensor that is missing, not in the model, of another shape, of
    /// another type than F32, F16 or BF16, or not finite. The model is then as it was.
    pub fn load_into<N: Network>(&self, model: &mut N) -> Result<(), WeightError> {
        self.decode::<N>()
            .and_then(|tensors| write(model, &tensors))
            .map_err(|problem| problem.at(self.path.as_deref()))
    }

    /// What prepared the data, as `save_with` stored it: `let scaling: Scaling<[f32; 4]> = weights.preparation()?`.
    ///
    /// # Errors
    /// A file that is truncated or no safetensors, or without such a record, or with one of another type.
    pub fn preparation<P: DeserializeOwned>(&self) -> Result<P, WeightError> {
        self.stored().map_err(|problem| problem.at(self.path.as_deref()))
    }

    fn stored<P: DeserializeOwned>(&self) -> Result<P, WeightProblem> {
        truncation(&self.bytes).map_or(Ok(()), Err)?;
        let (_, header) = SafeTensors::read_metadata(&self.bytes).map_err(WeightProblem::Format)?;
        let text = header.metadata().as_ref().and_then(|metadata| metadata.get(PREPARATION));
        let text = text.ok_or(WeightProblem::NoPreparation)?;
        serde_json::from_str(text).map_err(WeightProblem::Preparation)
    }

    /// A model with these weights, on the heap.
    ///
    /// # Errors
    /// As [`Weights::load_into`].
    pub fn into_model<N: Network>(self) -> Result<Box<N>, WeightError> {
        let mut model = N::boxed();
        self.load_into(&mut *model)?;
        Ok(model)
    }

    /// The values of every tensor, in the order of the model.
    fn decode<N: Network>(&self) -> Result<Vec<Vec<f32>>, WeightProblem> {
        let file = self.parse()?;
        let (_, header) = SafeTensors::read_metadata(&self.bytes).map_err(WeightProblem::Format)?;
        let marks = header.metadata().as_ref().map_or_else(Vec::new, channels::marked);
        let mut named = names::named::<N>(&file, self.rename.as_deref())?;
        let mut tensors = Vec::with_capacity(N::tensors().len());
        for info in N::tensors() {
            let missing = || WeightProblem::Missing { tensor: info.name.to_owned() };
            let stored = named.remove(info.name).ok_or_else(missing)?;
            let mut values = decode(info, &stored.view)?;
            let marked = marks.iter().any(|name| name == stored.name);
            if let (true, false, Some(image)) = (self.channels_first, marked, channels::image::<N>(info.name)) {
                channels::to_last(&mut values, image);
            }
            tensors.push(values);
        }
        match named.into_keys().next() {
            Some(tensor) => Err(WeightProblem::Extra { tensor }),
            None => Ok(tensors),
        }
    }

    fn parse(&self) -> Result<SafeTensors<'_>, WeightProblem> {
        truncation(&self.bytes).map_or(Ok(()), Err)?;
        SafeTensors::deserialize(&self.bytes).map_err(WeightProblem::Format)
    }
}

/// The longest header of the format; a greater length is no safetensors file.
const LONGEST_HEADER: u64 = 100_000_000;

/// A header or data that end early.
fn truncation(bytes: &[u8]) -> Option<WeightProblem> {
    let found = bytes.len() as u64;
    let Some((&length, rest)) = bytes.split_first_chunk() else {
        return Some(WeightProblem::Truncated { expected: 8, found });
    };
    let header = u64::from_le_bytes(length);
    if header > LONGEST_HEADER {
        return None;
    }
    if header > rest.len() as u64 {
        return Some(WeightProblem::Truncated { expected: header.saturating_add(8), found });
    }
    let data = announced(&rest[..header as usize])?;
    let expected = data.saturating_add(8 + header);
    (expected > found).then_some(WeightProblem::Truncated { expected, found })
}

/// Bytes of data that a header announces, when it is a header.
fn announced(header: &[u8]) -> Option<u64> {
    let header: safetensors::tensor::Metadata = serde_json::from_slice(header).ok()?;
    Some(header.data_len() as u64)
}

fn decode(info: &TensorInfo, view: &TensorView<'_>) -> Result<Vec<f32>, WeightProblem> {
    let tensor = || info.name.to_owned();
    if view.shape() != info.shape {
        let (expected, found) = (info.shape.to_vec(), view.shape().to_vec());
        return Err(WeightProblem::Shape { tensor: tensor(), expected, found });
    }
    let bytes = view.data();
    let values: Vec<f32> = match view.dtype() {
        Dtype::F32 => bytes.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect(),
        Dtype::F16 => bytes.as_chunks().0.iter().map(|&bytes| f16::from_le_bytes(bytes).to_f32()).collect(),
        Dtype::BF16 => bytes.as_chunks().0.iter().map(|&bytes| bf16::from_le_bytes(bytes).to_f32()).collect(),
        other => return Err(WeightProblem::DataType { tensor: tensor(), found: other.to_string() }),
    };
    match values.iter().position(|value| !value.is_finite()) {
        Some(position) => Err(WeightProblem::NotFinite { tensor: tensor(), position, value: values[position] }),
        None => Ok(values),
    }
}

fn write<N: Network>(model: &mut N, tensors: &[Vec<f32>]) -> Result<(), WeightProblem> {
    for (info, values) in N::tensors().iter().zip(tensors) {
        let refused = |error| WeightProblem::Model { tensor: info.name.to_owned(), error };
        model.set_tensor(info.name, values).map_err(refused)?;
    }
    Ok(())
}
