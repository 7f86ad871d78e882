//! One folder per ERP, and the registry.
