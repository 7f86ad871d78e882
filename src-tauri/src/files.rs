//! What the page asks of the operating system: file dialogs and notifications. They are opened from here, so the page
//! itself needs no right to either.

use api::ApiError;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tauri::{AppHandle, Manager as _};
use tauri_plugin_dialog::{DialogExt as _, FileDialogBuilder, FilePath};
use tauri_plugin_notification::NotificationExt as _;

#[derive(Deserialize)]
struct Pick {
    title: String,
    #[serde(default)]
    extensions: Vec<String>,
    #[serde(default)]
    multiple: bool,
}

#[derive(Deserialize)]
struct Save {
    title: String,
    name: String,
    #[serde(default)]
    extensions: Vec<String>,
}

#[derive(Deserialize)]
struct Notification {
    title: String,
    body: String,
}

/// Answers a `host_*` command.
pub(crate) async fn host(app: &AppHandle, name: &str, payload: Value) -> Result<Value, ApiError> {
    match name {
        "host_pick_file" => {
            let pick: Pick = read(name, payload)?;
            let dialog = dialog(app, pick.title, &pick.extensions);
            let found = if pick.multiple {
                ask(|tell| dialog.pick_files(tell)).await
            } else {
                ask(|tell| dialog.pick_file(move |one| tell(one.map(|path| vec![path])))).await
            };
            Ok(json!(paths(found.unwrap_or_default())))
        }
        "host_pick_folder" => {
            let pick: Pick = read(name, payload)?;
            let dialog = dialog(app, pick.title, &[]);
            let found = ask(|tell| dialog.pick_folder(tell)).await;
            Ok(json!(found.and_then(path)))
        }
        "host_save_file" => {
            let save: Save = read(name, payload)?;
            let dialog = dialog(app, save.title, &save.extensions).set_file_name(save.name);
            let found = ask(|tell| dialog.save_file(tell)).await;
            Ok(json!(found.and_then(path)))
        }
        "host_notify" => {
            let text: Notification = read(name, payload)?;
            let shown = app
                .notification()
                .builder()
                .title(text.title)
                .body(text.body)
                .show();
            if let Err(error) = shown {
                // A machine without a notification service is no reason to bother anybody.
                tracing::info!(%error, "no notification could be shown");
            }
            Ok(Value::Null)
        }
        _ => Err(ApiError::new("unknown_command").with("name", name.chars().take(60).collect::<String>())),
    }
}

fn read<T: DeserializeOwned>(name: &str, payload: Value) -> Result<T, ApiError> {
    serde_json::from_value(payload).map_err(|_| ApiError::new("wrong_payload").with("name", name))
}

fn dialog(app: &AppHandle, title: String, extensions: &[String]) -> FileDialogBuilder<tauri::Wry> {
    let mut dialog = app.dialog().file().set_title(title);
    if !extensions.is_empty() {
        let extensions: Vec<&str> = extensions.iter().map(String::as_str).collect();
        dialog = dialog.add_filter(extensions.join(" "), &extensions);
    }
    if let Some(window) = app.get_webview_window("main") {
        dialog = dialog.set_parent(&window);
    }
    dialog
}

/// Waits for a dialog's answer without holding a thread.
async fn ask<T: Send + 'static>(open: impl FnOnce(Box<dyn FnOnce(Option<T>) + Send>)) -> Option<T> {
    let (tell, told) = tokio::sync::oneshot::channel();
    open(Box::new(move |answer| {
        // The page may be gone by the time somebody answers.
        let _ = tell.send(answer);
    }));
    told.await.ok().flatten()
}

fn path(file: FilePath) -> Option<String> {
    let path = file.into_path().ok()?;
    Some(path.to_string_lossy().into_owned())
}

fn paths(files: Vec<FilePath>) -> Vec<String> {
    files.into_iter().filter_map(path).collect()
}
