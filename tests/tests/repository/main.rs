//! Rules for the repository itself.

mod comments;
mod layers;
mod prerequisites;
mod rejections;
mod untested;
