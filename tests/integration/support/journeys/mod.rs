//! Journeys held to the rows of the feeds: what the files say is read here a second time, without
//! the library.

#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod golden;
pub mod possible;
pub mod rows;
pub mod study;
