//! A request and an answer as the protocol handlers see them: read whole, without any I/O.

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode, header};
use serde_json::Value;

/// Name and value, decoded.
pub(crate) type Pair = (String, String);

/// A request, read.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// `scheme://host/path` as the caller named it, without the query.
    pub(crate) url: String,
    pub(crate) path: String,
    pub(crate) query: Vec<Pair>,
    /// Form fields of a url-encoded body; text parts of a multipart one.
    pub(crate) form: Vec<Pair>,
    /// Parts of a multipart body that carry a file name.
    pub(crate) files: Vec<FilePart>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// A file in a multipart body.
#[derive(Debug)]
pub(crate) struct FilePart {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

impl Call {
    /// Reads a request. The URL is rebuilt from the request line, or from the `Host` header when that holds a path only.
    pub(crate) fn read(request: Request<Bytes>) -> Self {
        let (parts, body) = request.into_parts();
        let scheme = parts.uri.scheme_str().unwrap_or("http");
        let host = parts
            .uri
            .authority()
            .map(ToString::to_string)
            .or_else(|| {
                parts
                    .headers
                    .get(header::HOST)
                    .and_then(|host| host.to_str().ok())
                    .map(str::to_owned)
            })
            .unwrap_or_default();
        let path = parts.uri.path().to_owned();
        let content_type = header_text(&parts.headers, &header::CONTENT_TYPE);
        let mut form = Vec::new();
        let mut files = Vec::new();
        if content_type.starts_with("application/x-www-form-urlencoded") {
            form = pairs(&body);
        } else if let Some(boundary) = boundary(&content_type) {
            read_multipart(&body, &boundary, &mut form, &mut files);
        }
        Self {
            method: parts.method,
            url: format!("{scheme}://{host}{path}"),
            path,
            query: pairs(parts.uri.query().unwrap_or_default().as_bytes()),
            form,
            files,
            headers: parts.headers,
            body,
        }
    }

    /// Query and form together, as 美团 reads parameters.
    pub(crate) fn params(&self) -> Vec<Pair> {
        self.query.iter().chain(&self.form).cloned().collect()
    }

    /// The value of a query or form parameter.
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .chain(&self.form)
            .find(|(held, _)| held == name)
            .map(|(_, value)| value.as_str())
    }
}

fn header_text(headers: &HeaderMap, name: &header::HeaderName) -> String {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

fn pairs(encoded: &[u8]) -> Vec<Pair> {
    url::form_urlencoded::parse(encoded).into_owned().collect()
}

fn boundary(content_type: &str) -> Option<String> {
    let rest = content_type.strip_prefix("multipart/form-data")?;
    let (_, boundary) = rest.split_once("boundary=")?;
    let boundary = boundary.split(';').next()?.trim().trim_matches('"');
    (!boundary.is_empty()).then(|| format!("--{boundary}"))
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

fn read_multipart(body: &[u8], boundary: &str, form: &mut Vec<Pair>, files: &mut Vec<FilePart>) {
    let mut rest = body;
    while let Some(start) = find(rest, boundary.as_bytes()) {
        rest = &rest[start + boundary.len()..];
        if rest.starts_with(b"--") {
            return;
        }
        let Some(end) = find(rest, boundary.as_bytes()) else {
            return;
        };
        read_part(&rest[..end], form, files);
    }
}

fn read_part(part: &[u8], form: &mut Vec<Pair>, files: &mut Vec<FilePart>) {
    let Some(split) = find(part, b"\r\n\r\n") else {
        return;
    };
    let head = String::from_utf8_lossy(&part[..split]);
    let content = part[split + 4..]
        .strip_suffix(b"\r\n")
        .unwrap_or(&part[split + 4..]);
    let attribute = |name: &str| {
        head.split(';').map(str::trim).find_map(|piece| {
            let value = piece.strip_prefix(name)?.strip_prefix("=\"")?;
            value.split('"').next().map(str::to_owned)
        })
    };
    let Some(name) = attribute("name") else { return };
    if attribute("filename").is_some() {
        files.push(FilePart {
            name,
            bytes: content.to_vec(),
        });
    } else {
        form.push((name, String::from_utf8_lossy(content).into_owned()));
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) body: Vec<u8>,
    /// Where the browser is sent.
    pub(crate) location: Option<String>,
    /// The platform said no; for the ledger.
    pub(crate) refused: bool,
}

impl Reply {
    /// A JSON document.
    pub(crate) fn json(status: u16, document: &Value, refused: bool) -> Self {
        Self {
            status,
            content_type: "application/json;charset=UTF-8",
            body: document.to_string().into_bytes(),
            location: None,
            refused,
        }
    }

    /// A gateway's error page.
    pub(crate) fn html(status: u16) -> Self {
        let page =
            "<html><head><title>网关错误</title></head><body><h1>系统繁忙,请稍后再试</h1></body></html>";
        Self {
            status,
            content_type: "text/html;charset=UTF-8",
            body: page.as_bytes().to_vec(),
            location: None,
            refused: true,
        }
    }

    /// Sends the merchant's browser on to another address: HTTP 302.
    pub(crate) fn redirect(to: &url::Url) -> Self {
        Self {
            status: 302,
            content_type: "text/html;charset=UTF-8",
            body: Vec::new(),
            location: Some(to.to_string()),
            refused: false,
        }
    }

    /// A page for the merchant to read.
    pub(crate) fn page(status: u16, text: &str) -> Self {
        Self {
            status,
            content_type: "text/html;charset=UTF-8",
            body: format!("<html><body><p>{text}</p></body></html>").into_bytes(),
            location: None,
            refused: status >= 400,
        }
    }

    /// The same answer, cut in half.
    pub(crate) fn truncated(mut self) -> Self {
        self.body.truncate(self.body.len() / 2);
        self
    }

    pub(crate) fn into_response(self) -> Response<Bytes> {
        let mut response = Response::new(Bytes::from(self.body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            header::HeaderValue::from_static(self.content_type),
        );
        if let Some(to) = self.location.and_then(|to| to.parse().ok()) {
            response.headers_mut().insert(header::LOCATION, to);
        }
        response
    }
}

/// Fen as yuan text with two decimals.
pub(crate) fn yuan_text(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.abs() / 100, fen.abs() % 100)
}

/// Fen as the JSON number 美团 writes: `9.9`, `55.0`.
pub(crate) fn yuan_number(fen: i64) -> Value {
    let text = yuan_text(fen);
    let short = text.strip_suffix('0').unwrap_or(&text);
    serde_json::from_str(short).unwrap_or(Value::Null)
}

/// Reads yuan with at most two decimals into fen; text or number.
pub(crate) fn fen_of(value: &Value) -> Option<i64> {
    let text = text_of(value)?;
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let decimals_fit = decimals.len() <= 2 || decimals[2..].bytes().all(|digit| digit == b'0');
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(decimals) || !decimals_fit {
        return None;
    }
    let cents: i64 = format!("{:0<2}", &decimals[..decimals.len().min(2)])
        .parse()
        .ok()?;
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(cents)
}

/// A JSON scalar as text: numbers and texts alike, as the platforms read them.
pub(crate) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Lower-case hex of bytes.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Whether a barcode is a GTIN: 8, 12, 13 or 14 digits with a right check digit.
pub(crate) fn is_gtin(text: &str) -> bool {
    if !matches!(text.len(), 8 | 12 | 13 | 14) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let weighted: u32 = text
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| u32::from(byte - b'0') * if place % 2 == 1 { 3 } else { 1 })
        .sum();
    weighted.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::{Call, fen_of, is_gtin, yuan_number, yuan_text};
    use bytes::Bytes;
    use http::Request;
    use serde_json::json;

    #[test]
    fn yuan_is_read_and_written_without_losing_a_fen() {
        for (value, fen) in [
            (json!("9.90"), 990),
            (json!(9.9), 990),
            (json!(10), 1000),
            (json!("0.05"), 5),
        ] {
            assert_eq!(fen_of(&value), Some(fen), "{value}");
        }
        for bad in [
            json!("9.999"),
            json!("-1"),
            json!(""),
            json!("1e3"),
            json!(null),
            json!("9,9"),
        ] {
            assert_eq!(fen_of(&bad), None, "{bad}");
        }
        assert_eq!(yuan_text(990), "9.90");
        assert_eq!(yuan_number(990).to_string(), "9.9");
        assert_eq!(yuan_number(5500).to_string(), "55.0");
        assert_eq!(yuan_number(1255).to_string(), "12.55");
    }

    #[test]
    fn a_barcode_needs_its_check_digit() {
        assert!(is_gtin("6901234567892"));
        assert!(!is_gtin("6901234567893"));
        assert!(!is_gtin("690123456789"));
        assert!(!is_gtin("６９０"));
        assert!(is_gtin("96385074"));
    }

    #[test]
    fn a_multipart_body_gives_texts_and_files() {
        let body = "--x\r\nContent-Disposition: form-data; name=\"img_name\"\r\n\r\na.jpg\r\n--x\r\n\
            Content-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n\
            \u{1}\u{2}\r\n--x--\r\n";
        let request = Request::post("/meituan/api/v1/image/upload?app_id=1")
            .header("host", "127.0.0.1:9")
            .header("content-type", "multipart/form-data; boundary=x")
            .body(Bytes::from(body))
            .expect("a request");
        let call = Call::read(request);
        assert_eq!(call.url, "http://127.0.0.1:9/meituan/api/v1/image/upload");
        assert_eq!(call.param("img_name"), Some("a.jpg"));
        assert_eq!(call.files[0].bytes, vec![1, 2]);
        assert_eq!(call.files[0].name, "file");
    }
}
