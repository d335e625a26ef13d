//! Generates the code that `src/lib.rs` includes.

fn main() -> Result<(), drawplate_codegen::BuildError> {
    drawplate_codegen::configure().model("model").build()
}
