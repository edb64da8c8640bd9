//! Dense weights after flattened images. graven flattens `[height, width, channels]`, PyTorch `[channels, height,
//! width]`, so the columns of such a weight are in another order there.

use std::collections::HashMap;

use graven_runtime::network::Network;

/// The metadata key under which a file lists its tensors in height-width-channel order, as a JSON array.
const KEY: &str = "height_width_channel";

/// The metadata of a model, when there is any such tensor.
pub(super) fn metadata<N: Network>() -> Option<HashMap<String, String>> {
    let names: Vec<&str> = N::FLATTENED.iter().map(|&(name, _)| name).collect();
    let list = serde_json::to_string(&names).ok().filter(|_| !names.is_empty())?;
    Some(HashMap::from([(KEY.to_owned(), list)]))
}

/// The tensors that the metadata of a file marks.
pub(super) fn marked(metadata: &HashMap<String, String>) -> Vec<String> {
    metadata.get(KEY).and_then(|list| serde_json::from_str(list).ok()).unwrap_or_default()
}

/// The image size of a tensor that lies behind flattened images.
pub(super) fn image<N: Network>(name: &str) -> Option<[usize; 3]> {
    N::FLATTENED.iter().find(|&&(flattened, _)| flattened == name).map(|&(_, image)| image)
}

/// Reorders the columns of each row from channel-height-width to height-width-channel.
pub(super) fn to_last(values: &mut [f32], [height, width, channels]: [usize; 3]) {
    let size = height * width * channels;
    let mut reordered = Vec::with_capacity(size);
    for row in values.chunks_exact_mut(size.max(1)) {
        reordered.clear();
        for pixel in 0..height * width {
            reordered.extend((0..channels).map(|channel| row[channel * height * width + pixel]));
        }
        row.copy_from_slice(&reordered);
    }
}

#[cfg(test)]
mod tests {
    use super::to_last;

    #[test]
    fn columns_move_from_planes_to_pixels() {
        let planes = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0];
        let mut values = [planes, planes.map(|value| value + 100.0)].concat();
        to_last(&mut values, [2, 3, 2]);
        let pixels = [0.0, 10.0, 1.0, 11.0, 2.0, 12.0, 3.0, 13.0, 4.0, 14.0, 5.0, 15.0];
        assert_eq!(values, [pixels, pixels.map(|value| value + 100.0)].concat());
    }
}
