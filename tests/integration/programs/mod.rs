//! What other programs make of it: browsers, GDAL, QGIS, data frames.

#[cfg(feature = "serve")]
mod explorer;
#[cfg(any(feature = "flatgeobuf", feature = "gpkg"))]
mod real_clients;
#[cfg(feature = "serve")]
mod serve;
