//! For measuring only: says on standard output when a window's content is painted. The shipped app is built without it.

use serde_json::json;
use std::io::Write as _;
use tauri::{Manager, Runtime, WebviewWindowBuilder};

/// What is said, as a line of its own.
const PAINTED: &str = "painted";

/// Looks every frame whether the content is there, and then lets two more frames pass: the first one draws it, the
/// second one begins when it is drawn. The title carries the news because that needs no right of the page.
const SCRIPT: &str = "
if (place !== null && location.hash === '') location.hash = place;
const look = () => requestAnimationFrame(() => {
  if (document.querySelector(content) === null) look();
  else requestAnimationFrame(() => requestAnimationFrame(() => { document.title = painted; }));
});
look();";

/// A window that opens at `place` (the part of the address from `#` on) and says when something matches the selector
/// `content`.
pub fn marked<'a, R: Runtime, M: Manager<R>>(
    builder: WebviewWindowBuilder<'a, R, M>,
    place: Option<&str>,
    content: &str,
) -> WebviewWindowBuilder<'a, R, M> {
    let words = json!([place, content, PAINTED]);
    builder
        .initialization_script(format!("(([place, content, painted]) => {{{SCRIPT}}})({words});"))
        .on_document_title_changed(|_, title| {
            if title == PAINTED {
                // Whoever measures has gone when this fails.
                let _ = writeln!(std::io::stdout().lock(), "{PAINTED}");
            }
        })
}
