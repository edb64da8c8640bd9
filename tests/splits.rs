//! Splits, folds, and rows that must not have been seen.

mod support;

use graven::data::{Leak, Stream};
use graven::{DataError, Dataset, FitError, Index, MinMax, Scaling, Standardize};
use support::{Classifier, Flowers, iris};

/// Rows whose input is their number, with the given number of each class, class by class.
fn classes(counts: &[usize]) -> Dataset<f32, Index<4>> {
    let labels: Vec<usize> =
        counts.iter().enumerate().flat_map(|(class, &count)| std::iter::repeat_n(class, count)).collect();
    Dataset::new((0..labels.len()).map(|row| row as f32).collect::<Vec<_>>(), labels).unwrap()
}

fn counts(data: &Dataset<f32, Index<4>>) -> [usize; 4] {
    let mut counts = [0; 4];
    data.targets().iter().for_each(|label| counts[label.get()] += 1);
    counts
}

fn sorted<'a>(parts: impl IntoIterator<Item = &'a Dataset<f32, Index<4>>>) -> Vec<f32> {
    let mut rows: Vec<f32> = parts.into_iter().flat_map(|part| part.inputs().to_vec()).collect();
    rows.sort_by(f32::total_cmp);
    rows
}

#[test]
fn stratified_parts_keep_the_shares() {
    let data = classes(&[60, 30, 0, 10]);
    let (first, second) = data.stratified_split(0.8, 7).unwrap();
    assert_eq!((counts(&first), counts(&second)), ([48, 24, 0, 8], [12, 6, 0, 2]));
    assert_eq!(sorted([&first, &second]), data.inputs());
    assert_eq!(first.inputs(), data.stratified_split(0.8, 7).unwrap().0.inputs());
    assert_ne!(first.inputs(), data.stratified_split(0.8, 8).unwrap().0.inputs());
    assert!(first.targets().windows(2).any(|pair| pair[0] > pair[1]), "classes are mixed");

    let (training, validation, test) = data.stratified_split3(0.5, 0.25, 1).unwrap();
    assert_eq!((training.len(), validation.len(), test.len()), (50, 25, 25));
    assert_eq!(counts(&training), [30, 15, 0, 5]);
    assert!(counts(&test)[3] >= 2 && counts(&validation)[3] >= 2);
    assert_eq!(sorted([&training, &validation, &test]), data.inputs());

    let rare = classes(&[97, 2, 1 + 1]).stratified_split(0.95, 3).unwrap();
    assert_eq!((counts(&rare.0), counts(&rare.1)), ([94, 1, 1, 0], [3, 1, 1, 0]));
}

#[test]
fn targets_of_every_kind_of_class_can_be_stratified() {
    let shares: Vec<[f32; 2]> = (0..10).map(|row| if row < 4 { [0.9, 0.1] } else { [0.0, 1.0] }).collect();
    let (first, _) = Dataset::<f32, [f32; 2]>::new(vec![0.0; 10], shares).unwrap().stratified_split(0.5, 1).unwrap();
    assert_eq!(first.targets().iter().filter(|share| share[0] > 0.5).count(), 2);
    let answers: Vec<f32> = (0..10).map(|row| f32::from(u8::from(row < 6))).collect();
    let (first, _) = Dataset::<f32, f32>::new(vec![0.0; 10], answers).unwrap().stratified_split(0.5, 1).unwrap();
    assert_eq!(first.targets().iter().sum::<f32>(), 3.0);
}

#[test]
fn folds_validate_every_row_once() {
    let data = classes(&[40, 7, 3, 0]);
    for (name, folds) in [("plain", data.k_fold(3, 5).unwrap()), ("stratified", data.stratified_k_fold(3, 5).unwrap())]
    {
        assert_eq!(folds.len(), 3);
        let folds: Vec<_> = folds.collect();
        assert_eq!(sorted(folds.iter().map(|(_, validation)| validation)), data.inputs(), "{name}");
        for (training, validation) in &folds {
            assert_eq!(sorted([training, validation]), data.inputs(), "{name}");
            assert!((16..=17).contains(&validation.len()), "{name}");
            if name == "stratified" {
                let [first, second, third, _] = counts(validation);
                assert!((13..=14).contains(&first) && (2..=3).contains(&second) && third == 1);
            }
        }
    }
    let orders = |seed| data.k_fold(3, seed).unwrap().map(|(_, validation)| validation.inputs().to_vec());
    assert!(orders(1).eq(orders(1)) && !orders(1).eq(orders(2)));
}

#[test]
fn classes_that_cannot_be_in_every_part_are_errors() {
    let one = classes(&[0, 10]);
    assert!(matches!(one.stratified_split(0.5, 0), Err(DataError::OneClass { class: 1 })));
    assert!(matches!(one.stratified_k_fold(2, 0), Err(DataError::OneClass { class: 1 })));
    let few = classes(&[10, 0, 2]);
    assert!(matches!(few.stratified_k_fold(3, 0), Err(DataError::FewRows { class: 2, rows: 2, least: 3 })));
    assert!(matches!(classes(&[9, 1]).stratified_split(0.5, 0), Err(DataError::FewRows { class: 1, .. })));
    assert!(matches!(classes(&[9, 2]).stratified_split3(0.4, 0.3, 0), Err(DataError::FewRows { .. })));
    assert!(matches!(few.stratified_split(0.1, 0), Err(DataError::Split { rows: 12, .. })), "one row, two classes");
    assert!(matches!(few.stratified_split(1.0, 0), Err(DataError::Fraction { .. })));
    for folds in [0, 1, 13] {
        assert!(matches!(few.k_fold(folds, 0), Err(DataError::Folds { rows: 12, .. })));
        assert!(matches!(few.stratified_k_fold(folds, 0), Err(DataError::Folds { rows: 12, .. })));
    }
}

fn scaled(scaling: &Scaling<[f32; 4]>, data: &Flowers) -> Flowers {
    let mut data = data.clone();
    scaling.apply(&mut data);
    data
}

#[test]
fn validation_rows_that_a_scaling_has_seen_are_refused() {
    let data = iris();
    let (training, validation) = data.split(0.8, 3).unwrap();
    let run = |training: &Flowers, validation: &Flowers| {
        Classifier::new(1).fit::<16>(training).validation(validation).run().map(|_| ())
    };

    let honest = Standardize::fit(&training);
    assert_eq!(run(&scaled(&honest, &training), &scaled(&honest, &validation)), Ok(()));

    let greedy = MinMax::fit(&data);
    let leak = Err(FitError::Leak(Leak { row: 0, fitted: 150 }));
    assert_eq!(run(&scaled(&greedy, &training), &scaled(&greedy, &validation)), leak);
    let (training_after, validation_after) = scaled(&greedy, &data).split(0.8, 3).unwrap();
    assert_eq!(run(&training_after, &validation_after), leak, "scaled before the split");
    let text = run(&training_after, &validation_after).unwrap_err().to_string();
    assert!(text.starts_with("row 0 of the validation data was among the 150 rows"), "{text}");

    let (other, overlapping) = data.split(0.8, 4).unwrap();
    let partly = run(&scaled(&honest, &other), &scaled(&honest, &overlapping));
    assert!(matches!(partly, Err(FitError::Leak(Leak { fitted: 120, .. }))), "{partly:?}");
    assert_eq!(run(&training, &validation), Ok(()), "nothing was scaled");
    assert_eq!(run(&training, &training), Ok(()), "the same rows, but nothing was fitted on them");
}

#[test]
fn rows_are_known_through_selections_maps_and_clones() {
    let data = iris();
    let (training, validation) = data.split(0.5, 1).unwrap();
    let scaling = Standardize::fit(&training.select(0..10).unwrap());
    let seen = scaled(&scaling, &training.clone()).map_inputs(|value| value * 2.0).unwrap();
    assert_eq!(seen.select([70, 5]).unwrap().check_unseen(), Err(Leak { row: 1, fitted: 10 }));
    assert_eq!(seen.select(10..75).unwrap().check_unseen(), Ok(()));
    assert_eq!(scaled(&scaling, &validation).check_unseen(), Ok(()));
    let stored: Scaling<[f32; 4]> = serde_json::from_str(&serde_json::to_string(&scaling).unwrap()).unwrap();
    assert_eq!(stored, scaling);
    assert_eq!(scaled(&stored, &training).check_unseen(), Ok(()), "a stored scaling has forgotten its rows");
    for (training, validation) in data.stratified_k_fold(5, 1).unwrap() {
        assert_eq!(scaled(&Standardize::fit(&training), &validation).check_unseen(), Ok(()));
        assert!(scaled(&Standardize::fit(&validation), &validation).check_unseen().is_err());
    }
}

#[test]
fn a_scaling_is_fitted_on_a_stream_too() {
    let data = iris();
    let close = |a: &Scaling<[f32; 4]>, b: &Scaling<[f32; 4]>| {
        a.maps()[0]
            .iter()
            .zip(&b.maps()[0])
            .all(|(a, b)| (a.shift - b.shift).abs() < 1e-9 && (a.factor - b.factor).abs() < 1e-9)
    };
    let mut stream = Stream::new(data.clone());
    assert!(close(&Standardize::fit_source(&mut stream).unwrap(), &Standardize::fit(&data)));
    assert_eq!(MinMax::fit_source(&mut data.in_order()).unwrap(), MinMax::fit(&data));
    let mut sample = data.inputs()[3];
    MinMax::fit(&data).apply_sample(&mut sample);
    assert_eq!(sample, scaled(&MinMax::fit(&data), &data).inputs()[3]);
    let mut empty: Stream<[f32; 4], Index<3>> = Stream::new(|| []);
    assert!(matches!(Standardize::fit_source(&mut empty), Err(DataError::Empty)));
}
