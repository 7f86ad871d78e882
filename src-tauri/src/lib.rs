//! Guitai, the desktop app: wiring only.
//!
//! What it is for: one window on the counter. What it must not hold: use cases, rules, words. Read first: [`run`].

mod files;
mod logs;
#[cfg(feature = "paint-mark")]
pub mod paint;
mod pictures;
mod rpc;
mod start;
mod window;

use devhost::counter::{Counter, CounterOptions};
use std::process::ExitCode;
use tauri::Manager as _;

/// Name of the program, as other copies see it.
const PROGRAM: &str = "柜台";

/// Runs the app until its window is closed.
pub fn run() -> ExitCode {
    let start = match start::Start::read() {
        Ok(start) => start,
        Err(usage) => {
            logs::say(&usage);
            return ExitCode::from(2);
        }
    };
    // Kept until the end: what it still holds is written when it goes.
    let _log = logs::open(&start.folder);
    match app(start) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the app ended with an error");
            logs::say(&format!("柜台: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn app(start: start::Start) -> tauri::Result<()> {
    let mut builder = tauri::Builder::default();
    if start.is_usual {
        // With another data folder a second window is wanted; on the same data the file's own lock speaks.
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, _, _| {
            window::bring_up(app);
        }));
    }
    let options = CounterOptions {
        folder: start.folder,
        program: PROGRAM,
        version: env!("CARGO_PKG_VERSION"),
        rounds: true,
        browser: true,
        seed: 1,
    };
    builder
        .plugin(
            tauri_plugin_window_state::Builder::new()
                .with_state_flags(window::kept())
                .build(),
        )
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .register_asynchronous_uri_scheme_protocol("picture", pictures::serve)
        .invoke_handler(tauri::generate_handler![rpc::rpc])
        .setup(move |app| {
            // The engine's tasks run where Tauri's do.
            let counter = tauri::async_runtime::block_on(async { Counter::open(options) });
            rpc::forward(app.handle().clone(), counter.notices());
            app.manage(counter);
            window::open(app)?;
            Ok(())
        })
        .run(tauri::generate_context!())
}
