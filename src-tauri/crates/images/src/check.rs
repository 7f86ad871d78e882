//! The checks IMG01 to IMG09.

use crate::checked::oversize;
use crate::finding::{ImageFinding, Severity};
use crate::probe::{Defect, Probe};
use crate::profile::Profile;

/// Judges a picture against a platform's rules, on what the file holds.
///
/// | id | severity | params |
/// |---|---|---|
/// | IMG01 | error | `reason` (`empty`, `not_a_picture`, `header`, `truncated`, `data`, `format`), `format` |
/// | IMG02 | as the profile says | `width`, `height` |
/// | IMG03 | error, or warning at the exact limit | `width`, `height`, `min` |
/// | IMG04 | error | `bytes`, `max` |
/// | IMG05 | error | `color` (see [`crate::Color::code`]) |
/// | IMG06 | error | `frames` |
/// | IMG07 | error | `reason` (`pixels`, `side`, `ratio`), `width`, `height`, `max` |
/// | IMG08 | warning | none |
/// | IMG09 | warning | `format`, `extension` (what it should be; empty when it is no picture) |
///
/// Width and height are as seen, after the EXIF turn. A picture cut off or damaged behind its head is only
/// found when `probe` comes from [`crate::probe_deep`].
pub fn check(probe: &Probe, profile: &Profile) -> Vec<ImageFinding> {
    let mut findings = Vec::new();
    let format = probe.format.code().to_owned();
    let (width, height) = probe.oriented_size();
    let unreadable = |reason: &str| {
        ImageFinding::new(
            "IMG01",
            Severity::Error,
            [("reason", reason.to_owned()), ("format", format.clone())],
        )
    };
    if probe.format.is_picture() {
        match probe.defect {
            _ if !probe.format.decodable() => findings.push(unreadable("format")),
            Some(defect @ (Defect::Header | Defect::Truncated | Defect::Data)) => {
                findings.push(unreadable(defect.code()));
            }
            _ if !profile.takes(probe.format) => findings.push(unreadable("format")),
            _ => {}
        }
        if width > 0 && height > 0 {
            findings.extend(size_findings(probe, profile));
        }
        findings.extend(content_findings(probe, profile));
    } else {
        findings.push(unreadable(probe.defect.unwrap_or(Defect::NotAPicture).code()));
    }
    if probe.ext_matches == Some(false) {
        let extension = probe.format.extension().unwrap_or_default().to_owned();
        findings.push(ImageFinding::new(
            "IMG09",
            Severity::Warning,
            [("format", format), ("extension", extension)],
        ));
    }
    findings
}

/// Whether nothing stands in the way: no finding is an error.
pub fn is_ok(findings: &[ImageFinding]) -> bool {
    findings.iter().all(|finding| finding.severity < Severity::Error)
}

fn size_findings(probe: &Probe, profile: &Profile) -> Vec<ImageFinding> {
    let mut findings = Vec::new();
    let (width, height) = probe.oriented_size();
    let seen = [("width", width.to_string()), ("height", height.to_string())];
    if width != height {
        findings.push(ImageFinding::new("IMG02", profile.not_square, seen.clone()));
    }
    if let Some(rule) = profile.min_side {
        let side = width.min(height);
        let severity = if side < rule.error_below {
            Some(Severity::Error)
        } else if Some(side) == rule.warn_at {
            Some(Severity::Warning)
        } else {
            None
        };
        if let Some(severity) = severity {
            let mut finding = ImageFinding::new("IMG03", severity, seen.clone());
            finding.params.insert("min", rule.error_below.to_string());
            findings.push(finding);
        }
    }
    if let Some(limit) = oversize(probe.width, probe.height) {
        let mut finding = ImageFinding::new("IMG07", Severity::Error, seen);
        finding.params.insert("reason", limit.code().to_owned());
        finding.params.insert("max", limit.max().to_string());
        findings.push(finding);
    }
    findings
}

fn content_findings(probe: &Probe, profile: &Profile) -> Vec<ImageFinding> {
    let mut findings = Vec::new();
    if let Some(max) = profile.max_bytes
        && probe.bytes > max
    {
        let params = [("bytes", probe.bytes.to_string()), ("max", max.to_string())];
        findings.push(ImageFinding::new("IMG04", Severity::Error, params));
    }
    // Without a readable head nothing is known about colours; IMG01 says so already.
    if probe.color != crate::probe::Color::UNKNOWN && !probe.color.is_plain_rgb() {
        findings.push(ImageFinding::new(
            "IMG05",
            Severity::Error,
            [("color", probe.color.code())],
        ));
    }
    if probe.frames > 1 {
        findings.push(ImageFinding::new(
            "IMG06",
            Severity::Error,
            [("frames", probe.frames.to_string())],
        ));
    }
    if probe.gps {
        findings.push(ImageFinding::new("IMG08", Severity::Warning, []));
    }
    findings
}
