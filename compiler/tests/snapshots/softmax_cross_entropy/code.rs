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
                write_0: rows.at(0, 3),
            },
        );
        rows_0::<_, 3>(simd, batch, [rows.at(0, 3)], [fixed.at(0, 3), output_0]);
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
            5,
            3,
        >(
            simd,
            input_0,
            rt::tail(parameters, 0),
            batch.rows,
            &mut NetEpilogue0::<3> {
                read_0: rt::tail(parameters, 15),
                write_0: rows.at(0, 3),
            },
        );
        rt::fill(fixed.at(3, 1), 0f32);
        let [fixed_0, fixed_3] = fixed.cut([(0, 3), (3, 1)]);
        rows_1::<
            _,
            3,
        >(simd, batch, [rows.at(0, 3), target_0], [fixed_0, output_0, fixed_3]);
        rows_2(simd, batch, [], [fixed.at(3, 1)]);
        fixed.get(3)
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
        rt::dense::<
            _,
            _,
            5,
            3,
        >(
            simd,
            input_0,
            sink.tail(0),
            batch.rows,
            &mut NetEpilogue0::<3> {
                read_0: sink.tail(15),
                write_0: rows.at(0, 3),
            },
        );
        rt::fill(fixed.at(18, 1), 0f32);
        rt::fill(fixed.at(15, 3), 0f32);
        let [fixed_0, fixed_15, fixed_18] = fixed.cut([(0, 3), (15, 3), (18, 1)]);
        rows_3::<
            _,
            3,
        >(
            simd,
            batch,
            [target_0],
            [fixed_0, output_0, rows.at(0, 3), fixed_15, fixed_18],
        );
        let mut epilogue = NetEpilogue1::<_, 15> {
            write_0: rt::Stream::new(&mut sink, 0, fixed.at(0, 15)),
        };
        rt::dense_weight_gradient::<
            _,
            _,
            5,
            3,
        >(simd, input_0, rows.at(0, 3), batch.rows, &mut [], &mut epilogue);
        epilogue.write_0.finish(simd);
        sink.gradient(simd, 15, fixed.at(15, 3));
        rows_2(simd, batch, [], [fixed.at(18, 1)]);
        fixed.get(18)
    }
}
#[inline(never)]
fn rows_0<S: rt::Simd, const N_0: usize>(
    simd: S,
    batch: &rt::Batch,
    [read_0,
    ]: [&[f32]; 1],
    [write_0,
    write_1,
    ]: [&mut [f32]; 2],
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
                    [rt::Fold::Max],
                    #[inline(always)]
                    |column, [x0], []| {
                        let v0 = x0;
                        ([], [v0])
                    },
                );
                let v1 = rt::splat(simd, fold_0_0);
                let (Some(row_0),) = (rt::row_mut(write_0, 0),) else { continue };
                let [fold_1_0] = rt::stage::<
                    _,
                    N_0,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(read_0, i0 * N_0)],
                    [row_0],
                    [rt::Fold::Sum],
                    #[inline(always)]
                    |column, [x0], [old_0]| {
                        let v0 = x0;
                        let v2 = v0 - v1;
                        let v3 = rt::math::exp(simd, v2);
                        ([v3], [v3])
                    },
                );
                let v1 = rt::splat(simd, fold_1_0);
                let (Some(row_0),) = (rt::row_mut(write_1, i0 * N_0),) else { continue };
                rt::stage::<
                    _,
                    N_0,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(write_0, 0)],
                    [row_0],
                    [],
                    #[inline(always)]
                    |column, [x1], [old_0]| {
                        let v0 = x1;
                        let v2 = v0 / v1;
                        ([v2], [])
                    },
                );
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
    ]: [&[f32]; 2],
    [write_0,
    write_1,
    write_2,
    ]: [&mut [f32]; 3],
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
                    [rt::Fold::Max],
                    #[inline(always)]
                    |column, [x0], []| {
                        let v0 = x0;
                        ([], [v0])
                    },
                );
                let v1 = rt::splat(simd, fold_0_0);
                let (Some(row_0),) = (rt::row_mut(write_0, 0),) else { continue };
                let [fold_1_0] = rt::stage::<
                    _,
                    N_0,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(read_0, i0 * N_0)],
                    [row_0],
                    [rt::Fold::Sum],
                    #[inline(always)]
                    |column, [x0], [old_0]| {
                        let v0 = x0;
                        let v2 = v0 - v1;
                        let v3 = rt::math::exp(simd, v2);
                        ([v3], [v3])
                    },
                );
                let v1 = rt::splat(simd, fold_1_0);
                if let (Some(row_0),) = (rt::row_mut(write_1, i0 * N_0),) {
                    rt::stage::<
                        _,
                        N_0,
                        _,
                        _,
                        _,
                    >(
                        simd,
                        [rt::row(write_0, 0)],
                        [row_0],
                        [],
                        #[inline(always)]
                        |column, [x1], [old_0]| {
                            let v0 = x1;
                            let v2 = v0 / v1;
                            ([v2], [])
                        },
                    );
                }
                let v1 = rt::splat(simd, fold_1_0);
                let v5 = rt::splat(simd, fold_0_0);
                let v7 = rt::math::log(simd, v1);
                let [fold_2_0] = rt::stage::<
                    _,
                    N_0,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(read_0, i0 * N_0), rt::row(read_1, i0 * N_0)],
                    [],
                    [rt::Fold::Sum],
                    #[inline(always)]
                    |column, [x0, x2], []| {
                        let v3 = x2;
                        let v4 = x0;
                        let v6 = v4 - v5;
                        let v8 = v6 - v7;
                        let v9 = v3 * v8;
                        ([], [v9])
                    },
                );
                let v0 = rt::splat(simd, fold_2_0);
                let value = rt::lane(rt::splat(simd, rt::get(write_2, 0)) + v0);
                rt::put(write_2, 0, value);
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
            let v3 = rt::math::neg(simd, v2);
            let value = rt::lane(v3);
            rt::put(write_0, 0, value);
        },
    );
}
#[inline(never)]
fn rows_3<S: rt::Simd, const N_0: usize>(
    simd: S,
    batch: &rt::Batch,
    [read_0,
    ]: [&[f32]; 1],
    [write_0,
    write_1,
    write_2,
    write_3,
    write_4,
    ]: [&mut [f32]; 5],
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
                    [rt::Fold::Max, rt::Fold::Sum],
                    #[inline(always)]
                    |column, [x0, x2], []| {
                        let v0 = x0;
                        let v1 = x2;
                        ([], [v0, v1])
                    },
                );
                let v1 = rt::splat(simd, fold_0_0);
                let (Some(row_0),) = (rt::row_mut(write_0, 0),) else { continue };
                let [fold_1_0] = rt::stage::<
                    _,
                    N_0,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(write_2, i0 * N_0)],
                    [row_0],
                    [rt::Fold::Sum],
                    #[inline(always)]
                    |column, [x0], [old_0]| {
                        let v0 = x0;
                        let v2 = v0 - v1;
                        let v3 = rt::math::exp(simd, v2);
                        ([v3], [v3])
                    },
                );
                let v1 = rt::splat(simd, fold_1_0);
                if let (Some(row_0),) = (rt::row_mut(write_1, i0 * N_0),) {
                    rt::stage::<
                        _,
                        N_0,
                        _,
                        _,
                        _,
                    >(
                        simd,
                        [rt::row(write_0, 0)],
                        [row_0],
                        [],
                        #[inline(always)]
                        |column, [x1], [old_0]| {
                            let v0 = x1;
                            let v2 = v0 / v1;
                            ([v2], [])
                        },
                    );
                }
                let v1 = rt::splat(simd, fold_1_0);
                let v5 = rt::splat(simd, fold_0_0);
                let v7 = rt::math::log(simd, v1);
                let v10 = rt::splat(simd, batch.inverse_total);
                let v11 = rt::math::neg(simd, v10);
                let v13 = rt::splat(simd, fold_0_1);
                let v14 = v13 * v11;
                let v15 = v14 / v1;
                let v16 = rt::math::neg(simd, v15);
                let (Some(row_0), Some(row_1)) = (
                    rt::row_mut(write_2, i0 * N_0),
                    rt::row_mut(write_3, 0),
                ) else { continue };
                let [fold_2_0] = rt::stage::<
                    _,
                    N_0,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(write_0, 0), rt::row(read_0, i0 * N_0)],
                    [row_0, row_1],
                    [rt::Fold::Sum],
                    #[inline(always)]
                    |column, [x1, x2], [old_0, old_1]| {
                        let v0 = x1;
                        let v3 = x2;
                        let v4 = old_0;
                        let v6 = v4 - v5;
                        let v8 = v6 - v7;
                        let v9 = v3 * v8;
                        let v12 = v11 * v3;
                        let v17 = v16 * v0;
                        let v18 = v12 + v17;
                        ([v18, old_1 + v18], [v9])
                    },
                );
                let v0 = rt::splat(simd, fold_2_0);
                let value = rt::lane(rt::splat(simd, rt::get(write_4, 0)) + v0);
                rt::put(write_4, 0, value);
            }
        },
    );
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
        let v0 = value;
        let v1 = rt::load(simd, read_0, column, lanes);
        let v2 = v0 + v1;
        let stored = v2;
        rt::store(write_0, row * N_0 + column, lanes, stored);
    }
}
struct NetEpilogue1<'a, K, const N_0: usize> {
    write_0: rt::Stream<'a, K>,
}
impl<S: rt::Simd, K: rt::Sink, const N_0: usize> rt::Epilogue<S>
for NetEpilogue1<'_, K, N_0> {
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
