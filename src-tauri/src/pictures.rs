//! Stored pictures for the page: `picture://localhost/<hash>?side=96`. A hash is all that can be asked for.

use devhost::counter::Counter;
use tauri::http::{Request, Response, StatusCode, header};
use tauri::{Manager as _, Runtime, UriSchemeContext, UriSchemeResponder};

/// Answers a request of the page, away from the thread that draws.
#[expect(clippy::needless_pass_by_value, reason = "the signature is Tauri's")]
pub(crate) fn serve<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let counter = context.app_handle().state::<Counter>().inner().clone();
    tauri::async_runtime::spawn_blocking(move || responder.respond(answer(&counter, &request)));
}

fn answer(counter: &Counter, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let hash = request.uri().path().trim_start_matches('/');
    let side = request.uri().query().and_then(side);
    let found = counter.api().ok().and_then(|api| match side {
        Some(side) => api
            .engine
            .thumbnail(hash, side)
            .ok()
            .map(|bytes| (bytes, "image/jpeg")),
        None => api.engine.picture(hash).ok(),
    });
    let mut response = Response::new(Vec::new());
    let Some((bytes, kind)) = found else {
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    // Content never changes under its hash.
    let forever = header::HeaderValue::from_static("private, max-age=31536000, immutable");
    headers.insert(header::CACHE_CONTROL, forever);
    *response.body_mut() = bytes;
    response
}

fn side(query: &str) -> Option<u32> {
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix("side="))?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::side;

    #[test]
    fn only_a_number_is_a_side() {
        assert_eq!(side("side=96"), Some(96));
        assert_eq!(side("x=1&side=240"), Some(240));
        assert_eq!(side("side=-1"), None);
        assert_eq!(side("side="), None);
    }
}
