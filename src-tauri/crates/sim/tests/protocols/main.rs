//! Every call of the services through the in-process transport, and the faults that can befall them.

#![expect(
    clippy::unwrap_used,
    reason = "the whole crate is tests; the lint only knows the test functions themselves"
)]

mod ama;
mod doudian;
mod ebai;
mod eleme;
mod faults;
mod jddj;
mod kit;
mod laike;
mod meituan;
mod meituan_goods;
mod served;
mod waimai;
