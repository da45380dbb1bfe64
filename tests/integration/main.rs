//! All tests of the whole program, in one binary. Unit tests stand beside what they test in `src`.

mod cities;
mod cli;
mod documents;
mod engine;
mod house;
mod inputs;
mod people;
mod programs;
mod streets;
mod support;
