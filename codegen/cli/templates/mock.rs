//! The client sends requests to a mock of the service, in the same process.

use {crate}::weather::Client;
use {crate}::weather::error::NoSuchCity;
use {crate}::weather::input::GetForecastInput;
use {crate}::weather::output::GetForecastOutput;
use {crate}::weather::server::{Mock, router};

#[tokio::test]
async fn a_known_city_has_a_forecast() {
    let mock = Mock::new().on_get_forecast(|_| Ok(GetForecastOutput::new([21.5, 19.0])));
    let client = Client::in_process(router(mock.clone()));

    let forecast = client.get_forecast(GetForecastInput::new("Paris")).await;
    assert_eq!(forecast.unwrap().degrees, [21.5, 19.0]);
    assert_eq!(mock.calls().len(), 1);
}

#[tokio::test]
async fn an_unknown_city_is_an_error() {
    let mock = Mock::new().on_get_forecast(|_| Err(NoSuchCity::new().into()));
    let client = Client::in_process(router(mock));

    let error = client
        .get_forecast(GetForecastInput::new("Atlantis"))
        .await
        .unwrap_err();
    assert_eq!(error.status(), Some(404));
}

#[tokio::test]
async fn an_invalid_request_does_not_reach_the_implementation() {
    let mock = Mock::new().on_get_forecast(|_| Ok(GetForecastOutput::new([])));
    let client = Client::in_process(router(mock.clone()));

    let error = client
        .get_forecast(GetForecastInput::new("Paris").days(99))
        .await
        .unwrap_err();
    assert_eq!(error.status(), Some(400));
    assert_eq!(mock.calls().len(), 0);
}
