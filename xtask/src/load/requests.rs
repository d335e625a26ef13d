//! The requests of a file: `method path`, headers, an empty line, the body; `###` between requests,
//! `#` before comments.

use std::path::Path;

use anyhow::{Context as _, bail};

/// An HTTP/1.1 request.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
    /// Whether it is sent once, before the others.
    pub(super) once: bool,
}

/// Reads the requests of a file.
pub(super) fn read(file: &Path) -> anyhow::Result<Vec<Request>> {
    let text = std::fs::read_to_string(file);
    let text = text.with_context(|| format!("cannot read {}", file.display()))?;
    let requests = text.split("\n###\n").map(parse);
    let requests = requests.collect::<anyhow::Result<Vec<_>>>();
    let requests =
        requests.with_context(|| format!("{} is not a file of requests", file.display()))?;
    if requests.iter().all(|request| request.once) {
        bail!("{} has no request to repeat", file.display());
    }
    Ok(requests)
}

fn parse(text: &str) -> anyhow::Result<Request> {
    let remark = |line: &&str| line.starts_with('#') || line.trim().is_empty();
    let once = text.lines().take_while(remark);
    let once = once.map(str::trim).any(|line| line == "# @once");
    let mut lines = text.lines().skip_while(remark);
    let first = lines.next().context("a request is empty")?;
    let (method, path) = first
        .split_once(' ')
        .with_context(|| format!("`{first}` is not a method and a path"))?;
    let head = lines.by_ref().take_while(|line| !line.is_empty());
    let headers = head.map(|line| {
        let header = line.split_once(": ");
        let (name, value) = header.with_context(|| format!("`{line}` is not a header"))?;
        Ok((name.to_owned(), value.to_owned()))
    });
    let headers = headers.collect::<anyhow::Result<Vec<_>>>()?;
    let body = lines.collect::<Vec<_>>().join("\n").trim().to_owned();
    Ok(Request {
        method: method.to_owned(),
        path: path.to_owned(),
        headers,
        body,
        once,
    })
}

impl Request {
    /// The request as it is sent to a host, on a connection that stays open.
    pub(super) fn bytes(&self, host: &str) -> Vec<u8> {
        let Self {
            method,
            path,
            headers,
            body,
            once: _,
        } = self;
        let headers = headers.iter();
        let headers = headers.map(|(name, value)| format!("{name}: {value}\r\n"));
        let headers = headers.collect::<String>();
        let length = body.len();
        format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\n{headers}content-length: {length}\r\n\r\n{body}")
            .into_bytes()
    }

    /// The request as a call of wrk's `wrk.format` in Lua.
    pub(super) fn lua(&self) -> String {
        let Self {
            method,
            path,
            headers,
            body,
            once: _,
        } = self;
        let headers = headers.iter();
        let headers = headers.map(|(name, value)| format!("[{}]={}", quoted(name), quoted(value)));
        let headers = headers.collect::<Vec<_>>().join(", ");
        let (method, path, body) = (quoted(method), quoted(path), quoted(body));
        format!("wrk.format({method}, {path}, {{{headers}}}, {body})")
    }
}

/// A Lua string. Every byte that could be special is written as a number.
fn quoted(text: &str) -> String {
    let bytes = text.bytes().map(|byte| match byte {
        b' '..=b'~' if !matches!(byte, b'"' | b'\\') => char::from(byte).to_string(),
        _ => format!("\\{byte:03}"),
    });
    format!("\"{}\"", bytes.collect::<String>())
}
