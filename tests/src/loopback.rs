//! Calls to the address of ours, over a real socket and without a client that would put anything right.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use url::Url;

/// Asks our own address; gives status and body.
pub async fn ask(method: &'static str, url: Url, headers: &'static str, body: String) -> (u16, String) {
    tokio::task::spawn_blocking(move || {
        let host = url.host_str().expect("it has a host");
        let host = format!("{host}:{}", url.port().expect("it has a port"));
        let mut stream = TcpStream::connect(&host).expect("it listens");
        let path = &url[url::Position::BeforePath..];
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nhost: {host}\r\n{headers}content-length: {}\r\n\r\n{body}",
            body.len()
        )
        .expect("it takes the question");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        let (head, body) = answer.split_once("\r\n\r\n").expect("head and body");
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
        (status.expect("a status"), body.to_owned())
    })
    .await
    .expect("the question comes to its end")
}
