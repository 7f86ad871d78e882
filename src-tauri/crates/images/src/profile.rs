//! What each platform asks of a picture, read from `assets/rules/images.toml`.

use serde::Deserialize;

use crate::finding::Severity;
use crate::format::Format;

/// The rules the program is built with; a newer pack may replace them at run time.
const BUILT_IN: &str = include_str!("../../../../assets/rules/images.toml");

/// A rule pack that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    /// Not TOML, or not of the expected shape.
    #[error("image rules cannot be read")]
    Syntax(#[from] toml::de::Error),
    /// A value no picture could satisfy, or a name nobody knows.
    #[error("image rules for {platform}: {what}")]
    Value {
        /// The platform id, or `master`.
        platform: String,
        /// What is wrong with which key.
        what: String,
    },
}

/// All picture rules of one pack.
#[derive(Clone, Debug)]
pub struct RulePack {
    version: String,
    profiles: Vec<Profile>,
    master: Profile,
}

/// What one platform asks of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Platform id (`jddj`, …); `master` for the derivative that suits all; ids joined with `+` for a
    /// combination.
    pub platform: String,
    /// Kinds the platform takes.
    pub formats: Vec<Format>,
    /// Bytes allowed, inclusive; `None` where no limit is known.
    pub max_bytes: Option<u64>,
    /// Bytes a repair aims for where the platform names no limit.
    pub repair_bytes: u64,
    /// The smallest side, where there is a rule.
    pub min_side: Option<MinSide>,
    /// How much it matters when a picture is not square.
    pub not_square: Severity,
}

/// The smallest side of a picture, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct MinSide {
    /// A side shorter than this is an error.
    pub error_below: u32,
    /// A shortest side of exactly this many pixels is a warning: the platform's own texts disagree there.
    pub warn_at: Option<u32>,
    /// A repair makes the shortest side at least this long.
    pub repair_to: u32,
}

/// A value with the place and the day it was learned from.
#[derive(Deserialize)]
struct Sourced<T> {
    value: T,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "date")]
    _date: String,
}

#[derive(Deserialize)]
struct RawPack {
    version: String,
    master: RawProfile,
    platform: Vec<RawProfile>,
}

#[derive(Deserialize)]
struct RawProfile {
    id: String,
    formats: Sourced<Vec<String>>,
    max_bytes: Option<Sourced<u64>>,
    repair_bytes: u64,
    min_side: Option<Sourced<MinSide>>,
    not_square: Sourced<Severity>,
}

/// A repair can always reach this with the smallest picture it would make.
const FEWEST_BYTES: u64 = 64 * 1024;
/// No rule may ask for a longer side than a repair would make.
const LONGEST_MIN_SIDE: u32 = 4000;

impl RulePack {
    /// The rules the program was built with.
    pub fn built_in() -> Result<Self, RuleError> {
        Self::parse(BUILT_IN)
    }

    /// Reads a pack. Unknown keys are ignored, so that a newer pack still serves an older program; unknown
    /// formats and impossible values are refused.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let raw: RawPack = toml::from_str(text)?;
        let profiles = raw
            .platform
            .into_iter()
            .map(Profile::read)
            .collect::<Result<Vec<_>, _>>()?;
        for (i, profile) in profiles.iter().enumerate() {
            if profiles[..i].iter().any(|p| p.platform == profile.platform) {
                return Err(bad(&profile.platform, "stands there twice"));
            }
        }
        Ok(Self {
            version: raw.version,
            profiles,
            master: Profile::read(raw.master)?,
        })
    }

    /// The pack's version, as written in it (a date).
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The rules of one platform, by its id.
    pub fn profile(&self, platform: &str) -> Option<&Profile> {
        self.profiles.iter().find(|p| p.platform == platform)
    }

    /// All platforms' rules, in the order of the pack.
    pub fn profiles(&self) -> &[Profile] {
        &self.profiles
    }

    /// The rules of the master derivative, which satisfies every platform's general rules.
    pub fn master(&self) -> &Profile {
        &self.master
    }
}

fn bad(platform: &str, what: impl Into<String>) -> RuleError {
    RuleError::Value {
        platform: platform.to_owned(),
        what: what.into(),
    }
}

impl Profile {
    fn read(raw: RawProfile) -> Result<Self, RuleError> {
        let formats = raw
            .formats
            .value
            .iter()
            .map(|code| format_of(code).ok_or_else(|| bad(&raw.id, format!("unknown format {code}"))))
            .collect::<Result<Vec<_>, _>>()?;
        if !formats.contains(&Format::Jpeg) {
            return Err(bad(&raw.id, "formats must contain JPEG, which repairs write"));
        }
        let max_bytes = raw.max_bytes.map(|rule| rule.value);
        if max_bytes.unwrap_or(raw.repair_bytes).min(raw.repair_bytes) < FEWEST_BYTES {
            return Err(bad(&raw.id, format!("fewer than {FEWEST_BYTES} bytes allowed")));
        }
        let min_side = raw.min_side.map(|rule| rule.value);
        if let Some(rule) = min_side {
            let low =
                rule.repair_to < rule.error_below || rule.warn_at.is_some_and(|at| rule.repair_to <= at);
            if low || rule.repair_to > LONGEST_MIN_SIDE {
                return Err(bad(
                    &raw.id,
                    "min_side.repair_to does not satisfy the rule itself",
                ));
            }
        }
        Ok(Self {
            platform: raw.id,
            formats,
            max_bytes,
            repair_bytes: raw.repair_bytes.min(max_bytes.unwrap_or(u64::MAX)),
            min_side,
            not_square: raw.not_square.value,
        })
    }

    /// The strictest combination: a picture that passes it passes each of `profiles`. `None` for none.
    pub fn strictest<'a>(profiles: impl IntoIterator<Item = &'a Profile>) -> Option<Profile> {
        profiles
            .into_iter()
            .fold(None, |sum: Option<Profile>, p| match sum {
                None => Some(p.clone()),
                Some(sum) => Some(Profile {
                    platform: format!("{}+{}", sum.platform, p.platform),
                    formats: sum
                        .formats
                        .into_iter()
                        .filter(|f| p.formats.contains(f))
                        .collect(),
                    max_bytes: [sum.max_bytes, p.max_bytes].into_iter().flatten().min(),
                    repair_bytes: sum.repair_bytes.min(p.repair_bytes),
                    min_side: stricter_side(sum.min_side, p.min_side),
                    not_square: sum.not_square.max(p.not_square),
                }),
            })
    }

    /// Whether a kind is taken. A multi-picture JPEG counts as JPEG here; that it has several pictures is
    /// another finding.
    pub fn takes(&self, format: Format) -> bool {
        let format = if format == Format::Mpo {
            Format::Jpeg
        } else {
            format
        };
        self.formats.contains(&format)
    }
}

fn stricter_side(a: Option<MinSide>, b: Option<MinSide>) -> Option<MinSide> {
    match (a, b) {
        (Some(a), Some(b)) => Some(MinSide {
            error_below: a.error_below.max(b.error_below),
            warn_at: a.warn_at.max(b.warn_at),
            repair_to: a.repair_to.max(b.repair_to),
        }),
        (one, other) => one.or(other),
    }
}

fn format_of(code: &str) -> Option<Format> {
    [
        Format::Jpeg,
        Format::Png,
        Format::Webp,
        Format::Gif,
        Format::Bmp,
        Format::Tiff,
    ]
    .into_iter()
    .find(|format| format.code() == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_rules_cover_every_platform() {
        let pack = RulePack::built_in().unwrap();
        let ids: Vec<&str> = pack.profiles().iter().map(|p| p.platform.as_str()).collect();
        assert_eq!(
            ids,
            [
                "meituan_waimai",
                "meituan_shangou",
                "eleme",
                "ebai",
                "jddj",
                "douyin_laike",
                "doudian",
                "taobao",
                "amazon"
            ]
        );
        assert_eq!(
            pack.profile("meituan_shangou").unwrap().max_bytes,
            Some(5 * 1024 * 1024)
        );
        assert_eq!(pack.profile("eleme").unwrap().not_square, Severity::Error);
        assert_eq!(pack.profile("doudian").unwrap().not_square, Severity::Error);
        assert_eq!(pack.profile("taobao").unwrap().not_square, Severity::Hint);
        assert!(pack.profile("jddj").unwrap().min_side.is_some());
        assert!(pack.profile("nowhere").is_none());
    }

    #[test]
    fn the_strictest_profile_asks_what_any_asks() {
        let pack = RulePack::built_in().unwrap();
        let all = Profile::strictest(pack.profiles()).unwrap();
        assert_eq!(all.not_square, Severity::Error);
        assert_eq!(all.max_bytes, pack.profile("doudian").unwrap().max_bytes);
        assert_eq!(all.min_side.unwrap().repair_to, 800);
        assert_eq!(all.formats, [Format::Jpeg, Format::Png]);
        assert_eq!(Profile::strictest([]), None);
    }

    #[test]
    fn impossible_packs_are_refused() {
        let pack = |change: (&str, &str)| RulePack::parse(&BUILT_IN.replacen(change.0, change.1, 1));
        assert!(matches!(
            RulePack::parse("version = 1"),
            Err(RuleError::Syntax(_))
        ));
        assert!(matches!(
            pack(("\"PNG\"", "\"HEIF\"")),
            Err(RuleError::Value { .. })
        ));
        assert!(matches!(
            pack(("id = \"eleme\"", "id = \"jddj\"")),
            Err(RuleError::Value { .. })
        ));
        assert!(matches!(
            pack(("repair_to = 800", "repair_to = 300")),
            Err(RuleError::Value { .. })
        ));
    }
}
