//! What a layer is and whose data it is, as QGIS keeps it: in a project, and in a GeoPackage's
//! `gpkg_metadata`.

use super::xml_text;

/// The address by which QGIS knows its own metadata in a GeoPackage.
#[cfg(feature = "gpkg")]
pub const STANDARD: &str = "http://mrcc.com/qgis.dtd";

/// The elements about a layer: its title, what it holds, and a right for each line of `rights`.
pub fn elements(title: &str, description: &str, rights: &[String]) -> String {
    let mut xml = format!(
        "<type>dataset</type><title>{}</title><abstract>{}</abstract>",
        xml_text(title),
        xml_text(description)
    );
    rights.iter().for_each(|line| xml.push_str(&format!("<rights>{}</rights>", xml_text(line))));
    xml
}

/// The same as a document.
#[cfg(feature = "gpkg")]
pub fn document(title: &str, description: &str, rights: &[String]) -> String {
    format!(
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis version=\"3.22.0\">{}</qgis>\n",
        elements(title, description, rights)
    )
}

/// A description with whose data it is behind it, for those who read nothing else.
pub fn described(description: &str, rights: &[String]) -> String {
    let lines = std::iter::once(description).chain(rights.iter().map(String::as_str));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(". ")
}
