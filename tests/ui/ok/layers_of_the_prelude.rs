#![deny(warnings)]

graven::network! {
    pub struct Net;

    fn scaled(x) {
        let factor = param([x.channels], init = ones);
        x * factor
    }

    fn forward(image: [4, 4, 3]) -> [2] {
        assert!(image.height == image.width, "a square image is needed, not {}", image.shape);
        let features = squeeze_excite(image, ratio = 2).flatten();
        let hidden = mlp(features, [16, 8], activation = mish);
        let hidden = residual(residual(hidden, highway), scaled);
        dense(hidden, 2, activation = scaled)
    }
}

fn main() {
    let model = Net::new(7);
    assert!(model.predict(&[[[[0.5; 3]; 4]; 4]; 2]).iter().flatten().all(|y| y.is_finite()));
    assert!(Net::tensors().iter().any(|tensor| tensor.name == "features.squeeze.weight"));
}
