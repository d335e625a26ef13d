//! Asks the server for a forecast: `cargo run --example client --features https`.

use {crate}::weather::error::GetForecastError;
use {crate}::weather::input::GetForecastInput;
use {crate}::weather::{Client, Error};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint("http://127.0.0.1:8080")
        .build()?;
    match client
        .get_forecast(GetForecastInput::new("Paris").days(2))
        .await
    {
        Ok(forecast) => println!("{:?}", forecast.degrees),
        Err(Error::Service(GetForecastError::NoSuchCity(error))) => println!("{error}"),
        Err(error) => return Err(error.into()), // other errors: no connection, a timeout, ...
    }
    Ok(())
}
