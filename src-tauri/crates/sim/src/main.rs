//! `guitai-sim`: serves one simulated world on a loopback port.

fn main() {}
