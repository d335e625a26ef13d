//! Frames of event streams.

#![cfg(feature = "http")]

mod frames;
