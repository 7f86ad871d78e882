//! Rule packs, picture profiles and the error dictionary: built in, replaced by newer files dropped into the data folder.

use crate::error::{EngineError, Result};
use domain::rules::{ErrorDictionary, ListingRules, MatchRules, Recognized, RulePack};
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::path::Path;

const ERRORS: &str = include_str!("../../../../assets/rules/errors.toml");

/// All rules in force.
pub struct Rulebook {
    packs: HashMap<String, RulePack>,
    errors: ErrorDictionary,
}

impl Rulebook {
    /// The connectors' built-in packs, each replaced by a file `<platform>.toml` in `folder` that is newer by its date.
    pub fn load<'a>(folder: &Path, built_in: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self> {
        let mut packs = HashMap::new();
        for (platform, text) in built_in {
            let pack = newest(folder, &format!("{platform}.toml"), text, |pack: &RulePack| {
                pack.date.clone()
            })?;
            packs.insert(platform.to_owned(), pack);
        }
        let errors = newest(folder, "errors.toml", ERRORS, |d: &ErrorDictionary| {
            d.date.clone()
        })?;
        Ok(Self { packs, errors })
    }

    /// How lines find listings on a platform.
    pub fn matching(&self, platform: &str) -> MatchRules {
        self.packs
            .get(platform)
            .map(|pack| pack.matching.clone())
            .unwrap_or_default()
    }

    /// What listings must satisfy on a platform.
    pub fn listing(&self, platform: &str) -> ListingRules {
        self.packs
            .get(platform)
            .map(|pack| pack.listing.clone())
            .unwrap_or_default()
    }

    /// The date of a platform's pack.
    pub fn date(&self, platform: &str) -> Option<&str> {
        self.packs.get(platform).map(|pack| pack.date.as_str())
    }

    /// What a refusal's text means.
    pub fn recognize(&self, text: &str) -> Option<Recognized> {
        self.errors.recognize(text)
    }
}

fn newest<T: DeserializeOwned>(
    folder: &Path,
    file: &str,
    built_in: &str,
    date: impl Fn(&T) -> String,
) -> Result<T> {
    let read = |text: &str| {
        toml::from_str::<T>(text).map_err(|source| EngineError::Rules {
            file: file.to_owned(),
            source,
        })
    };
    let ours = read(built_in)?;
    let Ok(text) = std::fs::read_to_string(folder.join(file)) else {
        return Ok(ours);
    };
    match read(&text) {
        Ok(dropped) if date(&dropped) > date(&ours) => Ok(dropped),
        Ok(_) => Ok(ours),
        Err(error) => {
            // A broken file must not keep the counter closed.
            tracing::warn!(%error, file, "a dropped-in rule pack does not read; the built-in one stays in force");
            Ok(ours)
        }
    }
}
