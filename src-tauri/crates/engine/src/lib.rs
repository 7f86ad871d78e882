//! Use cases: the only crate that joins the others.
