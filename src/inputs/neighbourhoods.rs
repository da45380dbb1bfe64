//! neighbourhoods
