//! The client of the kitchen sink, called by the name of an operation with JSON.

use drawplate_fixtures::kitchen_sink::{Client, input};
use drawplate_runtime::Json as _;

macro_rules! calls {
    ($($operation:ident $method:ident $($type:ident)?;)*) => {
        /// Calls an operation.
        pub(crate) async fn call(client: &Client, operation: &str, json: &str) -> crate::Outcome {
            match operation {
                $(stringify!($operation) => {
                    client.$method($(input::$type::from_json(json)?)?).await?;
                })*
                unknown => return Err(format!("`{unknown}` is not in the list of calls").into()),
            }
            Ok(())
        }
    };
}

calls! {
    Audit audit AuditInput;
    Bind bind BindInput;
    Fetch fetch FetchInput;
    GetThing get_thing GetThingInput;
    Hosted hosted HostedInput;
    ListThings list_things ListThingsInput;
    Match r#match;
    New new;
    Pack pack PackInput;
    Pipe pipe PipeInput;
    PutEverything put_everything PutEverythingInput;
    Routes routes;
    Service service;
    Stream stream StreamInput;
    Type r#type;
}
