//! Indicators → files that others read. Only this room (and `report`) knows JSON, CSV and Parquet.
