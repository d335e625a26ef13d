//! Streams of events: frames.

#![cfg(feature = "http")]

mod frames;
