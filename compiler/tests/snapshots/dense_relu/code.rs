struct NetRunForward<'a> {
    batch: rt::Batch,
    parameters: &'a [f32],
    rows: &'a mut [f32],
    fixed: &'a mut [f32],
    input_0: &'a [f32],
    output_0: &'a mut [f32],
}
impl rt::Run for NetRunForward<'_> {
    type Output = ();
    #[inline(always)]
    fn run<S: rt::Simd>(self, simd: S) -> () {
        let Self { batch, parameters, rows, fixed, input_0, output_0 } = self;
        let (mut rows, mut fixed) = (
            rt::Arena::new(rows, batch.rows),
            rt::Arena::new(fixed, 1),
        );
        let batch = &batch;
        rt::dense::<
            _,
            _,
            5,
            3,
        >(
            simd,
            input_0,
            rt::tail(parameters, 0),
            batch.rows,
            &mut NetEpilogue0::<3> {
                read_0: rt::tail(parameters, 15),
                write_0: output_0,
            },
        );
    }
}
struct NetEpilogue0<'a, const N_0: usize> {
    read_0: &'a [f32],
    write_0: &'a mut [f32],
}
impl<S: rt::Simd, const N_0: usize> rt::Epilogue<S> for NetEpilogue0<'_, N_0> {
    #[inline(always)]
    fn store(
        &mut self,
        simd: S,
        row: usize,
        column: usize,
        lanes: usize,
        value: rt::Vector<S>,
    ) {
        let Self { read_0, write_0 } = self;
        let v3 = rt::splat(simd, 0f32);
        let v0 = value;
        let v1 = rt::load(simd, read_0, column, lanes);
        let v2 = v0 + v1;
        let v4 = rt::math::max(simd, v2, v3);
        let stored = v4;
        rt::store(write_0, row * N_0 + column, lanes, stored);
    }
}
