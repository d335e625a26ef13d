//! Streams of events: frames.

#![cfg(feature = "event-stream")]

mod frames;
