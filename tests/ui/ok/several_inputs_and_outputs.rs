graven::network! {
    pub struct Net;

    fn forward(image: [4, 4], age: [], kind: index<3>) -> ([2], []) {
        let known = concat([flatten(image), reshape(age, [1])]);
        (dense(known, 2), reshape(dense(known, 1), []))
    }

    fn loss(logits, price, label: index<2>, target: []) {
        cross_entropy(logits, label) + mse(price, target)
    }
}

fn main() {
    let model = Net::new(7);
    let kind = [graven::Index::<3>::new(1).unwrap(); 2];
    let (logits, price) = model.predict(&[[[0.0; 4]; 4]; 2], &[30.0; 2], &kind);
    let _: [[f32; 2]; 2] = *logits;
    let _: [f32; 2] = *price;
}
