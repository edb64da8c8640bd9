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
            4,
        >(
            simd,
            input_0,
            rt::tail(parameters, 10),
            batch.rows,
            &mut NetEpilogue0::<4> {
                read_0: rt::tail(parameters, 22),
                write_0: rows.at(0, 4),
            },
        );
        rt::dense::<
            _,
            _,
            4,
            2,
        >(
            simd,
            rows.at(0, 4),
            rt::tail(parameters, 0),
            batch.rows,
            &mut NetEpilogue1::<2> {
                read_0: rt::tail(parameters, 8),
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
            4,
        >(
            simd,
            input_0,
            rt::tail(parameters, 10),
            batch.rows,
            &mut NetEpilogue0::<4> {
                read_0: rt::tail(parameters, 22),
                write_0: rows.at(0, 4),
            },
        );
        let [at_0, at_4] = rows.cut([(0, 4), (4, 2)]);
        rt::dense::<
            _,
            _,
            4,
            2,
        >(
            simd,
            at_0,
            rt::tail(parameters, 0),
            batch.rows,
            &mut NetEpilogue2::<2> {
                read_0: rt::tail(parameters, 8),
                read_1: target_0,
                write_0: output_0,
                write_1: at_4,
            },
        );
        rt::fill(fixed.at(0, 1), 0f32);
        rows_0::<_, 2>(simd, batch, [rows.at(4, 2)], [fixed.at(0, 1)]);
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
        rt::dense::<
            _,
            _,
            3,
            4,
        >(
            simd,
            input_0,
            sink.tail(10),
            batch.rows,
            &mut NetEpilogue0::<4> {
                read_0: sink.tail(22),
                write_0: rows.at(0, 4),
            },
        );
        let [at_0, at_4, at_6] = rows.cut([(0, 4), (4, 2), (6, 2)]);
        rt::dense::<
            _,
            _,
            4,
            2,
        >(
            simd,
            at_0,
            sink.tail(0),
            batch.rows,
            &mut NetEpilogue3::<2> {
                batch,
                read_0: sink.tail(8),
                read_1: target_0,
                write_0: output_0,
                write_1: at_6,
                write_2: at_4,
            },
        );
        let [at_0, at_4] = rows.cut([(0, 4), (4, 2)]);
        let mut epilogue = NetEpilogue4::<_, 8> {
            write_0: rt::Stream::new(&mut sink, 0, fixed.at(0, 8)),
        };
        rt::dense_weight_gradient::<
            _,
            _,
            4,
            2,
        >(simd, at_0, at_4, batch.rows, &mut [], &mut epilogue);
        epilogue.write_0.finish(simd);
        rt::fill(fixed.at(2, 1), 0f32);
        rows_0::<_, 2>(simd, batch, [rows.at(6, 2)], [fixed.at(2, 1)]);
        rt::fill(fixed.at(0, 2), 0f32);
        rows_2::<_, 2>(simd, batch, [rows.at(4, 2)], [fixed.at(0, 2)]);
        sink.gradient(simd, 8, fixed.at(0, 2));
        rows_1(simd, batch, [], [fixed.at(2, 1)]);
        fixed.get(2)
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
            let v1 = rt::splat(simd, 0.5f32);
            let v2 = v0 * v1;
            let v3 = rt::splat(simd, batch.inverse_total);
            let v4 = v2 * v3;
            let value = rt::lane(v4);
            rt::put(write_0, 0, value);
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
    read_1: &'a [f32],
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
        let Self { read_0, read_1, write_0, write_1 } = self;
        let v0 = value;
        let v1 = rt::load(simd, read_0, column, lanes);
        let v2 = v0 + v1;
        let v3 = rt::load(simd, read_1, row * N_0 + column, lanes);
        let v4 = v2 - v3;
        let v5 = v4 * v4;
        let stored = v2;
        rt::store(write_0, row * N_0 + column, lanes, stored);
        let stored = v5;
        rt::store(write_1, row * N_0 + column, lanes, stored);
    }
}
struct NetEpilogue3<'a, const N_0: usize> {
    batch: &'a rt::Batch,
    read_0: &'a [f32],
    read_1: &'a [f32],
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
        let Self { batch, read_0, read_1, write_0, write_1, write_2 } = self;
        let v6 = rt::splat(simd, batch.inverse_total);
        let v7 = rt::splat(simd, 0.5f32);
        let v8 = v6 * v7;
        let v0 = value;
        let v1 = rt::load(simd, read_0, column, lanes);
        let v2 = v0 + v1;
        let v3 = rt::load(simd, read_1, row * N_0 + column, lanes);
        let v4 = v2 - v3;
        let v5 = v4 * v4;
        let v9 = v8 * v4;
        let v10 = v9 + v9;
        let stored = v2;
        rt::store(write_0, row * N_0 + column, lanes, stored);
        let stored = v5;
        rt::store(write_1, row * N_0 + column, lanes, stored);
        let stored = v10;
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
