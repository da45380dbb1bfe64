//! Promises about the source itself.

mod architecture;
mod names;
