//! The operations of both services, for macros: name, method of the client, method of the mock, input.
//!
//! The cases come from the services' own tables. What is missing here is a call that no suite can make, and fails.

/// The operations of the Amplify Admin UI API, for a macro.
#[macro_export]
macro_rules! amplify_operations {
    ($then:ident! $($arguments:tt)*) => {
        $then! {
            $($arguments)* {
                CloneBackend clone_backend on_clone_backend CloneBackendInput;
                CreateBackend create_backend on_create_backend CreateBackendInput;
                CreateBackendAPI create_backend_api on_create_backend_api CreateBackendApiInput;
                CreateBackendAuth create_backend_auth on_create_backend_auth CreateBackendAuthInput;
                CreateBackendConfig create_backend_config on_create_backend_config CreateBackendConfigInput;
                CreateBackendStorage create_backend_storage on_create_backend_storage CreateBackendStorageInput;
                CreateToken create_token on_create_token CreateTokenInput;
                DeleteBackend delete_backend on_delete_backend DeleteBackendInput;
                DeleteBackendAPI delete_backend_api on_delete_backend_api DeleteBackendApiInput;
                DeleteBackendAuth delete_backend_auth on_delete_backend_auth DeleteBackendAuthInput;
                DeleteBackendStorage delete_backend_storage on_delete_backend_storage DeleteBackendStorageInput;
                DeleteToken delete_token on_delete_token DeleteTokenInput;
                GenerateBackendAPIModels generate_backend_api_models on_generate_backend_api_models GenerateBackendApiModelsInput;
                GetBackend get_backend on_get_backend GetBackendInput;
                GetBackendAPI get_backend_api on_get_backend_api GetBackendApiInput;
                GetBackendAPIModels get_backend_api_models on_get_backend_api_models GetBackendApiModelsInput;
                GetBackendAuth get_backend_auth on_get_backend_auth GetBackendAuthInput;
                GetBackendJob get_backend_job on_get_backend_job GetBackendJobInput;
                GetBackendStorage get_backend_storage on_get_backend_storage GetBackendStorageInput;
                GetToken get_token on_get_token GetTokenInput;
                ImportBackendAuth import_backend_auth on_import_backend_auth ImportBackendAuthInput;
                ImportBackendStorage import_backend_storage on_import_backend_storage ImportBackendStorageInput;
                ListBackendJobs list_backend_jobs on_list_backend_jobs ListBackendJobsInput;
                ListS3Buckets list_s3_buckets on_list_s3_buckets ListS3BucketsInput;
                RemoveAllBackends remove_all_backends on_remove_all_backends RemoveAllBackendsInput;
                RemoveBackendConfig remove_backend_config on_remove_backend_config RemoveBackendConfigInput;
                UpdateBackendAPI update_backend_api on_update_backend_api UpdateBackendApiInput;
                UpdateBackendAuth update_backend_auth on_update_backend_auth UpdateBackendAuthInput;
                UpdateBackendConfig update_backend_config on_update_backend_config UpdateBackendConfigInput;
                UpdateBackendJob update_backend_job on_update_backend_job UpdateBackendJobInput;
                UpdateBackendStorage update_backend_storage on_update_backend_storage UpdateBackendStorageInput;
            }
        }
    };
}

/// The operations of Amazon Cognito, for a macro.
#[macro_export]
macro_rules! cognito_operations {
    ($then:ident! $($arguments:tt)*) => {
        $then! {
            $($arguments)* {
                AdminRespondToAuthChallenge admin_respond_to_auth_challenge on_admin_respond_to_auth_challenge AdminRespondToAuthChallengeRequest;
            }
        }
    };
}
