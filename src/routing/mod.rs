//! Network and query → travel times and the journeys behind them. No I/O, no clock, no strings.

pub mod walk;
