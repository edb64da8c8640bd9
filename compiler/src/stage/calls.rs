//! The calls on the way to what is being evaluated: the notes that lead from a mistake back to `forward`, and how
//! places inside of the prelude look from outside.

use std::rc::Rc;

use proc_macro2::Span;

use super::fault::{Mistake, Outcome};
use super::library::is_private;
use super::value::Origin;
use crate::syntax::errors::location;
use crate::syntax::{Diagnostic, Extent};

/// Calls within calls that are followed.
const DEPTH: usize = 48;
/// Lines of notes about calls.
const NOTES: usize = 6;

/// A call of a function that is written in the language.
struct Frame {
    name: String,
    /// The call, as the user sees it.
    extent: Extent,
    is_prelude: bool,
}

/// The calls from outside in.
pub struct Calls {
    root: String,
    frames: Vec<Frame>,
}

impl Calls {
    /// No calls yet, in `forward` or another root.
    pub fn new(root: &str) -> Self {
        Self { root: root.to_owned(), frames: Vec::new() }
    }

    /// Enters a call.
    pub fn enter(&mut self, name: String, extent: Extent, is_prelude: bool) -> Outcome<()> {
        if self.frames.len() >= DEPTH {
            return Err(endless(&name).into());
        }
        let extent = self.seen(extent);
        // What is private to the prelude goes by the name of the layer it is part of.
        let name = if is_prelude && is_private(&name) { self.innermost().to_owned() } else { name };
        self.frames.push(Frame { name, extent, is_prelude });
        Ok(())
    }

    /// Leaves it.
    pub fn leave(&mut self) {
        self.frames.pop();
    }

    /// Whether the text that is being evaluated is not the user's.
    pub fn in_prelude(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.is_prelude)
    }

    /// The function whose body is being evaluated.
    pub fn innermost(&self) -> &str {
        self.frames.last().map_or(&self.root, |frame| &frame.name)
    }

    /// The innermost function that is on the way twice.
    pub fn repeated(&self) -> Option<&str> {
        let last = &self.frames.last()?.name;
        let count = self.frames.iter().filter(|frame| frame.name == *last).count();
        (count > 1).then_some(last)
    }

    /// A place as the user sees it: inside of the prelude, the call that led there.
    fn seen(&self, extent: Extent) -> Extent {
        match self.frames.last() {
            Some(frame) if frame.is_prelude => frame.extent,
            _ => extent,
        }
    }

    /// The origin of a tensor that is made here.
    pub fn made_by(&self, what: &str, span: Span) -> Rc<Origin> {
        match self.frames.last() {
            Some(frame) if frame.is_prelude && is_private(what) => Origin::made_by(&frame.name, frame.extent.start),
            Some(frame) if frame.is_prelude => {
                Origin::new(format!("made by `{what}` in `{}` at {}", frame.name, location(frame.extent.start)))
            }
            _ => Origin::made_by(what, span),
        }
    }

    /// The origin of what the innermost call gives, if that is of the prelude.
    pub fn result_of_prelude(&self) -> Option<Rc<Origin>> {
        let frame = self.frames.last().filter(|frame| frame.is_prelude)?;
        Some(Origin::made_by(&frame.name, frame.extent.start))
    }

    /// A mistake in values: where the user sees it, with the calls that led there.
    pub fn explain(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        diagnostic.extent = self.seen(diagnostic.extent);
        if let Some(frame) = self.frames.last().filter(|frame| frame.is_prelude) {
            diagnostic.notes.push(format!("inside `{}`, which comes with graven", frame.name));
        }
        diagnostic.notes.extend(shortened(self.notes()));
        diagnostic
    }

    /// A mistake in what the innermost call was given.
    pub fn explain_argument(&mut self, diagnostic: Diagnostic) -> Diagnostic {
        let innermost = self.frames.pop();
        let diagnostic = self.explain(diagnostic);
        self.frames.extend(innermost);
        diagnostic
    }

    fn notes(&self) -> Vec<String> {
        let callers = std::iter::once(&self.root).chain(self.frames.iter().map(|frame| &frame.name));
        let calls: Vec<(&Frame, &String)> = self.frames.iter().zip(callers).collect();
        let user = calls.into_iter().rev().filter(|(frame, _)| !frame.is_prelude);
        let line = |(frame, caller): (&Frame, &String)| {
            format!("in `{}`, called by `{caller}` at {}", frame.name, location(frame.extent.start))
        };
        user.map(line).collect()
    }
}

/// What is said of recursion without an end.
pub fn endless(name: &str) -> Mistake {
    let mistake = Mistake::new(format!("`{name}` calls itself more than {DEPTH} times"));
    mistake.help("recursion needs an `if` on a static value that ends it")
}

/// Equal neighbours become one, and of many the middle is left out.
fn shortened(notes: Vec<String>) -> Vec<String> {
    let mut lines: Vec<(String, usize)> = Vec::new();
    for note in notes {
        match lines.last_mut() {
            Some((last, count)) if *last == note => *count += 1,
            _ => lines.push((note, 1)),
        }
    }
    let mut lines: Vec<String> = lines
        .into_iter()
        .map(|(note, count)| if count > 1 { format!("{note}, {count} times") } else { note })
        .collect();
    if lines.len() > NOTES {
        let left_out = lines.len() - NOTES + 1;
        lines.splice(NOTES / 2..NOTES / 2 + left_out, [format!("… {left_out} more calls …")]);
    }
    lines
}
