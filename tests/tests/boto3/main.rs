//! Compares our client with boto3, and calls our server with boto3.

mod compare;
mod requests;
mod served;
mod server;
mod values;
