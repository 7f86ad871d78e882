//! The connectors against the simulator: every call, every refusal, in process and over loopback HTTP; and the
//! signing vectors.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

mod ama;
mod asked;
mod clients;
mod doudian;
mod doudian_account;
mod doudian_goods;
mod doudian_refusals;
mod ebai;
mod ebai_rest;
mod eleme;
mod eleme_account;
mod eleme_numbers;
mod eleme_orders;
mod erps;
mod erps_troubles;
mod escpos;
mod feie;
mod jddj;
mod jddj_goods;
mod jddj_orders;
mod jddj_pushes;
mod jushuitan;
mod kit;
mod laike;
mod laike_goods;
mod laike_orders;
mod laike_pushes;
mod laike_refusals;
mod meituan;
mod meituan_rest;
mod refusals;
mod rules;
mod vectors;
mod waimai;
mod waimai_families;
mod waimai_orders;
mod wangdiantong;
