//! `--fgb`: the neighbourhoods as FlatGeobuf beside the other files.

use crate::outputs::error::OutputError;
use crate::outputs::folder::OutputFolder;
use crate::results::table::NeighbourhoodTable;

/// Whether neighbourhoods are written as FlatGeobuf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlatGeobuf {
    /// They are.
    #[cfg(feature = "flatgeobuf")]
    Asked,
    /// They are not.
    No,
}

impl FlatGeobuf {
    /// What was asked for.
    ///
    /// # Errors
    /// If this program was built without what writes them.
    pub fn asked(fgb: bool) -> Result<FlatGeobuf, OutputError> {
        if !fgb {
            return Ok(FlatGeobuf::No);
        }
        #[cfg(feature = "flatgeobuf")]
        return Ok(FlatGeobuf::Asked);
        #[cfg(not(feature = "flatgeobuf"))]
        Err(OutputError::Unfit(
            "--fgb: this build cannot write FlatGeobuf; build one with `cargo install --path . --features flatgeobuf`, or turn \
             neighbourhoods.geojson into it with `ogr2ogr neighbourhoods.fgb neighbourhoods.geojson`"
                .to_owned(),
        ))
    }

    /// Writes the neighbourhoods; `rights` says whose data it is.
    ///
    /// # Errors
    /// If they cannot be written.
    #[cfg(feature = "flatgeobuf")]
    pub fn of_table(
        self,
        folder: &OutputFolder,
        table: &NeighbourhoodTable,
        rights: &[String],
    ) -> Result<(), OutputError> {
        use crate::outputs::flatgeobuf::write_neighbourhoods;
        if self == FlatGeobuf::No {
            return Ok(());
        }
        Ok(folder.write("neighbourhoods.fgb", |out| write_neighbourhoods(out, table, rights))?)
    }

    /// Writes none.
    #[cfg(not(feature = "flatgeobuf"))]
    pub fn of_table(
        self,
        _: &OutputFolder,
        _: &NeighbourhoodTable,
        _: &[String],
    ) -> Result<(), OutputError> {
        Ok(())
    }
}
