//! Colours of one product and the marks printed on its packing.

use super::canvas::{Canvas, Rgb, corners, ellipse, lit, mix, rect, stroke};
use super::look::{COLOURS, Look};

const WHITE: Rgb = [0.98, 0.98, 0.97];

/// The colours and choices that follow from a look.
#[derive(Clone, Copy)]
pub(super) struct Ink {
    /// The main colour.
    pub(super) main: Rgb,
    /// A deeper one for caps, edges and print.
    pub(super) deep: Rgb,
    /// A pale one for labels and lids.
    pub(super) pale: Rgb,
    /// A second colour that stands well beside the main one.
    pub(super) accent: Rgb,
    seed: u32,
}

impl Ink {
    /// The colours of `look`.
    pub(super) fn of(look: Look) -> Self {
        let main = COLOURS[usize::from(look.colour) % COLOURS.len()];
        let other =
            (usize::from(look.colour) + 3 + usize::from(look.seed.to_le_bytes()[0] % 11)) % COLOURS.len();
        Self {
            main,
            deep: lit(mix(main, [0.10, 0.10, 0.16], 0.38), 0.92),
            pale: mix(main, WHITE, 0.80),
            accent: mix(COLOURS[other], main, 0.12),
            seed: look.seed,
        }
    }

    /// One of `count` choices; `nth` tells independent choices apart.
    pub(super) fn choice(&self, nth: u32, count: u32) -> u32 {
        (self.seed.rotate_left(nth * 5) ^ self.seed.wrapping_mul(0x9E37_79B9).rotate_right(nth * 3))
            % count.max(1)
    }

    /// A number from 0 to 1, steady for this product.
    pub(super) fn part(&self, nth: u32) -> f32 {
        u16::try_from(self.choice(nth, 1000)).map_or(0.0, |value| f32::from(value) / 999.0)
    }
}

/// The mark on a label: one of six emblems on a disc, and bars that read as print.
pub(super) fn emblem(c: &mut Canvas, ink: &Ink, at: (f32, f32), r: f32, on_dark: bool) {
    let bounds = [at.0 - r * 1.4, at.1 - r * 1.4, at.0 + r * 1.4, at.1 + r * 1.4];
    let (disc, sign) = if on_dark {
        (WHITE, ink.main)
    } else {
        (ink.main, WHITE)
    };
    c.flat(bounds, ellipse(at, (r, r)), disc);
    let (x, y) = at;
    match ink.choice(1, 6) {
        0 => {
            c.flat(
                bounds,
                corners([
                    (x - r * 0.62, y + r * 0.42),
                    (x - r * 0.1, y - r * 0.5),
                    (x + r * 0.42, y + r * 0.42),
                ]),
                sign,
            );
            c.flat(
                bounds,
                corners([
                    (x - r * 0.05, y + r * 0.42),
                    (x + r * 0.3, y - r * 0.12),
                    (x + r * 0.7, y + r * 0.42),
                ]),
                ink.accent,
            );
        }
        1 => {
            let left = ellipse((x - r * 0.22, y), (r * 0.52, r * 0.66));
            let right = ellipse((x + r * 0.22, y), (r * 0.52, r * 0.66));
            c.flat(bounds, move |px, py| left(px, py).max(right(px, py)), sign);
            c.flat(
                bounds,
                stroke((x, y - r * 0.3), (x, y + r * 0.78), r * 0.05),
                sign,
            );
        }
        2 => {
            c.flat(bounds, ellipse((x, y + r * 0.18), (r * 0.44, r * 0.44)), sign);
            c.flat(
                bounds,
                corners([
                    (x, y - r * 0.74),
                    (x + r * 0.4, y + r * 0.04),
                    (x - r * 0.4, y + r * 0.04),
                ]),
                sign,
            );
        }
        3 => {
            c.flat(bounds, ellipse((x, y), (r * 0.42, r * 0.42)), sign);
            for (dx, dy) in [
                (0.0, 1.0),
                (0.87, 0.5),
                (0.87, -0.5),
                (0.0, -1.0),
                (-0.87, -0.5),
                (-0.87, 0.5),
            ] {
                c.flat(
                    bounds,
                    ellipse((x + dx * r * 0.66, y + dy * r * 0.66), (r * 0.13, r * 0.13)),
                    sign,
                );
            }
        }
        4 => {
            for (height, width) in [(-0.32, 0.5), (0.0, 0.7), (0.32, 0.5)] {
                c.flat(
                    bounds,
                    stroke(
                        (x - r * width, y + r * height),
                        (x + r * width, y + r * height),
                        r * 0.09,
                    ),
                    sign,
                );
            }
        }
        _ => {
            c.flat(bounds, ellipse((x, y), (r * 0.66, r * 0.66)), sign);
            c.flat(
                bounds,
                ellipse((x + r * 0.24, y - r * 0.16), (r * 0.56, r * 0.56)),
                disc,
            );
        }
    }
}

/// Bars below an emblem that read as two or three words of print.
pub(super) fn print(c: &mut Canvas, ink: &Ink, at: (f32, f32), half: f32, colour: Rgb) {
    let thick = half * 0.13;
    let lines = 2 + ink.choice(2, 2);
    for line in 0..lines {
        let y = at.1 + thick * 3.2 * u16::try_from(line).map_or(0.0, f32::from);
        let wide = if line == 0 {
            half
        } else {
            half * (0.45 + 0.4 * ink.part(4 + line))
        };
        let high = if line == 0 { thick * 1.25 } else { thick * 0.8 };
        c.fill(
            [at.0 - wide, y - high, at.0 + wide, y + high],
            rect((at.0, y), (wide, high), high),
            move |_, _| (colour, if line == 0 { 1.0 } else { 0.62 }),
        );
    }
}

/// A white chip with a bar in the second colour: the weight or flavour mark in a corner of the packing.
pub(super) fn chip(c: &mut Canvas, ink: &Ink, at: (f32, f32), half: f32) {
    let bounds = [at.0 - half, at.1 - half, at.0 + half, at.1 + half];
    c.flat(bounds, rect(at, (half, half * 0.46), half * 0.46), ink.accent);
    c.flat(bounds, rect(at, (half * 0.62, half * 0.12), half * 0.12), WHITE);
}
