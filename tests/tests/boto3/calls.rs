//! Our clients, called by the name of an operation with JSON.

use amplify_admin::{Json as _, amplifybackend as amplify, cognitoidentityprovider as cognito};

type Outcome = Result<(), Box<dyn std::error::Error>>;

macro_rules! calls {
    ($($(#[$docs:meta])* $call:ident($client:ty, $input:ident) { $($operation:ident $method:ident $type:ident;)* })*) => {$(
        $(#[$docs])*
        pub(crate) async fn $call(client: &$client, operation: &str, json: &str) -> Outcome {
            match operation {
                $(stringify!($operation) => {
                    client.$method($input::$type::from_json(json)?).await?;
                })*
                unknown => return Err(format!("`{unknown}` is not in the list of calls").into()),
            }
            Ok(())
        }
    )*};
}

use amplify::input as amplify_input;
use cognito::input as cognito_input;

calls! {
    /// Calls an operation of the Amplify Admin UI API.
    call_amplify(amplify::Client, amplify_input) {
        CloneBackend clone_backend CloneBackendInput;
        CreateBackend create_backend CreateBackendInput;
        CreateBackendAPI create_backend_api CreateBackendApiInput;
        CreateBackendAuth create_backend_auth CreateBackendAuthInput;
        CreateBackendConfig create_backend_config CreateBackendConfigInput;
        CreateBackendStorage create_backend_storage CreateBackendStorageInput;
        CreateToken create_token CreateTokenInput;
        DeleteBackend delete_backend DeleteBackendInput;
        DeleteBackendAPI delete_backend_api DeleteBackendApiInput;
        DeleteBackendAuth delete_backend_auth DeleteBackendAuthInput;
        DeleteBackendStorage delete_backend_storage DeleteBackendStorageInput;
        DeleteToken delete_token DeleteTokenInput;
        GenerateBackendAPIModels generate_backend_api_models GenerateBackendApiModelsInput;
        GetBackend get_backend GetBackendInput;
        GetBackendAPI get_backend_api GetBackendApiInput;
        GetBackendAPIModels get_backend_api_models GetBackendApiModelsInput;
        GetBackendAuth get_backend_auth GetBackendAuthInput;
        GetBackendJob get_backend_job GetBackendJobInput;
        GetBackendStorage get_backend_storage GetBackendStorageInput;
        GetToken get_token GetTokenInput;
        ImportBackendAuth import_backend_auth ImportBackendAuthInput;
        ImportBackendStorage import_backend_storage ImportBackendStorageInput;
        ListBackendJobs list_backend_jobs ListBackendJobsInput;
        ListS3Buckets list_s3_buckets ListS3BucketsInput;
        RemoveAllBackends remove_all_backends RemoveAllBackendsInput;
        RemoveBackendConfig remove_backend_config RemoveBackendConfigInput;
        UpdateBackendAPI update_backend_api UpdateBackendApiInput;
        UpdateBackendAuth update_backend_auth UpdateBackendAuthInput;
        UpdateBackendConfig update_backend_config UpdateBackendConfigInput;
        UpdateBackendJob update_backend_job UpdateBackendJobInput;
        UpdateBackendStorage update_backend_storage UpdateBackendStorageInput;
    }
    /// Calls an operation of Amazon Cognito.
    call_cognito(cognito::Client, cognito_input) {
        AdminRespondToAuthChallenge admin_respond_to_auth_challenge AdminRespondToAuthChallengeRequest;
    }
}
