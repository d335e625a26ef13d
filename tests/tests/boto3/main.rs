//! Compares our client with boto3, and calls our server with boto3 and botocore.

mod compare;
mod requests;
mod rpc_v2;
mod server;
mod values;
