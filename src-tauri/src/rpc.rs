//! The one command of the page, and events on their way to it.

use crate::files;
use api::ApiError;
use devhost::counter::{Counter, Notice};
use serde_json::{Value, json};
use tauri::{AppHandle, Emitter as _, State};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// The channel the page listens on.
const CHANNEL: &str = "guitai";

/// Runs a command: `host_*` names are answered by the window itself, all others by the api.
#[tauri::command]
pub(crate) async fn rpc(
    app: AppHandle,
    counter: State<'_, Counter>,
    cmd: String,
    payload: Value,
) -> Result<Value, ApiError> {
    if cmd.starts_with("host_") {
        return files::host(&app, &cmd, payload).await;
    }
    counter.dispatch(&cmd, payload).await
}

/// Hands everything that happens to the page.
pub(crate) fn forward(app: AppHandle, mut notices: Receiver<Notice>) {
    tauri::async_runtime::spawn(async move {
        loop {
            let sent = match notices.recv().await {
                Ok(Notice::Event(event)) => app.emit(CHANNEL, event),
                // Whoever missed some reads everything again.
                Ok(Notice::Reloaded) | Err(RecvError::Lagged(_)) => {
                    app.emit(CHANNEL, json!({ "kind": "reloaded" }))
                }
                Err(RecvError::Closed) => return,
            };
            if let Err(error) = sent {
                tracing::warn!(%error, "an event did not reach the page");
            }
        }
    });
}
