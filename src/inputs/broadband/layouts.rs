//! Which column of which year's file means what.
//!
//! Sources: Ofcom's own headers of the local-authority files 2019–2023; the headers of the postcode
//! files 2018 and 2023–2026 and of the output-area files 2024–2026 as Ofcom's notes to them and
//! their readers quote them.

use super::super::tables::{InputTable, TableColumn, TableError, key_of};
use super::{CoverageBasis, CoverageMeasures};

/// What a row of a file is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoverageKey {
    /// A census output area.
    OutputArea,
    /// A postcode.
    Postcode,
    /// A local authority.
    LocalAuthority,
    /// A census block of the United States.
    Block,
}

impl CoverageKey {
    /// Whether a code has the form of such codes: those of the statistical offices are a letter and
    /// eight digits.
    pub(super) fn is_written(self, code: &str) -> bool {
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        match self {
            CoverageKey::OutputArea | CoverageKey::LocalAuthority => {
                code.len() == 9
                    && code.starts_with(['E', 'W', 'S', 'N'])
                    && code.get(1..).is_some_and(digits)
            }
            CoverageKey::Postcode => {
                (5..=7).contains(&code.len())
                    && code.starts_with(|c: char| c.is_ascii_uppercase())
                    && code.bytes().all(|b| b.is_ascii_alphanumeric())
            }
            CoverageKey::Block => code.len() == 15 && digits(code),
        }
    }
}

/// Whose Connected Nations is, fixed and mobile.
pub(in crate::inputs) const OFCOM: &str =
    "Broadband: Ofcom, Connected Nations, Open Government Licence v3.0";
const FCC: &str = "Broadband: Federal Communications Commission, Broadband Data Collection";

/// A layout of fixed coverage files.
#[derive(Debug, PartialEq, Eq)]
pub struct CoverageLayout {
    /// What it is called in messages and in the manifest.
    pub name: &'static str,
    /// What a row is about.
    pub key: CoverageKey,
    /// What the values are.
    pub basis: CoverageBasis,
    pub(super) key_columns: &'static [&'static str],
    pub(super) premises: Option<&'static str>,
    pub(super) superfast: Superfast,
    pub(super) ultrafast100: Option<&'static str>,
    pub(super) ultrafast: &'static str,
    pub(super) gigabit: Option<&'static str>,
    /// Read where it is there: Ofcom withholds it below local authorities.
    pub(super) full_fibre: Option<&'static str>,
    pub(super) below_decent: &'static str,
    /// Columns that tell this layout from another.
    pub(super) marks: &'static [&'static str],
}

/// How the premises with 30 Mbit/s or more are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Superfast {
    /// By a column of their own.
    Column(&'static str),
    /// By what is left when those unable to receive 30 Mbit/s are taken off: until 2019 the
    /// percentage called SFBB was of 30 to 300 Mbit/s alone.
    WhatIsNotSlower,
}

const UNABLE_30: &str = "% of premises unable to receive 30Mbit/s";
const MATCHED: &str = "All Matched Premises";
const ALL: Option<&str> = Some("All Premises");
const COUNT_30: Superfast = Superfast::Column("Number of premises with SFBB availability");
const COUNT_100: Option<&str> = Some("Number of premises with UFBB (100Mbit/s) availability");
const COUNT_300: &str = "Number of premises with UFBB availability";
const COUNT_1000: Option<&str> = Some("Number of premises with Gigabit availability");
const COUNT_FIBRE: Option<&str> = Some("Number of premises with Full Fibre availability");
const COUNT_USO: &str = "Number of premises below the USO";
const PERCENT_300: &str = "UFBB availability (% premises)";

/// The layouts that are read.
pub static LAYOUTS: [CoverageLayout; 8] = [
    CoverageLayout {
        name: "output areas, 2024–2025",
        key: CoverageKey::OutputArea,
        basis: CoverageBasis::Counts,
        key_columns: &["output_area"],
        premises: ALL,
        superfast: COUNT_30,
        ultrafast100: COUNT_100,
        ultrafast: COUNT_300,
        gigabit: COUNT_1000,
        full_fibre: None,
        below_decent: COUNT_USO,
        marks: &[],
    },
    CoverageLayout {
        name: "output areas, 2026",
        key: CoverageKey::OutputArea,
        basis: CoverageBasis::Counts,
        key_columns: &["output_area"],
        premises: ALL,
        superfast: COUNT_30,
        ultrafast100: COUNT_100,
        ultrafast: COUNT_300,
        gigabit: COUNT_1000,
        full_fibre: None,
        below_decent: "Number of premises unable to receive decent broadband from fixed or FWA",
        marks: &[],
    },
    CoverageLayout {
        name: "local authorities, 2020–2025",
        key: CoverageKey::LocalAuthority,
        basis: CoverageBasis::Counts,
        key_columns: &["laua"],
        premises: ALL,
        superfast: COUNT_30,
        ultrafast100: COUNT_100,
        ultrafast: COUNT_300,
        gigabit: COUNT_1000,
        full_fibre: COUNT_FIBRE,
        below_decent: COUNT_USO,
        marks: &[],
    },
    CoverageLayout {
        name: "local authorities, 2026",
        key: CoverageKey::LocalAuthority,
        basis: CoverageBasis::Counts,
        key_columns: &["laua"],
        premises: ALL,
        superfast: COUNT_30,
        ultrafast100: COUNT_100,
        ultrafast: COUNT_300,
        gigabit: COUNT_1000,
        full_fibre: COUNT_FIBRE,
        below_decent: "Number of premises unable to receive decent broadband from fixed or FWA",
        marks: &[],
    },
    CoverageLayout {
        name: "local authorities, 2019",
        key: CoverageKey::LocalAuthority,
        basis: CoverageBasis::Counts,
        key_columns: &["laua"],
        premises: ALL,
        superfast: COUNT_30,
        ultrafast100: None,
        ultrafast: COUNT_300,
        gigabit: None,
        full_fibre: COUNT_FIBRE,
        below_decent: COUNT_USO,
        marks: &["Number of premises able to receive SFBB from FWA"],
    },
    CoverageLayout {
        name: "postcodes, 2020–2025",
        key: CoverageKey::Postcode,
        basis: CoverageBasis::Percent,
        key_columns: &["postcode_space", "postcode"],
        premises: None,
        superfast: Superfast::Column("SFBB availability (% premises)"),
        ultrafast100: Some("UFBB (100Mbit/s) availability (% premises)"),
        ultrafast: PERCENT_300,
        gigabit: Some("Gigabit availability (% premises)"),
        full_fibre: None,
        below_decent: "% of premises below the USO",
        marks: &[],
    },
    CoverageLayout {
        name: "postcodes, 2026",
        key: CoverageKey::Postcode,
        basis: CoverageBasis::Percent,
        key_columns: &["postcode_space", "postcode"],
        premises: None,
        superfast: Superfast::Column("SFBB availability (% premises)"),
        ultrafast100: Some("UFBB (100Mbit/s) availability (% premises)"),
        ultrafast: PERCENT_300,
        gigabit: Some("Gigabit availability (% premises)"),
        full_fibre: None,
        below_decent: "% of premises unable to receive decent broadband from fixed or FWA",
        marks: &[],
    },
    CoverageLayout {
        name: "postcodes, 2018",
        key: CoverageKey::Postcode,
        basis: CoverageBasis::Percent,
        key_columns: &["pcds", "postcode"],
        premises: None,
        superfast: Superfast::WhatIsNotSlower,
        ultrafast100: None,
        ultrafast: PERCENT_300,
        gigabit: None,
        full_fibre: Some("FTTP availability (% premises)"),
        below_decent: "% of premises unable meet USO",
        marks: &["FTTP availability (% premises)"],
    },
];

/// The columns of a file in terms of its layout.
pub(super) struct CoverageColumns {
    pub key: TableColumn,
    pub premises: Option<TableColumn>,
    /// Premises Ofcom could match to a line, where the file says; those it could not are counted as
    /// without.
    pub matched: Option<TableColumn>,
    /// Of those with 30 Mbit/s, or (by the layout) of those without.
    pub superfast: Option<TableColumn>,
    pub ultrafast100: Option<TableColumn>,
    pub ultrafast: Option<TableColumn>,
    pub gigabit: Option<TableColumn>,
    pub full_fibre: Option<TableColumn>,
    pub below_decent: Option<TableColumn>,
}

impl CoverageLayout {
    /// Whose files have it.
    pub(super) fn whose(&self) -> &'static str {
        if self.key == CoverageKey::Block { FCC } else { OFCOM }
    }

    fn superfast_column(&self) -> &'static str {
        match self.superfast {
            Superfast::Column(name) => name,
            Superfast::WhatIsNotSlower => UNABLE_30,
        }
    }

    /// The columns it must have, beside one of its keys.
    fn wanted(&self) -> Vec<&'static str> {
        let must = [self.superfast_column(), self.ultrafast, self.below_decent];
        let may = [self.premises, self.ultrafast100, self.gigabit];
        may.into_iter().flatten().chain(must).chain(self.marks.iter().copied()).collect()
    }

    /// How many values are missing that this layout has a column for.
    pub(super) fn unknown_in(&self, values: &CoverageMeasures<Option<f64>>) -> u64 {
        let missing = [
            values.superfast.is_none(),
            values.ultrafast.is_none(),
            values.below_decent.is_none(),
            self.ultrafast100.is_some() && values.ultrafast100.is_none(),
            self.gigabit.is_some() && values.gigabit.is_none(),
        ];
        missing.into_iter().map(u64::from).sum()
    }

    fn lacks(&self, table: &InputTable) -> Vec<&'static str> {
        self.wanted().into_iter().filter(|name| table.header().find(name).is_none()).collect()
    }
}

/// A layout of local authorities, whichever.
pub(super) fn of_authorities() -> &'static CoverageLayout {
    LAYOUTS.iter().find(|layout| layout.key == CoverageKey::LocalAuthority).unwrap_or(&LAYOUTS[0])
}

/// Whether a header looks like one of Ofcom's coverage files, readable or not.
pub(in crate::inputs) fn looks_like_coverage(keys: &[String]) -> bool {
    let telling =
        ["SFBB availability (% premises)", "Number of premises with SFBB availability", UNABLE_30];
    telling.iter().any(|t| keys.contains(&key_of(t)))
}

/// The layout of a file, and where its columns are.
pub(super) fn recognise(
    table: &InputTable,
) -> Result<(&'static CoverageLayout, CoverageColumns), TableError> {
    let keyed =
        |l: &&CoverageLayout| l.key_columns.iter().any(|k| table.header().find(k).is_some());
    let mut candidates: Vec<&'static CoverageLayout> = LAYOUTS.iter().filter(keyed).collect();
    candidates.sort_by_key(|l| l.lacks(table).len());
    match candidates.first() {
        Some(layout) if layout.lacks(table).is_empty() => Ok((layout, columns(table, layout)?)),
        nearest => Err(unknown(table, nearest.copied())),
    }
}

fn columns(table: &InputTable, layout: &CoverageLayout) -> Result<CoverageColumns, TableError> {
    let column = |name: Option<&str>| match name {
        Some(name) => table.column("Ofcom's coverage", None, &[name]),
        None => Ok(None),
    };
    Ok(CoverageColumns {
        key: table.required("area", None, layout.key_columns)?,
        premises: column(layout.premises.or(ALL))?,
        matched: column(Some(MATCHED))?,
        superfast: column(Some(layout.superfast_column()))?,
        ultrafast100: column(layout.ultrafast100)?,
        ultrafast: column(Some(layout.ultrafast))?,
        gigabit: column(layout.gigabit)?,
        full_fibre: column(layout.full_fibre)?,
        below_decent: column(Some(layout.below_decent))?,
    })
}

fn unknown(table: &InputTable, nearest: Option<&CoverageLayout>) -> TableError {
    let known: Vec<_> = LAYOUTS.iter().map(|l| l.name).collect();
    let wanted = match nearest {
        Some(layout) => {
            format!(
                "those of `{}`, of which are missing: {}",
                layout.name,
                layout.lacks(table).join(", ")
            )
        }
        None => "one of output_area, postcode, laua".to_owned(),
    };
    let found: Vec<_> =
        table.header().names().iter().filter(|n| !n.is_empty()).map(String::as_str).collect();
    TableError::Column {
        file: table.file().to_owned(),
        role: "Ofcom's fixed coverage (a year whose layout is not known is not guessed at)",
        wanted,
        found: found.join(", "),
        hint: format!("; layouts that are read: {}", known.join("; ")),
    }
}
