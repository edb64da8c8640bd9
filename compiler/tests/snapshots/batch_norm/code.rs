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
        let [fixed_0, fixed_4] = fixed.cut([(0, 4), (4, 4)]);
        rows_0::<
            _,
            4,
        >(
            simd,
            batch,
            [
                rt::tail(parameters, 36),
                rt::tail(parameters, 24),
                rt::tail(parameters, 20),
                rt::tail(parameters, 32),
                rt::tail(parameters, 28),
            ],
            [fixed_0, fixed_4],
        );
        let [fixed_0, fixed_4] = fixed.cut([(0, 4), (4, 4)]);
        rt::dense::<
            _,
            _,
            5,
            4,
        >(
            simd,
            input_0,
            rt::tail(parameters, 0),
            batch.rows,
            &mut NetEpilogue0::<4> {
                read_0: fixed_0,
                read_1: fixed_4,
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
        let [fixed_0, fixed_4] = fixed.cut([(0, 4), (4, 4)]);
        rows_0::<
            _,
            4,
        >(
            simd,
            batch,
            [
                rt::tail(parameters, 36),
                rt::tail(parameters, 24),
                rt::tail(parameters, 20),
                rt::tail(parameters, 32),
                rt::tail(parameters, 28),
            ],
            [fixed_0, fixed_4],
        );
        let [fixed_0, fixed_4] = fixed.cut([(0, 4), (4, 4)]);
        rt::dense::<
            _,
            _,
            5,
            4,
        >(
            simd,
            input_0,
            rt::tail(parameters, 0),
            batch.rows,
            &mut NetEpilogue1::<4> {
                read_0: fixed_0,
                read_1: fixed_4,
                read_2: target_0,
                write_0: output_0,
                write_1: rows.at(0, 4),
            },
        );
        rt::fill(fixed.at(0, 1), 0f32);
        rows_1::<_, 4>(simd, batch, [rows.at(0, 4)], [fixed.at(0, 1)]);
        rows_2(simd, batch, [], [fixed.at(0, 1)]);
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
        rt::dense::<
            _,
            _,
            5,
            4,
        >(
            simd,
            input_0,
            sink.tail(0),
            batch.rows,
            &mut NetEpilogue2::<4> {
                read_0: sink.tail(20),
                write_0: rows.at(4, 4),
            },
        );
        rt::fill(fixed.at(4, 4), 0f32);
        rows_3::<_, 4>(simd, batch, [rows.at(4, 4)], [fixed.at(4, 4)]);
        let [fixed_0, fixed_4] = fixed.cut([(0, 4), (4, 4)]);
        rows_4::<_, 4>(simd, batch, [sink.tail(32)], [fixed_4, fixed_0]);
        sink.assign(32, fixed.at(0, 4));
        rt::fill(fixed.at(0, 4), 0f32);
        let [fixed_0, fixed_4] = fixed.cut([(0, 4), (4, 4)]);
        rows_5::<_, 4>(simd, batch, [fixed_4], [rows.at(4, 4), fixed_0]);
        let [fixed_0, fixed_4, fixed_36] = fixed.cut([(0, 4), (4, 4), (36, 4)]);
        rows_6::<
            _,
            4,
        >(simd, batch, [sink.tail(36), sink.tail(24)], [fixed_0, fixed_36, fixed_4]);
        sink.assign(36, fixed.at(0, 4));
        rt::fill(fixed.at(40, 1), 0f32);
        rt::fill(fixed.at(0, 4), 0f32);
        rt::fill(fixed.at(32, 4), 0f32);
        let [at_0, at_4] = rows.cut([(0, 4), (4, 4)]);
        let [fixed_0, fixed_4, fixed_32, fixed_40] = fixed
            .cut([(0, 4), (4, 4), (32, 4), (40, 1)]);
        rows_7::<
            _,
            4,
        >(
            simd,
            batch,
            [at_4, fixed_4, sink.tail(28), target_0],
            [output_0, fixed_0, at_0, fixed_32, fixed_40],
        );
        rows_2(simd, batch, [], [fixed.at(40, 1)]);
        sink.gradient(simd, 28, fixed.at(0, 4));
        let [fixed_0, fixed_4] = fixed.cut([(0, 4), (4, 4)]);
        rows_8::<_, 4>(simd, batch, [], [fixed_0, fixed_4]);
        sink.gradient(simd, 20, fixed.at(4, 4));
        let [fixed_4, fixed_32, fixed_36] = fixed.cut([(4, 4), (32, 4), (36, 4)]);
        rows_9::<_, 4>(simd, batch, [fixed_32, sink.tail(24), fixed_36], [fixed_4]);
        let [at_0, at_4] = rows.cut([(0, 4), (4, 4)]);
        let [fixed_0, fixed_4] = fixed.cut([(0, 4), (4, 4)]);
        rows_10::<_, 4>(simd, batch, [fixed_4, at_4, fixed_0], [at_0]);
        let mut epilogue = NetEpilogue3::<_, 20> {
            write_0: rt::Stream::new(&mut sink, 0, fixed.at(0, 20)),
        };
        rt::dense_weight_gradient::<
            _,
            _,
            5,
            4,
        >(simd, input_0, rows.at(0, 4), batch.rows, &mut [], &mut epilogue);
        epilogue.write_0.finish(simd);
        let [fixed_32, fixed_36] = fixed.cut([(32, 4), (36, 4)]);
        rows_11::<_, 4>(simd, batch, [fixed_36], [fixed_32]);
        sink.gradient(simd, 24, fixed.at(32, 4));
        fixed.get(40)
    }
}
#[inline(never)]
fn rows_0<S: rt::Simd, const N_0: usize>(
    simd: S,
    batch: &rt::Batch,
    [read_0,
    read_1,
    read_2,
    read_3,
    read_4,
    ]: [&[f32]; 5],
    [write_0,
    write_1,
    ]: [&mut [f32]; 2],
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let v1 = rt::splat(simd, 1e-3f32);
            let (Some(row_0), Some(row_1)) = (
                rt::row_mut(write_0, 0),
                rt::row_mut(write_1, 0),
            ) else { return };
            rt::stage::<
                _,
                N_0,
                _,
                _,
                _,
            >(
                simd,
                [
                    rt::row(read_0, 0),
                    rt::row(read_1, 0),
                    rt::row(read_2, 0),
                    rt::row(read_3, 0),
                    rt::row(read_4, 0),
                ],
                [row_0, row_1],
                [],
                #[inline(always)]
                |column, [x0, x1, x2, x3, x4], [old_0, old_1]| {
                    let v0 = x0;
                    let v2 = v0 + v1;
                    let v3 = rt::math::rsqrt(simd, v2);
                    let v4 = x1;
                    let v5 = v3 * v4;
                    let v6 = x2;
                    let v7 = x3;
                    let v8 = v6 - v7;
                    let v9 = v8 * v5;
                    let v10 = x4;
                    let v11 = v9 + v10;
                    ([v5, v11], [])
                },
            );
        },
    );
}
#[inline(never)]
fn rows_1<S: rt::Simd, const N_0: usize>(
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
            let v1 = rt::splat(simd, 2.5e-1f32);
            let v2 = v0 * v1;
            let v3 = rt::splat(simd, batch.inverse_total);
            let v4 = v2 * v3;
            let value = rt::lane(v4);
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
    ]: [&mut [f32]; 1],
) {
    simd.vectorize(
        #[inline(always)]
        || {
            for i0 in 0..batch.rows {
                let (Some(row_0),) = (rt::row_mut(write_0, 0),) else { continue };
                rt::stage::<
                    _,
                    N_0,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(read_0, i0 * N_0)],
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
#[inline(never)]
fn rows_4<S: rt::Simd, const N_0: usize>(
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
            let v1 = rt::splat(simd, batch.rows as f32);
            let v4 = rt::splat(simd, 9.9e-1f32);
            let v6 = rt::splat(simd, 1e-2f32);
            let (Some(row_0), Some(row_1)) = (
                rt::row_mut(write_0, 0),
                rt::row_mut(write_1, 0),
            ) else { return };
            rt::stage::<
                _,
                N_0,
                _,
                _,
                _,
            >(
                simd,
                [rt::row(read_0, 0)],
                [row_0, row_1],
                [],
                #[inline(always)]
                |column, [x1], [old_0, old_1]| {
                    let v0 = old_0;
                    let v2 = v0 / v1;
                    let v3 = x1;
                    let v5 = v3 * v4;
                    let v7 = v2 * v6;
                    let v8 = v5 + v7;
                    ([v2, v8], [])
                },
            );
        },
    );
}
#[inline(never)]
fn rows_5<S: rt::Simd, const N_0: usize>(
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
                let (Some(row_0), Some(row_1)) = (
                    rt::row_mut(write_0, i0 * N_0),
                    rt::row_mut(write_1, 0),
                ) else { continue };
                rt::stage::<
                    _,
                    N_0,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(read_0, 0)],
                    [row_0, row_1],
                    [],
                    #[inline(always)]
                    |column, [x1], [old_0, old_1]| {
                        let v0 = old_0;
                        let v1 = x1;
                        let v2 = v0 - v1;
                        let v3 = v2 * v2;
                        ([v2, old_1 + v3], [])
                    },
                );
            }
        },
    );
}
#[inline(never)]
fn rows_6<S: rt::Simd, const N_0: usize>(
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
            let v1 = rt::splat(simd, 9.9e-1f32);
            let v4 = rt::splat(simd, batch.rows as f32);
            let v6 = rt::splat(simd, 1e-2f32);
            let v9 = rt::splat(simd, 1e-3f32);
            let (Some(row_0), Some(row_1), Some(row_2)) = (
                rt::row_mut(write_0, 0),
                rt::row_mut(write_1, 0),
                rt::row_mut(write_2, 0),
            ) else { return };
            rt::stage::<
                _,
                N_0,
                _,
                _,
                _,
            >(
                simd,
                [rt::row(read_0, 0), rt::row(read_1, 0)],
                [row_0, row_1, row_2],
                [],
                #[inline(always)]
                |column, [x0, x2], [old_0, old_1, old_2]| {
                    let v0 = x0;
                    let v2 = v0 * v1;
                    let v3 = old_0;
                    let v5 = v3 / v4;
                    let v7 = v5 * v6;
                    let v8 = v2 + v7;
                    let v10 = v5 + v9;
                    let v11 = rt::math::rsqrt(simd, v10);
                    let v12 = x2;
                    let v13 = v11 * v12;
                    ([v8, v11, v13], [])
                },
            );
        },
    );
}
#[inline(never)]
fn rows_7<S: rt::Simd, const N_0: usize>(
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
    write_4,
    ]: [&mut [f32]; 5],
) {
    simd.vectorize(
        #[inline(always)]
        || {
            for i0 in 0..batch.rows {
                let v5 = rt::splat(simd, 0f32);
                if let (Some(row_0),) = (rt::row_mut(write_0, i0 * N_0),) {
                    rt::stage::<
                        _,
                        N_0,
                        _,
                        _,
                        _,
                    >(
                        simd,
                        [
                            rt::row(read_0, i0 * N_0),
                            rt::row(read_1, 0),
                            rt::row(read_2, 0),
                        ],
                        [row_0],
                        [],
                        #[inline(always)]
                        |column, [x0, x1, x2], [old_0]| {
                            let v0 = x0;
                            let v1 = x1;
                            let v2 = v0 * v1;
                            let v3 = x2;
                            let v4 = v2 + v3;
                            let v6 = rt::math::max(simd, v4, v5);
                            ([v6], [])
                        },
                    );
                }
                let v5 = rt::splat(simd, 0f32);
                let v11 = rt::splat(simd, batch.inverse_total);
                let v12 = rt::splat(simd, 2.5e-1f32);
                let v13 = v11 * v12;
                let (Some(row_0), Some(row_1), Some(row_2)) = (
                    rt::row_mut(write_1, 0),
                    rt::row_mut(write_2, i0 * N_0),
                    rt::row_mut(write_3, 0),
                ) else { continue };
                let [fold_0_0] = rt::stage::<
                    _,
                    N_0,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [
                        rt::row(read_0, i0 * N_0),
                        rt::row(read_1, 0),
                        rt::row(read_2, 0),
                        rt::row(read_3, i0 * N_0),
                    ],
                    [row_0, row_1, row_2],
                    [rt::Fold::Sum],
                    #[inline(always)]
                    |column, [x0, x1, x2, x3], [old_0, old_1, old_2]| {
                        let v0 = x0;
                        let v1 = x1;
                        let v2 = v0 * v1;
                        let v3 = x2;
                        let v4 = v2 + v3;
                        let v6 = rt::math::max(simd, v4, v5);
                        let v7 = x3;
                        let v8 = v6 - v7;
                        let v9 = v8 * v8;
                        let v10 = v6.simd_gt(v5);
                        let v14 = v13 * v8;
                        let v15 = v14 + v14;
                        let v16 = v10.select(v15, v5);
                        let v17 = v16 * v1;
                        let v18 = v16 * v0;
                        ([old_0 + v16, v17, old_2 + v18], [v9])
                    },
                );
                let v0 = rt::splat(simd, fold_0_0);
                let value = rt::lane(rt::splat(simd, rt::get(write_4, 0)) + v0);
                rt::put(write_4, 0, value);
            }
        },
    );
}
#[inline(never)]
fn rows_8<S: rt::Simd, const N_0: usize>(
    simd: S,
    batch: &rt::Batch,
    []: [&[f32]; 0],
    [write_0,
    write_1,
    ]: [&mut [f32]; 2],
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let v3 = rt::splat(simd, batch.rows as f32);
            let (Some(row_0), Some(row_1)) = (
                rt::row_mut(write_0, 0),
                rt::row_mut(write_1, 0),
            ) else { return };
            rt::stage::<
                _,
                N_0,
                _,
                _,
                _,
            >(
                simd,
                [],
                [row_0, row_1],
                [],
                #[inline(always)]
                |column, [], [old_0, old_1]| {
                    let v0 = old_0;
                    let v1 = old_1;
                    let v2 = v0 * v1;
                    let v4 = v2 / v3;
                    let v5 = rt::math::neg(simd, v4);
                    let v6 = v4 * v3;
                    let v7 = v2 - v6;
                    ([v5, v7], [])
                },
            );
        },
    );
}
#[inline(never)]
fn rows_9<S: rt::Simd, const N_0: usize>(
    simd: S,
    batch: &rt::Batch,
    [read_0,
    read_1,
    read_2,
    ]: [&[f32]; 3],
    [write_0,
    ]: [&mut [f32]; 1],
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let v3 = rt::splat(simd, -0.5f32);
            let v9 = rt::splat(simd, batch.rows as f32);
            let (Some(row_0),) = (rt::row_mut(write_0, 0),) else { return };
            rt::stage::<
                _,
                N_0,
                _,
                _,
                _,
            >(
                simd,
                [rt::row(read_0, 0), rt::row(read_1, 0), rt::row(read_2, 0)],
                [row_0],
                [],
                #[inline(always)]
                |column, [x0, x1, x2], [old_0]| {
                    let v0 = x0;
                    let v1 = x1;
                    let v2 = v0 * v1;
                    let v4 = v2 * v3;
                    let v5 = x2;
                    let v6 = v4 * v5;
                    let v7 = v5 * v5;
                    let v8 = v6 * v7;
                    let v10 = v8 / v9;
                    ([v10], [])
                },
            );
        },
    );
}
#[inline(never)]
fn rows_10<S: rt::Simd, const N_0: usize>(
    simd: S,
    batch: &rt::Batch,
    [read_0,
    read_1,
    read_2,
    ]: [&[f32]; 3],
    [write_0,
    ]: [&mut [f32]; 1],
) {
    simd.vectorize(
        #[inline(always)]
        || {
            for i0 in 0..batch.rows {
                let (Some(row_0),) = (rt::row_mut(write_0, i0 * N_0),) else { continue };
                rt::stage::<
                    _,
                    N_0,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(read_0, 0), rt::row(read_1, i0 * N_0), rt::row(read_2, 0)],
                    [row_0],
                    [],
                    #[inline(always)]
                    |column, [x1, x2, x3], [old_0]| {
                        let v0 = old_0;
                        let v1 = x1;
                        let v2 = x2;
                        let v3 = v1 * v2;
                        let v4 = v0 + v3;
                        let v5 = v4 + v3;
                        let v6 = x3;
                        let v7 = v5 + v6;
                        ([v7], [])
                    },
                );
            }
        },
    );
}
#[inline(never)]
fn rows_11<S: rt::Simd, const N_0: usize>(
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
            let (Some(row_0),) = (rt::row_mut(write_0, 0),) else { return };
            rt::stage::<
                _,
                N_0,
                _,
                _,
                _,
            >(
                simd,
                [rt::row(read_0, 0)],
                [row_0],
                [],
                #[inline(always)]
                |column, [x1], [old_0]| {
                    let v0 = old_0;
                    let v1 = x1;
                    let v2 = v0 * v1;
                    ([v2], [])
                },
            );
        },
    );
}
struct NetEpilogue0<'a, const N_0: usize> {
    read_0: &'a [f32],
    read_1: &'a [f32],
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
        let Self { read_0, read_1, write_0 } = self;
        let v5 = rt::splat(simd, 0f32);
        let v0 = value;
        let v1 = rt::load(simd, read_0, column, lanes);
        let v2 = v0 * v1;
        let v3 = rt::load(simd, read_1, column, lanes);
        let v4 = v2 + v3;
        let v6 = rt::math::max(simd, v4, v5);
        let stored = v6;
        rt::store(write_0, row * N_0 + column, lanes, stored);
    }
}
struct NetEpilogue1<'a, const N_0: usize> {
    read_0: &'a [f32],
    read_1: &'a [f32],
    read_2: &'a [f32],
    write_0: &'a mut [f32],
    write_1: &'a mut [f32],
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
        let Self { read_0, read_1, read_2, write_0, write_1 } = self;
        let v5 = rt::splat(simd, 0f32);
        let v0 = value;
        let v1 = rt::load(simd, read_0, column, lanes);
        let v2 = v0 * v1;
        let v3 = rt::load(simd, read_1, column, lanes);
        let v4 = v2 + v3;
        let v6 = rt::math::max(simd, v4, v5);
        let v7 = rt::load(simd, read_2, row * N_0 + column, lanes);
        let v8 = v6 - v7;
        let v9 = v8 * v8;
        let stored = v6;
        rt::store(write_0, row * N_0 + column, lanes, stored);
        let stored = v9;
        rt::store(write_1, row * N_0 + column, lanes, stored);
    }
}
struct NetEpilogue2<'a, const N_0: usize> {
    read_0: &'a [f32],
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
        let Self { read_0, write_0 } = self;
        let v0 = value;
        let v1 = rt::load(simd, read_0, column, lanes);
        let v2 = v0 + v1;
        let stored = v2;
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
