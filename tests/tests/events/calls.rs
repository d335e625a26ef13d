//! Calls with streams of events, over every transport.

use std::time::Duration;

use drawplate_fixtures::radio::error::Interrupted;
use drawplate_fixtures::radio::input::{BroadcastInput, ConverseInput, ListenInput};
use drawplate_fixtures::radio::server::{Router, Serve};
use drawplate_fixtures::radio::types::Program;
use drawplate_fixtures::{EventStream, StreamError};
use drawplate_runtime::UnmodeledError;
use futures_util::{StreamExt as _, stream};

use crate::station::{Station, all, clients, clients_of, said, wait};

#[test]
fn a_client_hears_what_the_service_sends() {
    wait(async {
        let station = Station::default();
        for (over, client) in clients(&station).await {
            let station = &station;
            let events = (0..50).map(|number| said(&number.to_string()));
            let events = events.collect::<Vec<_>>();
            station.sends(EventStream::new(stream::iter(events.clone())));
            let output = client.listen(ListenInput::new("one")).await.expect(over);
            assert_eq!(output.title.as_deref(), Some("on one"));
            let (heard, error) = all(output.program).await;
            assert_eq!(heard, events, "{over}");
            assert!(error.is_none(), "{over}: {error:?}");
        }
    });
}

#[test]
fn a_service_hears_what_the_client_sends() {
    wait(async {
        let station = Station::default();
        for (over, client) in clients(&station).await {
            let events = vec![said("one"), said("two"), said("three")];
            let input = BroadcastInput::new("one", events.clone());
            let output = client.broadcast(input).await.expect(over);
            assert_eq!(output.events, 3, "{over}");
            assert_eq!(station.take_heard(), (events, None), "{over}");
        }
    });
}

/// Other bodies have to arrive in time.
#[test]
fn a_client_may_be_silent() {
    wait(async {
        let station = Station::default();
        let moment = Duration::from_millis(50);
        let set = |serve: Serve<Router>| serve.body_timeout(moment).header_timeout(moment);
        for (over, client) in clients_of(&station, set).await {
            let (sender, program) = EventStream::channel(1);
            let sending = tokio::spawn(async move {
                for word in ["one", "two", "three"] {
                    tokio::time::sleep(moment * 4).await;
                    sender.send(said(word)).await.expect("it is heard");
                }
            });
            let output = client.broadcast(BroadcastInput::new("one", program));
            assert_eq!(output.await.expect(over).events, 3, "{over}");
            sending.await.expect(over);
            station.take_heard();
        }
    });
}

#[test]
fn both_speak_in_turn() {
    wait(async {
        let station = Station::default();
        for (over, client) in clients(&station).await {
            let (sender, words) = EventStream::channel(1);
            let output = client.converse(ConverseInput::new("Eve", words));
            // The answer begins before anything is said.
            let mut output = output.await.expect(over);
            assert_eq!(output.host, "Ada");
            for word in ["how", "are", "you"] {
                sender.send(said(word)).await.expect(over);
                let answer = output.answers.event().await.expect(over);
                assert_eq!(answer, Some(said(word)), "{over}");
            }
            drop(sender);
            assert!(output.answers.event().await.expect(over).is_none());
        }
    });
}

#[test]
fn modelled_errors_end_streams() {
    wait(async {
        let interrupted = || Program::Interrupted(Interrupted::new().message("fire").minutes(5));
        let station = Station::default();
        for (over, client) in clients(&station).await {
            station.sends(EventStream::new(stream::iter([
                said("one"),
                interrupted(),
                said("late"),
            ])));
            let output = client.listen(ListenInput::new("one")).await.expect(over);
            let (heard, error) = all(output.program).await;
            assert_eq!(heard, [said("one")], "{over}");
            let error = error.expect("the stream failed");
            assert_eq!(error.to_string(), "Interrupted: fire");
            assert_eq!(error.as_service_error(), Some(&interrupted()), "{over}");

            let events = vec![said("one"), interrupted(), said("late")];
            let error = client
                .broadcast(BroadcastInput::new("one", events))
                .await
                .expect_err(over);
            assert_eq!(error.code(), Some("EventStreamError"), "{over}: {error}");
            let heard = station.take_heard();
            assert_eq!(
                heard,
                (vec![said("one")], Some("Interrupted: fire".to_owned())),
                "{over}"
            );
        }
    });
}

#[test]
fn errors_that_the_model_does_not_know_end_streams() {
    wait(async {
        let failing = || {
            let error = UnmodeledError::new(500).code("Storm").message("no antenna");
            EventStream::try_new(stream::iter([Ok(said("one")), Err(error)]))
        };
        let station = Station::default();
        for (over, client) in clients(&station).await {
            station.sends(failing());
            let output = client.listen(ListenInput::new("one")).await.expect(over);
            let (heard, error) = all(output.program).await;
            assert_eq!(heard, [said("one")], "{over}");
            let Some(StreamError::Unmodeled(error)) = error else {
                panic!("{over}: {error:?}");
            };
            assert_eq!(
                (error.code.as_deref(), error.message.as_deref()),
                (Some("Storm"), Some("no antenna"))
            );

            let _ = client
                .broadcast(BroadcastInput::new("one", failing()))
                .await
                .expect_err(over);
            assert_eq!(
                station.take_heard().1.as_deref(),
                Some("Storm: no antenna"),
                "{over}"
            );
        }
    });
}

#[test]
fn a_service_that_panics_within_a_stream_harms_that_stream() {
    wait(async {
        let station = Station::default();
        for (over, client) in clients(&station).await {
            let program = stream::iter([1, 2, 3]).map(|number| match number {
                2 => panic!("a bug of the implementation"),
                number => said(&number.to_string()),
            });
            station.sends(EventStream::new(program));
            let output = client.listen(ListenInput::new("one")).await.expect(over);
            let (heard, error) = all(output.program).await;
            assert_eq!(heard, [said("1")], "{over}");
            let error = error.expect("the stream failed").to_string();
            assert_eq!(error, "InternalFailure: the service failed", "{over}");
            station.sends(vec![said("again")]);
            let output = client.listen(ListenInput::new("one")).await.expect(over);
            assert_eq!(all(output.program).await.0, [said("again")], "{over}");
        }
    });
}

#[test]
fn a_client_that_stops_listening_stops_the_service() {
    wait(async {
        let station = Station::default();
        for (over, client) in clients(&station).await {
            let (sender, program) = EventStream::channel(1);
            station.sends(program);
            let mut output = client.listen(ListenInput::new("one")).await.expect(over);
            sender.send(said("one")).await.expect(over);
            assert_eq!(output.program.event().await.expect(over), Some(said("one")));
            drop(output);
            sender.closed().await;
            assert!(sender.send(said("two")).await.is_err(), "{over}");
        }
    });
}

#[test]
fn a_client_that_drops_the_output_stops_sending_events() {
    wait(async {
        let station = Station::default();
        for (over, client) in clients(&station).await {
            let (sender, words) = EventStream::channel(1);
            let mut output = client
                .converse(ConverseInput::new("Eve", words))
                .await
                .expect(over);
            sender.send(said("one")).await.expect(over);
            assert_eq!(output.answers.event().await.expect(over), Some(said("one")));
            drop(output);
            sender.closed().await;
        }
    });
}

#[test]
fn a_cancelled_call_stops_its_sender() {
    wait(async {
        let station = Station::default();
        for (over, client) in clients(&station).await {
            let (sender, program) = EventStream::channel(1);
            let call = client.broadcast(BroadcastInput::new("one", program));
            let call = tokio::spawn(call);
            sender.send(said("one")).await.expect(over);
            while station.heard().0.is_empty() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            call.abort();
            sender.closed().await;
            // In its process nothing is left of the call; a connection tells the service.
            if over != "in process" {
                while station.heard().1.is_none() {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
            }
            station.take_heard();
        }
    });
}

#[test]
fn calls_are_rejected_before_the_first_event() {
    wait(async {
        let station = Station::default();
        for (over, client) in clients(&station).await {
            let error = client
                .listen(ListenInput::new("none"))
                .await
                .expect_err(over);
            assert_eq!(
                (error.status(), error.code()),
                (Some(404), Some("NoSuchStation")),
                "{over}"
            );
            let (sender, program) = EventStream::channel(1);
            let long = "x".repeat(21);
            let error = client
                .broadcast(BroadcastInput::new(long, program))
                .await
                .expect_err(over);
            assert_eq!(error.status(), Some(400), "{over}: {error}");
            sender.closed().await;
        }
    });
}

#[test]
fn events_may_be_long_in_coming() {
    wait(async {
        let station = Station::default();
        for (over, client) in clients(&station).await {
            let (sender, program) = EventStream::channel(1);
            let short = Duration::from_millis(40);
            let call = client
                .broadcast(BroadcastInput::new("one", program))
                .attempt_timeout(short)
                .timeout(short);
            let call = tokio::spawn(call);
            tokio::time::sleep(short * 4).await;
            sender.send(said("one")).await.expect(over);
            drop(sender);
            let output = call.await.expect("no panic").expect(over);
            assert_eq!(output.events, 1, "{over}");
            station.take_heard();
        }
    });
}

#[test]
fn streams_are_sent_once() {
    wait(async {
        let station = Station::default();
        let [(_, client), ..] = clients(&station).await;
        let input = BroadcastInput::new("one", vec![said("one")]);
        client
            .broadcast(input.clone())
            .await
            .expect("the first time");
        let error = client.broadcast(input).await.expect_err("the second time");
        assert!(
            error.to_string().contains("can be consumed only once"),
            "{error}"
        );
    });
}

#[test]
fn debug_shows_no_event() {
    let input = BroadcastInput::new("one", vec![said("secret")]);
    let text = format!("{input:?}");
    assert!(
        text.contains("EventStream") && !text.contains("secret"),
        "{text}"
    );
}
