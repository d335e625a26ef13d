//! The mock.

use std::sync::Arc;

use drawplate_fixtures::kitchen_sink::Client;
use drawplate_fixtures::kitchen_sink::input::{GetThingInput, ListThingsInput, PutEverythingInput};
use drawplate_fixtures::kitchen_sink::output::GetThingOutput;
use drawplate_fixtures::kitchen_sink::server::{Mock, Unauthenticated, router, shared_router};

use crate::call::wait;

#[test]
fn it_responds_as_configured_and_records_every_call() {
    let mock = Mock::new().on_get_thing(|input| {
        let mut output = GetThingOutput::new();
        output.mixed_in = Some(input.thing_id);
        Ok(output)
    });
    let client = Client::in_process(router(mock.clone(), Unauthenticated));
    let (thing, things) = wait(async {
        let thing = client.get_thing(GetThingInput::new("7")).await;
        (thing, client.list_things(ListThingsInput::new()).await)
    });
    assert_eq!(thing.expect("a response").mixed_in.as_deref(), Some("7"));
    let error = things.expect_err("nobody said how");
    assert_eq!(
        (error.status(), error.code()),
        (Some(501), Some("NotImplemented"))
    );
    assert!(error.to_string().contains("ListThings"), "{error}");
    let calls = mock.calls();
    assert_eq!(calls[0].operation(), "GetThing");
    assert_eq!(
        calls[0]
            .input::<GetThingInput>()
            .map(|input| input.thing_id.as_str()),
        Some("7")
    );
    assert!(
        calls
            .iter()
            .skip(1)
            .all(|call| call.operation() == "ListThings")
    );
}

#[test]
fn members_that_were_not_sent_have_their_defaults() {
    let mock = Mock::new();
    let client = Client::in_process(router(mock.clone(), Unauthenticated));
    wait(async { client.put_everything(PutEverythingInput::new()).await })
        .expect_err("no closure is set");
    let calls = mock.calls();
    let input = calls[0].input::<PutEverythingInput>().expect("its input");
    assert_eq!(input.top_level_default.as_deref(), Some("hi"));
}

#[test]
fn a_shared_implementation_sees_the_calls_of_every_router() {
    let mock = Arc::new(Mock::new().on_get_thing(|_| Ok(GetThingOutput::new())));
    let client = Client::in_process(shared_router(Arc::clone(&mock), Unauthenticated));
    let thing = wait(async { client.get_thing(GetThingInput::new("7")).await });
    assert!(thing.is_ok(), "{thing:?}");
    assert_eq!(mock.calls().len(), 1);
}
