//! 匹配: which listing SKU is which library SKU.
//!
//! Read [`propose::propose`] for a store and [`files::match_files`] for two sheets. Both look for equal barcodes, equal codes
//! and equal name + spec first (hash joins), and search by similarity only for what is left.

pub mod arithmetic;
pub mod files;
pub mod goods_text;
pub mod model;
pub mod propose;
pub mod reasons;
pub mod similarity;
pub mod variant;

#[cfg(test)]
mod measured;
