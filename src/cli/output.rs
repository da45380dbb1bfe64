//! Where a command's output goes: the one way from `--out` to a file.

use std::path::Path;

use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::outputs::input_files::InputFiles;
use crate::outputs::new_output::NewOutput;

/// Begins an output: the standard output without a name, for `-` and for its own names; else a
/// file, which takes the place of another with `force` alone and never that of an input.
///
/// # Errors
/// If it may not be written, or the system refuses.
pub fn output(
    name: Option<&Path>,
    force: bool,
    inputs: &InputFiles,
    printer: &Printer,
) -> Result<NewOutput, Failure> {
    match name.filter(|name| !is_standard(name)) {
        None => Ok(NewOutput::stream(printer.data())),
        Some(path) => Ok(NewOutput::create(path, force, inputs)?),
    }
}

/// Whether a name means the standard output, which is not to be opened a second time: that would
/// begin a file anew.
pub fn is_standard(name: &Path) -> bool {
    let own = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];
    own.iter().any(|own| name == Path::new(own))
}
