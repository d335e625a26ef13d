//! Rules for the repository itself.

#[path = "../../../xtask/src/chromium.rs"]
mod chromium;
mod comments;
mod layers;
mod prerequisites;
mod rejections;
