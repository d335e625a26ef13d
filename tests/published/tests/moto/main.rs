//! Our clients of ten AWS services against a server that nobody here wrote: moto.

#[cfg(shared)]
mod cloudformation;
#[cfg(shared)]
mod dynamodb;
#[cfg(shared)]
mod ecs;
#[cfg(shared)]
mod kms;
#[cfg(shared)]
mod lambda;
#[cfg(shared)]
mod route53;
#[cfg(shared)]
mod s3;
#[cfg(shared)]
mod sns;
#[cfg(shared)]
mod sqs;
#[cfg(shared)]
mod sts;
#[cfg(shared)]
mod uploads;

macro_rules! tests {
    ($($name:ident: $test:path;)*) => {$(
        #[test]
        #[cfg_attr(
            not(all(shared, python)),
            ignore = "needs ../shared, and moto: `cargo xtask test` installs it"
        )]
        fn $name() {
            #[cfg(shared)]
            $test();
        }
    )*};
}

tests! {
    a_role_is_assumed: sts::a_role_is_assumed;
    errors_of_sts_have_their_codes: sts::errors;
    a_topic_has_attributes_tags_and_subscriptions: sns::a_topic;
    topics_and_subscriptions_are_listed_in_pages: sns::pages;
    messages_are_published_alone_and_in_batches: sns::messages;
    errors_of_sns_are_typed: sns::errors;
    a_zone_has_records_and_tags: route53::a_zone;
    zones_are_listed_in_pages: route53::pages;
    health_checks_are_created_and_found: route53::health_checks;
    errors_of_route_53_are_typed: route53::errors;
    buckets_have_a_location_and_tags: s3::buckets;
    objects_are_stored_copied_and_deleted: s3::objects;
    objects_and_versions_are_listed_in_pages: s3::pages;
    objects_are_uploaded_in_parts: s3::parts;
    errors_of_s3_are_typed: s3::errors;
    large_objects_are_uploaded_in_bounded_memory: uploads::large;
    curl_uses_presigned_requests: uploads::presigned;
    items_are_stored_and_conditions_checked: dynamodb::items;
    items_are_queried_and_scanned_in_pages: dynamodb::pages;
    waiters_of_tables_end: dynamodb::waiters;
    messages_are_sent_received_and_deleted: sqs::messages;
    queues_are_listed_and_errors_typed: sqs::queues;
    a_key_encrypts_and_decrypts: kms::a_key;
    errors_of_kms_are_typed: kms::errors;
    a_function_is_created_tagged_and_deleted: lambda::a_function;
    errors_of_lambda_are_typed: lambda::errors;
    waiters_of_services_end: ecs::services;
    waiters_of_tasks_end: ecs::tasks;
    errors_of_ecs_are_typed: ecs::errors;
    a_stack_is_created_and_deleted: cloudformation::a_stack;
    errors_of_cloudformation_end_waiters: cloudformation::errors;
}

#[cfg(shared)]
mod server {
    use drawplate_runtime::client::{Builder, Credentials, Inner};
    use drawplate_tests::python::{ACCESS_KEY, Conversation, Python, REGION, SECRET_KEY};
    use serde_json::json;

    /// A server with all services, which ends with the test.
    pub(crate) struct Moto {
        _server: Conversation,
        endpoint: String,
        runtime: tokio::runtime::Runtime,
    }

    impl Moto {
        pub(crate) fn start() -> Self {
            let mut server = Python::installed().converse("aws.py");
            let endpoint = server.ask(&json!({}));
            let endpoint = endpoint
                .as_str()
                .expect("it prints its endpoint")
                .to_owned();
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            Self {
                _server: server,
                endpoint,
                runtime: runtime.expect("a runtime starts"),
            }
        }

        pub(crate) fn client<C: From<Inner>>(&self, builder: Builder<C>) -> C {
            let credentials = Credentials::new(ACCESS_KEY, SECRET_KEY);
            let builder = builder.endpoint(&*self.endpoint).sigv4(credentials, REGION);
            builder
                .build()
                .expect("an endpoint and credentials suffice")
        }

        pub(crate) fn run<T>(&self, future: impl Future<Output = T>) -> T {
            self.runtime.block_on(future)
        }
    }
}
