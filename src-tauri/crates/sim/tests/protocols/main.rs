//! Every call of the three services through the in-process transport, and the faults that can befall them.

mod ama;
mod ebai;
mod faults;
mod kit;
mod meituan;
mod served;
