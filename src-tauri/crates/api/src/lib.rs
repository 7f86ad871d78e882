//! The one list of commands, their requests and answers, and the words for errors.
