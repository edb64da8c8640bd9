struct NetRunForward<'a> {
    batch: rt::Batch,
    parameters: &'a [f32],
    rows: &'a mut [f32],
    fixed: &'a mut [f32],
    input_0: &'a [f32],
    input_1: &'a [f32],
    input_2: &'a [f32],
    output_0: &'a mut [f32],
    output_1: &'a mut [f32],
}
impl rt::Run for NetRunForward<'_> {
    type Output = ();
    #[inline(always)]
    fn run<S: rt::Simd>(self, simd: S) -> () {
        let Self {
            batch,
            parameters,
            rows,
            fixed,
            input_0,
            input_1,
            input_2,
            output_0,
            output_1,
        } = self;
        let (mut rows, mut fixed) = (
            rt::Arena::new(rows, batch.rows),
            rt::Arena::new(fixed, 1),
        );
        let batch = &batch;
        rt::dense::<
            _,
            _,
            4,
            4,
        >(
            simd,
            input_0,
            rt::tail(parameters, 0),
            batch.rows,
            &mut NetEpilogue0::<4> {
                read_0: rt::tail(parameters, 16),
                read_1: input_2,
                read_2: input_1,
                write_0: rows.at(0, 4),
                write_1: output_0,
            },
        );
        rows_0::<_, 4>(simd, batch, [rows.at(0, 4)], [output_1]);
    }
}
struct NetRunEvaluation<'a> {
    batch: rt::Batch,
    parameters: &'a [f32],
    rows: &'a mut [f32],
    fixed: &'a mut [f32],
    input_0: &'a [f32],
    input_1: &'a [f32],
    input_2: &'a [f32],
    target_0: &'a [f32],
    target_1: &'a [f32],
    output_0: &'a mut [f32],
    output_1: &'a mut [f32],
}
impl rt::Run for NetRunEvaluation<'_> {
    type Output = f32;
    #[inline(always)]
    fn run<S: rt::Simd>(self, simd: S) -> f32 {
        let Self {
            batch,
            parameters,
            rows,
            fixed,
            input_0,
            input_1,
            input_2,
            target_0,
            target_1,
            output_0,
            output_1,
        } = self;
        let (mut rows, mut fixed) = (
            rt::Arena::new(rows, batch.rows),
            rt::Arena::new(fixed, 1),
        );
        let batch = &batch;
        let [at_0, at_4] = rows.cut([(0, 4), (4, 4)]);
        rt::dense::<
            _,
            _,
            4,
            4,
        >(
            simd,
            input_0,
            rt::tail(parameters, 0),
            batch.rows,
            &mut NetEpilogue1::<4> {
                read_0: rt::tail(parameters, 16),
                read_1: input_2,
                read_2: input_1,
                read_3: target_0,
                write_0: at_0,
                write_1: output_0,
                write_2: at_4,
            },
        );
        rt::fill(fixed.at(0, 1), 0f32);
        let [at_0, at_4] = rows.cut([(0, 4), (4, 4)]);
        rows_1::<_, 4>(simd, batch, [at_0, at_4, target_1], [output_1, fixed.at(0, 1)]);
        rows_2(simd, batch, [], [fixed.at(0, 1)]);
        fixed.get(0)
    }
}
struct NetRunTraining<'a, K> {
    batch: rt::Batch,
    rows: &'a mut [f32],
    fixed: &'a mut [f32],
    input_0: &'a [f32],
    input_1: &'a [f32],
    input_2: &'a [f32],
    target_0: &'a [f32],
    target_1: &'a [f32],
    output_0: &'a mut [f32],
    output_1: &'a mut [f32],
    sink: K,
}
impl<K: rt::Sink> rt::Run for NetRunTraining<'_, K> {
    type Output = f32;
    #[inline(always)]
    fn run<S: rt::Simd>(self, simd: S) -> f32 {
        let Self {
            batch,
            rows,
            fixed,
            input_0,
            input_1,
            input_2,
            target_0,
            target_1,
            output_0,
            output_1,
            mut sink,
        } = self;
        let (mut rows, mut fixed) = (
            rt::Arena::new(rows, batch.rows),
            rt::Arena::new(fixed, 1),
        );
        let batch = &batch;
        let [at_0, at_4, at_8, at_12] = rows.cut([(0, 4), (4, 4), (8, 4), (12, 4)]);
        rt::dense::<
            _,
            _,
            4,
            4,
        >(
            simd,
            input_0,
            sink.tail(0),
            batch.rows,
            &mut NetEpilogue2::<4> {
                batch,
                read_0: sink.tail(16),
                read_1: input_2,
                read_2: input_1,
                read_3: target_0,
                write_0: at_0,
                write_1: output_0,
                write_2: at_4,
                write_3: at_8,
                write_4: at_12,
            },
        );
        rt::fill(fixed.at(20, 1), 0f32);
        rt::fill(fixed.at(16, 4), 0f32);
        let [at_0, at_4, at_8, at_12] = rows.cut([(0, 4), (4, 4), (8, 4), (12, 4)]);
        let [fixed_16, fixed_20] = fixed.cut([(16, 4), (20, 1)]);
        rows_3::<
            _,
            4,
        >(
            simd,
            batch,
            [at_4, target_1, at_8, at_12],
            [output_1, fixed_20, at_0, fixed_16],
        );
        let mut epilogue = NetEpilogue3::<_, 16> {
            write_0: rt::Stream::new(&mut sink, 0, fixed.at(0, 16)),
        };
        rt::dense_weight_gradient::<
            _,
            _,
            4,
            4,
        >(simd, input_0, rows.at(0, 4), batch.rows, &mut [], &mut epilogue);
        epilogue.write_0.finish(simd);
        sink.gradient(simd, 16, fixed.at(16, 4));
        rows_2(simd, batch, [], [fixed.at(20, 1)]);
        fixed.get(20)
    }
}
#[inline(never)]
fn rows_0<S: rt::Simd, const N_0: usize>(
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
                let [fold_0_0] = rt::stage::<
                    _,
                    N_0,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(read_0, i0 * N_0)],
                    [],
                    [rt::Fold::Sum],
                    #[inline(always)]
                    |column, [x0], []| {
                        let v0 = x0;
                        ([], [v0])
                    },
                );
                let v0 = rt::splat(simd, fold_0_0);
                let v1 = rt::splat(simd, 2.5e-1f32);
                let v2 = v0 * v1;
                let value = rt::lane(v2);
                rt::put(write_0, i0, value);
            }
        },
    );
}
#[inline(never)]
fn rows_1<S: rt::Simd, const N_0: usize>(
    simd: S,
    batch: &rt::Batch,
    [read_0,
    read_1,
    read_2,
    ]: [&[f32]; 3],
    [write_0,
    write_1,
    ]: [&mut [f32]; 2],
) {
    simd.vectorize(
        #[inline(always)]
        || {
            for i0 in 0..batch.rows {
                let [fold_0_0, fold_0_1] = rt::stage::<
                    _,
                    N_0,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(read_0, i0 * N_0), rt::row(read_1, i0 * N_0)],
                    [],
                    [rt::Fold::Sum, rt::Fold::Sum],
                    #[inline(always)]
                    |column, [x0, x1], []| {
                        let v0 = x0;
                        let v1 = x1;
                        ([], [v0, v1])
                    },
                );
                let v0 = rt::splat(simd, fold_0_0);
                let v1 = rt::splat(simd, 2.5e-1f32);
                let v2 = v0 * v1;
                let v3 = rt::splat(simd, fold_0_1);
                let v4 = v3 * v1;
                let v5 = rt::splat(simd, rt::get(read_2, i0));
                let v6 = v2 - v5;
                let v7 = v6 * v6;
                let v8 = v4 + v7;
                let value = rt::lane(v2);
                rt::put(write_0, i0, value);
                let value = rt::lane(rt::splat(simd, rt::get(write_1, 0)) + v8);
                rt::put(write_1, 0, value);
            }
        },
    );
}
#[inline(never)]
fn rows_2<S: rt::Simd>(
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
            let value = rt::lane(v2);
            rt::put(write_0, 0, value);
        },
    );
}
#[inline(never)]
fn rows_3<S: rt::Simd, const N_0: usize>(
    simd: S,
    batch: &rt::Batch,
    [read_0,
    read_1,
    read_2,
    read_3,
    ]: [&[f32]; 4],
    [write_0,
    write_1,
    write_2,
    write_3,
    ]: [&mut [f32]; 4],
) {
    simd.vectorize(
        #[inline(always)]
        || {
            for i0 in 0..batch.rows {
                let [fold_0_0, fold_0_1] = rt::stage::<
                    _,
                    N_0,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(write_2, i0 * N_0), rt::row(read_0, i0 * N_0)],
                    [],
                    [rt::Fold::Sum, rt::Fold::Sum],
                    #[inline(always)]
                    |column, [x0, x1], []| {
                        let v0 = x0;
                        let v1 = x1;
                        ([], [v0, v1])
                    },
                );
                let v0 = rt::splat(simd, fold_0_0);
                let v1 = rt::splat(simd, 2.5e-1f32);
                let v2 = v0 * v1;
                let v3 = rt::splat(simd, fold_0_1);
                let v4 = v3 * v1;
                let v5 = rt::splat(simd, rt::get(read_1, i0));
                let v6 = v2 - v5;
                let v7 = v6 * v6;
                let v8 = v4 + v7;
                let v9 = rt::splat(simd, batch.inverse_total);
                let v10 = v9 * v6;
                let v11 = v10 + v10;
                let v12 = v11 * v1;
                let (Some(row_0), Some(row_1)) = (
                    rt::row_mut(write_2, i0 * N_0),
                    rt::row_mut(write_3, 0),
                ) else { continue };
                rt::stage::<
                    _,
                    N_0,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(read_2, i0 * N_0), rt::row(read_3, i0 * N_0)],
                    [row_0, row_1],
                    [],
                    #[inline(always)]
                    |column, [x3, x4], [old_0, old_1]| {
                        let v13 = x3;
                        let v14 = v12 + v13;
                        let v15 = x4;
                        let v16 = v14 * v15;
                        ([v16, old_1 + v16], [])
                    },
                );
                let value = rt::lane(v2);
                rt::put(write_0, i0, value);
                let value = rt::lane(rt::splat(simd, rt::get(write_1, 0)) + v8);
                rt::put(write_1, 0, value);
            }
        },
    );
}
struct NetEpilogue0<'a, const N_0: usize> {
    read_0: &'a [f32],
    read_1: &'a [f32],
    read_2: &'a [f32],
    write_0: &'a mut [f32],
    write_1: &'a mut [f32],
}
impl<S: rt::Simd, const N_0: usize> rt::Epilogue<S> for NetEpilogue0<'_, N_0> {
    #[inline(never)]
    fn store(
        &mut self,
        simd: S,
        row: usize,
        column: usize,
        lanes: usize,
        value: rt::Vector<S>,
    ) {
        let Self { read_0, read_1, read_2, write_0, write_1 } = self;
        simd.vectorize(
            #[inline(always)]
            || {
                let v6 = rt::splat(simd, rt::get(read_2, row));
                let v0 = value;
                let v1 = rt::load(simd, read_0, column, lanes);
                let v2 = v0 + v1;
                let v3 = rt::math::sigmoid(simd, v2);
                let v4 = rt::load(simd, read_1, row * N_0 + column, lanes);
                let v5 = v3 * v4;
                let v7 = v5 + v6;
                let stored = v3;
                rt::store(write_0, row * N_0 + column, lanes, stored);
                let stored = v7;
                rt::store(write_1, row * N_0 + column, lanes, stored);
            },
        );
    }
}
struct NetEpilogue1<'a, const N_0: usize> {
    read_0: &'a [f32],
    read_1: &'a [f32],
    read_2: &'a [f32],
    read_3: &'a [f32],
    write_0: &'a mut [f32],
    write_1: &'a mut [f32],
    write_2: &'a mut [f32],
}
impl<S: rt::Simd, const N_0: usize> rt::Epilogue<S> for NetEpilogue1<'_, N_0> {
    #[inline(never)]
    fn store(
        &mut self,
        simd: S,
        row: usize,
        column: usize,
        lanes: usize,
        value: rt::Vector<S>,
    ) {
        let Self { read_0, read_1, read_2, read_3, write_0, write_1, write_2 } = self;
        simd.vectorize(
            #[inline(always)]
            || {
                let v6 = rt::splat(simd, rt::get(read_2, row));
                let v0 = value;
                let v1 = rt::load(simd, read_0, column, lanes);
                let v2 = v0 + v1;
                let v3 = rt::math::sigmoid(simd, v2);
                let v4 = rt::load(simd, read_1, row * N_0 + column, lanes);
                let v5 = v3 * v4;
                let v7 = v5 + v6;
                let v8 = rt::load(simd, read_3, row * N_0 + column, lanes);
                let v9 = v7 - v8;
                let v10 = v9 * v9;
                let stored = v3;
                rt::store(write_0, row * N_0 + column, lanes, stored);
                let stored = v7;
                rt::store(write_1, row * N_0 + column, lanes, stored);
                let stored = v10;
                rt::store(write_2, row * N_0 + column, lanes, stored);
            },
        );
    }
}
struct NetEpilogue2<'a, const N_0: usize> {
    batch: &'a rt::Batch,
    read_0: &'a [f32],
    read_1: &'a [f32],
    read_2: &'a [f32],
    read_3: &'a [f32],
    write_0: &'a mut [f32],
    write_1: &'a mut [f32],
    write_2: &'a mut [f32],
    write_3: &'a mut [f32],
    write_4: &'a mut [f32],
}
impl<S: rt::Simd, const N_0: usize> rt::Epilogue<S> for NetEpilogue2<'_, N_0> {
    #[inline(never)]
    fn store(
        &mut self,
        simd: S,
        row: usize,
        column: usize,
        lanes: usize,
        value: rt::Vector<S>,
    ) {
        let Self {
            batch,
            read_0,
            read_1,
            read_2,
            read_3,
            write_0,
            write_1,
            write_2,
            write_3,
            write_4,
        } = self;
        simd.vectorize(
            #[inline(always)]
            || {
                let v6 = rt::splat(simd, rt::get(read_2, row));
                let v11 = rt::splat(simd, batch.inverse_total);
                let v12 = rt::splat(simd, 2.5e-1f32);
                let v13 = v11 * v12;
                let v17 = rt::splat(simd, 1f32);
                let v0 = value;
                let v1 = rt::load(simd, read_0, column, lanes);
                let v2 = v0 + v1;
                let v3 = rt::math::sigmoid(simd, v2);
                let v4 = rt::load(simd, read_1, row * N_0 + column, lanes);
                let v5 = v3 * v4;
                let v7 = v5 + v6;
                let v8 = rt::load(simd, read_3, row * N_0 + column, lanes);
                let v9 = v7 - v8;
                let v10 = v9 * v9;
                let v14 = v13 * v9;
                let v15 = v14 + v14;
                let v16 = v15 * v4;
                let v18 = v17 - v3;
                let v19 = v3 * v18;
                let stored = v3;
                rt::store(write_0, row * N_0 + column, lanes, stored);
                let stored = v7;
                rt::store(write_1, row * N_0 + column, lanes, stored);
                let stored = v10;
                rt::store(write_2, row * N_0 + column, lanes, stored);
                let stored = v16;
                rt::store(write_3, row * N_0 + column, lanes, stored);
                let stored = v19;
                rt::store(write_4, row * N_0 + column, lanes, stored);
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
