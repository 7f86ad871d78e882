//! Layout rules of the house, as tests.
