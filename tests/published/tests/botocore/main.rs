//! Our clients send what botocore sends: every operation with random inputs.
//!
//! `serializer.rs` compares the clients of the query protocols and of restXml with the serializers
//! of botocore, `endpoints.rs` the clients of ten services with those of botocore.

#[cfg(shared)]
mod endpoints;
#[cfg(shared)]
mod serializer;

macro_rules! tests {
    ($($name:ident: $service:ident $botocore:literal $protocol:literal $call:ident;)*) => {$(
        #[test]
        #[cfg_attr(
            not(all(shared, python)),
            ignore = "needs ../shared, and botocore: `cargo xtask test` installs it"
        )]
        fn $name() {
            #[cfg(shared)]
            serializer::check(
                $botocore,
                $protocol,
                &drawplate_published::$service::operation::SERVICE,
                drawplate_published::$service::Client::builder().unauthenticated(),
                &drawplate_published::$call,
            );
        }
    )*};
}

tests! {
    requests_of_sts_are_those_of_botocore: sts "sts" "query" call_sts;
    requests_of_sns_are_those_of_botocore: sns "sns" "query" call_sns;
    requests_of_route_53_are_those_of_botocore: route53 "route53" "rest-xml" call_route53;
    requests_of_s3_are_those_of_botocore: s3 "s3" "rest-xml" call_s3;
}

/// Defines a test that compares the clients of a service.
macro_rules! endpoints {
    ($($name:ident: $service:ident $botocore:literal $call:ident $inputs:ident;)*) => {$(
        #[test]
        #[cfg_attr(
            not(all(shared, python)),
            ignore = "needs ../shared, and botocore: `cargo xtask test` installs it"
        )]
        fn $name() {
            #[cfg(shared)]
            {
                use drawplate_published::$service::Client;
                use drawplate_published::$service::client::EndpointSettings as _;

                endpoints::check(
                    $botocore,
                    &endpoints::$inputs(&drawplate_published::$service::operation::SERVICE),
                    |settings| {
                        let builder = Client::builder()
                            .use_fips(settings.use_fips)
                            .use_dual_stack(settings.use_dual_stack);
                        settings.client(builder)
                    },
                    &drawplate_published::$call,
                );
            }
        }
    )*};
}

endpoints! {
    clients_of_cloudformation_send_what_boto3_sends:
        cloudformation "cloudformation" call_cloudformation calls;
    clients_of_dynamodb_send_what_boto3_sends: dynamodb "dynamodb" call_dynamodb calls;
    clients_of_ecs_send_what_boto3_sends: ecs "ecs" call_ecs calls;
    clients_of_kms_send_what_boto3_sends: kms "kms" call_kms calls;
    clients_of_lambda_send_what_boto3_sends: lambda "lambda" call_lambda calls;
    clients_of_route_53_send_what_boto3_sends: route53 "route53" call_route53 calls;
    clients_of_s3_send_what_boto3_sends: s3 "s3" call_s3 s3_calls;
    clients_of_sns_send_what_boto3_sends: sns "sns" call_sns calls;
    clients_of_sqs_send_what_boto3_sends: sqs "sqs" call_sqs calls;
    clients_of_sts_send_what_boto3_sends: sts "sts" call_sts calls;
}
