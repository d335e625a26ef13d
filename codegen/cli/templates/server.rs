//! Serves forecasts: `cargo run --example server --features serve`.

{others}

use {crate}::weather::error::{GetForecastError, NoSuchCity};
use {crate}::weather::input::GetForecastInput;
use {crate}::weather::output::GetForecastOutput;
use {crate}::weather::server::{RequestContext, Weather, router{serve}};

struct Station;

impl Weather for Station {
    async fn get_forecast(
        &self,
        input: GetForecastInput,
        _: &RequestContext,
    ) -> Result<GetForecastOutput, GetForecastError> {
        match &*input.city {
            "Paris" => Ok(GetForecastOutput::new([21.5, 19.0])),
            city => Err(NoSuchCity::new()
                .message(format!("no forecast for {city}"))
                .into()),
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:8080").await?;
    println!("listening on http://{}", listener.local_addr()?);
    serve(listener, router(Station)).await
}
