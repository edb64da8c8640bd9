//! Weight files: what is written is read, and nothing wrong changes a model or a file.

mod support;

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use graven::weights::{Location, WeightProblem};
use graven::{Network, WeightError, Weights};
use half::{bf16, f16};
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};
use support::{Classifier, Counting};

struct Tensor {
    name: &'static str,
    kind: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

fn f32s(name: &'static str, shape: &[usize], values: &[f32]) -> Tensor {
    let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    Tensor { name, kind: Dtype::F32, shape: shape.to_vec(), bytes }
}

fn file(tensors: &[Tensor]) -> Vec<u8> {
    let views = tensors
        .iter()
        .map(|tensor| (tensor.name, TensorView::new(tensor.kind, tensor.shape.clone(), &tensor.bytes).unwrap()));
    safetensors::serialize(views, None).unwrap()
}

fn tensors() -> Vec<Tensor> {
    let weight: Vec<f32> = (0..12).map(|index| index as f32).collect();
    vec![
        f32s("dense.weight", &[3, 4], &weight),
        f32s("dense.bias", &[3], &[0.5, -1.0, 2.0]),
        f32s("seen", &[2], &[7.0, 8.0]),
    ]
}

fn values<N: Network>(model: &N, name: &str) -> Vec<f32> {
    let info = N::tensors().iter().find(|info| info.name == name).unwrap();
    let mut values = vec![0.0; info.len()];
    model.tensor(name, &mut values).unwrap();
    values
}

/// Loads into a fresh model, which must stay what it was.
fn refused(bytes: &[u8]) -> WeightProblem {
    let mut model = Classifier::new(5);
    let before = model.weights_hash();
    let error = Weights::from_bytes(bytes).load_into(&mut *model).unwrap_err();
    assert_eq!(model.weights_hash(), before);
    assert_eq!(error.location, Location::Memory);
    error.problem
}

#[test]
fn a_saved_model_is_loaded_bit_by_bit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    let model = Counting::new(1);
    model.save(&path).unwrap();
    let mut other = Counting::new(2);
    assert_ne!(other.weights_hash(), model.weights_hash());
    other.load(&path).unwrap();
    assert_eq!(other.weights_hash(), model.weights_hash());
    assert_eq!(fs::read(&path).unwrap(), model.to_safetensors().unwrap());
    let third = Counting::from_safetensors(&model.to_safetensors().unwrap()).unwrap();
    assert_eq!(third.weights_hash(), model.weights_hash());
}

#[test]
fn files_hold_logical_shapes_under_dotted_names() {
    let bytes = Classifier::new(1).to_safetensors().unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let mut names = file.names();
    names.sort_unstable();
    assert_eq!(names, ["dense.bias", "dense.weight", "seen"]);
    assert_eq!(file.tensor("dense.weight").unwrap().shape(), [3, 4]);
    let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
    let marks = HashMap::from([("height_width_channel".to_owned(), r#"["dense.weight"]"#.to_owned())]);
    assert_eq!(header.metadata(), &Some(marks));
}

#[test]
fn halves_are_widened() {
    let mut tensors = tensors();
    let numbers: Vec<f32> = (0..12).map(|index| index as f32 - 3.25).collect();
    tensors[0].kind = Dtype::F16;
    tensors[0].bytes = numbers.iter().flat_map(|&value| f16::from_f32(value).to_le_bytes()).collect();
    tensors[1].kind = Dtype::BF16;
    tensors[1].bytes = [1.5, -2.0, 0.0].iter().flat_map(|&value| bf16::from_f32(value).to_le_bytes()).collect();
    let model = Classifier::from_safetensors(&file(&tensors)).unwrap();
    assert_eq!(values(&*model, "dense.weight"), numbers);
    assert_eq!(values(&*model, "dense.bias"), [1.5, -2.0, 0.0]);
}

#[test]
fn wrong_tensors_are_named() {
    let with = |change: &dyn Fn(&mut Vec<Tensor>)| {
        let mut tensors = tensors();
        change(&mut tensors);
        refused(&file(&tensors))
    };
    assert!(matches!(with(&|t| drop(t.remove(1))), WeightProblem::Missing { tensor } if tensor == "dense.bias"));
    let extra = with(&|t| t.push(f32s("head.weight", &[1], &[0.0])));
    assert!(matches!(extra, WeightProblem::Extra { tensor } if tensor == "head.weight"));
    let shape = with(&|t| t[0].shape = vec![4, 3]);
    assert_eq!(shape.to_string(), "tensor `dense.weight` is [4, 3], the model has [3, 4]");
    let nan = with(&|t| t[2] = f32s("seen", &[2], &[0.0, f32::NAN]));
    assert!(matches!(nan, WeightProblem::NotFinite { tensor, position: 1, .. } if tensor == "seen"));
    let kind = with(&|t| t[0] = Tensor { kind: Dtype::F64, bytes: vec![0; 96], ..f32s("dense.weight", &[3, 4], &[]) });
    assert!(matches!(kind, WeightProblem::DataType { found, .. } if found == "F64"));
}

#[test]
fn every_truncation_is_noticed() {
    let bytes = file(&tensors());
    for length in 0..bytes.len() {
        let WeightProblem::Truncated { expected, found } = refused(&bytes[..length]) else {
            panic!("{length} of {} bytes", bytes.len())
        };
        assert!(found == length as u64 && found < expected && expected <= bytes.len() as u64);
    }
}

#[test]
fn other_bytes_are_no_weights() {
    assert!(matches!(refused(b"this is only some text"), WeightProblem::Format(_)));
    let mut long = file(&tensors());
    long.push(0);
    assert!(matches!(refused(&long), WeightProblem::Format(_)));
    let error = Classifier::new(1).load("no/such/file").unwrap_err();
    assert!(matches!(error.problem, WeightProblem::Read(_)));
    assert!(error.to_string().starts_with("no/such/file: cannot be read"));
}

#[test]
fn counters_of_pytorch_are_ignored() {
    let mut tensors = tensors();
    tensors.push(Tensor { name: "norm.num_batches_tracked", kind: Dtype::I64, shape: vec![], bytes: vec![9; 8] });
    assert!(Classifier::from_safetensors(&file(&tensors)).is_ok());
}

#[test]
fn names_are_mapped_in_either_direction() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("theirs");
    let mut theirs = tensors();
    (theirs[0].name, theirs[1].name) = ("fc.weight", "fc.bias");
    fs::write(&path, file(&theirs)).unwrap();
    let mut model = Classifier::new(1);
    assert!(matches!(model.load(&path), Err(WeightError { problem: WeightProblem::Missing { .. }, .. })));
    model.load_with(&path, |name| name.replace("fc", "dense")).unwrap();
    assert_eq!(values(&*model, "dense.bias"), [0.5, -1.0, 2.0]);
    let mut other = Classifier::new(1);
    other.load_with(&path, |name| name.replace("dense", "fc")).unwrap();
    assert_eq!(other.weights_hash(), model.weights_hash());
    let neither = model.load_with(&path, |name| name.replace("fc", "hidden")).unwrap_err();
    assert!(matches!(neither.problem, WeightProblem::Missing { tensor } if tensor == "dense.weight"));
    let twice = model.load_with(&path, |_| "seen".to_owned()).unwrap_err();
    assert!(matches!(twice.problem, WeightProblem::Twice { tensor } if tensor == "seen"));
}

#[test]
fn weights_after_flattened_images_are_permuted_on_demand() {
    let mut model = Classifier::new(1);
    Weights::from_bytes(file(&tensors())).channels_first().load_into(&mut *model).unwrap();
    assert_eq!(values(&*model, "dense.weight")[..8], [0.0, 2.0, 1.0, 3.0, 4.0, 6.0, 5.0, 7.0]);
    let ours = model.to_safetensors().unwrap();
    let again: Box<Classifier> = Weights::from_bytes(ours).channels_first().into_model().unwrap();
    assert_eq!(again.weights_hash(), model.weights_hash());
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    names
}

#[test]
fn a_failed_save_leaves_the_old_file_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model");
    let mut model = Classifier::new(1);
    model.save(&path).unwrap();
    let before = fs::read(&path).unwrap();
    graven::Trainable::parameters_mut(&mut *model)[13] = f32::NAN;
    let error = model.save(&path).unwrap_err();
    assert!(matches!(error.problem, WeightProblem::NotFinite { tensor, position: 1, .. } if tensor == "dense.bias"));
    assert_eq!(fs::read(&path).unwrap(), before);

    let model = Classifier::new(2);
    let taken = folder.path().join("folder");
    fs::create_dir(&taken).unwrap();
    fs::write(taken.join("inside"), b"kept").unwrap();
    assert!(matches!(model.save(&taken).unwrap_err().problem, WeightProblem::Write(_)));
    assert!(matches!(model.save(folder.path().join("none/model")).unwrap_err().problem, WeightProblem::Write(_)));
    assert_eq!(names(folder.path()), ["folder", "model"]);
    assert_eq!(fs::read(taken.join("inside")).unwrap(), b"kept");
}

#[cfg(unix)]
#[test]
fn a_save_replaces_the_file_and_keeps_links_and_permissions() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    let folder = tempfile::tempdir().unwrap();
    let (path, link) = (folder.path().join("model"), folder.path().join("link"));
    Classifier::new(1).save(&path).unwrap();
    symlink(&path, &link).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let reader = fs::File::open(&path).unwrap();
    let model = Classifier::new(2);
    model.save(&link).unwrap();

    assert!(link.is_symlink());
    assert_eq!(fs::read(&path).unwrap(), model.to_safetensors().unwrap());
    let metadata = fs::metadata(&path).unwrap();
    assert_eq!(metadata.permissions().mode() & 0o777, 0o640);
    assert_ne!(metadata.ino(), reader.metadata().unwrap().ino(), "the old file is replaced, never written to");
    assert_eq!(names(folder.path()), ["link", "model"]);
}
