graven::network! {
    pub struct Net;

    const SIDE = 6;
    const PIXELS = SIDE * SIDE;
    const CLASSES = PIXELS / 12;

    fn forward(image: [SIDE, SIDE]) -> [CLASSES] {
        let pixels = reshape(image, [PIXELS]);
        dense(pixels, if CLASSES > 2 { CLASSES } else { 2 })
    }

    fn loss(logits, label: index<CLASSES>) {
        cross_entropy(logits, label)
    }
}

const _: () = assert!(Net::PARAMETERS == 36 * 3 + 3);

fn main() {
    let _: Box<[[f32; 3]; 1]> = Net::new(7).predict(&[[[0.0; 6]; 6]]);
}
