//! `lastmile.qgz`: a project that shows the layers of the GeoPackage beside it. A `.qgz` is a zip
//! with one `.qgs` in it, which is XML. Paths are relative, so that the folder can be moved; there
//! is no map of tiles below, so that it opens without network.

use std::io::{self, Seek, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{NamedStyle, metadata, xml_text};
use crate::results::table::Field;

/// The project's plane: Web Mercator, because it keeps shapes and is that of the maps people lay
/// below.
const PLANE: &str =
    "<spatialrefsys><srsid>3857</srsid><srid>3857</srid><authid>EPSG:3857</authid></spatialrefsys>";
const DEGREES: &str =
    "<spatialrefsys><srsid>3452</srsid><srid>4326</srid><authid>EPSG:4326</authid></spatialrefsys>";

/// A layer of the project.
#[derive(Clone, Debug)]
pub struct ProjectLayer<'a> {
    /// The name of its table.
    pub name: &'a str,
    /// What the legend calls it.
    pub title: &'a str,
    /// What it holds.
    pub description: &'a str,
    /// `Point`, `Line` or `Polygon`.
    pub geometry: &'static str,
    /// Its columns.
    pub fields: &'a [Field],
    /// How it is drawn.
    pub style: Option<&'a NamedStyle>,
    /// Whether it is drawn at first.
    pub shown: bool,
}

/// A project over a GeoPackage.
#[derive(Clone, Debug)]
pub struct QgisProject<'a> {
    /// Its title.
    pub title: &'a str,
    /// The GeoPackage's name, in the same folder.
    pub package: &'a str,
    /// Its layers, the uppermost first.
    pub layers: Vec<ProjectLayer<'a>>,
    /// Whose data it is, a line each.
    pub rights: &'a [String],
    /// What is seen at first: west, south, east, north in degrees.
    pub view: Option<[f64; 4]>,
}

impl QgisProject<'_> {
    /// Writes the `.qgz`.
    ///
    /// # Errors
    /// If the stream refuses.
    pub fn write(&self, out: impl Write + Seek) -> io::Result<()> {
        let mut zip = ZipWriter::new(out);
        // The zip's own earliest time, not that of the day.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default())
            .unix_permissions(0o644);
        zip.start_file("lastmile.qgs", options)?;
        zip.write_all(self.to_qgs().as_bytes())?;
        zip.finish()?.flush()
    }

    fn to_qgs(&self) -> String {
        let mut xml = String::from("<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n");
        let title = xml_text(self.title);
        xml.push_str(&format!(
            "<qgis version=\"3.22.0\" projectname=\"{title}\">\n<title>{title}</title>\n"
        ));
        let says = xml_text(&self.rights.join(". "));
        xml.push_str(&format!(
            "<projectMetadata><type>project</type><title>{title}</title><abstract>{says}</abstract></projectMetadata>\n"
        ));
        xml.push_str(&format!("<projectCrs>{PLANE}</projectCrs>\n<layer-tree-group>\n"));
        for layer in &self.layers {
            let checked = if layer.shown { "Qt::Checked" } else { "Qt::Unchecked" };
            xml.push_str(&format!(
                " <layer-tree-layer id=\"{0}\" name=\"{1}\" checked=\"{checked}\" expanded=\"{2}\" source=\"{3}\" providerKey=\"ogr\"/>\n",
                id(layer),
                xml_text(layer.title),
                i32::from(layer.shown),
                self.source(layer)
            ));
        }
        xml.push_str("</layer-tree-group>\n");
        if let Some(view) = self.view {
            let [west, south, east, north] = on_the_plane(view);
            xml.push_str(&format!(
                "<mapcanvas name=\"theMapCanvas\" annotationsVisible=\"1\"><units>meters</units><extent><xmin>{west}</xmin><ymin>{south}</ymin><xmax>{east}</xmax><ymax>{north}</ymax></extent><rotation>0</rotation><destinationsrs>{PLANE}</destinationsrs></mapcanvas>\n"
            ));
        }
        xml.push_str("<projectlayers>\n");
        self.layers.iter().for_each(|layer| self.layer(&mut xml, layer));
        xml.push_str("</projectlayers>\n<properties>");
        // A label in the corner of the map; 3 is the lower right.
        xml.push_str(&format!("<CopyrightLabel><Enabled type=\"bool\">true</Enabled><Label type=\"QString\">{says}</Label><Placement type=\"int\">3</Placement></CopyrightLabel>"));
        xml.push_str("<Paths><Absolute type=\"bool\">false</Absolute></Paths><SpatialRefSys><ProjectionsEnabled type=\"int\">1</ProjectionsEnabled></SpatialRefSys></properties>\n</qgis>\n");
        xml
    }

    fn layer(&self, xml: &mut String, layer: &ProjectLayer) {
        xml.push_str(&format!(
            "<maplayer type=\"vector\" geometry=\"{}\" labelsEnabled=\"0\" readOnly=\"0\" autoRefreshEnabled=\"0\">\n <id>{}</id>\n <datasource>{}</datasource>\n <layername>{}</layername>\n <abstract>{}</abstract>\n <attribution>{}</attribution>\n <resourceMetadata>{}</resourceMetadata>\n <srs>{DEGREES}</srs>\n <provider encoding=\"UTF-8\">ogr</provider>\n",
            layer.geometry,
            id(layer),
            self.source(layer),
            xml_text(layer.title),
            xml_text(layer.description),
            xml_text(&self.rights.join(". ")),
            metadata::elements(layer.title, layer.description, self.rights),
        ));
        if let Some(style) = layer.style {
            xml.push_str(&style.style.to_layer_xml(layer.fields));
        }
        xml.push_str("</maplayer>\n");
    }

    fn source(&self, layer: &ProjectLayer) -> String {
        xml_text(&format!("./{}|layername={}", self.package, layer.name))
    }
}

fn id(layer: &ProjectLayer) -> String {
    xml_text(&format!("lastmile_{}", layer.name))
}

/// A box with a twentieth of its size round it, in metres of Web Mercator (EPSG:3857, IOGP Guidance
/// Note 7-2, method 1024).
fn on_the_plane([west, south, east, north]: [f64; 4]) -> [f64; 4] {
    const RADIUS: f64 = 6_378_137.0;
    let x = |lon: f64| RADIUS * lon.to_radians();
    let y = |lat: f64| {
        let lat = lat.clamp(-85.0, 85.0).to_radians();
        RADIUS * (std::f64::consts::FRAC_PI_4 + lat / 2.0).tan().ln()
    };
    let [west, south, east, north] = [x(west), y(south), x(east), y(north)];
    let (dx, dy) = ((east - west) / 20.0, (north - south) / 20.0);
    [west - dx, south - dy, east + dx, north + dy].map(f64::round)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plane_has_the_published_example() {
        // IOGP Guidance Note 7-2, section 3.2.1.2: 100°20'00.000"W, 24°22'54.433"N is -11169055.58,
        // 2800000.00.
        let (lon, lat) = (-(100.0 + 20.0 / 60.0), 24.0 + 22.0 / 60.0 + 54.433 / 3600.0);
        let [west, south, ..] = on_the_plane([lon, lat, lon, lat]);
        assert_eq!((west, south), (-11_169_056.0, 2_800_000.0));
    }

    #[test]
    fn equal_projects_give_equal_bytes_and_hostile_titles_stay_text() {
        let layer = ProjectLayer {
            name: "areas",
            title: "a \"quoted\" <title>",
            description: "",
            geometry: "Polygon",
            fields: &[],
            style: None,
            shown: true,
        };
        let (view, rights) = (Some([-3.0, 51.0, -2.0, 52.0]), ["© <a> & b".to_owned()]);
        let project = QgisProject {
            title: "<script>\u{1b}",
            package: "lastmile.gpkg",
            layers: vec![layer],
            rights: &rights,
            view,
        };
        let written = || {
            let mut bytes = io::Cursor::new(Vec::new());
            project.write(&mut bytes).expect("writes to memory");
            bytes.into_inner()
        };
        assert_eq!(written(), written());
        let xml = project.to_qgs();
        assert!(xml.contains("<title>&lt;script&gt;\u{fffd}</title>"), "{xml}");
        assert!(xml.contains("<datasource>./lastmile.gpkg|layername=areas</datasource>"), "{xml}");
        assert_eq!(xml.matches("<rights>© &lt;a&gt; &amp; b</rights>").count(), 1, "{xml}");
        assert!(xml.contains("<Label type=\"QString\">© &lt;a&gt; &amp; b</Label>"), "{xml}");
        assert!(xml.contains("name=\"a &quot;quoted&quot; &lt;title&gt;\""), "{xml}");
    }
}
