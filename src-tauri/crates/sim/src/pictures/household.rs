//! Household goods: tissues, pump bottles, tubes and blister cards.

use super::canvas::{Canvas, Rgb, corners, ellipse, lathe, lit, mix, rect, round_light, stroke};
use super::label::{Ink, emblem, print};
use super::packed::{band, coloured, turned};

const WHITE: Rgb = [0.98, 0.98, 0.97];
const ALL: [f32; 4] = [0.0, 0.0, 100.0, 100.0];

pub(super) fn tissue(c: &mut Canvas, ink: &Ink) {
    c.shadow(50.0, 84.0, 36.0);
    let body = rect((50.0, 62.0), (36.0, 22.0), 6.0);
    let skin = mix(ink.main, WHITE, 0.58);
    c.fill(ALL, body, |x, y| {
        (
            lit(
                skin,
                1.08 - (y - 40.0) / 260.0 + 0.03 * ((x + y * 0.3) / 3.0).sin(),
            ),
            1.0,
        )
    });
    c.fill(
        ALL,
        |x, y| body(x, y).max(70.0 + 4.0 * (x / 11.0).sin() - y),
        |_, _| (ink.main, 0.92),
    );
    let sheet = |x: f32, y: f32| {
        corners([
            (38.0, 26.0),
            (48.0, 15.0),
            (64.0, 24.0),
            (61.0, 43.0),
            (40.0, 43.0),
        ])(x, y)
            - 1.0
    };
    c.fill(ALL, sheet, |x, y| {
        (
            lit(
                [0.99, 0.99, 0.99],
                0.98 - 0.05 * ((x * 0.5 + y) / 4.0).sin().abs(),
            ),
            1.0,
        )
    });
    c.flat(ALL, ellipse((50.0, 43.0), (17.0, 3.0)), lit(skin, 0.84));
    emblem(c, ink, (31.0, 58.0), 7.5, false);
    print(c, ink, (58.0, 55.0), 14.0, ink.deep);
}

pub(super) fn pump(c: &mut Canvas, ink: &Ink) {
    c.shadow(50.0, 92.0, 18.0);
    let body = lathe(50.0, [(33.0, 8.0), (41.0, 18.0), (86.0, 18.5), (92.0, 16.0)]);
    let skin = if coloured(ink) {
        mix(ink.main, WHITE, 0.18)
    } else {
        ink.pale
    };
    turned(c, ALL, body, skin, 18.5);
    c.flat(ALL, stroke((50.0, 16.0), (50.0, 30.0), 1.7), lit(ink.deep, 1.1));
    c.flat(ALL, rect((46.0, 14.0), (10.0, 2.8), 2.4), ink.deep);
    turned(c, ALL, rect((50.0, 29.0), (7.0, 4.4), 1.2), ink.deep, 7.0);
    let paper = rect((50.0, 64.0), (12.5, 18.0), 6.0);
    c.fill(ALL, paper, |_, _| {
        (if coloured(ink) { WHITE } else { ink.main }, 0.95)
    });
    emblem(c, ink, (50.0, 57.0), 6.4, !coloured(ink));
    print(
        c,
        ink,
        (50.0, 68.0),
        8.5,
        if coloured(ink) { ink.deep } else { WHITE },
    );
}

pub(super) fn tube(c: &mut Canvas, ink: &Ink) {
    c.shadow(50.0, 92.0, 13.0);
    let body = lathe(50.0, [(10.0, 19.0), (14.0, 18.5), (76.0, 13.0), (80.0, 10.0)]);
    let skin = if coloured(ink) { WHITE } else { ink.main };
    turned(c, ALL, body, skin, 19.0);
    band(c, body, (10.0, 14.0), lit(skin, 0.85), 19.0);
    c.fill(
        ALL,
        |x, y| {
            body(x, y)
                .max(26.0 + (x - 50.0) * 0.35 - y)
                .max(y - 44.0 - (x - 50.0) * 0.35)
        },
        |x, _| {
            (
                lit(
                    if coloured(ink) { ink.main } else { ink.accent },
                    round_light(x, 50.0, 17.0),
                ),
                1.0,
            )
        },
    );
    emblem(c, ink, (50.0, 35.0), 6.0, coloured(ink));
    print(
        c,
        ink,
        (50.0, 53.0),
        8.5,
        if coloured(ink) { ink.deep } else { WHITE },
    );
    turned(
        c,
        ALL,
        lathe(50.0, [(79.0, 9.0), (81.0, 10.5), (92.0, 10.5)]),
        ink.deep,
        10.5,
    );
}

pub(super) fn card(c: &mut Canvas, ink: &Ink) {
    c.shadow(50.0, 92.0, 26.0);
    let back = rect((50.0, 50.0), (28.0, 41.0), 4.0);
    let hole = ellipse((50.0, 15.0), (5.0, 2.2));
    c.fill(
        ALL,
        |x, y| back(x, y).max(-hole(x, y)),
        |_, y| (lit(ink.main, 1.08 - y / 420.0), 1.0),
    );
    c.flat(ALL, |x, y| back(x, y).max(83.0 - y), ink.accent);
    emblem(c, ink, (35.0, 28.0), 6.5, true);
    print(c, ink, (57.0, 25.5), 11.0, WHITE);
    let blister = rect((50.0, 60.0), (21.0, 19.0), 4.0);
    c.fill(ALL, blister, |x, y| {
        (lit([0.93, 0.95, 0.97], 1.0 - (x - 40.0 + y - 60.0) / 420.0), 0.94)
    });
    let count = 2 + ink.choice(7, 3);
    for nth in 0..count {
        let step = 34.0 / u16::try_from(count).map_or(1.0, f32::from);
        let x = 33.0 + step * (u16::try_from(nth).map_or(0.0, f32::from) + 0.5);
        let half = step * 0.34;
        let body = rect((x, 61.0), (half, 14.0), half * 0.4);
        c.fill(ALL, body, |px, _| {
            (lit(ink.deep, round_light(px, x, half) * 1.1), 1.0)
        });
        c.fill(
            ALL,
            |px, py| body(px, py).max(py - 53.0),
            |px, _| (lit(ink.accent, round_light(px, x, half)), 1.0),
        );
    }
    c.fill(ALL, stroke((32.0, 46.0), (44.0, 43.0), 0.9), |_, _| (WHITE, 0.7));
}
