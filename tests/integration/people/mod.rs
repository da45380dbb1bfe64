//! What is known of whom, and how it is told.

mod off_the_map;
