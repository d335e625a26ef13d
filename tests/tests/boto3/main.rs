//! boto3 beside our client, and boto3 calling our server.

#[path = "../support/arbitrary.rs"]
mod arbitrary;
#[path = "../support/calls.rs"]
mod calls;
mod compare;
#[path = "../support/operations.rs"]
mod operations;
#[path = "../support/python.rs"]
mod python;
#[path = "../support/recorder.rs"]
mod recorder;
mod requests;
mod served;
mod server;
#[path = "../support/signatures.rs"]
mod signatures;
mod values;
