//! 体检与同步: preflight, plan, apply through the outbox, read back, undo.

mod remedy;
