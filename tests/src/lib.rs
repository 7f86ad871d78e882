//! What the suites share: a shop in a temporary folder beside a simulator.
