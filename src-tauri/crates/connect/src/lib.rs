//! The ports to the outside.
//!
//! What it is for: the traits a platform and an ERP connector implement, the words they speak to the engine, and the
//! one gateway through which every byte leaves: pacing, limits on what comes back, classification of failures,
//! redacted records. What it must not know: any platform. Read first: [`platform::Platform`], [`erp::Erp`],
//! [`error::RemoteError`].

pub mod address;
pub mod erp;
pub mod error;
pub mod gateway;
pub mod groups;
pub mod hosted;
pub mod pacing;
pub mod platform;
pub mod printer;
pub mod session;
pub mod shanghai;
pub mod transport;
pub mod walk;
pub mod watch;
pub mod wire;
