//! The programs of `tests/peers/drawplate`, which `cargo xtask peers` builds in a workspace of
//! their own, work with the current API.

#[allow(dead_code, reason = "its `main` is not called")]
#[path = "../peers/drawplate/src/main.rs"]
mod calls;
#[allow(dead_code, reason = "it would call AWS")]
#[path = "../peers/drawplate/src/bin/minimal.rs"]
mod minimal;

#[test]
fn calls_are_measured() {
    calls::print_figures(10);
}
