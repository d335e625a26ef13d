//! boto3 calls our servers of published services on a loopback socket.

#[cfg(shared)]
mod route53;
#[cfg(shared)]
mod uploads;

/// Every operation of Route 53 with random inputs and outputs. The server receives the inputs of
/// boto3, and boto3 returns what the implementation returned.
#[test]
#[cfg_attr(
    not(all(shared, python)),
    ignore = "needs ../shared, and boto3: `cargo xtask test` installs it"
)]
fn boto3_and_our_server_of_route_53_understand_each_other() {
    #[cfg(shared)]
    route53::responses();
}

#[test]
#[cfg_attr(
    not(all(shared, python)),
    ignore = "needs ../shared, and boto3: `cargo xtask test` installs it"
)]
fn boto3_raises_every_error_of_our_server_of_route_53() {
    #[cfg(shared)]
    route53::errors();
}

/// Over TLS, boto3 uploads objects in chunks with a checksum behind them.
#[test]
#[cfg_attr(
    not(all(shared, python)),
    ignore = "needs ../shared, and boto3: `cargo xtask test` installs it"
)]
fn boto3_uploads_to_our_server_of_s3() {
    #[cfg(shared)]
    uploads::objects();
}

#[test]
#[cfg_attr(
    not(all(shared, python)),
    ignore = "needs ../shared, and boto3: `cargo xtask test` installs it"
)]
fn boto3_uploads_parts_to_our_server_of_s3() {
    #[cfg(shared)]
    uploads::parts();
}
