//! Reading the ERP's items, so that codes that vanished are found before an order meets them (F03).

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::Tag;
use domain::id::AccountId;
use serde::{Deserialize, Serialize};
use storage::erp_cache::ErpItemRow;

/// What a reading of the ERP brought.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ItemsRead {
    /// Items read.
    pub items: usize,
    /// Codes that were there last time and are not any more.
    pub vanished: Vec<String>,
    /// Orders that are pushed again because of it.
    pub repushed: usize,
}

/// Setting: minutes after which what was read from the ERP counts as old.
const OLD_KEY: &str = "erp_old_minutes";
/// Eight hours: items are read every four while the program is open.
const OLD_MINUTES: i64 = 480;

impl Engine {
    /// Whether items or stock that were read from an ERP then are too old to be relied on.
    pub fn erp_cache_is_old(&self, read_at: i64) -> bool {
        let minutes = self.number_setting(OLD_KEY, OLD_MINUTES).max(1);
        self.now() - read_at > minutes.saturating_mul(60_000)
    }

    /// Reads all items of an ERP account.
    pub async fn pull_erp_items(&self, account: AccountId) -> Result<ItemsRead> {
        let row = self.db().read(|c| storage::account::get(c, account))?;
        let job = self.start_job("erp_items", None, 0, &serde_json::json!({ "account": row.name }))?;
        let outcome = async {
            let erp = self.erp(&row.service)?;
            let session = self.account_session(account, "").await?;
            let seen_at = self.now();
            let mut cursor: Option<String> = None;
            let mut read = ItemsRead::default();
            let mut tries = 0;
            loop {
                job.checkpoint().await?;
                let page = match erp.items(&session, cursor.as_deref()).await {
                    Ok(page) => page,
                    Err(error) => {
                        self.note_outcome(account, Err(&error))?;
                        self.before_next_try(&job, &error, &mut tries).await?;
                        continue;
                    }
                };
                tries = 0;
                let rows: Vec<ErpItemRow> = page
                    .items
                    .into_iter()
                    .map(|item| ErpItemRow {
                        code: item.code,
                        short_code: item.short_code,
                        name: item.name,
                        barcode: item.barcode,
                        unit: item.unit,
                        price_fen: item.price.map(|p| p.0),
                        deleted: item.deleted,
                    })
                    .collect();
                read.items += rows.len();
                job.advance(i64::try_from(rows.len()).unwrap_or(0));
                self.db().write(|tx| {
                    storage::erp_cache::put_items(tx, account, seen_at, &rows).map_err(EngineError::from)
                })?;
                match page.next {
                    Some(next) => cursor = Some(next),
                    None => break,
                }
            }
            read.vanished = self.db().write(|tx| {
                storage::erp_cache::finish_reading(tx, account, seen_at).map_err(EngineError::from)
            })?;
            self.note_outcome(account, Ok(()))?;
            read.repushed = self.repush_for_known_codes(account)?;
            self.events().changed(&[Tag::Findings, Tag::Products]);
            Ok(read)
        }
        .await;
        job.finish(&outcome)?;
        outcome
    }
}
