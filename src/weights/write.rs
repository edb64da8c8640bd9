//! Models to safetensors, F32; files are replaced whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use graven_runtime::network::{Network, TensorInfo};
use safetensors::tensor::{Dtype, TensorView};
use tempfile::NamedTempFile;

use super::channels;
use super::error::{WeightError, WeightProblem};

/// The bytes of a weight file; the same for the same weights.
///
/// # Errors
/// A value that is not finite.
pub fn to_safetensors<N: Network>(model: &N) -> Result<Vec<u8>, WeightError> {
    serialise(model).map_err(|problem| problem.at(None))
}

/// Writes a weight file. A file that is there already is replaced in one step when the new one is complete, so that a
/// crash at any time leaves the old file or the new one.
///
/// # Errors
/// A value that is not finite, or a file that cannot be written.
pub fn save<N: Network>(model: &N, path: impl AsRef<Path>) -> Result<(), WeightError> {
    let path = path.as_ref();
    let written = serialise(model).and_then(|bytes| replace(path, &bytes).map_err(WeightProblem::Write));
    written.map_err(|problem| problem.at(Some(path)))
}

fn serialise<N: Network>(model: &N) -> Result<Vec<u8>, WeightProblem> {
    let tensors: Vec<Vec<u8>> = N::tensors().iter().map(|info| bytes(model, info)).collect::<Result<_, _>>()?;
    let views = N::tensors().iter().zip(&tensors).map(|(info, bytes)| {
        Ok((info.name, TensorView::new(Dtype::F32, info.shape.to_vec(), bytes).map_err(WeightProblem::Format)?))
    });
    let views: Vec<_> = views.collect::<Result<_, WeightProblem>>()?;
    safetensors::serialize(views, channels::metadata::<N>()).map_err(WeightProblem::Format)
}

fn bytes<N: Network>(model: &N, info: &TensorInfo) -> Result<Vec<u8>, WeightProblem> {
    let tensor = || info.name.to_owned();
    let mut values = vec![0.0; info.len()];
    model.tensor(info.name, &mut values).map_err(|error| WeightProblem::Model { tensor: tensor(), error })?;
    if let Some(position) = values.iter().position(|value| !value.is_finite()) {
        return Err(WeightProblem::NotFinite { tensor: tensor(), position, value: values[position] });
    }
    Ok(values.iter().flat_map(|value| value.to_le_bytes()).collect())
}

/// Writes beside the file, then renames over it; a link stays a link.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let mut temporary = temporary(&folder, &path)?;
    temporary.write_all(bytes)?;
    temporary.as_file().sync_all()?;
    temporary.persist(&path)?;
    sync_folder(&folder)
}

/// A temporary file with the permissions of the file it will replace, else with those of any new file.
fn temporary(folder: &Path, path: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let temporary = builder.tempfile_in(folder)?;
    if let Ok(old) = fs::metadata(path) {
        temporary.as_file().set_permissions(old.permissions())?;
    }
    Ok(temporary)
}

/// Makes the rename last through a power cut, where folders can be synchronised.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
