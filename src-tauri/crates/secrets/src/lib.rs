//! The master key in the OS keychain and the credentials sealed with it.
