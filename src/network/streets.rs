//! The walking network.
