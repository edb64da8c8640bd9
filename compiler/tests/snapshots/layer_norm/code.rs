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
            6,
        >(
            simd,
            input_0,
            rt::tail(parameters, 0),
            batch.rows,
            &mut NetEpilogue0::<6> {
                read_0: rt::tail(parameters, 30),
                write_0: rows.at(0, 6),
            },
        );
        rows_0::<
            _,
            6,
        >(
            simd,
            batch,
            [rt::tail(parameters, 36), rt::tail(parameters, 42)],
            [rows.at(0, 6)],
        );
        rt::dense::<
            _,
            _,
            6,
            4,
        >(
            simd,
            rows.at(0, 6),
            rt::tail(parameters, 48),
            batch.rows,
            &mut NetEpilogue1::<4> {
                read_0: rt::tail(parameters, 72),
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
    target_0: &'a [u32],
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
        rt::reals_from_indices(target_0, rows.at(10, 1));
        rt::dense::<
            _,
            _,
            5,
            6,
        >(
            simd,
            input_0,
            rt::tail(parameters, 0),
            batch.rows,
            &mut NetEpilogue0::<6> {
                read_0: rt::tail(parameters, 30),
                write_0: rows.at(0, 6),
            },
        );
        rows_0::<
            _,
            6,
        >(
            simd,
            batch,
            [rt::tail(parameters, 36), rt::tail(parameters, 42)],
            [rows.at(0, 6)],
        );
        let [at_0, at_6] = rows.cut([(0, 6), (6, 4)]);
        rt::dense::<
            _,
            _,
            6,
            4,
        >(
            simd,
            at_0,
            rt::tail(parameters, 48),
            batch.rows,
            &mut NetEpilogue2::<4> {
                read_0: rt::tail(parameters, 72),
                write_0: at_6,
                write_1: output_0,
            },
        );
        rt::fill(fixed.at(0, 1), 0f32);
        let [at_6, at_10] = rows.cut([(6, 4), (10, 1)]);
        rows_1::<_, 4>(simd, batch, [at_10, at_6], [fixed.at(0, 1)]);
        rows_2(simd, batch, [], [fixed.at(0, 1)]);
        fixed.get(0)
    }
}
struct NetRunTraining<'a, K> {
    batch: rt::Batch,
    rows: &'a mut [f32],
    fixed: &'a mut [f32],
    input_0: &'a [f32],
    target_0: &'a [u32],
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
        rt::reals_from_indices(target_0, rows.at(6, 1));
        rt::dense::<
            _,
            _,
            5,
            6,
        >(
            simd,
            input_0,
            sink.tail(0),
            batch.rows,
            &mut NetEpilogue0::<6> {
                read_0: sink.tail(30),
                write_0: rows.at(0, 6),
            },
        );
        let [at_0, at_18, at_30, at_36, at_50] = rows
            .cut([(0, 6), (18, 6), (30, 6), (36, 6), (50, 1)]);
        rows_3::<
            _,
            6,
        >(
            simd,
            batch,
            [at_0, sink.tail(36), sink.tail(42)],
            [at_18, at_50, at_30, at_36],
        );
        let [at_36, at_46] = rows.cut([(36, 6), (46, 4)]);
        rt::dense::<
            _,
            _,
            6,
            4,
        >(
            simd,
            at_36,
            sink.tail(48),
            batch.rows,
            &mut NetEpilogue2::<4> {
                read_0: sink.tail(72),
                write_0: at_46,
                write_1: output_0,
            },
        );
        rt::fill(fixed.at(38, 1), 0f32);
        rt::fill(fixed.at(0, 4), 0f32);
        let [at_6, at_46] = rows.cut([(6, 1), (46, 4)]);
        let [fixed_0, fixed_4, fixed_38] = fixed.cut([(0, 4), (4, 4), (38, 1)]);
        rows_4::<_, 4>(simd, batch, [at_6], [fixed_4, at_46, fixed_0, fixed_38]);
        sink.gradient(simd, 72, fixed.at(0, 4));
        rows_2(simd, batch, [], [fixed.at(38, 1)]);
        let [at_6, at_12, at_18, at_24, at_42, at_46, at_50] = rows
            .cut([(6, 6), (12, 6), (18, 6), (24, 6), (42, 4), (46, 4), (50, 1)]);
        rt::dense_input_gradient::<
            _,
            _,
            6,
            4,
        >(
            simd,
            at_46,
            sink.tail(48),
            batch.rows,
            at_42,
            &mut NetEpilogue3::<6> {
                read_0: sink.tail(36),
                read_1: at_50,
                read_2: at_18,
                write_0: at_24,
                write_1: at_6,
                write_2: at_12,
            },
        );
        rt::fill(fixed.at(32, 6), 0f32);
        let [at_0, at_6, at_12, at_18, at_50] = rows
            .cut([(0, 6), (6, 6), (12, 6), (18, 6), (50, 1)]);
        let [fixed_0, fixed_32] = fixed.cut([(0, 6), (32, 6)]);
        rows_5::<
            _,
            6,
        >(simd, batch, [at_6, at_12, at_50, at_18], [fixed_0, at_0, fixed_32]);
        let [at_36, at_46] = rows.cut([(36, 6), (46, 4)]);
        let mut epilogue = NetEpilogue4::<_, 24> {
            write_0: rt::Stream::new(&mut sink, 48, fixed.at(0, 24)),
        };
        rt::dense_weight_gradient::<
            _,
            _,
            6,
            4,
        >(simd, at_36, at_46, batch.rows, &mut [], &mut epilogue);
        epilogue.write_0.finish(simd);
        let mut epilogue = NetEpilogue4::<_, 30> {
            write_0: rt::Stream::new(&mut sink, 0, fixed.at(0, 30)),
        };
        rt::dense_weight_gradient::<
            _,
            _,
            5,
            6,
        >(simd, input_0, rows.at(0, 6), batch.rows, &mut [], &mut epilogue);
        epilogue.write_0.finish(simd);
        rt::fill(fixed.at(0, 6), 0f32);
        let [at_24, at_30] = rows.cut([(24, 6), (30, 6)]);
        rows_6::<_, 6>(simd, batch, [at_24, at_30], [fixed.at(0, 6)]);
        rt::fill(fixed.at(6, 6), 0f32);
        rows_7::<_, 6>(simd, batch, [rows.at(24, 6)], [fixed.at(6, 6)]);
        sink.gradient(simd, 42, fixed.at(6, 6));
        sink.gradient(simd, 36, fixed.at(0, 6));
        sink.gradient(simd, 30, fixed.at(32, 6));
        fixed.get(38)
    }
}
#[inline(never)]
fn rows_0<S: rt::Simd, const N_0: usize>(
    simd: S,
    batch: &rt::Batch,
    [read_0,
    read_1,
    ]: [&[f32]; 2],
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
                    [rt::row(write_0, i0 * N_0)],
                    [],
                    [rt::Fold::Sum],
                    #[inline(always)]
                    |column, [x0], []| {
                        let v0 = x0;
                        ([], [v0])
                    },
                );
                let v1 = rt::splat(simd, fold_0_0);
                let v2 = rt::splat(simd, 1.6666667e-1f32);
                let v3 = v1 * v2;
                let [fold_1_0] = rt::stage::<
                    _,
                    N_0,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(write_0, i0 * N_0)],
                    [],
                    [rt::Fold::Sum],
                    #[inline(always)]
                    |column, [x0], []| {
                        let v0 = x0;
                        let v4 = v0 - v3;
                        let v5 = v4 * v4;
                        ([], [v5])
                    },
                );
                let v1 = rt::splat(simd, fold_0_0);
                let v2 = rt::splat(simd, 1.6666667e-1f32);
                let v3 = v1 * v2;
                let v5 = rt::splat(simd, fold_1_0);
                let v6 = v5 * v2;
                let v7 = rt::splat(simd, 1e-3f32);
                let v8 = v6 + v7;
                let v9 = rt::math::rsqrt(simd, v8);
                let (Some(row_0),) = (rt::row_mut(write_0, i0 * N_0),) else { continue };
                rt::stage::<
                    _,
                    N_0,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(read_0, 0), rt::row(read_1, 0)],
                    [row_0],
                    [],
                    #[inline(always)]
                    |column, [x1, x2], [old_0]| {
                        let v0 = old_0;
                        let v4 = v0 - v3;
                        let v10 = v4 * v9;
                        let v11 = x1;
                        let v12 = v10 * v11;
                        let v13 = x2;
                        let v14 = v12 + v13;
                        ([v14], [])
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
                    [rt::row(read_1, i0 * N_0)],
                    [],
                    [rt::Fold::Max],
                    #[inline(always)]
                    |column, [x1], []| {
                        let v0 = x1;
                        ([], [v0])
                    },
                );
                let v1 = rt::splat(simd, fold_0_0);
                let v3 = rt::splat(simd, 0f32);
                let [fold_1_0, fold_1_1, fold_1_2] = rt::stage::<
                    _,
                    N_0,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(read_1, i0 * N_0)],
                    [],
                    [rt::Fold::Sum, rt::Fold::Sum, rt::Fold::Sum],
                    #[inline(always)]
                    |column, [x1], []| {
                        let v0 = x1;
                        let v2 = v0 - v1;
                        let v4 = v2.simd_eq(v3);
                        let v5 = rt::math::exp(simd, v2);
                        let v6 = v4.select(v3, v5);
                        let v7 = v4.select(rt::splat(simd, 1f32), rt::splat(simd, 0f32));
                        ([], [v6, v7, v5])
                    },
                );
                let v1 = rt::splat(simd, rt::get(read_0, i0));
                let v5 = rt::splat(simd, fold_0_0);
                let v7 = rt::splat(simd, fold_1_0);
                let v8 = rt::splat(simd, fold_1_1);
                let v9 = rt::splat(simd, 1f32);
                let v10 = v8 - v9;
                let v11 = v7 + v10;
                let v12 = rt::splat(simd, fold_1_2);
                let v13 = v12 - v12;
                let v14 = v11 + v13;
                let v15 = rt::math::log1p(simd, v14);
                let [fold_2_0] = rt::stage::<
                    _,
                    N_0,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(read_1, i0 * N_0)],
                    [],
                    [rt::Fold::Sum],
                    #[inline(always)]
                    |column, [x1], []| {
                        let v0 = rt::iota(simd, column);
                        let v2 = v0.simd_eq(v1);
                        let v3 = v2.select(rt::splat(simd, 1f32), rt::splat(simd, 0f32));
                        let v4 = x1;
                        let v6 = v4 - v5;
                        let v16 = v6 - v15;
                        let v17 = v3 * v16;
                        ([], [v17])
                    },
                );
                let v0 = rt::splat(simd, fold_2_0);
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
    read_1,
    read_2,
    ]: [&[f32]; 3],
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
                let v1 = rt::splat(simd, fold_0_0);
                let v2 = rt::splat(simd, 1.6666667e-1f32);
                let v3 = v1 * v2;
                let (Some(row_0),) = (rt::row_mut(write_0, i0 * N_0),) else { continue };
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
                        let v4 = v0 - v3;
                        let v5 = v4 * v4;
                        ([v4], [v5])
                    },
                );
                let v0 = rt::splat(simd, fold_1_0);
                let v1 = rt::splat(simd, 1.6666667e-1f32);
                let v2 = v0 * v1;
                let v3 = rt::splat(simd, 1e-3f32);
                let v4 = v2 + v3;
                let v5 = rt::math::rsqrt(simd, v4);
                let v7 = rt::splat(simd, fold_0_0);
                let v8 = v7 * v1;
                let (Some(row_0), Some(row_1)) = (
                    rt::row_mut(write_2, i0 * N_0),
                    rt::row_mut(write_3, i0 * N_0),
                ) else { continue };
                rt::stage::<
                    _,
                    N_0,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(read_0, i0 * N_0), rt::row(read_1, 0), rt::row(read_2, 0)],
                    [row_0, row_1],
                    [],
                    #[inline(always)]
                    |column, [x0, x1, x2], [old_0, old_1]| {
                        let v6 = x0;
                        let v9 = v6 - v8;
                        let v10 = v9 * v5;
                        let v11 = x1;
                        let v12 = v10 * v11;
                        let v13 = x2;
                        let v14 = v12 + v13;
                        ([v10, v14], [])
                    },
                );
                let value = rt::lane(v5);
                rt::put(write_1, i0, value);
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
    write_2,
    write_3,
    ]: [&mut [f32]; 4],
) {
    simd.vectorize(
        #[inline(always)]
        || {
            for i0 in 0..batch.rows {
                let v2 = rt::splat(simd, rt::get(read_0, i0));
                let [fold_0_0, fold_0_1] = rt::stage::<
                    _,
                    N_0,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(write_1, i0 * N_0)],
                    [],
                    [rt::Fold::Max, rt::Fold::Sum],
                    #[inline(always)]
                    |column, [x1], []| {
                        let v0 = x1;
                        let v1 = rt::iota(simd, column);
                        let v3 = v1.simd_eq(v2);
                        let v4 = v3.select(rt::splat(simd, 1f32), rt::splat(simd, 0f32));
                        ([], [v0, v4])
                    },
                );
                let v1 = rt::splat(simd, fold_0_0);
                let v3 = rt::splat(simd, 0f32);
                let (Some(row_0),) = (rt::row_mut(write_0, 0),) else { continue };
                let [fold_1_0, fold_1_1, fold_1_2] = rt::stage::<
                    _,
                    N_0,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(write_1, i0 * N_0)],
                    [row_0],
                    [rt::Fold::Sum, rt::Fold::Sum, rt::Fold::Sum],
                    #[inline(always)]
                    |column, [x1], [old_0]| {
                        let v0 = x1;
                        let v2 = v0 - v1;
                        let v4 = v2.simd_eq(v3);
                        let v5 = rt::math::exp(simd, v2);
                        let v6 = v4.select(v3, v5);
                        let v7 = v4.select(rt::splat(simd, 1f32), rt::splat(simd, 0f32));
                        ([v5], [v6, v7, v5])
                    },
                );
                let v1 = rt::splat(simd, rt::get(read_0, i0));
                let v5 = rt::splat(simd, fold_0_0);
                let v7 = rt::splat(simd, fold_1_0);
                let v8 = rt::splat(simd, fold_1_1);
                let v9 = rt::splat(simd, 1f32);
                let v10 = v8 - v9;
                let v11 = v7 + v10;
                let v12 = rt::splat(simd, fold_1_2);
                let v13 = v12 - v12;
                let v14 = v11 + v13;
                let v15 = rt::math::log1p(simd, v14);
                let v18 = rt::splat(simd, batch.inverse_total);
                let v19 = rt::math::neg(simd, v18);
                let v21 = rt::splat(simd, fold_0_1);
                let v22 = v21 * v19;
                let v23 = v14 + v9;
                let v24 = v22 / v23;
                let v25 = rt::math::neg(simd, v24);
                let (Some(row_0), Some(row_1)) = (
                    rt::row_mut(write_1, i0 * N_0),
                    rt::row_mut(write_2, 0),
                ) else { continue };
                let [fold_2_0] = rt::stage::<
                    _,
                    N_0,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(write_0, 0)],
                    [row_0, row_1],
                    [rt::Fold::Sum],
                    #[inline(always)]
                    |column, [x2], [old_0, old_1]| {
                        let v0 = rt::iota(simd, column);
                        let v2 = v0.simd_eq(v1);
                        let v3 = v2.select(rt::splat(simd, 1f32), rt::splat(simd, 0f32));
                        let v4 = old_0;
                        let v6 = v4 - v5;
                        let v16 = v6 - v15;
                        let v17 = v3 * v16;
                        let v20 = v19 * v3;
                        let v26 = x2;
                        let v27 = v25 * v26;
                        let v28 = v20 + v27;
                        ([v28, old_1 + v28], [v17])
                    },
                );
                let v0 = rt::splat(simd, fold_2_0);
                let value = rt::lane(rt::splat(simd, rt::get(write_3, 0)) + v0);
                rt::put(write_3, 0, value);
            }
        },
    );
}
#[inline(never)]
fn rows_5<S: rt::Simd, const N_0: usize>(
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
                    [rt::row(read_1, i0 * N_0)],
                    [],
                    [rt::Fold::Sum],
                    #[inline(always)]
                    |column, [x2], []| {
                        let v0 = x2;
                        ([], [v0])
                    },
                );
                let v1 = rt::splat(simd, fold_0_0);
                let v2 = rt::splat(simd, -0.5f32);
                let v3 = v1 * v2;
                let v4 = rt::splat(simd, rt::get(read_2, i0));
                let v5 = v3 * v4;
                let v6 = v4 * v4;
                let v7 = v5 * v6;
                let v8 = rt::splat(simd, 1.6666667e-1f32);
                let v9 = v7 * v8;
                let (Some(row_0),) = (rt::row_mut(write_0, 0),) else { continue };
                let [fold_1_0] = rt::stage::<
                    _,
                    N_0,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(read_0, i0 * N_0), rt::row(read_3, i0 * N_0)],
                    [row_0],
                    [rt::Fold::Sum],
                    #[inline(always)]
                    |column, [x1, x4], [old_0]| {
                        let v0 = x1;
                        let v10 = x4;
                        let v11 = v9 * v10;
                        let v12 = v0 + v11;
                        let v13 = v12 + v11;
                        ([v13], [v13])
                    },
                );
                let v1 = rt::splat(simd, 0f32);
                let v4 = rt::splat(simd, fold_1_0);
                let v5 = rt::splat(simd, -1.6666667e-1f32);
                let v6 = v4 * v5;
                let (Some(row_0), Some(row_1)) = (
                    rt::row_mut(write_1, i0 * N_0),
                    rt::row_mut(write_2, 0),
                ) else { continue };
                rt::stage::<
                    _,
                    N_0,
                    _,
                    _,
                    _,
                >(
                    simd,
                    [rt::row(write_0, 0)],
                    [row_0, row_1],
                    [],
                    #[inline(always)]
                    |column, [x5], [old_0, old_1]| {
                        let v0 = old_0;
                        let v2 = v0.simd_gt(v1);
                        let v3 = x5;
                        let v7 = v3 + v6;
                        let v8 = v2.select(v7, v1);
                        ([v8, old_1 + v8], [])
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
                    [rt::row(read_0, i0 * N_0), rt::row(read_1, i0 * N_0)],
                    [row_0],
                    [],
                    #[inline(always)]
                    |column, [x0, x1], [old_0]| {
                        let v0 = x0;
                        let v1 = x1;
                        let v2 = v0 * v1;
                        ([old_0 + v2], [])
                    },
                );
            }
        },
    );
}
#[inline(never)]
fn rows_7<S: rt::Simd, const N_0: usize>(
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
struct NetEpilogue1<'a, const N_0: usize> {
    read_0: &'a [f32],
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
        let Self { read_0, write_0 } = self;
        let v0 = value;
        let v1 = rt::load(simd, read_0, column, lanes);
        let v2 = v0 + v1;
        let stored = v2;
        rt::store(write_0, row * N_0 + column, lanes, stored);
    }
}
struct NetEpilogue2<'a, const N_0: usize> {
    read_0: &'a [f32],
    write_0: &'a mut [f32],
    write_1: &'a mut [f32],
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
        let Self { read_0, write_0, write_1 } = self;
        let v0 = value;
        let v1 = rt::load(simd, read_0, column, lanes);
        let v2 = v0 + v1;
        let stored = v2;
        rt::store(write_0, row * N_0 + column, lanes, stored);
        let stored = v2;
        rt::store(write_1, row * N_0 + column, lanes, stored);
    }
}
struct NetEpilogue3<'a, const N_0: usize> {
    read_0: &'a [f32],
    read_1: &'a [f32],
    read_2: &'a [f32],
    write_0: &'a mut [f32],
    write_1: &'a mut [f32],
    write_2: &'a mut [f32],
}
impl<S: rt::Simd, const N_0: usize> rt::Epilogue<S> for NetEpilogue3<'_, N_0> {
    #[inline(always)]
    fn store(
        &mut self,
        simd: S,
        row: usize,
        column: usize,
        lanes: usize,
        value: rt::Vector<S>,
    ) {
        let Self { read_0, read_1, read_2, write_0, write_1, write_2 } = self;
        let v3 = rt::splat(simd, rt::get(read_1, row));
        let v0 = value;
        let v1 = rt::load(simd, read_0, column, lanes);
        let v2 = v0 * v1;
        let v4 = v2 * v3;
        let v5 = rt::load(simd, read_2, row * N_0 + column, lanes);
        let v6 = v2 * v5;
        let stored = v0;
        rt::store(write_0, row * N_0 + column, lanes, stored);
        let stored = v4;
        rt::store(write_1, row * N_0 + column, lanes, stored);
        let stored = v6;
        rt::store(write_2, row * N_0 + column, lanes, stored);
    }
}
struct NetEpilogue4<'a, K, const N_0: usize> {
    write_0: rt::Stream<'a, K>,
}
impl<S: rt::Simd, K: rt::Sink, const N_0: usize> rt::Epilogue<S>
for NetEpilogue4<'_, K, N_0> {
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
