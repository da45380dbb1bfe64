//! `--png`: the maps of a page as pictures beside it.

#[cfg(feature = "png")]
use std::io::Write;

use crate::outputs::folder::OutputFolder;
use crate::report::Report;
use crate::report::ReportError;
use crate::report::evidence::Evidence;
#[cfg(feature = "png")]
use crate::report::picture::{self, Picture};

/// Whether maps are written as pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pictures {
    /// They are.
    #[cfg(feature = "png")]
    Asked,
    /// They are not.
    No,
}

impl Pictures {
    /// What was asked for.
    ///
    /// # Errors
    /// If this program was built without what draws them.
    pub fn asked(png: bool) -> Result<Pictures, ReportError> {
        if !png {
            return Ok(Pictures::No);
        }
        #[cfg(feature = "png")]
        return Ok(Pictures::Asked);
        #[cfg(not(feature = "png"))]
        Err(ReportError::Unfit(
            "--png: this build cannot draw pictures; use a build with the `png` feature, or the button below each map of the page"
                .to_owned(),
        ))
    }
}

#[cfg(feature = "png")]
impl Pictures {
    /// Writes the maps of a report.
    ///
    /// # Errors
    /// If one cannot be drawn or written.
    pub fn of_report(self, folder: &OutputFolder, report: &Report) -> Result<(), ReportError> {
        if self == Pictures::No {
            return Ok(());
        }
        write(folder, "", &picture::of_report(report)?)
    }

    /// Writes the maps of an evidence pack that stands below a folder.
    ///
    /// # Errors
    /// As [`of_report`](Self::of_report).
    pub fn of_evidence(
        self,
        folder: &OutputFolder,
        below: &str,
        evidence: &Evidence,
    ) -> Result<(), ReportError> {
        if self == Pictures::No {
            return Ok(());
        }
        write(folder, below, &picture::of_evidence(evidence)?)
    }
}

#[cfg(not(feature = "png"))]
impl Pictures {
    /// Writes none.
    pub fn of_report(self, _: &OutputFolder, _: &Report) -> Result<(), ReportError> {
        Ok(())
    }

    /// Writes none.
    pub fn of_evidence(self, _: &OutputFolder, _: &str, _: &Evidence) -> Result<(), ReportError> {
        Ok(())
    }
}

#[cfg(feature = "png")]
fn write(folder: &OutputFolder, below: &str, pictures: &[Picture]) -> Result<(), ReportError> {
    for picture in pictures {
        let name = format!("{below}maps/{}", picture.name);
        folder.write(&name, |out| out.write_all(&picture.bytes))?;
    }
    Ok(())
}
