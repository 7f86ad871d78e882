//! Reading back: one by one when few products are meant, by pages when that is fewer calls.

use super::run::Run;
use crate::error::Result;
use connect::platform::RemoteListing;
use std::collections::HashMap;

/// Products of one page, at the least: both known platforms give a hundred.
const PAGE: usize = 100;

/// A product to look at, by our code and by the platform's id where it is known.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Wish {
    pub(super) remote_id: Option<String>,
    pub(super) outer_code: String,
}

impl Run<'_> {
    /// The products as they stand there now; `None` for one that is certainly not there. Trying again is inside; a
    /// failure that stays ends the run.
    pub(super) async fn read_back(
        &mut self,
        wishes: &[Wish],
    ) -> Result<HashMap<Wish, Option<RemoteListing>>> {
        let mut unique: Vec<&Wish> = Vec::new();
        let mut found: HashMap<Wish, Option<RemoteListing>> = HashMap::new();
        for wish in wishes {
            if found.insert(wish.clone(), None).is_none() {
                unique.push(wish);
            }
        }
        let store = self.store.id;
        let listed = self
            .engine
            .db()
            .read(|c| storage::views::listings::count(c, store))?;
        let pages = usize::try_from(listed).unwrap_or(0) / PAGE + 1;
        if unique.len() > pages {
            let all = self.read_all().await?;
            let by_id: HashMap<&str, &RemoteListing> =
                all.iter().map(|l| (l.remote_id.as_str(), l)).collect();
            let by_code: HashMap<&str, &RemoteListing> = all
                .iter()
                .filter(|l| !l.outer_code.is_empty())
                .map(|l| (l.outer_code.as_str(), l))
                .collect();
            for wish in unique {
                let id = wish.remote_id.as_deref().and_then(|id| by_id.get(id));
                let hit = id.or_else(|| by_code.get(wish.outer_code.as_str()));
                found.insert(wish.clone(), hit.map(|listing| (*listing).clone()));
            }
            return Ok(found);
        }
        for wish in unique {
            let there = self.read_one(wish).await?;
            found.insert(wish.clone(), there);
        }
        Ok(found)
    }

    pub(super) async fn read_one(&mut self, wish: &Wish) -> Result<Option<RemoteListing>> {
        let mut tries = 0;
        loop {
            let id = wish.remote_id.as_deref();
            let answer = self.platform.listing(&self.session, id, &wish.outer_code).await;
            match answer {
                // The platform may have given it another id; our code still finds it.
                Ok(None) if id.is_some() && !wish.outer_code.is_empty() && tries == 0 => {
                    tries += 1;
                    match self.platform.listing(&self.session, None, &wish.outer_code).await {
                        Ok(there) => return Ok(there),
                        Err(error) => self.engine.before_next_try(self.job, &error, &mut tries).await?,
                    }
                }
                Ok(there) => return Ok(there),
                Err(error) => {
                    self.engine.note_outcome(self.store.account, Err(&error))?;
                    self.engine.before_next_try(self.job, &error, &mut tries).await?;
                }
            }
        }
    }

    async fn read_all(&mut self) -> Result<Vec<RemoteListing>> {
        let mut all = Vec::new();
        let mut cursor: Option<String> = None;
        let mut tries = 0;
        loop {
            match self.platform.listings(&self.session, cursor.as_deref()).await {
                Ok(page) => {
                    tries = 0;
                    all.extend(page.listings);
                    match page.next {
                        Some(next) => cursor = Some(next),
                        None => return Ok(all),
                    }
                }
                Err(error) => {
                    self.engine.note_outcome(self.store.account, Err(&error))?;
                    self.engine.before_next_try(self.job, &error, &mut tries).await?;
                }
            }
        }
    }
}
