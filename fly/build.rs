//! Registers the schema that the queries are checked against at compile time.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    cynic_codegen::register_schema("fly").from_sdl_file("schema/fly.graphql")?.as_default()?;
    Ok(())
}
