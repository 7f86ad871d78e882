//! One folder per sales platform, and the registry.
