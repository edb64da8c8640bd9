//! What is generated passes the lints that people forbid.
#![deny(missing_docs, unused, missing_debug_implementations, unreachable_pub, nonstandard_style, future_incompatible)]

mod net {
    graven::network! {
        /// A small network.
        #[derive(Clone, Debug)]
        pub(crate) struct Net;

        fn forward(x: [4]) -> [2] {
            dense(x, 2)
        }

        fn loss(y, target: [2]) {
            mse(y, target)
        }
    }
}

fn main() {
    let mut model = net::Net::new(7);
    let mut training = net::NetTraining::<1>::boxed();
    let mut state = <graven::Sgd as graven::Optimizer>::State::<net::Net>::boxed();
    model.train_step(&mut training, &graven::Sgd::new(0.1), &mut state, &[[0.0; 4]], &[[1.0; 2]]);
}
