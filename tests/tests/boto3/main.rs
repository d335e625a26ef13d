//! boto3 beside our client, and boto3 calling our server.

mod compare;
mod requests;
mod served;
mod server;
mod values;
