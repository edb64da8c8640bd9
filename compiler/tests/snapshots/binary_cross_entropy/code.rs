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
            3,
            1,
        >(
            simd,
            input_0,
            rt::tail(parameters, 0),
            batch.rows,
            &mut NetEpilogue0 {
                read_0: rt::tail(parameters, 3),
                write_0: output_0,
            },
        );
    }
}
struct NetRunEvaluation<'a> {
    batch: rt::Batch,
    parameters: &'a [f32],
    rows: &'a mut [f32],
    fixed: &'a mut [f32],
    input_0: &'a [f32],
    target_0: &'a [f32],
    output_0: &'a mut [f32],
}
impl rt::Run for NetRunEvaluation<'_> {
    type Output = f32;
    #[inline(always)]
    fn run<S: rt::Simd>(self, simd: S) -> f32 {
        let Self { batch, parameters, rows, fixed, input_0, target_0, output_0 } = self;
        let (mut rows, mut fixed) = (
            rt::Arena::new(rows, batch.rows),
            rt::Arena::new(fixed, 1),
        );
        let batch = &batch;
        rt::dense::<
            _,
            _,
            3,
            1,
        >(
            simd,
            input_0,
            rt::tail(parameters, 0),
            batch.rows,
            &mut NetEpilogue1 {
                read_0: rt::tail(parameters, 3),
                read_1: target_0,
                write_0: output_0,
                write_1: rows.at(0, 1),
            },
        );
        rt::fill(fixed.at(0, 1), 0f32);
        rows_0(simd, batch, [rows.at(0, 1)], [fixed.at(0, 1)]);
        rows_1(simd, batch, [], [fixed.at(0, 1)]);
        fixed.get(0)
    }
}
struct NetRunTraining<'a, K> {
    batch: rt::Batch,
    rows: &'a mut [f32],
    fixed: &'a mut [f32],
    input_0: &'a [f32],
    target_0: &'a [f32],
    output_0: &'a mut [f32],
    sink: K,
}
impl<K: rt::Sink> rt::Run for NetRunTraining<'_, K> {
    type Output = f32;
    #[inline(always)]
    fn run<S: rt::Simd>(self, simd: S) -> f32 {
        let Self { batch, rows, fixed, input_0, target_0, output_0, mut sink } = self;
        let (mut rows, mut fixed) = (
            rt::Arena::new(rows, batch.rows),
            rt::Arena::new(fixed, 1),
        );
        let batch = &batch;
        let [at_0, at_1] = rows.cut([(0, 1), (1, 1)]);
        rt::dense::<
            _,
            _,
            3,
            1,
        >(
            simd,
            input_0,
            sink.tail(0),
            batch.rows,
            &mut NetEpilogue2 {
                batch,
                read_0: sink.tail(3),
                read_1: target_0,
                write_0: output_0,
                write_1: at_1,
                write_2: at_0,
            },
        );
        rt::fill(fixed.at(3, 1), 0f32);
        rows_0(simd, batch, [rows.at(1, 1)], [fixed.at(3, 1)]);
        rows_1(simd, batch, [], [fixed.at(3, 1)]);
        let mut epilogue = NetEpilogue3::<_, 3> {
            write_0: rt::Stream::new(&mut sink, 0, fixed.at(0, 3)),
        };
        rt::dense_weight_gradient::<
            _,
            _,
            3,
            1,
        >(simd, input_0, rows.at(0, 1), batch.rows, &mut [], &mut epilogue);
        epilogue.write_0.finish(simd);
        rt::fill(fixed.at(0, 1), 0f32);
        rows_0(simd, batch, [rows.at(0, 1)], [fixed.at(0, 1)]);
        sink.gradient(simd, 3, fixed.at(0, 1));
        fixed.get(3)
    }
}
#[inline(never)]
fn rows_0<S: rt::Simd>(
    simd: S,
    batch: &rt::Batch,
    [read_0,
    ]: [&[f32]; 1],
    [write_0,
    ]: [&mut [f32]; 1],
) {
    simd.vectorize(
        #[inline(always)]
        || {
            for i0 in 0..batch.rows {
                let v0 = rt::splat(simd, rt::get(read_0, i0));
                let value = rt::lane(rt::splat(simd, rt::get(write_0, 0)) + v0);
                rt::put(write_0, 0, value);
            }
        },
    );
}
#[inline(never)]
fn rows_1<S: rt::Simd>(
    simd: S,
    batch: &rt::Batch,
    []: [&[f32]; 0],
    [write_0,
    ]: [&mut [f32]; 1],
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let v0 = rt::splat(simd, rt::get(write_0, 0));
            let v1 = rt::splat(simd, batch.inverse_total);
            let v2 = v0 * v1;
            let v3 = rt::math::neg(simd, v2);
            let value = rt::lane(v3);
            rt::put(write_0, 0, value);
        },
    );
}
struct NetEpilogue0<'a> {
    read_0: &'a [f32],
    write_0: &'a mut [f32],
}
impl<S: rt::Simd> rt::Epilogue<S> for NetEpilogue0<'_> {
    #[inline(never)]
    fn store(
        &mut self,
        simd: S,
        row: usize,
        column: usize,
        lanes: usize,
        value: rt::Vector<S>,
    ) {
        let Self { read_0, write_0 } = self;
        simd.vectorize(
            #[inline(always)]
            || {
                let v1 = rt::splat(simd, rt::get(read_0, 0));
                let v0 = value;
                let v2 = v0 + v1;
                let v3 = rt::math::sigmoid(simd, v2);
                let stored = rt::lane(v3);
                rt::put(write_0, row, stored);
            },
        );
    }
}
struct NetEpilogue1<'a> {
    read_0: &'a [f32],
    read_1: &'a [f32],
    write_0: &'a mut [f32],
    write_1: &'a mut [f32],
}
impl<S: rt::Simd> rt::Epilogue<S> for NetEpilogue1<'_> {
    #[inline(never)]
    fn store(
        &mut self,
        simd: S,
        row: usize,
        column: usize,
        lanes: usize,
        value: rt::Vector<S>,
    ) {
        let Self { read_0, read_1, write_0, write_1 } = self;
        simd.vectorize(
            #[inline(always)]
            || {
                let v1 = rt::splat(simd, rt::get(read_0, 0));
                let v4 = rt::splat(simd, rt::get(read_1, row));
                let v6 = rt::splat(simd, 0f32);
                let v15 = rt::splat(simd, 1f32);
                let v16 = v15 - v4;
                let v0 = value;
                let v2 = v0 + v1;
                let v3 = rt::math::sigmoid(simd, v2);
                let v5 = rt::math::neg(simd, v2);
                let v7 = v5.simd_gt(v6);
                let v8 = v7.select(v5, v6);
                let v9 = v7.select(v2, v5);
                let v10 = rt::math::exp(simd, v9);
                let v11 = rt::math::log1p(simd, v10);
                let v12 = v8 + v11;
                let v13 = v4 * v12;
                let v14 = rt::math::neg(simd, v13);
                let v17 = v2.simd_gt(v6);
                let v18 = v17.select(v2, v6);
                let v19 = v17.select(v5, v2);
                let v20 = rt::math::exp(simd, v19);
                let v21 = rt::math::log1p(simd, v20);
                let v22 = v18 + v21;
                let v23 = v16 * v22;
                let v24 = v14 - v23;
                let stored = rt::lane(v3);
                rt::put(write_0, row, stored);
                let stored = rt::lane(v24);
                rt::put(write_1, row, stored);
            },
        );
    }
}
struct NetEpilogue2<'a> {
    batch: &'a rt::Batch,
    read_0: &'a [f32],
    read_1: &'a [f32],
    write_0: &'a mut [f32],
    write_1: &'a mut [f32],
    write_2: &'a mut [f32],
}
impl<S: rt::Simd> rt::Epilogue<S> for NetEpilogue2<'_> {
    #[inline(never)]
    fn store(
        &mut self,
        simd: S,
        row: usize,
        column: usize,
        lanes: usize,
        value: rt::Vector<S>,
    ) {
        let Self { batch, read_0, read_1, write_0, write_1, write_2 } = self;
        simd.vectorize(
            #[inline(always)]
            || {
                let v1 = rt::splat(simd, rt::get(read_0, 0));
                let v4 = rt::splat(simd, rt::get(read_1, row));
                let v6 = rt::splat(simd, 0f32);
                let v15 = rt::splat(simd, 1f32);
                let v16 = v15 - v4;
                let v25 = rt::splat(simd, batch.inverse_total);
                let v26 = v25 * v16;
                let v33 = v25 * v4;
                let v0 = value;
                let v2 = v0 + v1;
                let v3 = rt::math::sigmoid(simd, v2);
                let v5 = rt::math::neg(simd, v2);
                let v7 = v5.simd_gt(v6);
                let v8 = v7.select(v5, v6);
                let v9 = v7.select(v2, v5);
                let v10 = rt::math::exp(simd, v9);
                let v11 = rt::math::log1p(simd, v10);
                let v12 = v8 + v11;
                let v13 = v4 * v12;
                let v14 = rt::math::neg(simd, v13);
                let v17 = v2.simd_gt(v6);
                let v18 = v17.select(v2, v6);
                let v19 = v17.select(v5, v2);
                let v20 = rt::math::exp(simd, v19);
                let v21 = rt::math::log1p(simd, v20);
                let v22 = v18 + v21;
                let v23 = v16 * v22;
                let v24 = v14 - v23;
                let v27 = v20 + v15;
                let v28 = v26 / v27;
                let v29 = v28 * v20;
                let v30 = v17.select(v6, v29);
                let v31 = v17.select(v26, v6);
                let v32 = v30 + v31;
                let v34 = v10 + v15;
                let v35 = v33 / v34;
                let v36 = v35 * v10;
                let v37 = v7.select(v36, v6);
                let v38 = v32 + v37;
                let v39 = v17.select(v29, v6);
                let v40 = v7.select(v6, v36);
                let v41 = v39 + v40;
                let v42 = v7.select(v33, v6);
                let v43 = v41 + v42;
                let v44 = v38 - v43;
                let stored = rt::lane(v3);
                rt::put(write_0, row, stored);
                let stored = rt::lane(v24);
                rt::put(write_1, row, stored);
                let stored = rt::lane(v44);
                rt::put(write_2, row, stored);
            },
        );
    }
}
struct NetEpilogue3<'a, K, const N_0: usize> {
    write_0: rt::Stream<'a, K>,
}
impl<S: rt::Simd, K: rt::Sink, const N_0: usize> rt::Epilogue<S>
for NetEpilogue3<'_, K, N_0> {
    #[inline(always)]
    fn store(
        &mut self,
        simd: S,
        row: usize,
        column: usize,
        lanes: usize,
        value: rt::Vector<S>,
    ) {
        let Self { write_0 } = self;
        let v0 = value;
        let stored = v0;
        write_0.store(row * N_0 + column, lanes, stored);
    }
    #[inline(always)]
    fn reach(&mut self, simd: S, column: usize) {
        self.write_0.reach(simd, column);
    }
}
