//! Groups where products name them by the platform's id, while the port names them by their names: what was last read,
//! and finding one in it.

use crate::error::RemoteError;
use crate::platform::{ListingWrite, RemoteGroup, WriteOutcome};
use crate::session::Session;
use async_trait::async_trait;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;

/// The deepest path of names that is followed: a stop for groups that stand under one another.
const DEEPEST: usize = 8;

/// Groups as one reading showed them.
pub type Groups = Arc<Vec<RemoteGroup>>;

/// Groups as last read, by whose they are.
pub type Known = Mutex<HashMap<String, Groups>>;

/// A connector whose products name their group by its id. It says where it keeps what it has read, whose groups a
/// session sees, and how to read them; the rest is the same everywhere.
#[async_trait]
pub trait GroupsById: Send + Sync {
    /// Where they are kept.
    fn known(&self) -> &Known;

    /// Whose groups these are: the account's and store's own, where the connector says nothing else.
    fn owner(&self, session: &Session) -> String {
        format!("{}/{}", session.account, session.remote_id)
    }

    /// Asks the platform.
    async fn fetch_groups(&self, session: &Session) -> Result<Vec<RemoteGroup>, RemoteError>;

    /// Reads them anew.
    async fn read_groups(&self, session: &Session) -> Result<Groups, RemoteError> {
        let groups = Arc::new(self.fetch_groups(session).await?);
        self.known().lock().insert(self.owner(session), groups.clone());
        Ok(groups)
    }

    /// What was read last, else a fresh reading.
    async fn known_groups(&self, session: &Session) -> Result<Groups, RemoteError> {
        let known = self.known().lock().get(&self.owner(session)).cloned();
        match known {
            Some(groups) => Ok(groups),
            None => self.read_groups(session).await,
        }
    }

    /// The next one who asks reads them anew.
    fn forget_groups(&self, session: &Session) {
        self.known().lock().remove(&self.owner(session));
    }

    /// The id of a group by its names: from what is known, else from a fresh reading.
    async fn group_id(&self, session: &Session, path: &[String]) -> Result<Option<String>, RemoteError> {
        let known = find(&self.known_groups(session).await?, path);
        if known.is_some() {
            return Ok(known);
        }
        Ok(find(&self.read_groups(session).await?, path))
    }

    /// The id of the group that a write names, if it names one; the inner error is what a write to a group that is not
    /// there comes to.
    async fn group_of(
        &self,
        session: &Session,
        write: &ListingWrite,
    ) -> Result<Result<Option<String>, WriteOutcome>, RemoteError> {
        let Some(path) = write.group_path.as_deref().filter(|path| !path.is_empty()) else {
            return Ok(Ok(None));
        };
        let found = self.group_id(session, path).await?;
        Ok(match found {
            Some(id) => Ok(Some(id)),
            None => Err(WriteOutcome::Rejected {
                code: String::new(),
                text: unknown(&path.join("/")),
            }),
        })
    }

    /// What a write came to. After a refusal the next one asks for the groups anew: perhaps one was rebuilt under the
    /// same name.
    fn written(
        &self,
        session: &Session,
        outcome: Result<WriteOutcome, RemoteError>,
    ) -> Result<WriteOutcome, RemoteError> {
        if matches!(outcome, Ok(WriteOutcome::Rejected { .. })) {
            self.forget_groups(session);
        }
        outcome
    }
}

/// The names of a group from the first level; empty when it is not among them.
pub fn path(groups: &[RemoteGroup], id: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut next = Some(id);
    while let Some(group) = next.and_then(|id| groups.iter().find(|group| group.remote_id == id))
        && names.len() < DEEPEST
    {
        names.push(group.name.clone());
        next = group.parent.as_deref();
    }
    names.reverse();
    names
}

/// The id of a group by its names from the first level.
pub fn find(groups: &[RemoteGroup], names: &[String]) -> Option<String> {
    let group = groups
        .iter()
        .find(|group| path(groups, &group.remote_id) == names);
    group.map(|group| group.remote_id.clone())
}

/// There is no group of that name.
pub fn missing(name: &str) -> RemoteError {
    RemoteError::Rejected {
        code: String::new(),
        text: unknown(name),
    }
}

fn unknown(name: &str) -> String {
    format!("店内分类不存在: {name}")
}
