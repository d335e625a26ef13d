//! Generated clients, called by the name of an operation with JSON.

use amplify_admin::{amplifybackend as amplify, cognitoidentityprovider as cognito};
use drawplate_fixtures::kitchen_sink;
use drawplate_runtime::Json as _;

/// The result of a call, without its output.
pub type Called = Result<(), Box<dyn std::error::Error>>;

/// Calls the operation of a client that has a name, with an input of JSON.
#[macro_export]
macro_rules! call {
    ($service:ident, $client:ident, $called:ident, $json:ident {
        $($operation:ident $method:ident $setter:ident [$($input:ident)?];)*
    }) => {
        match $called {
            $(stringify!($operation) => {
                $client.$method($($service::input::$input::from_json($json)?)?).await?;
            })*
            unknown => return Err(format!("`{unknown}` is not an operation of the service").into()),
        }
    };
}

/// Calls an operation of the Amplify Admin UI API.
pub async fn call_amplify(client: &amplify::Client, operation: &str, json: &str) -> Called {
    amplifybackend_operations!(call! amplify, client, operation, json);
    Ok(())
}

/// Calls an operation of Amazon Cognito.
pub async fn call_cognito(client: &cognito::Client, operation: &str, json: &str) -> Called {
    cognitoidentityprovider_operations!(call! cognito, client, operation, json);
    Ok(())
}

/// Calls an operation of the kitchen sink.
pub async fn call_kitchen_sink(
    client: &kitchen_sink::Client,
    operation: &str,
    json: &str,
) -> Called {
    kitchen_sink_operations!(call! kitchen_sink, client, operation, json);
    Ok(())
}
