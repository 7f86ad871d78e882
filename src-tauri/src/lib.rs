//! Guitai, the desktop app: wiring only.
