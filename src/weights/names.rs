//! Which tensor of a file belongs to which tensor of a model.

use std::collections::{BTreeMap, BTreeSet};

use graven_runtime::network::Network;
use safetensors::SafeTensors;
use safetensors::tensor::TensorView;

use super::error::WeightProblem;

/// A tensor of a file.
pub(super) struct Stored<'f> {
    /// Its name there.
    pub name: &'f str,
    /// Shape, type and bytes.
    pub view: TensorView<'f>,
}

/// The tensors of a file by their names in the model.
pub(super) type Named<'f> = BTreeMap<String, Stored<'f>>;

/// Names the tensors of a file. `rename` may lead from the file's names to the model's, or the other way when only that
/// way gives each tensor of the model exactly one of the file.
pub(super) fn named<'f, N: Network>(
    file: &'f SafeTensors<'_>,
    rename: Option<&dyn Fn(&str) -> String>,
) -> Result<Named<'f>, WeightProblem> {
    let Some(rename) = rename else { return from_file(file, &str::to_owned) };
    let named = from_file(file, rename);
    match &named {
        Ok(named) if fits::<N>(named) => {}
        _ => {
            if let Some(named) = from_model::<N>(file, rename) {
                return Ok(named);
            }
        }
    }
    named
}

fn from_file<'f>(file: &'f SafeTensors<'_>, rename: &dyn Fn(&str) -> String) -> Result<Named<'f>, WeightProblem> {
    let mut named = BTreeMap::new();
    for stored in tensors(file) {
        let name = rename(stored.name);
        if named.insert(name.clone(), stored).is_some() {
            return Err(WeightProblem::Twice { tensor: name });
        }
    }
    Ok(named)
}

/// A complete naming by the model's names, if there is one.
fn from_model<'f, N: Network>(file: &'f SafeTensors<'_>, rename: &dyn Fn(&str) -> String) -> Option<Named<'f>> {
    let mut stored: BTreeMap<&str, Stored<'f>> = tensors(file).map(|stored| (stored.name, stored)).collect();
    let named: Option<Named<'f>> = N::tensors()
        .iter()
        .map(|info| Some((info.name.to_owned(), stored.remove(rename(info.name).as_str())?)))
        .collect();
    named.filter(|_| stored.is_empty())
}

fn fits<N: Network>(named: &Named<'_>) -> bool {
    let names: BTreeSet<&str> = N::tensors().iter().map(|info| info.name).collect();
    named.keys().map(String::as_str).eq(names)
}

/// All tensors but PyTorch's counts of the batches that a batch norm has seen: nothing reads them here.
fn tensors<'f>(file: &'f SafeTensors<'_>) -> impl Iterator<Item = Stored<'f>> {
    let counter = |name: &str| name.rsplit('.').next() == Some("num_batches_tracked");
    file.iter().filter(move |(name, _)| !counter(name)).map(|(name, view)| Stored { name, view })
}
