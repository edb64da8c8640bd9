use graven::Dataset;

graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [2] {
        dense(x, 2)
    }
}

fn train(model: &mut Net, data: &Dataset<[f32; 4], [f32; 2]>) {
    let _ = model.fit::<32>(data);
    let _ = model.evaluate::<32>(data);
}

fn main() {}
