//! Names that the user writes as he likes bring no lint upon what is generated.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, unreachable_pub, unused, nonstandard_style, single_use_lifetimes, trivial_casts)]
#![deny(unused_qualifications, let_underscore_drop, clippy::all, clippy::pedantic, clippy::nursery)]

mod net {
    graven::network! {
        /// A small network.
        pub(crate) struct Net;

        const classes = 2;
        const Some = 4;

        fn Residual(x, Units = Some, _unused = 0) {
            let Hidden = dense(x, Units, activation = relu);
            let r#type = Hidden + x;
            if Units == classes { x } else { r#type }
        }

        fn values(x) {
            x
        }

        fn forward(X: [Some], str: [4]) -> [classes] {
            let mut y = X;
            for (f32, _) in [(4, 1), (4, 2)] {
                y = Residual(y, Units = f32);
            }
            let y = y.values();
            let Values = y + str;
            let values0 = Values;
            dense(values(values0), classes)
        }

        fn loss(Y, target: [classes]) {
            mse(Y, target)
        }
    }
}

fn main() {
    let mut model = net::Net::new(7);
    model.init(3);
}
