//! Areas reached from points, as layers: a feature for each point, percentile and cut-off.

use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::class_breaks::SEQUENTIAL;
use super::geojson::write_neighbourhoods;
use super::input_files::InputFiles;
use super::new_output::{NewOutput, NewOutputError};
use super::qgis::{DrawingRule, NamedStyle, Shade, Style, Symbol, column};
use crate::results::isochrone::{IsochroneArea, IsochroneMetadata};
use crate::results::table::{
    Absence, Field, NeighbourhoodRow, NeighbourhoodTable, ResultTableError, Value,
};

/// Why areas cannot be written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum IsochroneError {
    /// Nobody can tell what it is to be.
    #[error("{} cannot be written: name the file .geojson or .gpkg", .0.display())]
    Extension(PathBuf),
    /// Built without GeoPackages.
    #[error("{} cannot be written: this build has no GeoPackage; name the file .geojson", .0.display())]
    NoGpkg(PathBuf),
    /// Two fields of one name.
    #[error(transparent)]
    Table(#[from] ResultTableError),
    /// The GeoPackage refused.
    #[cfg(feature = "gpkg")]
    #[error(transparent)]
    Gpkg(#[from] super::gpkg::GpkgError),
    /// A file may not be written, or the disk or the pipe refused.
    #[error(transparent)]
    Output(#[from] NewOutputError),
}

/// Where areas go: GeoJSON, in a file with a QGIS style beside it; or a GeoPackage with the style
/// inside.
pub struct IsochroneTarget {
    out: NewOutput,
    style: Option<NewOutput>,
    gpkg: bool,
}

impl IsochroneTarget {
    /// GeoJSON into an open stream.
    pub fn stream(out: NewOutput) -> IsochroneTarget {
        IsochroneTarget { out, style: None, gpkg: false }
    }

    /// Begins a file, before any work is done for it.
    ///
    /// # Errors
    /// If it may not be written, or its name says no format.
    pub fn file(
        path: &Path,
        force: bool,
        inputs: &InputFiles,
    ) -> Result<IsochroneTarget, IsochroneError> {
        let gpkg = has_ending(path, &["gpkg"]);
        if gpkg && !cfg!(feature = "gpkg") {
            return Err(IsochroneError::NoGpkg(path.to_owned()));
        }
        if gpkg {
            let out = NewOutput::create_database(path, force, inputs, GEOPACKAGE)?;
            return Ok(IsochroneTarget { out, style: None, gpkg });
        }
        let out = NewOutput::create(path, force, inputs)?;
        if !out.is_stream() && !has_ending(path, &["geojson", "json"]) {
            return Err(IsochroneError::Extension(path.to_owned()));
        }
        let style = || NewOutput::create(&path.with_extension("qml"), force, inputs);
        let style = (!out.is_stream()).then(style).transpose()?;
        Ok(IsochroneTarget { out, style, gpkg })
    }

    /// Writes areas.
    ///
    /// # Errors
    /// If the disk or the pipe refuses.
    pub fn write(
        self,
        about: &IsochroneMetadata,
        areas: Vec<IsochroneArea>,
    ) -> Result<(), IsochroneError> {
        let table = table(about, areas);
        table.check()?;
        if self.gpkg {
            return write_gpkg(self.out, about, &table);
        }
        // Both are written before either gets its name, so that a full disk leaves an earlier pair
        // as it was.
        let IsochroneTarget { mut out, style: mut beside, .. } = self;
        write_neighbourhoods(BufWriter::new(&mut out), &table)
            .and_then(|()| out.flush())
            .map_err(out.refused())?;
        if let Some(file) = &mut beside {
            let written =
                style(about).write_qml(&mut *file, &table.fields).and_then(|()| file.flush());
            written.map_err(file.refused())?;
        }
        out.publish()?;
        Ok(beside.map_or(Ok(()), NewOutput::publish)?)
    }
}

/// What a pipe cannot hold.
const GEOPACKAGE: &str = "GeoPackage";

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    path.extension()
        .is_some_and(|ending| endings.iter().any(|wanted| ending.eq_ignore_ascii_case(wanted)))
}

#[cfg(not(feature = "gpkg"))]
fn write_gpkg(
    _: NewOutput,
    _: &IsochroneMetadata,
    _: &NeighbourhoodTable,
) -> Result<(), IsochroneError> {
    Err(IsochroneError::NoGpkg(PathBuf::new()))
}

#[cfg(feature = "gpkg")]
fn write_gpkg(
    out: NewOutput,
    about: &IsochroneMetadata,
    table: &NeighbourhoodTable,
) -> Result<(), IsochroneError> {
    use super::gpkg::{GeoPackage, GeometryKind, LayerDefinition, LayerFeature, LayerShape};
    let growing = out.temporary_path(GEOPACKAGE)?;
    let mut file = GeoPackage::create(growing, about.date, &about.attribution)?;
    let named = NamedStyle {
        name: "cut-offs".to_owned(),
        description: "By travel time".to_owned(),
        style: style(about),
    };
    let layer = LayerDefinition {
        name: "isochrones",
        title: "Isochrones",
        description: "What is reached from each point, by cut-off",
        geometry: GeometryKind::Areas,
        fields: &table.fields,
        styles: &[named],
    };
    let features = table.rows.iter().map(|row| LayerFeature {
        shape: LayerShape::Areas(&row.polygon),
        values: (&row.values[..]).into(),
    });
    file.add(&layer, features)?;
    file.finish()?;
    Ok(out.publish()?)
}

/// Light near the point, dark far from it: the colours of the report's maps. Whole areas lie on
/// each other, the largest below.
fn style(about: &IsochroneMetadata) -> Style {
    let count = about.cutoffs_min.len();
    let mut lower = 0;
    let mut rules: Vec<DrawingRule> = Vec::new();
    for (n, cutoff) in about.cutoffs_min.iter().enumerate() {
        let spread = n * (SEQUENTIAL.len() - 1) / (count - 1).max(1);
        let colour = Shade(SEQUENTIAL[spread], if about.cumulative { 255 } else { 190 });
        let label = if about.cumulative || n == 0 {
            format!("within {cutoff} min")
        } else {
            format!("{lower} to {cutoff} min")
        };
        let symbol = Symbol::Fill { colour, outline: Shade("#5a5a5a", 120) };
        rules.push(DrawingRule::new(label, format!("{} = {cutoff}", column("cutoff_min")), symbol));
        lower = *cutoff;
    }
    Style { rules, label: None, layered: false }
}

fn table(about: &IsochroneMetadata, mut areas: Vec<IsochroneArea>) -> NeighbourhoodTable {
    if about.cumulative {
        // Programs draw features in their order: the small ones must come last to be seen.
        let mut from = 0;
        for same in areas.chunk_by_mut(|a, b| a.point == b.point && a.percentile == b.percentile) {
            same.reverse();
            from += same.len();
        }
        debug_assert_eq!(from, areas.len());
    }
    let has_people = areas.iter().any(|area| area.people.is_some());
    let rows = areas.into_iter().map(|area| row(about, area, has_people)).collect();
    NeighbourhoodTable { fields: fields(about, has_people), rows }
}

fn row(about: &IsochroneMetadata, area: IsochroneArea, has_people: bool) -> NeighbourhoodRow {
    let count = |n: usize| Value::Integer(i64::try_from(n).unwrap_or(i64::MAX));
    let percent = area.percentile.map_or_else(String::new, |percent| format!(" p{percent}"));
    let mut values = vec![
        Value::Text(format!("{}{percent} {}", area.point, area.cutoff_min)),
        Value::Text(area.point),
        Value::Text(about.mode.to_owned()),
        area.percentile.map_or(Value::Missing, |percent| Value::Integer(percent.into())),
        Value::Integer(area.from_min.into()),
        Value::Integer(area.cutoff_min.into()),
        Value::number(area.area_km2),
        Value::number(area.within_km2),
    ];
    if has_people {
        let (inside, within) = area.people.map_or((Value::Missing, Value::Missing), |(a, b)| {
            (Value::number(a), Value::number(b))
        });
        values.extend([inside, within]);
    }
    values.extend([
        count(area.stops),
        count(area.islands),
        Value::Text(area.island_stops.join("; ")),
    ]);
    NeighbourhoodRow { values, polygon: area.shape }
}

fn fields(about: &IsochroneMetadata, has_people: bool) -> Vec<Field> {
    let what = if about.cumulative { "the area" } else { "the band" };
    let field = |name: &str, unit, decimals, meaning: String| Field {
        name: name.to_owned(),
        unit,
        meaning,
        window: about.window.clone(),
        source: "lastmile".to_owned(),
        decimals,
        absence: Absence::Unknown,
    };
    let mut fields = vec![
        field("id", "", 0, "point, percentile and cut-off".into()),
        field("point", "", 0, "the point one sets out from".into()),
        field("mode", "", 0, "on foot, or on foot and by public transport".into()),
        field("percentile", "", 0, "the percentile of the travel times over the departures".into()),
        field("from_min", "min", 0, "the travel time is longer than this".into()),
        field("cutoff_min", "min", 0, "the travel time is at most this".into()),
        field("area_km2", "km²", 3, format!("the size of {what}")),
        field("within_km2", "km²", 3, "the size of all that is reached within the cut-off".into()),
    ];
    if has_people {
        let people = format!("the people who live in {what}: at points with such a travel time");
        fields.push(field("people", "people", 0, people));
        let within = "the people at points that are reached within the cut-off";
        fields.push(field("people_within", "people", 0, within.into()));
    }
    let islands =
        "pieces of what is reached within the cut-off that hang together without the point";
    let named = "for each of these pieces the stop one gets off at, the largest piece first";
    fields.push(field("stops", "count", 0, "stops one can get off at within the cut-off".into()));
    fields.push(field("islands", "count", 0, islands.into()));
    fields.push(field("island_stops", "", 0, named.into()));
    fields
}
