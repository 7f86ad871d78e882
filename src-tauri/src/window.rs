//! The one window.

use devhost::counter::Counter;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use tauri::webview::PageLoadEvent;
use tauri::{App, AppHandle, Manager as _, WebviewWindow, WebviewWindowBuilder};
use tauri_plugin_dialog::{DialogExt as _, MessageDialogKind};
use tauri_plugin_window_state::StateFlags;

/// What of the window is remembered. Not whether it was visible: it shows itself after its first paint.
pub(crate) fn kept() -> StateFlags {
    StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED
}

/// Makes the window as the configuration says.
pub(crate) fn open(app: &App) -> tauri::Result<()> {
    let config = app
        .config()
        .app
        .windows
        .first()
        .cloned()
        .ok_or(tauri::Error::WindowNotFound)?;
    // A page that is loaded anew does not say it again.
    let told = AtomicBool::new(false);
    let builder = WebviewWindowBuilder::from_config(app.handle(), &config)?;
    #[cfg(feature = "paint-mark")]
    let builder = crate::paint::marked(builder, Some("#/library"), ".grid-body .grid-row .cut");
    builder
        // The window shows our own pages and nothing else.
        .on_navigation(|url| {
            matches!(url.scheme(), "tauri" | "picture") || is_ours(url.host_str(), url.port())
        })
        // Hidden until the page is there, so that nothing flashes. The page cannot show it by itself everywhere: a
        // hidden WebKitGTK view is never asked to paint.
        .on_page_load(move |window, page| {
            if page.event() == PageLoadEvent::Finished
                && let Err(error) = window.show()
            {
                tracing::warn!(%error, "the window could not be shown");
            }
            if page.event() == PageLoadEvent::Finished && !told.swap(true, Ordering::Relaxed) {
                tell_holder(&window);
            }
        })
        .build()?;
    Ok(())
}

fn is_ours(host: Option<&str>, port: Option<u16>) -> bool {
    match host {
        Some("tauri.localhost") => true,
        Some("127.0.0.1" | "localhost") => cfg!(debug_assertions) && port == Some(5173),
        _ => false,
    }
}

/// Says who holds the data, when this copy can only read them.
fn tell_holder(window: &WebviewWindow) {
    let counter = window.state::<Counter>();
    if counter.api().is_ok_and(|api| api.engine.db().can_write()) {
        return;
    }
    let Some(holder) = counter.holder() else {
        return;
    };
    let params = BTreeMap::from([("holder".to_owned(), holder)]);
    let words = api::words::words("zh-CN");
    let text = words.error("in_use", &params);
    let advice = words.advice("error.in_use", &params).unwrap_or_default();
    window
        .dialog()
        .message(format!("{text}\n{advice}"))
        .title("柜台")
        .kind(MessageDialogKind::Warning)
        .parent(window)
        .show(|_| {});
}

/// Brings the window to the front, when the app was started a second time.
pub(crate) fn bring_up(app: &AppHandle) {
    let Some(window) = app.get_webview_window("main") else {
        return;
    };
    let done = window
        .unminimize()
        .and_then(|()| window.show())
        .and_then(|()| window.set_focus());
    if let Err(error) = done {
        tracing::warn!(%error, "the window could not be brought up");
    }
}
