//! The ports to the outside: `Platform`, `Erp`, and the HTTP gateway under them.
