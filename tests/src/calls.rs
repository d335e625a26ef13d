//! Our clients, called by the name of an operation with JSON.

use amplify_admin::{Json as _, amplifybackend as amplify, cognitoidentityprovider as cognito};

use crate::{amplify_operations, cognito_operations};

type Outcome = Result<(), Box<dyn std::error::Error>>;

macro_rules! call {
    ($service:ident, $client:ident, $named:ident, $json:ident {
        $($operation:ident $method:ident $on:ident $input:ident;)*
    }) => {
        match $named {
            $(stringify!($operation) => {
                $client.$method($service::input::$input::from_json($json)?).await?;
            })*
            unknown => return Err(format!("`{unknown}` is not in the list of operations").into()),
        }
    };
}

/// Calls an operation of the Amplify Admin UI API.
pub async fn call_amplify(client: &amplify::Client, operation: &str, json: &str) -> Outcome {
    amplify_operations!(call! amplify, client, operation, json);
    Ok(())
}

/// Calls an operation of Amazon Cognito.
pub async fn call_cognito(client: &cognito::Client, operation: &str, json: &str) -> Outcome {
    cognito_operations!(call! cognito, client, operation, json);
    Ok(())
}
