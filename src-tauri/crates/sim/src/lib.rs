//! A stateful simulator of 美团闪购, 饿百零售 and the 乐檬 AMA ERP, for tests and for the demo shop.
//!
//! It is written from the platforms' documents alone and shares no type and no signing code with the connectors, so
//! that two independent readings of each protocol check one another. It must not know `platforms`, `erp`, `connect`
//! or anything above them.
//!
//! Read first: [`World`] (everything the platforms and the ERP remember, plus the acts of the platform side),
//! [`Simulator`] (one world behind HTTP, in process or on a loopback port) and [`Faults`] (what goes wrong, and when).

mod clock;
mod draw;
mod error;
mod faults;
pub mod world;

pub use clock::SimClock;
pub use draw::Draw;
pub use error::WorldError;
pub use faults::{ErrorShape, FaultKind, FaultRule, FaultWhen, Faults, Quota, Service, ServiceQuotas};
pub use world::{PlatformId, World};
