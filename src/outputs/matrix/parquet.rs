//! The matrix as Parquet: `from_id` and `to_id` as strings, times as nullable doubles (minutes) or
//! 32-bit integers (seconds), Snappy, row groups of about a million rows.

use std::io;
use std::sync::Arc;

use ::parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use ::parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type};
use ::parquet::errors::ParquetError;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::types::{Type, TypePtr};
use rustc_hash::FxHashMap;

use crate::outputs::new_output::NewOutput;
use crate::results::table::tenths_of_minutes;
use crate::units::Seconds;

use super::{MatrixMeasure, TimeUnit};

const ROWS_PER_GROUP: usize = 1 << 20;

/// A matrix as Parquet.
pub struct ParquetMatrix {
    file: SerializedFileWriter<NewOutput>,
    unit: TimeUnit,
    from: Vec<ByteArray>,
    to: Vec<ByteArray>,
    times: Vec<TimesColumn>,
    ids: FxHashMap<String, ByteArray>,
}

/// One measure's column: which rows have a value, and the values.
#[derive(Default)]
struct TimesColumn {
    present: Vec<i16>,
    seconds: Vec<Seconds>,
}

impl ParquetMatrix {
    pub(super) fn new(
        file: NewOutput,
        measures: &[MatrixMeasure],
        unit: TimeUnit,
    ) -> io::Result<ParquetMatrix> {
        let schema = schema(measures, unit).map_err(io_error)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(concat!("lastmile ", env!("CARGO_PKG_VERSION")).into())
            .build();
        let file =
            SerializedFileWriter::new(file, schema, Arc::new(properties)).map_err(io_error)?;
        let times = measures.iter().map(|_| TimesColumn::default()).collect();
        Ok(ParquetMatrix {
            file,
            unit,
            from: Vec::new(),
            to: Vec::new(),
            times,
            ids: FxHashMap::default(),
        })
    }

    pub(super) fn write_origin<'a>(
        &mut self,
        from_id: &str,
        rows: impl Iterator<Item = (&'a str, &'a [Option<Seconds>])>,
    ) -> io::Result<()> {
        let from = self.id(from_id);
        for (to_id, times) in rows {
            let to = self.id(to_id);
            self.from.push(from.clone());
            self.to.push(to);
            for (column, n) in self.times.iter_mut().zip(0..) {
                let time = times.get(n).copied().flatten();
                column.present.push(i16::from(time.is_some()));
                column.seconds.extend(time);
            }
            if self.from.len() >= ROWS_PER_GROUP {
                self.write_group().map_err(io_error)?;
            }
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<NewOutput> {
        self.write_group().map_err(io_error)?;
        self.file.into_inner().map_err(io_error)
    }

    pub(super) fn out(&self) -> &NewOutput {
        self.file.inner()
    }

    /// Each id is kept once: a row then only counts a reference.
    fn id(&mut self, id: &str) -> ByteArray {
        if let Some(known) = self.ids.get(id) {
            return known.clone();
        }
        self.ids.entry(id.to_owned()).or_insert_with(|| ByteArray::from(id)).clone()
    }

    fn write_group(&mut self) -> Result<(), ParquetError> {
        if self.from.is_empty() {
            return Ok(());
        }
        let mut group = self.file.next_row_group()?;
        write_ids(&mut group, &self.from)?;
        write_ids(&mut group, &self.to)?;
        for column in &self.times {
            write_times(&mut group, column, self.unit)?;
        }
        group.close()?;
        self.from.clear();
        self.to.clear();
        for column in &mut self.times {
            column.present.clear();
            column.seconds.clear();
        }
        Ok(())
    }
}

fn schema(measures: &[MatrixMeasure], unit: TimeUnit) -> Result<TypePtr, ParquetError> {
    let id = |name| {
        Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
            .with_logical_type(Some(LogicalType::String))
            .with_repetition(Repetition::REQUIRED)
            .build()
    };
    let physical = match unit {
        TimeUnit::Minutes => Physical::DOUBLE,
        TimeUnit::Seconds => Physical::INT32,
    };
    let time = |measure: &MatrixMeasure| {
        Type::primitive_type_builder(&unit.column(*measure), physical)
            .with_repetition(Repetition::OPTIONAL)
            .build()
    };
    let mut fields = vec![Arc::new(id("from_id")?), Arc::new(id("to_id")?)];
    for measure in measures {
        fields.push(Arc::new(time(measure)?));
    }
    Ok(Arc::new(Type::group_type_builder("matrix").with_fields(fields).build()?))
}

type ParquetGroup<'a> = SerializedRowGroupWriter<'a, NewOutput>;

fn write_ids(group: &mut ParquetGroup<'_>, ids: &[ByteArray]) -> Result<(), ParquetError> {
    let mut column = next_column(group)?;
    column.typed::<ByteArrayType>().write_batch(ids, None, None)?;
    column.close()
}

fn write_times(
    group: &mut ParquetGroup<'_>,
    times: &TimesColumn,
    unit: TimeUnit,
) -> Result<(), ParquetError> {
    let mut column = next_column(group)?;
    match unit {
        TimeUnit::Minutes => {
            let minutes: Vec<f64> =
                times.seconds.iter().map(|s| f64::from(tenths_of_minutes(*s)) / 10.0).collect();
            column.typed::<DoubleType>().write_batch(&minutes, Some(&times.present), None)?;
        }
        TimeUnit::Seconds => {
            let whole = |s: &Seconds| {
                i32::try_from(s.get()).map_err(|e| ParquetError::General(e.to_string()))
            };
            let seconds = times.seconds.iter().map(whole).collect::<Result<Vec<i32>, _>>()?;
            column.typed::<Int32Type>().write_batch(&seconds, Some(&times.present), None)?;
        }
    }
    column.close()
}

fn next_column<'a>(
    group: &'a mut ParquetGroup<'_>,
) -> Result<::parquet::file::writer::SerializedColumnWriter<'a>, ParquetError> {
    group
        .next_column()?
        .ok_or_else(|| ParquetError::General("more columns than the schema has".into()))
}

/// What the system said, where it is the system that refused.
pub(in crate::outputs) fn io_error(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(inner) => *inner,
            Err(inner) => io::Error::other(inner),
        },
        error => io::Error::other(error),
    }
}
