struct NetRunForward<'a> {
    batch: rt::Batch,
    parameters: &'a [f32],
    rows: &'a mut [f32],
    fixed: &'a mut [f32],
    input_0: &'a [f32],
    input_1: &'a [f32],
    output_0: &'a mut [f32],
}
impl rt::Run for NetRunForward<'_> {
    type Output = ();
    #[inline(always)]
    fn run<S: rt::Simd>(self, simd: S) -> () {
        let Self { batch, parameters, rows, fixed, input_0, input_1, output_0 } = self;
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
            batch.rows * 3,
            &mut NetEpilogue0::<4> {
                read_0: rt::tail(parameters, 16),
                write_0: rows.at(15, 12),
            },
        );
        let [at_0, at_15] = rows.cut([(0, 15), (15, 12)]);
        rt::matmul(
            simd,
            rt::Matmul {
                batch: batch.rows,
                m: 3,
                k: 4,
                n: 5,
                a_transposed: false,
                b_transposed: true,
            },
            at_15,
            input_1,
            &mut NetEpilogue1::<5> { write_0: at_0 },
        );
        rows_0::<_, 3, 5>(simd, batch, [rows.at(0, 15)], [fixed.at(0, 5), output_0]);
    }
}
struct NetRunEvaluation<'a> {
    batch: rt::Batch,
    parameters: &'a [f32],
    rows: &'a mut [f32],
    fixed: &'a mut [f32],
    input_0: &'a [f32],
    input_1: &'a [f32],
    target_0: &'a [f32],
    output_0: &'a mut [f32],
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
            target_0,
            output_0,
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
            batch.rows * 3,
            &mut NetEpilogue0::<4> {
                read_0: rt::tail(parameters, 16),
                write_0: rows.at(15, 12),
            },
        );
        let [at_0, at_15] = rows.cut([(0, 15), (15, 12)]);
        rt::matmul(
            simd,
            rt::Matmul {
                batch: batch.rows,
                m: 3,
                k: 4,
                n: 5,
                a_transposed: false,
                b_transposed: true,
            },
            at_15,
            input_1,
            &mut NetEpilogue1::<5> { write_0: at_0 },
        );
        rows_1::<
            _,
            3,
            5,
        >(simd, batch, [target_0], [fixed.at(0, 5), output_0, rows.at(0, 15)]);
        rt::fill(fixed.at(0, 1), 0f32);
        rows_2::<_, 15>(simd, batch, [rows.at(0, 15)], [fixed.at(0, 1)]);
        rows_3(simd, batch, [], [fixed.at(0, 1)]);
        fixed.get(0)
    }
}
struct NetRunTraining<'a, K> {
    batch: rt::Batch,
    rows: &'a mut [f32],
    fixed: &'a mut [f32],
    input_0: &'a [f32],
    input_1: &'a [f32],
    target_0: &'a [f32],
    output_0: &'a mut [f32],
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
            target_0,
            output_0,
            mut sink,
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
            sink.tail(0),
            batch.rows * 3,
            &mut NetEpilogue0::<4> {
                read_0: sink.tail(16),
                write_0: rows.at(0, 12),
            },
        );
        let [at_0, at_15] = rows.cut([(0, 12), (15, 15)]);
        rt::matmul(
            simd,
            rt::Matmul {
                batch: batch.rows,
                m: 3,
                k: 4,
                n: 5,
                a_transposed: false,
                b_transposed: true,
            },
            at_0,
            input_1,
            &mut NetEpilogue1::<5> {
                write_0: at_15,
            },
        );
        let [at_0, at_15] = rows.cut([(0, 15), (15, 15)]);
        let [fixed_0, fixed_5] = fixed.cut([(0, 5), (5, 5)]);
        rows_4::<
            _,
            3,
            5,
        >(simd, batch, [target_0], [fixed_0, output_0, at_15, fixed_5, at_0]);
        rt::fill(fixed.at(16, 1), 0f32);
        rows_2::<_, 15>(simd, batch, [rows.at(15, 15)], [fixed.at(16, 1)]);
        let [at_0, at_15] = rows.cut([(0, 15), (15, 12)]);
        rt::matmul(
            simd,
            rt::Matmul {
                batch: batch.rows,
                m: 3,
                k: 5,
                n: 4,
                a_transposed: false,
                b_transposed: false,
            },
            at_0,
            input_1,
            &mut NetEpilogue2::<4> {
                write_0: at_15,
            },
        );
        rows_3(simd, batch, [], [fixed.at(16, 1)]);
        let mut epilogue = NetEpilogue3::<_, 16> {
            write_0: rt::Stream::new(&mut sink, 0, fixed.at(0, 16)),
        };
        rt::dense_weight_gradient::<
            _,
            _,
            4,
            4,
        >(simd, input_0, rows.at(15, 12), batch.rows * 3, &mut [], &mut epilogue);
        epilogue.write_0.finish(simd);
        rt::fill(fixed.at(0, 4), 0f32);
        rows_5::<_, 3, 4>(simd, batch, [rows.at(15, 12)], [fixed.at(0, 4)]);
        sink.gradient(simd, 16, fixed.at(0, 4));
        fixed.get(16)
    }
}
#[inline(never)]
fn rows_0<S: rt::Simd, const N_0: usize, const N_1: usize>(
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
            for i0 in 0..batch.rows * N_0 {
                let [fold_0_0] = rt::stage::<
                    _,
                    N_1,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(read_0, i0 * N_1)],
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
                    N_1,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(read_0, i0 * N_1)],
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
                let (Some(row_0),) = (rt::row_mut(write_1, i0 * N_1),) else { continue };
                rt::stage::<
                    _,
                    N_1,
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
fn rows_1<S: rt::Simd, const N_0: usize, const N_1: usize>(
    simd: S,
    batch: &rt::Batch,
    [read_0,
    ]: [&[f32]; 1],
    [write_0,
    write_1,
    write_2,
    ]: [&mut [f32]; 3],
) {
    simd.vectorize(
        #[inline(always)]
        || {
            for i0 in 0..batch.rows * N_0 {
                let [fold_0_0] = rt::stage::<
                    _,
                    N_1,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(write_2, i0 * N_1)],
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
                    N_1,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(write_2, i0 * N_1)],
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
                if let (Some(row_0),) = (rt::row_mut(write_1, i0 * N_1),) {
                    rt::stage::<
                        _,
                        N_1,
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
                let (Some(row_0),) = (rt::row_mut(write_2, i0 * N_1),) else { continue };
                rt::stage::<
                    _,
                    N_1,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(write_0, 0), rt::row(read_0, i0 * N_1)],
                    [row_0],
                    [],
                    #[inline(always)]
                    |column, [x1, x2], [old_0]| {
                        let v0 = x1;
                        let v2 = v0 / v1;
                        let v3 = x2;
                        let v4 = v2 - v3;
                        let v5 = v4 * v4;
                        ([v5], [])
                    },
                );
            }
        },
    );
}
#[inline(never)]
fn rows_2<S: rt::Simd, const N_0: usize>(
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
                let value = rt::lane(rt::splat(simd, rt::get(write_0, 0)) + v0);
                rt::put(write_0, 0, value);
            }
        },
    );
}
#[inline(never)]
fn rows_3<S: rt::Simd>(
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
            let v1 = rt::splat(simd, 6.666667e-2f32);
            let v2 = v0 * v1;
            let v3 = rt::splat(simd, batch.inverse_total);
            let v4 = v2 * v3;
            let value = rt::lane(v4);
            rt::put(write_0, 0, value);
        },
    );
}
#[inline(never)]
fn rows_4<S: rt::Simd, const N_0: usize, const N_1: usize>(
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
            for i0 in 0..batch.rows * N_0 {
                let [fold_0_0] = rt::stage::<
                    _,
                    N_1,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(write_2, i0 * N_1)],
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
                    N_1,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(write_2, i0 * N_1)],
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
                if let (Some(row_0),) = (rt::row_mut(write_1, i0 * N_1),) {
                    rt::stage::<
                        _,
                        N_1,
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
                let v6 = rt::splat(simd, batch.inverse_total);
                let v7 = rt::splat(simd, 6.666667e-2f32);
                let v8 = v6 * v7;
                let (Some(row_0), Some(row_1)) = (
                    rt::row_mut(write_2, i0 * N_1),
                    rt::row_mut(write_3, 0),
                ) else { continue };
                let [fold_2_0] = rt::stage::<
                    _,
                    N_1,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(write_0, 0), rt::row(read_0, i0 * N_1)],
                    [row_0, row_1],
                    [rt::Fold::Sum],
                    #[inline(always)]
                    |column, [x1, x2], [old_0, old_1]| {
                        let v0 = x1;
                        let v2 = v0 / v1;
                        let v3 = x2;
                        let v4 = v2 - v3;
                        let v5 = v4 * v4;
                        let v9 = v8 * v4;
                        let v10 = v9 + v9;
                        let v11 = v10 / v1;
                        let v12 = v11 * v2;
                        ([v5, v11], [v12])
                    },
                );
                let v1 = rt::splat(simd, fold_2_0);
                let v2 = rt::math::neg(simd, v1);
                let v6 = rt::splat(simd, 0.5f32);
                let (Some(row_0),) = (rt::row_mut(write_4, i0 * N_1),) else { continue };
                rt::stage::<
                    _,
                    N_1,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(write_0, 0), rt::row(write_3, 0)],
                    [row_0],
                    [],
                    #[inline(always)]
                    |column, [x1, x3], [old_0]| {
                        let v0 = x3;
                        let v3 = v0 + v2;
                        let v4 = x1;
                        let v5 = v3 * v4;
                        let v7 = v5 * v6;
                        ([v7], [])
                    },
                );
            }
        },
    );
}
#[inline(never)]
fn rows_5<S: rt::Simd, const N_0: usize, const N_1: usize>(
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
            for i0 in 0..batch.rows * N_0 {
                let (Some(row_0),) = (rt::row_mut(write_0, 0),) else { continue };
                rt::stage::<
                    _,
                    N_1,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(read_0, i0 * N_1)],
                    [row_0],
                    [],
                    #[inline(always)]
                    |column, [x0], [old_0]| {
                        let v0 = x0;
                        ([old_0 + v0], [])
                    },
                );
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
struct NetEpilogue1<'a, const N_0: usize> {
    write_0: &'a mut [f32],
}
impl<S: rt::Simd, const N_0: usize> rt::Epilogue<S> for NetEpilogue1<'_, N_0> {
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
        let v1 = rt::splat(simd, 0.5f32);
        let v0 = value;
        let v2 = v0 * v1;
        let stored = v2;
        rt::store(write_0, row * N_0 + column, lanes, stored);
    }
}
struct NetEpilogue2<'a, const N_0: usize> {
    write_0: &'a mut [f32],
}
impl<S: rt::Simd, const N_0: usize> rt::Epilogue<S> for NetEpilogue2<'_, N_0> {
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
        rt::store(write_0, row * N_0 + column, lanes, stored);
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
