//! A Tauri window with one line of text and nothing else: what start and memory of the app are measured against.

use shell::paint::marked;
use tauri::WebviewWindowBuilder;

fn main() -> tauri::Result<()> {
    tauri::Builder::default()
        .setup(|app| {
            let config = app
                .config()
                .app
                .windows
                .first()
                .cloned()
                .ok_or(tauri::Error::WindowNotFound)?;
            marked(
                WebviewWindowBuilder::from_config(app.handle(), &config)?,
                None,
                "h1",
            )
            .build()?;
            Ok(())
        })
        .run(tauri::generate_context!("examples/bare/tauri.conf.json"))
}
