//! One shop on every platform at once: one library, one price, one picture, stock that moves in the ERP, orders from
//! everywhere; and the same day on a platform that nobody but this suite knows.

#![expect(clippy::unwrap_used, reason = "a market whose stage cannot be set has failed")]

mod bazaar;
mod day;
mod deleting;
mod differences;
mod erp_move;
mod erps;
mod groups;
mod inbox;
mod pace;
mod visible;
