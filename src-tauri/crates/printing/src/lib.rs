//! One folder per kind of printer, and the registry.
//!
//! What it is for: turning a finished page ([`domain::receipt::Page`]) into what a printer understands, and speaking to
//! it behind the one port [`connect::printer::Printer`]. What it must not know: orders, the engine, SQL, windows, and any
//! sibling. Read first: [`registry::registry`], then [`feie::Feie`].

pub mod escpos;
pub mod feie;
pub mod registry;
pub mod vectors;
