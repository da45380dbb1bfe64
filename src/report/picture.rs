//! A map of a page as a picture of its own: with its title, legend, scale, which way is north, and
//! whose data it is.
//!
//! It is drawn as SVG and made a PNG of twice as many pixels, with a font that is in the program:
//! equal maps give equal bytes on every machine. The page's own button draws the same
//! (`templates/picture.js`).

mod png;

use minijinja::Environment;
use minijinja::value::{Serde, Value};
use rayon::prelude::*;
use serde::Serialize;

use super::evidence::{self, Evidence};
use super::map::MapSheet;
use super::page::{self, Legend, PageMap};
use super::{Report, ReportError, environment};
use crate::sanitise::clean_text;

const TEMPLATE: &str = include_str!("templates/picture.svg");

/// The width of a picture, in units of which each is two pixels.
const WIDTH: f64 = 800.0;
/// What a map may take of it, and its height.
const MAP: (f64, f64) = (540.0, 700.0);
const MARGIN: f64 = 24.0;

/// A map as a file.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The name of the file, such as `library_walk_min.png`: that of the field drawn.
    pub name: String,
    /// The PNG.
    pub bytes: Vec<u8>,
}

/// The maps of a report, in its order; none where no neighbourhood has an outline.
///
/// # Errors
/// If a field to draw is not in the table, or a picture cannot be drawn.
pub fn of_report(report: &Report) -> Result<Vec<Picture>, ReportError> {
    let Some(sheet) = MapSheet::of(&report.table.rows, report.streets) else {
        return Ok(Vec::new());
    };
    let mut drawn = Vec::new();
    for name in report.maps {
        let at = page::index(report.table, name)?;
        let when = report.table.fields[at].window.as_ref().map(|window| format!(", {window}"));
        let about = format!("{}{}", report.title, when.unwrap_or_default());
        drawn.push(PictureMap { about, map: page::map(report.table, at, None) });
    }
    all(&sheet, &drawn, &report.manifest.attribution)
}

/// The maps of an evidence pack, in its order, each before, after and of the change.
///
/// # Errors
/// As [`of_report`].
pub fn of_evidence(evidence: &Evidence) -> Result<Vec<Picture>, ReportError> {
    let table = evidence.table;
    let Some(sheet) = MapSheet::of(&table.rows, evidence.streets) else { return Ok(Vec::new()) };
    let mut drawn = Vec::new();
    for of in &evidence.maps {
        for map in evidence::maps(table, of)? {
            let meaning = format!("{}: {}", of.caption, map.meaning.to_lowercase());
            drawn.push(PictureMap {
                about: evidence.title.clone(),
                map: PageMap { meaning, ..map },
            });
        }
    }
    all(&sheet, &drawn, &evidence.manifest.attribution)
}

/// A map with what it is part of.
struct PictureMap {
    about: String,
    map: PageMap,
}

fn all(
    sheet: &MapSheet,
    drawn: &[PictureMap],
    whose: &[String],
) -> Result<Vec<Picture>, ReportError> {
    let (templates, fonts) = (templates()?, png::Fonts::load());
    let one = |drawn: &PictureMap| {
        let bytes = png::of(&svg(&templates, sheet, drawn, whose)?, &fonts)?;
        Ok(Picture { name: file_name(&drawn.map.field), bytes })
    };
    drawn.par_iter().map(one).collect()
}

fn templates() -> Result<Environment<'static>, ReportError> {
    let mut templates = environment()?;
    templates.add_template("picture.svg", TEMPLATE)?;
    Ok(templates)
}

/// A name that leads nowhere else: of a field's name letters, digits, `-` and `_` as they are.
fn file_name(field: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '_' };
    format!("{}.png", field.chars().map(plain).collect::<String>())
}

/// A line of text with the height it stands at.
type TextLine = (f64, String);

/// What the template places.
#[derive(Serialize)]
struct PictureLayout<'a> {
    width: f64,
    height: f64,
    margin: f64,
    title: Vec<TextLine>,
    about: Vec<TextLine>,
    /// Where the map begins, and how large a unit of its sheet is.
    top: f64,
    scale: f64,
    map_width: f64,
    map: &'a PageMap,
    paths: Vec<Option<&'a str>>,
    streets: Option<&'a str>,
    /// Where the scale stands.
    foot: f64,
    bar: f64,
    bar_label: &'a str,
    /// Where the legend begins.
    left: f64,
    keys: Vec<LegendKey>,
    whose: Vec<TextLine>,
}

#[derive(Serialize)]
struct LegendKey {
    y: f64,
    colour: Option<&'static str>,
    lines: Vec<TextLine>,
}

fn svg(
    templates: &Environment,
    sheet: &MapSheet,
    drawn: &PictureMap,
    whose: &[String],
) -> Result<String, ReportError> {
    let (width, height) = (f64::from(sheet.width), f64::from(sheet.height));
    let scale = (MAP.0 / width).min(MAP.1 / height);
    let across = WIDTH - 2.0 * MARGIN;
    let mut y = MARGIN - 6.0;
    let mut lines = |text: &str, size: f64, step: f64| -> Vec<TextLine> {
        let placed = |line| {
            y += step;
            (y, line)
        };
        broken(text, across / size).into_iter().map(placed).collect()
    };
    // What a meaning says behind its first semicolon is how it was counted.
    let (says, how) = drawn.map.meaning.split_once("; ").unwrap_or((&drawn.map.meaning, ""));
    let title = lines(&capitalised(says), 17.0 * 1.08, 22.0);
    let mut about = lines(&capitalised(how), 12.0, 17.0);
    about.extend(lines(&drawn.about, 12.0, 17.0));
    about.extend(lines(&drawn.map.field, 12.0, 17.0));
    let top = y + 16.0;
    let left = MARGIN + MAP.0 + MARGIN;
    let (keys, end) = keys(&drawn.map.legend, top, WIDTH - left - 34.0 - MARGIN);
    let foot = top + height * scale + 14.0;
    let mut paths = vec![None; sheet.paths.iter().map(|(row, _)| row + 1).max().unwrap_or(0)];
    for (row, path) in &sheet.paths {
        paths[*row] = Some(path.as_str());
    }
    let mut y = (foot + 14.0).max(end) + 8.0;
    let placed = |line| {
        y += 14.0;
        (y, line)
    };
    let whose: Vec<TextLine> =
        broken(&whose.join(". "), across / 10.0).into_iter().map(placed).collect();
    let layout = PictureLayout {
        width: WIDTH,
        height: (y + MARGIN - 8.0).ceil(),
        margin: MARGIN,
        title,
        about,
        top,
        scale,
        map_width: width * scale,
        map: &drawn.map,
        paths,
        streets: sheet.streets.as_deref(),
        foot,
        bar: f64::from(sheet.scale.length) * scale,
        bar_label: &sheet.scale.label,
        left,
        keys,
        whose,
    };
    let context = minijinja::context! { p => Value::from(Serde(&layout)) };
    Ok(templates.get_template("picture.svg")?.render(context)?)
}

/// The classes under each other, and where they end.
fn keys(legend: &[Legend], top: f64, across: f64) -> (Vec<LegendKey>, f64) {
    let mut y = top;
    let mut keys = Vec::new();
    for class in legend {
        let text = format!("{} ({})", class.label, class.neighbourhoods);
        let lines = broken(&text, across / 12.0);
        let placed = (0..).zip(lines).map(|(n, line)| (y + 11.5 + 15.0 * f64::from(n), line));
        let lines: Vec<TextLine> = placed.collect();
        let after = lines.last().map_or(y, |(last, _)| last + 10.5);
        keys.push(LegendKey { y, colour: class.colour, lines });
        y = after;
    }
    (keys, y)
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Text in lines of at most so many times the height of its letters. A word that is longer has a
/// line of its own.
fn broken(text: &str, ems: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0.0;
    for word in clean_text(text).split_whitespace() {
        let wide: f64 = word.chars().map(breadth).sum();
        match lines.last_mut() {
            Some(line) if used + breadth(' ') + wide <= ems => {
                line.push(' ');
                line.push_str(word);
                used += breadth(' ') + wide;
            }
            _ => {
                lines.push(word.to_owned());
                used = wide;
            }
        }
    }
    lines
}

/// About how broad a letter of the font is, in heights; rather too broad.
fn breadth(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | 'I' | '\'' | '.' | ',' | ':' | ';' | '|' | '!' | ' ' => 0.29,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '/' | '-' => 0.42,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '©' => 0.95,
        _ if letter.is_uppercase() => 0.7,
        _ if letter.is_ascii() => 0.6,
        _ => 0.8,
    }
}

#[cfg(test)]
mod tests;
