//! Curves of a history as a picture.

use std::path::{Path, PathBuf};

use plotters::coord::Shift;
use plotters::prelude::*;
use thiserror::Error;

use crate::training::{Epoch, History};
use crate::weights::replace;

/// Why there is no picture.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PlotError {
    /// No epoch, or none with a finite loss.
    #[error("the history has no epoch to show")]
    Empty,
    /// The picture could not be drawn.
    #[error("cannot draw: {0}")]
    Draw(String),
    /// The file could not be written; an old one is as it was.
    #[error("{}: {error}", file.display())]
    Write {
        /// The file.
        file: PathBuf,
        /// The reason.
        error: std::io::Error,
    },
}

/// Width of the picture and height of each of its diagrams.
const SIZE: (u32, u32) = (720, 320);

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Epochs and numbers.
type Points = Vec<(f64, f64)>;

impl History {
    /// Writes losses and, where there are any, accuracies of training and validation as an SVG picture, which replaces
    /// the file whole or not at all: `history.plot("curves.svg")?`.
    ///
    /// # Errors
    /// No epoch with a finite loss, or a file that cannot be written.
    pub fn plot(&self, path: impl AsRef<Path>) -> Result<(), PlotError> {
        let path = path.as_ref();
        let svg = self.to_svg()?;
        replace(path, svg.as_bytes()).map_err(|error| PlotError::Write { file: path.to_owned(), error })
    }

    /// The picture of [`History::plot`].
    ///
    /// # Errors
    /// No epoch with a finite loss.
    pub fn to_svg(&self) -> Result<String, PlotError> {
        let loss = Diagram::new(self, "loss", |epoch| [Some(epoch.training.loss), epoch.validation.map(|v| v.loss)]);
        let accuracy = Diagram::new(self, "accuracy", |epoch| {
            [Some(epoch.training.accuracy), epoch.validation.map(|score| score.accuracy)]
        });
        let diagrams: Vec<Diagram> = [loss, accuracy].into_iter().flatten().collect();
        if diagrams.first().is_none_or(|diagram| diagram.name != "loss") {
            return Err(PlotError::Empty);
        }
        let mut svg = String::new();
        draw(&mut svg, &diagrams).map_err(|error| PlotError::Draw(error.to_string()))?;
        Ok(svg)
    }
}

/// Numbers of training and validation by epoch.
struct Diagram {
    name: &'static str,
    training: Points,
    validation: Points,
}

impl Diagram {
    /// Nothing when there is no finite number.
    fn new(history: &History, name: &'static str, numbers: impl Fn(&Epoch) -> [Option<f32>; 2]) -> Option<Self> {
        let points = |part: usize| -> Points {
            let numbers = history.epochs.iter().filter_map(|epoch| Some((epoch.number as f64, numbers(epoch)[part]?)));
            numbers.map(|(epoch, number)| (epoch, f64::from(number))).filter(|(_, number)| number.is_finite()).collect()
        };
        let (training, validation) = (points(0), points(1));
        let some = !training.is_empty() || !validation.is_empty();
        some.then_some(Self { name, training, validation })
    }

    /// The least and the greatest of one coordinate, never the same.
    fn range(&self, coordinate: fn(&(f64, f64)) -> f64) -> (f64, f64) {
        let all = || self.training.iter().chain(&self.validation).map(coordinate);
        let (least, greatest) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
        let margin = if least == greatest { 0.5 } else { (greatest - least) / 20.0 };
        (least - margin, greatest + margin)
    }
}

type DrawError<'a> = DrawingAreaErrorKind<<SVGBackend<'a> as DrawingBackend>::ErrorType>;

fn draw<'a>(svg: &'a mut String, diagrams: &[Diagram]) -> Result<(), DrawError<'a>> {
    let height = SIZE.1 * diagrams.len() as u32;
    let root = SVGBackend::with_string(svg, (SIZE.0, height)).into_drawing_area();
    root.fill(&WHITE)?;
    for (area, diagram) in root.split_evenly((diagrams.len(), 1)).iter().zip(diagrams) {
        draw_diagram(area, diagram)?;
    }
    root.present()
}

fn draw_diagram<'a>(area: &Area<'a>, diagram: &Diagram) -> Result<(), DrawError<'a>> {
    let ((left, right), (bottom, top)) = (diagram.range(|point| point.0), diagram.range(|point| point.1));
    let mut chart = ChartBuilder::on(area)
        .margin(16)
        .x_label_area_size(36)
        .y_label_area_size(56)
        .build_cartesian_2d(left..right, bottom..top)?;
    chart
        .configure_mesh()
        .light_line_style(WHITE.mix(0.0))
        .bold_line_style(BLACK.mix(0.1))
        .x_desc("epoch")
        .y_desc(diagram.name)
        .x_label_formatter(&|epoch| format!("{epoch:.0}"))
        .draw()?;
    for (name, points, colour) in [("training", &diagram.training, BLUE), ("validation", &diagram.validation, RED)] {
        if points.is_empty() {
            continue;
        }
        let line = LineSeries::new(points.iter().copied(), colour.stroke_width(2));
        let line = if points.len() == 1 { line.point_size(3) } else { line };
        chart
            .draw_series(line)?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], colour.stroke_width(2)));
    }
    chart.configure_series_labels().background_style(WHITE.mix(0.8)).border_style(BLACK.mix(0.2)).draw()
}
