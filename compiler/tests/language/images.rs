//! Layers for images: shapes, names of parameters, costs, and mistakes with the arithmetic of sizes.

use crate::support::{messages, network, parameter_names};

/// The shape of what a body makes of an image `[28, 20, 6]` and a sequence `[30, 4]`.
fn shape(body: &str) -> Vec<usize> {
    let source = format!("struct N; fn forward(image: [28, 20, 6], wave: [30, 4]) {{ {body} }}");
    network(&source).outputs[0].shape.written()
}

#[test]
fn results_have_the_shapes_of_keras_and_pytorch() {
    let cases: &[(&str, &[usize])] = &[
        ("conv2d(image, 8, kernel = 5)", &[24, 16, 8]),
        ("conv2d(image, 8, kernel = [5, 3], stride = [3, 2], padding = same)", &[10, 10, 8]),
        ("conv2d(image, 8, kernel = 3, stride = 2, padding = 1)", &[14, 10, 8]),
        ("conv2d(image, 8, kernel = 3, padding = [(0, 1), (2, 0)], dilation = 2)", &[25, 18, 8]),
        ("depthwise_conv2d(image, 3, depth_multiplier = 2)", &[26, 18, 12]),
        ("separable_conv2d(image, 5, kernel = 3, padding = same)", &[28, 20, 5]),
        ("conv2d_transpose(image, 4, kernel = 3, stride = 2, padding = same)", &[56, 40, 4]),
        ("conv2d_transpose(image, 4, kernel = 5, stride = 2)", &[59, 43, 4]),
        ("conv2d_transpose(image, 4, kernel = 3, stride = 2, padding = 1, output_padding = 1)", &[56, 40, 4]),
        ("max_pool2d(image)", &[14, 10, 6]),
        ("max_pool2d(image, 3, stride = 2, padding = 1)", &[14, 10, 6]),
        ("avg_pool2d(image, [3, 2], padding = same)", &[10, 10, 6]),
        ("global_avg_pool2d(image)", &[6]),
        ("global_max_pool2d(image, keep_dims = true)", &[1, 1, 6]),
        ("upsample2d(image, [2, 3])", &[56, 60, 6]),
        ("crop2d(zero_pad2d(image, 2), [(1, 3), (0, 4)])", &[28, 20, 6]),
        ("random_crop(image, 24, 12)", &[24, 12, 6]),
        ("conv1d(wave, 7, kernel = 3, padding = causal, dilation = 4)", &[30, 7]),
        ("conv1d(wave, 8, kernel = 4, stride = 3, groups = 2)", &[9, 8]),
        ("max_pool1d(avg_pool1d(wave, 3, padding = same), 2)", &[5, 4]),
        ("global_avg_pool1d(wave)", &[4]),
    ];
    for (body, expected) in cases {
        assert_eq!(shape(body), *expected, "{body}");
    }
}

#[test]
fn weights_have_the_shapes_of_pytorch() {
    let source = "struct N; fn forward(image: [28, 20, 6], wave: [30, 4]) -> ([26, 18, 12], [28, 2]) {
        let a = conv2d(image, 12, kernel = 3, groups = 2);
        let b = depthwise_conv2d(a, 3, padding = 1);
        let c = conv2d_transpose(b, 12, kernel = [1, 1], groups = 3);
        let d = conv1d(wave, 2, kernel = 3);
        (c, d)
    }";
    let network = network(source);
    let shapes: Vec<&[usize]> = network.forward.parameters.iter().map(|parameter| &parameter.shape[..]).collect();
    let expected: [&[usize]; 8] =
        [&[12, 3, 3, 3], &[12], &[12, 1, 3, 3], &[12], &[12, 4, 1, 1], &[12], &[2, 4, 3], &[2]];
    assert_eq!(shapes, expected);
    assert_eq!(parameter_names(&network)[..2], ["a.weight", "a.bias"]);
    let macs: Vec<u64> = network.layers.iter().map(|layer| layer.macs).collect();
    assert_eq!(macs, [26 * 18 * 12 * 27, 26 * 18 * 12 * 9, 26 * 18 * 12 * 4, 28 * 2 * 12]);
}

#[test]
fn mistakes_show_the_arithmetic_of_sizes() {
    let cases = [
        (
            "let small = conv2d(image, 4, kernel = 25);\nconv2d(small, 4, kernel = [7, 2])",
            "the kernel of `conv2d` is larger than the padded width: (20 + 2·0 − 25)/1 + 1 = −4",
        ),
        (
            "conv2d(image, 9, kernel = 3, groups = 4)",
            "`conv2d` cannot divide 6 channels into 4 equal groups: 6 = 4·1 + 2",
        ),
        (
            "conv2d(image, 8, kernel = 3, groups = 3)",
            "`conv2d` cannot divide 8 filters into 3 equal groups: 8 = 3·2 + 2",
        ),
        ("conv2d(image, 8, kernel = 3, stride = [2, 0])", "`stride` of `conv2d` must be positive, but it is 0"),
        ("conv2d(flatten(image), 8, kernel = 3)", "`conv2d` takes an image [height, width, channels], not [3360]"),
        ("conv1d(image, 8, kernel = 3)", "`conv1d` takes a sequence [length, channels], not [28, 20, 6]"),
        ("conv2d(image, 8, kernel = [3, 3, 3])", "`kernel` of `conv2d` must be a number or [height, width]"),
        (
            "conv2d(image, 8, kernel = 3, padding = [1, 2, 3])",
            "`padding` of `conv2d` must be `valid`, `same`, a number",
        ),
        ("conv1d(wave, 8, kernel = 3, padding = [1, 2])", "`padding` of `conv1d` must be `valid`, `same`, `causal`"),
        (
            "max_pool2d(image, 30)",
            "the window of `max_pool2d` is larger than the padded height: (28 + 2·0 − 30)/30 + 1 = 0",
        ),
        ("crop2d(image, [(14, 14), (0, 0)])", "`crop2d` leaves nothing of the height: 28 − 14 − 14"),
        ("group_norm(image, groups = 4)", "`group_norm` cannot divide 6 channels into 4 equal groups"),
        (
            "conv2d_transpose(image, 4, kernel = 3, stride = 2, padding = 1, output_padding = 2)",
            "`output_padding` must be less than the stride, but it is 2 and 2",
        ),
        (
            "upsample2d(image, 2, interpolation = same)",
            "`interpolation` is `nearest` or `bilinear`, but this is `same`",
        ),
        ("random_crop(image, 30, 10)", "`random_crop` cannot take a height of 30 from 28"),
    ];
    for (body, sentence) in cases {
        let found = messages(&format!("struct N; fn forward(image: [28, 20, 6], wave: [30, 4]) {{ {body} }}"));
        assert!(found.len() == 1 && found[0].contains(sentence), "{body}: {found:#?}");
    }
}

#[test]
fn shapes_that_differ_tell_how_windows_made_them() {
    let source = "struct N;\nfn forward(image: [28, 28, 8]) {\n    let conv = conv2d(image, 8, kernel = 5);\n    conv + image\n}";
    let expected = "4:5 `+` cannot combine `conv` with `image`: [24, 24, 8] and [28, 28, 8] differ
  `conv` is f32[24, 24, 8], made by `conv2d` at 3:16: height and width (28 + 2·0 − 5)/1 + 1 = 24
  `image` is f32[28, 28, 8], an input of `forward` at 2:12";
    let found = messages(source);
    assert!(found.len() == 1 && found[0].starts_with(expected), "{found:#?}");
}

#[test]
fn a_flattened_image_behind_convolutions_is_marked() {
    let source = "struct N; fn forward(image: [8, 8, 3]) -> [4] {
        let conv = conv2d(image, 5, kernel = 3);
        let head = dense(dropout(relu(flatten(max_pool2d(conv))), 0.1), 4);
        head
    }";
    assert_eq!(network(source).flattened, [("head.weight".to_owned(), [3, 3, 5])]);
}
