//! `lastmile nearest`: for each origin the nearest places of each category, and the journey to them
//! in figures.

use crate::analysis::on_map::on_map;
use std::path::Path;

use crate::analysis::nearest::{NearestQuery, RequestedCategory, nearest as nearest_places};
use crate::analysis::network_query::NetworkQuery;
use crate::cli::args::NearestArgs;
use crate::cli::failure::Failure;
use crate::cli::output::output;
use crate::cli::printer::Printer;
use crate::finding::Findings;
use crate::inputs::osm::TagRule;
use crate::inputs::project::built_in_categories;
use crate::outputs::matrix::MatrixMeasure;
use crate::outputs::nearest::NearestTable;
use crate::outputs::new_output::NewOutput;
use crate::units::Seconds;

/// Runs the command.
///
/// # Errors
/// If an input cannot be used or the output not be written.
pub fn nearest(
    args: &NearestArgs,
    printer: &Printer,
    findings: &mut Findings,
) -> Result<(), Failure> {
    let wanted = wanted(&args.places)?;
    let out = begin(args, &wanted, printer)?;
    let rules: Vec<TagRule> =
        wanted.iter().flat_map(|category| category.rules.iter().cloned()).collect();
    let (inputs, departure) = (args.network.inputs()?, args.departure.asked());
    let query = printer.during("reading", || NetworkQuery::read(&inputs, &rules, findings))?;
    let query = query.at(&departure, findings);
    query.warnings.iter().for_each(|warning| printer.warning(warning));
    let origins = query.points(&args.origins, findings)?;
    let from = on_map(&query, "origins", &origins, printer, findings)?;
    let measures = MatrixMeasure::of(&departure);
    let asked = NearestQuery {
        k: usize::from(args.k),
        departure,
        last_home: args.last_home,
        stay: args.stay.map(Seconds::minutes),
        service_hours: args.service_hours,
    };
    let rows = nearest_places(&query, (&origins, &from), (&wanted, &asked), printer, findings)?;
    let table = NearestTable {
        rows,
        measures: &measures,
        seconds: args.seconds,
        last_home: args.last_home,
        round_trips: args.stay.is_some(),
        service_hours: args.service_hours,
        transit: query.clock.is_some(),
    };
    Ok(out.write_whole(|out| table.write(out))?)
}

/// Begins the table, which is CSV.
fn begin(
    args: &NearestArgs,
    wanted: &[RequestedCategory],
    printer: &Printer,
) -> Result<NewOutput, Failure> {
    let registers = wanted.iter().filter_map(|category| category.file.as_ref());
    let inputs = args.network.input_files(registers.chain([&args.origins]));
    let out = output(args.out.as_deref(), args.force, &inputs, printer)?;
    let is_csv = |path: &Path| path.extension().is_some_and(|ext| ext.eq_ignore_ascii_case("csv"));
    match args.out.as_deref().filter(|path| !out.is_stream() && !is_csv(path)) {
        Some(path) => {
            Err(Failure::Usage(format!("{} cannot be written: name the file .csv", path.display())))
        }
        None => Ok(out),
    }
}

fn wanted(words: &[String]) -> Result<Vec<RequestedCategory>, Failure> {
    if words.is_empty() {
        return built_in_categories()
            .into_iter()
            .map(|category| {
                let rules =
                    category.osm.iter().map(|rule| rule.parse()).collect::<Result<_, _>>()?;
                Ok(RequestedCategory { name: category.name, rules, file: None })
            })
            .collect();
    }
    words
        .iter()
        .map(|word| {
            let (name, what) = word.split_once('=').ok_or_else(|| {
                Failure::Usage(format!("--place {word}: write NAME=RULE or NAME=FILE"))
            })?;
            let is_file = Path::new(what).exists();
            let rules = if is_file {
                Vec::new()
            } else {
                vec![what.parse().map_err(|error| {
                    Failure::Usage(format!("--place {word}: no such file, and no rule: {error}"))
                })?]
            };
            Ok(RequestedCategory {
                name: name.to_owned(),
                rules,
                file: is_file.then(|| what.into()),
            })
        })
        .collect()
}
