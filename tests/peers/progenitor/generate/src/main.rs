//! `peer-progenitor-generate OPENAPI.json CLIENT.rs`: what progenitor generates, formatted as ours
//! is.

use std::error::Error;
use std::fs;

use progenitor_impl::{GenerationSettings, Generator};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = std::env::args().skip(1).collect::<Vec<_>>();
    let [document, client] = &*arguments else {
        return Err("usage: peer-progenitor-generate OPENAPI.json CLIENT.rs".into());
    };
    let document = serde_json::from_str::<openapiv3::OpenAPI>(&fs::read_to_string(document)?)?;
    let mut generator = Generator::new(&GenerationSettings::default());
    let tokens = generator.generate_tokens(&document)?;
    let file = syn::parse2::<syn::File>(tokens)?;
    fs::write(client, prettyplease::unparse(&file))?;
    Ok(())
}
