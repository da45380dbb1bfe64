//! What was asked, the order it is done in, and everything that is printed.

pub mod printer;
pub mod progress;
