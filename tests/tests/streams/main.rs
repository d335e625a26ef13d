//! Bodies that are not held in memory: client and server, one on top of the other.

mod broken;
mod flow;
mod kinds;
mod limits;
mod requests;
mod retries;
mod source;
