//! The frame of a TFRecord: the length and its checksum, the data and their checksum, all little-endian.

/// A record of a file.
pub(super) fn framed(data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u64).to_le_bytes();
    [&length[..], &masked(&length), data, &masked(data)].concat()
}

/// The format's mask: CRC-32C turned by 15 bits to the right, plus a constant, so that a checksum of data that hold
/// checksums differs from theirs.
fn masked(data: &[u8]) -> [u8; 4] {
    crc32c::crc32c(data).rotate_right(15).wrapping_add(0xa282_ead8).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By `tensorboard.compat.tensorflow_stub.pywrap_tensorflow.masked_crc32c` of TensorBoard 2.21.
    #[test]
    fn checksums_are_those_of_tensorboard() {
        assert_eq!(u32::from_le_bytes(masked(b"")), 2_726_488_792);
        assert_eq!(u32::from_le_bytes(masked(b"graven")), 1_027_762_688);
    }

    #[test]
    fn a_frame_has_sixteen_bytes_more() {
        let frame = framed(b"graven");
        assert_eq!((frame.len(), &frame[..8], &frame[12..18]), (22, &[6, 0, 0, 0, 0, 0, 0, 0][..], &b"graven"[..]));
    }
}
