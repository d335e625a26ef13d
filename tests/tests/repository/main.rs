//! Rules for the repository itself.

#[path = "../../../xtask/src/chromium.rs"]
mod chromium;
mod comments;
#[path = "../../../xtask/src/go.rs"]
mod go;
mod layers;
mod prerequisites;
mod rejections;
