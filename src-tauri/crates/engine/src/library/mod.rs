//! 商品库: what a manager does with products, their codes, prices, pictures and sheets.
//!
//! Read [`catalog`] for lists and search, [`import`] for sheets coming in, [`edit`] for cells, [`pictures`].

pub mod catalog;
pub mod edit;
pub mod erp_items;
pub mod export;
pub mod history;
pub mod import;
pub mod offers;
pub mod pictures;
mod standing;
pub mod states;
