//! One folder per sales platform, and the registry.
//!
//! What it is for: speaking each platform's protocol (signing, wire shapes, error texts) behind the one port
//! [`connect::platform::Platform`]. What it must not know: the library, the engine, SQL, windows, and any sibling: a
//! platform folder uses `connect` and `domain` only; what the two of 美团 share is `meituan_open`. Read first:
//! [`registry::registry`], then [`meituan_shangou::MeituanShangou`], [`meituan_waimai::MeituanWaimai`], [`ebai::Ebai`],
//! [`doudian::Doudian`], [`eleme::Eleme`], [`jddj::Jddj`] and [`douyin_laike::DouyinLaike`].

pub mod doudian;
pub mod douyin_laike;
pub mod ebai;
pub mod eleme;
pub mod jddj;
pub mod meituan_open;
pub mod meituan_shangou;
pub mod meituan_waimai;
pub mod registry;
pub mod vectors;
