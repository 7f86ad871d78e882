//! Probe, check and repair product pictures.
