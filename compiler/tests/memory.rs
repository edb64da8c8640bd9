//! Memory plans: nothing live overlaps, large buffers are aligned, and dead ones are used again.

mod plan_common;

use graven_compiler::ir::op::{Reduce, Source, Unary};
use graven_compiler::ir::{Builder, Purpose, Shape, Type};
use graven_compiler::plan::memory::ranges;
use graven_compiler::plan::{self, Place, Plan};
use plan_common::{Net, dense};

fn deep(b: &Builder) {
    let mut x = b.input("x", Type::f32(Shape::batched(&[50])));
    for layer in 0..6 {
        x = dense(x, &format!("layer{layer}"), 50).unary(Unary::Tanh);
    }
    b.keep(Purpose::Output(0), x.value);
    let loss = x.square().reduce(Reduce::Sum, &[0, 1]) * b.source(Source::InverseTotal);
    b.keep(Purpose::Loss, loss.value);
}

fn stretch(plan: &Plan, buffer: usize) -> Option<(bool, usize, usize)> {
    let length = plan.buffers[buffer].length.size;
    match plan.buffers[buffer].place {
        Place::Rows { offset } => Some((true, offset, offset + length)),
        Place::Fixed { offset } => Some((false, offset, offset + length)),
        _ => None,
    }
}

#[test]
fn live_buffers_do_not_overlap() {
    let net = Net::trained(deep);
    let plan = plan::program(&net.forward, None, net.training.as_ref()).training.expect("a training plan");
    let ranges = ranges(&plan);
    for a in 0..plan.buffers.len() {
        for b in 0..a {
            let (Some(one), Some(other), Some(x), Some(y)) =
                (ranges[a], ranges[b], stretch(&plan, a), stretch(&plan, b))
            else {
                continue;
            };
            let live_together = one.first < other.last && other.first < one.last;
            let overlap = x.0 == y.0 && x.1 < y.2 && y.1 < x.2;
            assert!(!(live_together && overlap), "b{a} and b{b}\n{plan}");
        }
    }
}

#[test]
fn inference_needs_two_layers_at_a_time() {
    let net = Net::trained(deep);
    let forward = plan::program(&net.forward, None, None).forward;
    assert_eq!((forward.row_floats, forward.fixed_floats), (128, 0), "{forward}");
    assert_eq!(forward.unplanned.size, 5 * 50 * 4);
}

#[test]
fn offsets_of_large_buffers_are_aligned() {
    let net = Net::trained(deep);
    let plan = plan::program(&net.forward, None, net.training.as_ref()).training.expect("a training plan");
    let large = (0..plan.buffers.len()).filter(|&buffer| plan.buffers[buffer].length.size >= 16);
    let offsets: Vec<usize> = large.filter_map(|buffer| stretch(&plan, buffer)).map(|(_, start, _)| start).collect();
    assert!(offsets.len() > 10 && offsets.iter().all(|offset| offset % 16 == 0), "{plan}");
}

#[test]
fn gradients_are_handed_on_one_at_a_time() {
    let net = Net::trained(deep);
    let plan = plan::program(&net.forward, None, net.training.as_ref()).training.expect("a training plan");
    assert!(plan.fixed_floats < 2 * 50 * 50 + 512, "{plan}");
}
