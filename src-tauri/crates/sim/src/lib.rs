//! A stateful simulator of 美团闪购, 美团外卖, 饿百零售, 抖店小时达, 饿了么, 京东到家, 抖音来客, of the ERPs 乐檬 AMA,
//! 聚水潭 and 旺店通, and of the 飞鹅 printer cloud, for tests and for the demo shop.
//!
//! It is written from the platforms' documents alone and shares no type and no signing code with the connectors, so
//! that two independent readings of each protocol check one another. It must not know `platforms`, `erp`, `connect`
//! or anything above them.
//!
//! Read first: [`World`] (everything the platforms and the ERP remember, plus the acts of the platform side),
//! [`Simulator`] (one world behind HTTP, in process or on a loopback port) and [`Faults`] (what goes wrong, and when).

mod act;
mod admin;
pub mod ama;
mod announce;
mod clock;
pub mod doudian;
pub mod douyin_laike;
mod draw;
pub mod ebai;
pub mod eleme;
mod error;
mod faults;
pub mod feie;
pub mod jddj;
pub mod jushuitan;
pub mod meituan;
pub mod meituan_waimai;
pub mod pictures;
mod quotas;
pub mod scenario;
mod serve;
mod simulator;
pub mod story;
pub mod wangdiantong;
mod wire;
pub mod world;

pub use act::Act;
pub use announce::{AnnouncedPrinter, AnnouncedPrinters, AnnouncedService, AnnouncedStore, Announcement};
pub use clock::SimClock;
pub use draw::Draw;
pub use error::WorldError;
pub use faults::{ErrorShape, FaultKind, FaultRule, FaultWhen, Faults, Quota, Service, ServiceQuotas};
pub use serve::Serving;
pub use simulator::{CallFault, Simulator};
pub use world::{PlatformId, World};
