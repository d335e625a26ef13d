//! `parseURL`.

use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::value::{Text, part};

/// A URL without a query.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Url<'v> {
    pub(super) scheme: Text<'v>,
    pub(super) authority: Text<'v>,
    /// The path as written; may be empty.
    pub(super) path: Text<'v>,
}

impl<'v> Url<'v> {
    /// The parts of a URL; `None` if the text is not one, has another scheme than `http` or
    /// `https`, or has a query, a fragment, or a user.
    pub(super) fn parse(text: &Text<'v>) -> Option<Self> {
        let scheme = text.find("://")?;
        if !matches!(&text[..scheme], "http" | "https") {
            return None;
        }
        let start = scheme + 3;
        let rest = &text[start..];
        let is_plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'?' | b'#' | b'@');
        if !rest.bytes().all(is_plain) {
            return None;
        }
        let end = start + rest.find('/').unwrap_or(rest.len());
        if !is_authority(&text[start..end]) {
            return None;
        }
        Some(Self {
            scheme: part(text, 0..scheme),
            authority: part(text, start..end),
            path: part(text, end..text.len()),
        })
    }

    /// The path with a slash at its start and end.
    pub(super) fn normalized_path(&self) -> Text<'v> {
        match &*self.path {
            "" => Cow::Borrowed("/"),
            path if path.ends_with('/') => self.path.clone(),
            path => Cow::Owned(format!("{path}/")),
        }
    }

    /// Whether the host is an IP address.
    pub(super) fn is_ip(&self) -> bool {
        let host = self
            .authority
            .rsplit_once(':')
            .filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
        let host = host.map_or(&*self.authority, |(host, _)| host);
        self.authority.starts_with('[') || host.parse::<Ipv4Addr>().is_ok()
    }
}

/// Whether a text is a host, possibly with a port.
fn is_authority(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let Some((host, port)) = rest.split_once(']') else {
                return false;
            };
            if host.parse::<Ipv6Addr>().is_err() {
                return false;
            }
            (host, port)
        }
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    let is_port = |port: &str| port.parse::<u16>().is_ok() && !port.starts_with('+');
    !host.is_empty() && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port))
}
