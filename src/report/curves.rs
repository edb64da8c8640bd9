//! Curves in the terminal: numbers become dots of Braille characters, two columns and four rows a character.

use std::io::{self, IsTerminal, Write};

use super::Log;
use crate::metrics::Measured;
use crate::training::{Epoch, History};

/// Columns and rows of dots in a character.
const DOTS: [usize; 2] = [2, 4];
/// Characters of a diagram.
const SIZE: [usize; 2] = [60, 8];

/// The losses so far, drawn anew after every epoch on the standard error stream; nothing at all when that is no
/// terminal.
#[derive(Debug)]
pub struct Curves {
    training: Vec<f32>,
    validation: Vec<f32>,
    visible: bool,
    /// Lines that the next picture replaces.
    drawn: usize,
}

impl Default for Curves {
    fn default() -> Self {
        Self::new()
    }
}

impl Curves {
    /// No epoch yet.
    #[must_use]
    pub fn new() -> Self {
        let visible = io::stderr().is_terminal();
        Self { training: Vec::new(), validation: Vec::new(), visible, drawn: 0 }
    }

    /// The picture of the epochs so far.
    #[must_use]
    pub fn picture(&self) -> String {
        let mut series = vec![("training", self.training.as_slice())];
        if !self.validation.is_empty() {
            series.push(("validation", &self.validation));
        }
        draw(&series, SIZE[0], SIZE[1])
    }
}

impl Log for Curves {
    /// Earlier epochs are part of the picture.
    fn resume(&mut self, history: &History, _place: &[u8]) -> io::Result<()> {
        self.training = history.epochs.iter().map(|epoch| epoch.training.loss).collect();
        self.validation = history.epochs.iter().filter_map(|epoch| epoch.validation.map(|score| score.loss)).collect();
        Ok(())
    }

    fn record(&mut self, epoch: &Epoch, _metrics: &[Measured]) -> io::Result<()> {
        self.training.push(epoch.training.loss);
        self.validation.extend(epoch.validation.map(|score| score.loss));
        if !self.visible {
            return Ok(());
        }
        let picture = self.picture();
        let up = if self.drawn > 0 { format!("\x1b[{}A\x1b[J", self.drawn) } else { String::new() };
        self.drawn = picture.lines().count();
        io::stderr().write_all(format!("{up}{picture}\n").as_bytes())
    }
}

/// Series of numbers as text of that many characters and lines, with the range of the numbers at the left and a line of
/// names below. Numbers that are not finite are left out.
#[must_use]
pub fn draw(series: &[(&str, &[f32])], width: usize, height: usize) -> String {
    let numbers = || series.iter().flat_map(|(_, numbers)| numbers.iter()).filter(|number| number.is_finite());
    let (least, greatest) = numbers().fold((f32::INFINITY, f32::NEG_INFINITY), |(least, greatest), &number| {
        (least.min(number), greatest.max(number))
    });
    let mut canvas = Canvas::new(width.max(1), height.max(1));
    let longest = series.iter().map(|(_, numbers)| numbers.len()).max().unwrap_or(0);
    for (_, numbers) in series {
        canvas.line(numbers, longest, (least, greatest));
    }
    let (top, bottom) = match least <= greatest {
        true => (format!("{greatest:.4}"), format!("{least:.4}")),
        false => (String::new(), String::new()),
    };
    let margin = top.chars().count().max(bottom.chars().count());
    let label = |line: usize| match line {
        0 => top.as_str(),
        last if last + 1 == canvas.height => bottom.as_str(),
        _ => "",
    };
    let lines = canvas.lines().enumerate().map(|(line, dots)| format!("{:>margin$} {dots}", label(line)));
    let names = series.iter().map(|(name, numbers)| match numbers.last() {
        Some(last) => format!("{name} {last:.4}"),
        None => (*name).to_owned(),
    });
    let names = names.collect::<Vec<_>>().join(", ");
    lines.chain([format!("{:>margin$} {names}", "")]).collect::<Vec<_>>().join("\n")
}

/// The number at a place between two, on the straight line through them.
fn between(numbers: &[f32], at: f64) -> Option<f32> {
    let (first, share) = (*numbers.get(at as usize)?, at.fract() as f32);
    let second = numbers.get(at as usize + 1).copied().unwrap_or(first);
    Some(if share == 0.0 { first } else { first + (second - first) * share })
}

/// Dots that are set or not.
struct Canvas {
    width: usize,
    height: usize,
    characters: Vec<u8>,
}

impl Canvas {
    fn new(width: usize, height: usize) -> Self {
        Self { width, height, characters: vec![0; width * height] }
    }

    fn set(&mut self, column: usize, row: usize) {
        /// The bit of a dot, by its column and row in a character, in Unicode's order.
        const BITS: [[u8; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];
        let place = row / DOTS[1] * self.width + column / DOTS[0];
        self.characters[place] |= BITS[column % DOTS[0]][row % DOTS[1]];
    }

    /// A line through numbers, of which `longest` fill the width.
    fn line(&mut self, numbers: &[f32], longest: usize, (least, greatest): (f32, f32)) {
        let (columns, rows) = (self.width * DOTS[0], self.height * DOTS[1]);
        let range = f64::from(greatest) - f64::from(least);
        let row = |number: f32| match range > 0.0 {
            true => ((f64::from(greatest) - f64::from(number)) / range * (rows - 1) as f64).round() as usize,
            false => (rows - 1) / 2,
        };
        let mut before: Option<usize> = None;
        for column in 0..columns {
            let at = column as f64 / (columns - 1).max(1) as f64 * longest.saturating_sub(1) as f64;
            let place = between(numbers, at).filter(|number| number.is_finite()).map(row);
            if let Some(place) = place {
                // What lies between two rows joins them, in the later column.
                let rows = match before {
                    Some(before) if before < place => before + 1..=place,
                    Some(before) if before > place => place..=before - 1,
                    _ => place..=place,
                };
                rows.for_each(|row| self.set(column, row));
            }
            before = place;
        }
    }

    fn lines(&self) -> impl Iterator<Item = String> {
        let character = |&dots: &u8| char::from_u32(0x2800 + u32::from(dots)).unwrap_or(' ');
        self.characters.chunks_exact(self.width).map(move |line| line.iter().map(character).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_falling_line_goes_from_corner_to_corner() {
        let picture = draw(&[("loss", &[3.0, 2.0, 1.0, 0.0])], 2, 1);
        assert_eq!(picture, "3.0000 ⠑⢄\n       loss 0.0000");
    }

    #[test]
    fn steps_are_joined_and_equal_numbers_are_a_level_line() {
        assert_eq!(draw(&[("x", &[1.0, 0.0])], 1, 2).lines().count(), 3);
        let joined = draw(&[("x", &[1.0, 0.0])], 1, 1);
        assert!(joined.starts_with("1.0000 ⢱"), "{joined}");
        assert_eq!(draw(&[("x", &[5.0; 9])], 2, 1), "5.0000 ⠒⠒\n       x 5.0000");
    }

    #[test]
    fn what_is_not_finite_is_left_out() {
        let picture = draw(&[("x", &[f32::NAN, f32::INFINITY])], 2, 1);
        assert_eq!(picture, " ⠀⠀\n x inf");
        assert_eq!(draw(&[("x", &[])], 1, 1), " ⠀\n x");
    }
}
