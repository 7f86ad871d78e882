//! What a command needs of the program round the engine: only a root can put another engine in place.

use crate::error::Result;
use async_trait::async_trait;
use std::path::PathBuf;

/// The program: the window, the devhost or the CLI.
#[async_trait]
pub trait Host: Send + Sync {
    /// Program version.
    fn version(&self) -> &'static str;

    /// Whether the open data are those of the demo shop.
    fn is_demo(&self) -> bool;

    /// Opens the demo shop in place of the open data. Refused by programs that cannot.
    async fn open_demo(&self) -> Result<()>;

    /// Shows a page in the manager's browser; false where the program has none to show it in. Only addresses that a
    /// connector made come here, never one from the pages.
    fn show_page(&self, page: &url::Url) -> bool;

    /// Closes the data, puts a verified backup in their place and opens it. Refused by programs that cannot.
    async fn restore(&self, backup: PathBuf) -> Result<()>;
}
