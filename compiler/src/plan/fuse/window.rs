//! Operands of windows where kernels find them: images with the border that they need, filters in their order.

use crate::ir::{Dim, Value};
use crate::plan::fuse::domain::Nest;
use crate::plan::fuse::lower::{Lowering, Unit};
use crate::plan::fuse::movement::copy;
use crate::plan::kernel::{BorderKernel, BufferId, CopyAxis, CopyKernel, Kernel};
use crate::plan::view::{Axis, View};
use crate::plan::window::{Bordered, Filters, WindowForm};

impl Lowering<'_, '_> {
    /// The buffers that a kernel reads, and how it finds its images in the first of them.
    pub(super) fn window_operands(
        &mut self,
        form: WindowForm,
        views: [&View; 2],
        filters: Option<Value>,
    ) -> (WindowForm, [BufferId; 2]) {
        let [first, last] = views;
        let (form, a) =
            if form.window.kind.reads_images() { self.images(form, first) } else { (form, self.linear(first)) };
        let b = match filters {
            Some(value) => self.filters(value, last, form.order()),
            None if first == last => a,
            None => self.linear(last),
        };
        (form, [a, b])
    }

    /// Images with at least the border that the windows need; pools need none.
    fn images(&mut self, form: WindowForm, view: &View) -> (WindowForm, BufferId) {
        let mut needed = Bordered::of(&form.window.geometry, form.channels);
        if !form.window.kind.reads_padding() {
            needed = Bordered { low: [0; 2], high: [0; 2], ..needed };
        }
        if let Some(bordered) = self.facts.border(view.base)
            && bordered.covers(&needed)
            && is_whole(view, form.rows, &bordered)
        {
            return (form.lying(bordered.pitch(), bordered.low), self.buffer(view.base));
        }
        if needed.is_bare() {
            return (form, self.linear(view));
        }
        (form.lying(needed.pitch(), needed.low), self.bordered_copy(view, form.rows, needed))
    }

    /// A copy of images with a border around each.
    fn bordered_copy(&mut self, view: &View, rows: Dim, bordered: Bordered) -> BufferId {
        let known = self.bordered.iter().find(|(known, border, _)| known == view && *border == bordered);
        if let Some((.., copied)) = known {
            return *copied;
        }
        let from = self.buffer(view.base);
        let name = format!("{} bordered", self.name(view.base));
        let to = self.arena(name, rows.times(Dim::fixed(bordered.len())));
        let border = Kernel::Border(BorderKernel { buffer: to, rows, bordered });
        let inside = copy(view, from, to, bordered.offset(), &bordered.strides());
        self.lowered.units.push(vec![border, inside]);
        self.bordered.push((view.clone(), bordered, to));
        to
    }

    /// Filters in the order of kernels.
    fn filters(&mut self, value: Value, view: &View, order: Option<Filters>) -> BufferId {
        let from = self.linear(view);
        let Some(order) = order.filter(|_| self.facts.panels[value.index()].is_none()) else { return from };
        if let Some((_, packed)) = self.packed.iter().find(|(known, _)| known == view) {
            return *packed;
        }
        let to = self.arena("filters in panels".to_owned(), Dim::fixed(order.len()));
        let copies = order.copies().into_iter();
        let kernel = |([from_offset, to_offset], axes): ([usize; 2], Vec<CopyAxis>)| CopyKernel {
            from,
            from_offset,
            to,
            to_offset,
            axes,
        };
        self.lowered.units.push(copies.map(|one| Kernel::Copy(kernel(one))).collect());
        self.packed.push((view.clone(), to));
        to
    }

    /// Filters as a kernel gives them, `from`, in row-major order.
    pub(super) fn unpacked(order: Filters, from: BufferId, to: BufferId) -> Unit {
        let kernel = |([to_offset, from_offset], axes): ([usize; 2], Vec<CopyAxis>)| {
            let turned = |axis: &CopyAxis| CopyAxis {
                length: axis.length,
                from: axis.to as isize,
                to: axis.from.unsigned_abs(),
            };
            let axes = axes.iter().map(turned).collect();
            Kernel::Copy(CopyKernel { from, from_offset, to, to_offset, axes })
        };
        order.copies().into_iter().map(kernel).collect()
    }

    /// What puts the border around a value that has one.
    pub(super) fn border_of(&self, value: Value) -> Option<Kernel> {
        let bordered = self.facts.border(value)?;
        let rows = *self.facts.shape(value).0.first()?;
        let buffer = self.known(value)?;
        Some(Kernel::Border(BorderKernel { buffer, rows, bordered }))
    }
}

/// The loops of an epilogue: images, rows of pixels, pixels; or the filters as one row.
pub(super) fn nest(form: WindowForm) -> Nest {
    match form.result() {
        Some([height, width, channels]) => Nest {
            outer: vec![form.rows, Dim::fixed(height), Dim::fixed(width)],
            starts: vec![height * width * channels, width * channels, channels],
            width: channels,
        },
        None => {
            let (rows, width) = form.rows_and_width();
            Nest::of_rows(rows, width)
        }
    }
}

/// Whether a view is all images of a buffer with a border.
fn is_whole(view: &View, rows: Dim, bordered: &Bordered) -> bool {
    let [height, width, channels] = bordered.image.map(Dim::fixed);
    let lengths = [rows, height, width, channels];
    let agrees = |((axis, length), stride): ((&Axis, Dim), usize)| {
        axis.length == length && (axis.stride == stride as isize || length == Dim::fixed(1))
    };
    view.offset == bordered.offset() as isize
        && view.axes.len() == 4
        && view.axes.iter().zip(lengths).zip(bordered.strides()).all(agrees)
}
