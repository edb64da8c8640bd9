//! Bytes of a checkpoint: magic, version, a header in JSON, arrays of numbers, and a hash of all of it.
//!
//! All integers and numbers are little-endian. Each array is its length as 64 bits and then its numbers, in the order
//! that [`Header::new`] and the arrays of a run have. The hash is the 64-bit FNV-1a.

use serde::{Deserialize, Serialize};

use super::error::CheckpointProblem;
use crate::training::history::{Epoch, History};
use crate::weights::fnv_1a_of;

const MAGIC: &[u8; 8] = b"GRAVENCK";
/// The version of the format.
pub const VERSION: u32 = 1;
const HASH_BYTES: usize = 8;

/// Everything but arrays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Which run it is.
    pub run: Fingerprint,
    /// Epochs that are done.
    pub epoch: usize,
    /// Steps that are done of the epoch after those.
    pub step: usize,
    /// Steps that are done in all.
    pub steps: u64,
    /// Bits of the learning rate.
    pub learning_rate: u32,
    /// Bits of the sum of losses, and the counts, of the epoch so far.
    pub tally: Vec<u64>,
    /// Bits of what the schedule remembers.
    pub schedule: Vec<u64>,
    /// Bits of the best loss and the epochs waited of early stopping.
    pub early: Option<(u32, usize)>,
    /// The epoch whose weights are kept as the best.
    pub best: Option<Epoch>,
    /// Whether training was ended before its last epoch.
    pub stopped: bool,
    /// Seconds of the epoch so far.
    pub seconds: f64,
    /// The report so far.
    pub history: History,
    /// What callbacks remember.
    pub callbacks: Vec<Vec<u8>>,
    /// What logs remember.
    #[serde(default)]
    pub logs: Vec<Vec<u8>>,
}

/// What has to be equal for a run to go on from a checkpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    pub network: String,
    /// A hash of names, shapes, places and layouts.
    pub tensors: u64,
    pub optimizer: String,
    pub seed: u64,
    pub rows: usize,
    pub batch_size: usize,
    pub engine: String,
    pub settings: String,
}

/// The bytes of a checkpoint.
pub fn write(header: &Header, arrays: &[&[f32]]) -> Result<Vec<u8>, CheckpointProblem> {
    let header = serde_json::to_vec(header).map_err(|error| CheckpointProblem::write(&error.into()))?;
    let numbers: usize = arrays.iter().map(|array| 8 + 4 * array.len()).sum();
    let mut bytes = Vec::with_capacity(MAGIC.len() + 12 + header.len() + numbers + HASH_BYTES);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&(header.len() as u64).to_le_bytes());
    bytes.extend_from_slice(&header);
    for array in arrays {
        bytes.extend_from_slice(&(array.len() as u64).to_le_bytes());
        bytes.extend(array.iter().flat_map(|value| value.to_le_bytes()));
    }
    let hash = fnv_1a_of(&bytes);
    bytes.extend_from_slice(&hash.to_le_bytes());
    Ok(bytes)
}

/// Header and arrays of the bytes.
pub fn read(bytes: &[u8]) -> Result<(Header, Vec<Vec<f32>>), CheckpointProblem> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(CheckpointProblem::NotACheckpoint)?;
    let mut rest = Reader(rest);
    let found = u32::from_le_bytes(rest.chunk()?);
    if found != VERSION {
        return Err(CheckpointProblem::Version { expected: VERSION, found });
    }
    let (body, hash) = bytes.split_last_chunk::<HASH_BYTES>().ok_or(CheckpointProblem::Damaged("bytes are missing"))?;
    if fnv_1a_of(body) != u64::from_le_bytes(*hash) {
        return Err(CheckpointProblem::Damaged("the hash is not that of the bytes"));
    }
    let length = rest.length()?;
    let header = serde_json::from_slice(rest.take(length)?)
        .map_err(|_| CheckpointProblem::Damaged("the header is not in the format"))?;
    let mut arrays = Vec::new();
    while rest.0.len() > HASH_BYTES {
        let length = rest.length()?;
        let bytes = rest.take(length.checked_mul(4).ok_or(TOO_LONG)?)?;
        arrays.push(bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect());
    }
    Ok((header, arrays))
}

const TOO_LONG: CheckpointProblem = CheckpointProblem::Damaged("an array is longer than the file");

/// The bytes that are still to be read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], CheckpointProblem> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(TOO_LONG)?;
        self.0 = rest;
        Ok(taken)
    }

    fn chunk<const L: usize>(&mut self) -> Result<[u8; L], CheckpointProblem> {
        let (chunk, rest) = self.0.split_first_chunk().ok_or(TOO_LONG)?;
        self.0 = rest;
        Ok(*chunk)
    }

    fn length(&mut self) -> Result<usize, CheckpointProblem> {
        usize::try_from(u64::from_le_bytes(self.chunk()?)).map_err(|_| TOO_LONG)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> (Header, Vec<u8>) {
        let header = Header { epoch: 3, step: 2, schedule: vec![f64::INFINITY.to_bits()], ..Header::default() };
        let bytes = write(&header, &[&[1.0, f32::NAN, -0.0], &[]]).unwrap();
        (header, bytes)
    }

    #[test]
    fn what_is_written_is_read() {
        let (header, bytes) = example();
        let (found, arrays) = read(&bytes).unwrap();
        assert_eq!(found, header);
        let bits = |array: &[f32]| array.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        assert_eq!(arrays.len(), 2);
        assert_eq!(bits(&arrays[0]), bits(&[1.0, f32::NAN, -0.0]));
    }

    #[test]
    fn every_changed_byte_and_every_length_is_noticed() {
        let (_, bytes) = example();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 0x10;
            assert!(read(&changed).is_err(), "byte {at}");
            assert!(read(&bytes[..at]).is_err(), "{at} bytes");
        }
        assert!(read(&[&bytes[..], &[0]].concat()).is_err());
    }

    #[test]
    fn the_first_bytes_say_what_is_wrong() {
        let (_, mut bytes) = example();
        assert_eq!(read(b"safetensors"), Err(CheckpointProblem::NotACheckpoint));
        bytes[8] = 9;
        assert_eq!(read(&bytes), Err(CheckpointProblem::Version { expected: VERSION, found: 9 }));
    }
}
