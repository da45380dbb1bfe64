//! broadband
