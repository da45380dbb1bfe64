//! Walking: bounded one-to-many searches on the streets.
