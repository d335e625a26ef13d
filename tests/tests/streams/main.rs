//! Bodies that are not held in memory: client and server, one on top of the other.

mod flow;
mod source;
