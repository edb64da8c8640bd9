//! A number for all weights of a model.

use graven_runtime::network::Network;

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// The 64-bit FNV-1a hash of every tensor in the order of the declaration: its name, then the little-endian bits of its
/// values in logical, row-major order. Equal on every target for equal weights.
#[must_use]
pub fn hash<N: Network>(model: &N) -> u64 {
    let mut hash = OFFSET;
    let mut values = Vec::new();
    for info in N::tensors() {
        values.clear();
        values.resize(info.len(), 0.0);
        let read = model.tensor(info.name, &mut values);
        debug_assert_eq!(read, Ok(()), "a model reads its own tensors");
        hash = fnv_1a(hash, info.name.as_bytes());
        hash = values.iter().fold(hash, |hash, value: &f32| fnv_1a(hash, &value.to_bits().to_le_bytes()));
    }
    hash
}

/// The 64-bit FNV-1a hash of some bytes.
pub(crate) fn fnv_1a_of(bytes: &[u8]) -> u64 {
    fnv_1a(OFFSET, bytes)
}

/// The FNV-1a hash of what had `hash`, followed by some bytes.
pub(crate) fn fnv_1a(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_vectors() {
        assert_eq!(fnv_1a(OFFSET, b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv_1a(OFFSET, b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv_1a(OFFSET, b"foobar"), 0x8594_4171_f739_67e8);
    }
}
