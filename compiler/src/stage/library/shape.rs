//! Functions of shape, and products of matrices.

use super::super::fault::{Mistake, Outcome};
use super::super::value::{Datum, Tensor};
use super::{Builtin, Call};
use crate::ir::Expr;
use crate::ir::op::Movement;
use crate::nn::{contraction, shape as nn};

pub const TABLE: &[Builtin] = &[
    Builtin::new("flatten", "x", flatten),
    Builtin::new("reshape", "x, shape", reshape),
    Builtin::new("transpose", "x, axes = none", transpose),
    Builtin::new("concat", "xs, axis = -1", concat),
    Builtin::new("flip", "x, axis = none", flip),
    Builtin::new("split", "x, sections, axis = -1", split),
    Builtin::new("slice", "x, start, shape", slice),
    Builtin::new("pad", "x, widths, value = 0.0", pad),
    Builtin::new("matmul", "a, b", matmul),
    Builtin::new("einsum", "pattern, a, b", einsum),
];

/// Axes in front of the written ones.
fn offset(x: &Tensor<'_>) -> usize {
    let shape = x.expr.shape();
    shape.rank() - shape.written().len()
}

fn flatten<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let x = call.arguments.tensor("x")?;
    let dims = x.expr.shape().written();
    let image = <[usize; 3]>::try_from(dims.clone()).ok().or(x.image);
    let flat = call.tensor(nn::reshape(x.expr, &[dims.iter().product()]));
    Ok(Datum::Tensor(Tensor { image, ..flat }))
}

fn reshape<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let x = call.arguments.tensor("x")?;
    let asked = call.arguments.ints("shape")?;
    let dims = x.expr.shape().written();
    let elements: usize = dims.iter().product();
    let known: Option<usize> = asked.iter().filter(|length| **length != -1).try_fold(1_usize, |product, length| {
        product.checked_mul(usize::try_from(*length).ok().filter(|length| *length > 0)?)
    });
    let open = asked.iter().filter(|length| **length == -1).count();
    let rest = known.filter(|known| open == 1 && elements.is_multiple_of(*known)).map(|known| elements / known);
    let fits = known.is_some_and(|known| (open == 0 && known == elements) || rest.is_some());
    if !fits {
        let message = format!("{dims:?} has {elements} elements and cannot become {asked:?}");
        return Err(call.arguments.mistake("shape", message).note(x.story("the input")).into());
    }
    let length = |length: &i64| usize::try_from(*length).ok().or(rest).unwrap_or(1);
    let target: Vec<usize> = asked.iter().map(length).collect();
    Ok(call.made(nn::reshape(x.expr, &target)))
}

fn transpose<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let x = call.arguments.tensor("x")?;
    let rank = x.expr.shape().written().len();
    let axes: Vec<usize> = if call.arguments.is_none("axes") {
        (0..rank).rev().collect()
    } else {
        let asked = call.arguments.ints("axes")?;
        asked.iter().map(|axis| call.arguments.resolve_axis("axes", *axis, rank)).collect::<Outcome<_>>()?
    };
    let mut sorted = axes.clone();
    sorted.sort_unstable();
    if !sorted.iter().copied().eq(0..rank) {
        let message = format!("`axes` names each of the {rank} axes once, but it is {axes:?}");
        return Err(call.arguments.mistake("axes", message).note(x.story("the input")).into());
    }
    let lead = offset(&x);
    let perm: Vec<usize> = (0..lead).chain(axes.iter().map(|axis| axis + lead)).collect();
    Ok(call.made(x.expr.transpose(&perm)))
}

fn flip<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let x = call.arguments.tensor("x")?;
    let lead = offset(&x);
    let axes = call.arguments.axes("axis", x.expr.shape().rank() - lead)?;
    let axes = axes.into_iter().map(|axis| axis + lead).collect();
    Ok(call.made(x.expr.movement(Movement::Reverse(axes))))
}

fn concat<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let mut tensors = Vec::new();
    for item in call.arguments.list("xs")? {
        match item {
            Datum::Tensor(tensor) => tensors.push(tensor),
            other => {
                let message = format!("`concat` joins tensors, but one of them is {}", other.describe());
                return Err(call.arguments.mistake("xs", message).into());
            }
        }
    }
    let Some(first) = tensors.first().cloned() else {
        return Err(call.arguments.mistake("xs", "`concat` needs at least one tensor").into());
    };
    let dims = first.expr.shape().written();
    let axis = call.arguments.axis("axis", dims.len())?;
    for other in &tensors[1..] {
        let found = other.expr.shape().written();
        let agrees = |place: usize| place == axis || found.get(place) == dims.get(place);
        if found.len() != dims.len() || !(0..dims.len()).all(agrees) {
            let message = format!("`concat` along axis {axis} cannot join {dims:?} and {found:?}");
            let mistake = call.arguments.mistake("xs", message);
            let mistake = mistake.note(first.story("the first")).note(other.story("the other"));
            return Err(mistake.maybe_help(other_axis(&tensors)).into());
        }
    }
    let joined = join(&tensors, axis).ok_or_else(|| Mistake::new("`concat` needs at least one tensor"))?;
    Ok(call.made(joined))
}

/// The axis along which the tensors could be joined.
fn other_axis(tensors: &[Tensor<'_>]) -> Option<String> {
    let shapes: Vec<Vec<usize>> = tensors.iter().map(|tensor| tensor.expr.shape().written()).collect();
    let (first, rest) = shapes.split_first()?;
    let agree = |axis: usize, found: &Vec<usize>| {
        found.len() == first.len() && (0..first.len()).all(|place| place == axis || found[place] == first[place])
    };
    let axis = (0..first.len()).find(|axis| rest.iter().all(|found| agree(*axis, found)))?;
    Some(format!("`axis = {axis}` can be joined"))
}

/// Joins tensors of which some may lack the batch; those are repeated for each row.
fn join<'b>(tensors: &[Tensor<'b>], axis: usize) -> Option<Expr<'b>> {
    let batched = tensors.iter().find(|tensor| offset(tensor) == 1);
    let whole: Vec<Expr<'b>> = tensors
        .iter()
        .map(|tensor| match batched {
            Some(_) if offset(tensor) == 0 => {
                let written = tensor.expr.shape().written();
                let axes = (1..=written.len()).collect();
                tensor.expr.broadcast(crate::ir::Shape::batched(&written), axes)
            }
            _ => tensor.expr,
        })
        .collect();
    nn::concat(&whole, axis + usize::from(batched.is_some()))
}

fn split<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let x = call.arguments.tensor("x")?;
    let dims = x.expr.shape().written();
    let axis = call.arguments.axis("axis", dims.len())?;
    let length = dims[axis];
    let ends = ends(call, length).ok_or_else(|| {
        let parts = match call.arguments.get("sections") {
            Datum::Int(sections) => format!("into {sections} equal parts"),
            positions => format!("at {}", positions.show()),
        };
        let message = format!("axis {axis} of length {length} cannot be split {parts}");
        let mistake = call.arguments.mistake("sections", message).note(x.story("the input"));
        mistake.help("`sections` is a number that divides the length, or a list of ascending positions")
    })?;
    let mut start = 0;
    let mut parts = Vec::new();
    for end in ends {
        let (mut starts, mut lengths) = (vec![0; dims.len()], dims.clone());
        starts[axis] = start;
        lengths[axis] = end - start;
        parts.push(call.made(nn::slice(x.expr, &starts, &lengths)));
        start = end;
    }
    Ok(Datum::Tuple(parts))
}

/// Where the parts of a split end.
fn ends(call: &Call<'_, '_>, length: usize) -> Option<Vec<usize>> {
    if let Datum::Int(sections) = call.arguments.get("sections") {
        let sections =
            usize::try_from(sections).ok().filter(|sections| *sections > 0 && length.is_multiple_of(*sections))?;
        return Some((1..=sections).map(|part| part * (length / sections)).collect());
    }
    let positions = call.arguments.ints("sections").ok()?;
    let mut ends: Vec<usize> =
        positions.iter().map(|position| usize::try_from(*position).ok()).collect::<Option<_>>()?;
    ends.push(length);
    let ascends = ends.first().is_some_and(|first| *first > 0) && ends.windows(2).all(|pair| pair[0] < pair[1]);
    ascends.then_some(ends)
}

fn slice<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let x = call.arguments.tensor("x")?;
    let dims = x.expr.shape().written();
    let (starts, lengths) = (call.arguments.ints("start")?, call.arguments.shape("shape")?);
    let starts: Option<Vec<usize>> = starts.iter().map(|start| usize::try_from(*start).ok()).collect();
    let inside = |starts: &Vec<usize>| {
        let fits =
            |(axis, start): (usize, &usize)| start.checked_add(lengths[axis]).is_some_and(|end| end <= dims[axis]);
        starts.len() == dims.len() && lengths.len() == dims.len() && starts.iter().enumerate().all(fits)
    };
    let Some(starts) = starts.filter(inside) else {
        let message = format!("`slice` of {lengths:?} does not lie inside {dims:?}");
        let mistake = call.arguments.mistake("start", message).note(x.story("the input"));
        return Err(mistake.help("`start` and `shape` have a number for each axis but the batch").into());
    };
    Ok(call.made(nn::slice(x.expr, &starts, &lengths)))
}

fn pad<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let x = call.arguments.tensor("x")?;
    let dims = x.expr.shape().written();
    let widths = widths(call, dims.len()).ok_or_else(|| {
        let message = format!("`widths` has a pair (before, behind) for each of the {} axes", dims.len());
        call.arguments.mistake("widths", message).note(x.story("the input")).help("`pad(x, [(1, 1), (0, 2)])`")
    })?;
    let (low, high): (Vec<usize>, Vec<usize>) = widths.into_iter().unzip();
    Ok(call.made(nn::pad(x.expr, &low, &high, call.arguments.real("value")?)))
}

fn widths(call: &Call<'_, '_>, rank: usize) -> Option<Vec<(usize, usize)>> {
    let width = |datum: &Datum<'_>| match datum {
        Datum::Int(width) => usize::try_from(*width).ok().filter(|width| *width < 1 << 24),
        _ => None,
    };
    if let Some(both) = width(&call.arguments.get("widths")) {
        return Some(vec![(both, both); rank]);
    }
    let pair = |datum: &Datum<'_>| match datum {
        Datum::Tuple(pair) | Datum::List(pair) => match &pair[..] {
            [low, high] => width(low).zip(width(high)),
            _ => None,
        },
        one => width(one).map(|both| (both, both)),
    };
    let widths: Vec<_> = call.arguments.list("widths").ok()?.iter().map(pair).collect::<Option<_>>()?;
    (widths.len() == rank).then_some(widths)
}

fn matmul<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let (a, b) = (call.arguments.tensor("a")?, call.arguments.tensor("b")?);
    let (x, y) = (a.expr.shape().written(), b.expr.shape().written());
    let inner = |dims: &[usize], from_end: usize| dims.len().checked_sub(from_end).map(|axis| dims[axis]);
    let agree = x.len() >= 2 && y.len() >= 2 && inner(&x, 1) == inner(&y, 2);
    // A vector a sample times a matrix is a row of the product.
    let is_row = x.len() == 1 && y.len() == 2 && offset(&b) == 0 && x[0] == y[0];
    if is_row {
        let contract = crate::ir::op::Contract { batch: Vec::new(), contract: vec![(offset(&a), 0)] };
        return product(call, a.expr.contract(b.expr, contract), x[0]);
    }
    if !agree {
        let lengths = inner(&x, 1).zip(inner(&y, 2)).filter(|(k, n)| k != n);
        let reason = lengths.map_or_else(String::new, |(k, n)| format!(": {k} and {n} differ"));
        let message = format!("`matmul` cannot multiply {x:?} by {y:?}{reason}");
        let mistake = call.arguments.mistake("b", message).note(a.story("the left")).note(b.story("the right"));
        let are_matrices = x.len() >= 2 && y.len() >= 2;
        let right = (are_matrices && inner(&x, 1) == inner(&y, 1)).then(|| turned_help(&b, "b", y.len()));
        let left = (are_matrices && inner(&x, 2) == inner(&y, 2)).then(|| turned_help(&a, "a", x.len()));
        let vectors = (x.len() == 1 && x == y).then(|| "`sum(a * b)` is the product of two vectors".to_owned());
        return Err(mistake.maybe_help(right.or(left).or(vectors)).into());
    }
    let (left, right) = batched_alike(&a, &b);
    product(call, contraction::matmul(left, right), x[x.len() - 1])
}

/// A product of matrices, each element of which sums `terms` products.
fn product<'b>(call: &mut Call<'_, 'b>, result: Expr<'b>, terms: usize) -> Outcome<Datum<'b>> {
    let elements: usize = result.shape().written().iter().product();
    call.row(result, (elements as u64).saturating_mul(terms as u64));
    Ok(call.made(result))
}

fn turned_help(x: &Tensor<'_>, role: &str, rank: usize) -> String {
    let name = x.origin.name.as_deref().unwrap_or(role);
    let mut axes: Vec<usize> = (0..rank).collect();
    axes.swap(rank - 2, rank - 1);
    format!("`transpose({name}, {axes:?})` swaps its last axes")
}

/// Gives a matrix that is the same for all rows a batch where the other has one and needs it for its axes to align.
fn batched_alike<'b>(a: &Tensor<'b>, b: &Tensor<'b>) -> (Expr<'b>, Expr<'b>) {
    let with_batch = |x: &Tensor<'b>| {
        let written = x.expr.shape().written();
        x.expr.broadcast(crate::ir::Shape::batched(&written), (1..=written.len()).collect())
    };
    match (offset(a), offset(b), b.expr.shape().rank()) {
        (_, 0, 2) => (a.expr, b.expr),
        (1, 0, _) => (a.expr, with_batch(b)),
        (0, 1, _) => (with_batch(a), b.expr),
        _ => (a.expr, b.expr),
    }
}

fn einsum<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let pattern = call.arguments.text("pattern")?;
    let (a, b) = (call.arguments.tensor("a")?, call.arguments.tensor("b")?);
    let parsed = letters(&pattern).map_err(|reason| call.arguments.mistake("pattern", reason))?;
    let (left, right, result) = parsed;
    let rank = |x: &Tensor<'_>| x.expr.shape().written().len();
    // A leading letter may stand for the batch, as in `bqd,bkd->bqk`.
    let lead = |letters: &[char], x: &Tensor<'_>| letters.len().checked_sub(rank(x));
    if !matches!((lead(&left, &a), lead(&right, &b)), (Some(0), Some(0)) | (Some(1), Some(1))) {
        let message = format!("{pattern:?} does not name the axes of the operands");
        let mistake = call.arguments.mistake("pattern", message).note(a.story("the left")).note(b.story("the right"));
        return Err(mistake.help("a letter for each axis, such as \"bqd,bkd->bqk\" or \"qd,kd->qk\"").into());
    }
    let stories = [a.story("the left"), b.story("the right")];
    let (x, left, y, right, result) = with_batch_letter((a, left), (b, right), result);
    let fits = left.len() == x.shape().rank() && right.len() == y.shape().rank();
    if !fits {
        let message = format!("{pattern:?} names the batch, but an operand has none");
        let [left, right] = stories;
        return Err(call.arguments.mistake("pattern", message).note(left).note(right).into());
    }
    if let Some(letter) = disagreement((x, &left), (y, &right)) {
        let message = format!("`{letter}` of {pattern:?} has two lengths");
        let [left, right] = stories;
        return Err(call.arguments.mistake("pattern", message).note(left).note(right).into());
    }
    let summed = |(axis, letter): (usize, &char)| (!result.contains(letter)).then(|| x.shape().0[axis].size);
    let terms = left.iter().enumerate().filter_map(summed).product();
    product(call, contraction::einsum((x, &left), (y, &right), &result), terms)
}

type Letters = Vec<char>;

/// The letters of both operands and of the result, or what is wrong with them.
fn letters(pattern: &str) -> Result<(Letters, Letters, Letters), String> {
    let parts = pattern.split_once("->").and_then(|(operands, result)| Some((operands.split_once(',')?, result)));
    let ((left, right), result) = parts.ok_or_else(|| format!("{pattern:?} is not written as \"ij,jk->ik\""))?;
    let (left, right, result) = (distinct(left)?, distinct(right)?, distinct(result)?);
    match result.iter().find(|letter| !left.contains(letter) && !right.contains(letter)) {
        Some(letter) => Err(format!("`{letter}` of the result is in no operand of {pattern:?}")),
        None => Ok((left, right, result)),
    }
}

fn distinct(text: &str) -> Result<Letters, String> {
    let letters: Letters = text.trim().chars().collect();
    if let Some(other) = letters.iter().find(|letter| !letter.is_ascii_alphabetic()) {
        return Err(format!("`{other}` in {text:?} is not a letter: each axis has a letter"));
    }
    match letters.iter().enumerate().find(|(place, letter)| letters[..*place].contains(letter)) {
        Some((_, letter)) => {
            Err(format!("`{letter}` is in {text:?} twice: each axis of an operand has a letter of its own"))
        }
        None => Ok(letters),
    }
}

/// A letter for the batch where the pattern leaves it out.
fn with_batch_letter<'b>(
    (a, mut left): (Tensor<'b>, Letters),
    (b, mut right): (Tensor<'b>, Letters),
    mut result: Letters,
) -> (Expr<'b>, Letters, Expr<'b>, Letters, Letters) {
    let named = left.len() > a.expr.shape().written().len();
    let batch = if named { left[0] } else { '#' };
    if !named {
        left.splice(0..0, (offset(&a) == 1).then_some(batch));
        right.splice(0..0, (offset(&b) == 1).then_some(batch));
        result.splice(0..0, (offset(&a) + offset(&b) > 0).then_some(batch));
    }
    (a.expr, left, b.expr, right, result)
}

fn disagreement<'b>((x, left): (Expr<'b>, &[char]), (y, right): (Expr<'b>, &[char])) -> Option<char> {
    let (a, b) = (x.shape(), y.shape());
    let differs = |(i, letter): (usize, &char)| {
        let j = right.iter().position(|other| other == letter)?;
        (a.0.get(i) != b.0.get(j)).then_some(*letter)
    };
    left.iter().enumerate().find_map(differs)
}
