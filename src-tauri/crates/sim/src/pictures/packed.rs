//! Goods in packing: bottles, cans, boxes, bags and their kin.

use super::canvas::{Canvas, Rgb, corners, ellipse, lathe, lit, mix, rect, round_light, stroke};
use super::label::{Ink, chip, emblem, print};

const WHITE: Rgb = [0.98, 0.98, 0.97];
const STEEL: Rgb = [0.80, 0.82, 0.84];
const ALL: [f32; 4] = [0.0, 0.0, 100.0, 100.0];

/// Fills a turned body with light from the left.
pub(super) fn turned(
    c: &mut Canvas,
    bounds: [f32; 4],
    shape: impl Fn(f32, f32) -> f32,
    colour: Rgb,
    half: f32,
) {
    c.fill(bounds, shape, |x, _| {
        (lit(colour, round_light(x, 50.0, half)), 1.0)
    });
}

/// A band of label around a turned body between two heights.
pub(super) fn band(c: &mut Canvas, body: impl Fn(f32, f32) -> f32, span: (f32, f32), colour: Rgb, half: f32) {
    let bounds = [50.0 - half - 1.0, span.0, 50.0 + half + 1.0, span.1];
    turned(
        c,
        bounds,
        |x, y| body(x, y).max(span.0 - y).max(y - span.1),
        colour,
        half,
    );
}

/// Whether the packing is printed in its main colour or pale with a coloured mark.
pub(super) fn coloured(ink: &Ink) -> bool {
    ink.choice(3, 5) < 3
}

pub(super) fn bottle(c: &mut Canvas, ink: &Ink) {
    let slim = 13.5 + 3.0 * ink.part(7);
    c.shadow(50.0, 93.0, slim + 2.0);
    let body = lathe(
        50.0,
        [
            (16.0, 4.6),
            (22.0, 4.8),
            (36.0, slim),
            (52.0, slim - 0.8),
            (60.0, slim),
            (90.0, slim),
            (93.0, slim - 2.0),
        ],
    );
    let drink = mix(ink.main, WHITE, 0.30);
    turned(c, [30.0, 15.0, 70.0, 94.0], body, mix(drink, WHITE, 0.45), slim);
    turned(
        c,
        [30.0, 30.0, 70.0, 94.0],
        |x, y| body(x, y).max(31.0 - y) + 0.9,
        drink,
        slim,
    );
    let label = if coloured(ink) { ink.main } else { WHITE };
    band(c, body, (47.0, 76.0), label, slim);
    band(c, body, (47.0, 49.2), ink.accent, slim);
    band(c, body, (73.8, 76.0), ink.deep, slim);
    emblem(c, ink, (50.0, 57.0), slim * 0.42, coloured(ink));
    print(
        c,
        ink,
        (50.0, 66.5),
        slim * 0.62,
        if coloured(ink) { WHITE } else { ink.deep },
    );
    turned(
        c,
        [40.0, 8.0, 60.0, 17.0],
        lathe(50.0, [(8.5, 5.6), (9.5, 6.2), (16.0, 6.2)]),
        ink.deep,
        6.4,
    );
    c.fill(
        [38.0, 36.0, 42.0, 90.0],
        stroke((39.8, 40.0), (39.6, 88.0), 0.8),
        |_, _| (WHITE, 0.42),
    );
}

pub(super) fn can(c: &mut Canvas, ink: &Ink) {
    let half = 19.0 + 3.0 * ink.part(7);
    let top = 18.0 + 10.0 * ink.part(8);
    c.shadow(50.0, 90.0, half);
    let body = lathe(
        50.0,
        [
            (top, half - 3.0),
            (top + 5.0, half),
            (84.0, half),
            (90.0, half - 3.5),
        ],
    );
    turned(c, ALL, body, STEEL, half);
    let skin = if coloured(ink) { ink.main } else { ink.pale };
    band(c, body, (top + 4.0, 86.0), skin, half);
    let wave = 0.9 + ink.part(9);
    c.fill(
        [20.0, 55.0, 80.0, 86.0],
        |x, y| {
            body(x, y)
                .max(68.0 + 4.0 * ((x - 30.0) / 9.0 * wave).sin() - y)
                .max(y - 86.0)
        },
        |x, _| (lit(ink.accent, round_light(x, 50.0, half)), 1.0),
    );
    emblem(c, ink, (50.0, top + 20.0), half * 0.46, coloured(ink));
    print(
        c,
        ink,
        (50.0, top + 35.0),
        half * 0.6,
        if coloured(ink) { WHITE } else { ink.deep },
    );
    c.flat(ALL, ellipse((50.0, top), (half - 3.0, 2.6)), lit(STEEL, 1.08));
    c.flat(ALL, ellipse((50.0, top), (half - 4.6, 1.9)), lit(STEEL, 0.88));
    c.flat(ALL, rect((51.5, top - 0.2), (3.0, 0.8), 0.7), lit(STEEL, 0.68));
}

pub(super) fn carton(c: &mut Canvas, ink: &Ink) {
    let tall = 16.0 + 10.0 * ink.part(7);
    c.shadow(50.0, 90.0, 22.0);
    let front = corners([
        (30.0, tall + 12.0),
        (60.0, tall + 12.0),
        (60.0, 90.0),
        (30.0, 90.0),
    ]);
    let flank = corners([
        (60.0, tall + 12.0),
        (71.0, tall + 9.0),
        (71.0, 86.0),
        (60.0, 90.0),
    ]);
    let skin = if coloured(ink) {
        ink.main
    } else {
        mix(ink.pale, WHITE, 0.5)
    };
    c.flat(ALL, flank, lit(skin, 0.72));
    c.fill(ALL, front, |x, y| {
        (lit(skin, 1.06 - (x - 30.0) / 260.0 - (y - 50.0) / 700.0), 1.0)
    });
    c.flat(
        ALL,
        corners([
            (30.0, tall + 12.0),
            (36.0, tall),
            (64.0, tall),
            (71.0, tall + 9.0),
            (60.0, tall + 12.0),
        ]),
        lit(skin, 0.88),
    );
    c.flat(
        ALL,
        corners([(36.0, tall - 5.0), (64.0, tall - 5.0), (64.0, tall), (36.0, tall)]),
        lit(skin, 1.02),
    );
    c.fill(
        ALL,
        |x, y| front(x, y).max(70.0 - (x - 45.0).powi(2) / 40.0 - y),
        |_, _| (ink.accent, 1.0),
    );
    emblem(c, ink, (45.0, tall + 28.0), 8.5, coloured(ink));
    print(
        c,
        ink,
        (45.0, tall + 42.0),
        10.5,
        if coloured(ink) { WHITE } else { ink.deep },
    );
    c.flat(ALL, ellipse((53.0, tall + 6.0), (3.2, 2.2)), ink.deep);
}

pub(super) fn cup(c: &mut Canvas, ink: &Ink) {
    c.shadow(50.0, 88.0, 17.0);
    let body = lathe(50.0, [(30.0, 23.0), (88.0, 16.0)]);
    let skin = if coloured(ink) { ink.pale } else { ink.main };
    turned(c, ALL, body, skin, 23.0);
    c.fill(
        ALL,
        |x, y| body(x, y).max(64.0 + 3.0 * ((x - 50.0) / 6.0).sin() - y),
        |x, _| (lit(ink.accent, round_light(x, 50.0, 22.0)), 1.0),
    );
    emblem(c, ink, (50.0, 46.0), 8.0, !coloured(ink));
    print(
        c,
        ink,
        (50.0, 57.5),
        10.0,
        if coloured(ink) { ink.deep } else { WHITE },
    );
    turned(
        c,
        ALL,
        lathe(50.0, [(24.0, 23.0), (25.0, 25.0), (30.0, 25.0), (31.0, 24.0)]),
        WHITE,
        25.0,
    );
    c.flat(
        ALL,
        ellipse((50.0, 24.0), (23.0, 3.4)),
        mix(ink.main, WHITE, 0.55),
    );
    if ink.choice(6, 2) == 0 {
        c.flat(ALL, stroke((54.0, 24.0), (60.0, 8.0), 1.3), ink.deep);
    }
}

pub(super) fn bowl(c: &mut Canvas, ink: &Ink) {
    c.shadow(50.0, 84.0, 24.0);
    let body = lathe(50.0, [(40.0, 35.0), (62.0, 31.0), (84.0, 22.0)]);
    turned(c, ALL, body, ink.main, 35.0);
    c.fill(
        ALL,
        |x, y| body(x, y).max(70.0 - y).max(y - 75.0),
        |x, _| (lit(ink.accent, round_light(x, 50.0, 30.0)), 1.0),
    );
    emblem(c, ink, (38.0, 55.0), 8.5, true);
    print(c, ink, (58.0, 52.0), 10.0, WHITE);
    c.flat(ALL, ellipse((50.0, 39.0), (36.5, 9.0)), lit(ink.pale, 0.94));
    c.flat(
        ALL,
        ellipse((50.0, 38.0), (34.5, 7.8)),
        mix(ink.main, WHITE, 0.16),
    );
    c.flat(ALL, ellipse((50.0, 38.0), (20.0, 4.6)), [0.95, 0.80, 0.48]);
    for (dx, colour) in [
        (-9.0, [0.36, 0.62, 0.30]),
        (2.0, ink.accent),
        (10.0, [0.84, 0.30, 0.22]),
    ] {
        c.flat(ALL, ellipse((50.0 + dx, 37.8), (3.2, 1.7)), colour);
    }
    c.flat(ALL, rect((86.5, 38.5), (3.2, 1.8), 1.6), ink.pale);
}

pub(super) fn bag(c: &mut Canvas, ink: &Ink) {
    c.shadow(50.0, 91.0, 24.0);
    let body = |x: f32, y: f32| {
        let puff = 27.5 + 2.2 * (1.0 - ((y - 50.0) / 38.0).powi(2)) + 0.5 * (y / 2.3).sin();
        let edge = 0.7 * (x * 1.9).sin();
        ((x - 50.0).abs() - puff)
            .max(11.0 + edge - y)
            .max(y - 91.0 - edge)
    };
    let light = |x: f32, y: f32| {
        0.86 + 0.26 * (1.0 - ((x - 45.0) / 32.0).powi(2)) - 0.10 * ((y - 50.0) / 40.0).powi(2)
    };
    c.fill(ALL, body, |x, y| (lit(ink.main, light(x, y)), 1.0));
    let slope = 0.6 * (ink.part(9) - 0.5);
    c.fill(
        ALL,
        |x, y| body(x, y).max(60.0 + slope * (x - 50.0) - y),
        |x, y| (lit(ink.accent, light(x, y)), 1.0),
    );
    c.fill(
        ALL,
        |x, y| body(x, y).max((y - 59.0 - slope * (x - 50.0)).abs() - 1.0),
        |_, _| (WHITE, 0.9),
    );
    emblem(c, ink, (50.0, 36.0), 12.0, true);
    print(c, ink, (50.0, 52.0), 13.0, WHITE);
    contents(c, ink, (50.0, 75.0));
    for y in [14.5, 17.0, 86.0, 88.5] {
        c.fill(
            ALL,
            |px, py| body(px, py).max((py - y).abs() - 0.35),
            |_, _| (ink.deep, 0.42),
        );
    }
}

/// Rounds that show what a bag holds.
fn contents(c: &mut Canvas, ink: &Ink, at: (f32, f32)) {
    let crumb = mix(ink.main, [0.98, 0.84, 0.52], 0.66);
    for (dx, dy, r) in [
        (-13.0, 1.5, 6.5),
        (13.0, 2.0, 6.0),
        (-4.5, -2.0, 6.8),
        (5.5, 2.8, 7.0),
    ] {
        let spot = (at.0 + dx, at.1 + dy);
        c.flat(
            ALL,
            ellipse((spot.0 + 0.6, spot.1 + 1.1), (r, r * 0.72)),
            lit(crumb, 0.62),
        );
        c.fill(ALL, ellipse(spot, (r, r * 0.72)), |x, y| {
            (lit(crumb, 1.04 - (x - spot.0 + y - spot.1) * 0.02), 1.0)
        });
    }
}

pub(super) fn pouch(c: &mut Canvas, ink: &Ink) {
    c.shadow(50.0, 91.0, 27.0);
    let body = |x: f32, y: f32| {
        let half = 22.5 + 5.5 * ((y - 12.0) / 78.0).powf(1.4);
        ((x - 50.0).abs() - half)
            .max(12.0 - y)
            .max(y - 91.0 + ((x - 50.0) / 16.0).powi(2))
    };
    let pale = coloured(ink);
    let skin = if pale {
        mix(ink.pale, [0.93, 0.90, 0.84], 0.35)
    } else {
        ink.main
    };
    let light = |x: f32, _: f32| 0.84 + 0.24 * (1.0 - ((x - 46.0) / 30.0).powi(2));
    c.fill(ALL, body, |x, y| (lit(skin, light(x, y)), 1.0));
    c.fill(
        ALL,
        |x, y| body(x, y).max(y - 27.0),
        |x, y| (lit(ink.main, light(x, y) * 0.94), 1.0),
    );
    c.fill(
        ALL,
        |x, y| body(x, y).max((y - 22.0).abs() - 0.5),
        |_, _| (WHITE, 0.55),
    );
    emblem(c, ink, (50.0, 40.0), 9.0, !pale);
    print(c, ink, (50.0, 53.5), 12.0, if pale { ink.deep } else { WHITE });
    let window = ellipse((50.0, 75.0), (17.0, 10.0));
    c.flat(ALL, window, ink.deep);
    let grain = mix(ink.main, [0.93, 0.82, 0.60], 0.62);
    c.fill(
        ALL,
        |x, y| window(x, y) + 1.0,
        |x, y| {
            let speck = ((x * 1.7).sin() * (y * 2.3 + x * 0.4).sin()).abs();
            (lit(grain, 0.74 + 0.34 * speck), 1.0)
        },
    );
    chip(c, ink, (66.0, 60.0), 5.5);
}

pub(super) fn boxed(c: &mut Canvas, ink: &Ink) {
    let flat = ink.choice(8, 2) == 0;
    let (left, right, top) = if flat {
        (14.0, 76.0, 36.0)
    } else {
        (25.0, 66.0, 22.0)
    };
    c.shadow(50.0, 89.0, 34.0);
    let skin = if coloured(ink) { ink.main } else { ink.pale };
    let front = corners([(left, top), (right, top), (right, 88.0), (left, 88.0)]);
    c.flat(
        ALL,
        corners([
            (right, top),
            (right + 11.0, top - 7.0),
            (right + 11.0, 80.0),
            (right, 88.0),
        ]),
        lit(skin, 0.66),
    );
    c.flat(
        ALL,
        corners([
            (left, top),
            (left + 11.0, top - 7.0),
            (right + 11.0, top - 7.0),
            (right, top),
        ]),
        lit(skin, 1.14),
    );
    c.fill(ALL, front, |x, y| {
        (lit(skin, 1.05 - (x - left) / 420.0 - (y - top) / 600.0), 1.0)
    });
    let middle = left.midpoint(right);
    let reach = (right - left) / 2.0;
    c.fill(
        ALL,
        |x, y| front(x, y).max(70.0 + (x - middle) * 0.16 - y),
        |_, _| (ink.accent, 1.0),
    );
    if flat {
        emblem(c, ink, (left + 16.0, 53.0), 10.5, coloured(ink));
        print(
            c,
            ink,
            (right - 19.0, 49.0),
            14.0,
            if coloured(ink) { WHITE } else { ink.deep },
        );
    } else {
        emblem(c, ink, (middle, 40.0), 10.5, coloured(ink));
        print(
            c,
            ink,
            (middle, 56.0),
            reach * 0.66,
            if coloured(ink) { WHITE } else { ink.deep },
        );
    }
    c.flat(
        ALL,
        ellipse((right - 9.0, 79.0), (6.0, 5.0)),
        mix(ink.pale, WHITE, 0.4),
    );
    c.flat(ALL, ellipse((right - 9.0, 79.0), (3.6, 3.0)), ink.main);
}

pub(super) fn jar(c: &mut Canvas, ink: &Ink) {
    c.shadow(50.0, 88.0, 22.0);
    let body = lathe(50.0, [(30.0, 17.0), (37.0, 23.0), (82.0, 23.0), (88.0, 19.0)]);
    turned(c, ALL, body, mix(ink.main, [0.55, 0.38, 0.22], 0.25), 23.0);
    let paper = if coloured(ink) { ink.pale } else { WHITE };
    band(c, body, (46.0, 78.0), paper, 23.0);
    band(c, body, (46.0, 49.0), ink.main, 23.0);
    band(c, body, (75.5, 78.0), ink.accent, 23.0);
    emblem(c, ink, (50.0, 57.0), 6.6, false);
    print(c, ink, (50.0, 67.0), 11.0, ink.deep);
    turned(
        c,
        ALL,
        lathe(50.0, [(18.0, 18.0), (20.0, 19.5), (31.0, 19.5)]),
        ink.deep,
        19.5,
    );
    c.flat(ALL, ellipse((50.0, 18.0), (18.0, 2.4)), lit(ink.deep, 1.25));
}

pub(super) fn jug(c: &mut Canvas, ink: &Ink) {
    c.shadow(50.0, 92.0, 25.0);
    let body = |x: f32, y: f32| {
        let shoulder = rect((50.0, 64.0), (25.0, 28.0), 8.0)(x, y);
        let neck = corners([(44.0, 22.0), (57.0, 22.0), (74.0, 45.0), (27.0, 45.0)])(x, y);
        let grip = rect((65.0, 41.0), (4.0, 6.0), 3.0)(x, y);
        shoulder.min(neck).max(-grip)
    };
    let skin = if coloured(ink) {
        mix(ink.main, WHITE, 0.12)
    } else {
        mix(ink.main, [0.98, 0.86, 0.45], 0.45)
    };
    turned(c, ALL, body, skin, 27.0);
    let paper = rect((49.0, 66.0), (18.5, 16.0), 3.0);
    c.fill(ALL, paper, |x, _| {
        (lit(WHITE, 0.9 + 0.1 * round_light(x, 49.0, 20.0)), 1.0)
    });
    c.flat(ALL, |x, y| paper(x, y).max(76.5 - y), ink.accent);
    emblem(c, ink, (49.0, 58.5), 6.4, false);
    print(c, ink, (49.0, 68.5), 11.0, ink.deep);
    turned(c, ALL, rect((50.5, 17.5), (7.6, 5.5), 1.5), ink.deep, 8.0);
}

pub(super) fn wine(c: &mut Canvas, ink: &Ink) {
    c.shadow(50.0, 94.0, 14.0);
    let body = lathe(
        50.0,
        [(10.0, 4.0), (34.0, 4.4), (48.0, 13.5), (90.0, 13.5), (94.0, 12.0)],
    );
    let glass = mix(ink.main, [0.12, 0.13, 0.12], 0.55);
    turned(c, ALL, body, glass, 13.5);
    band(c, body, (9.0, 25.0), ink.main, 5.0);
    let paper = if coloured(ink) {
        [0.96, 0.93, 0.86]
    } else {
        ink.pale
    };
    band(c, body, (54.0, 84.0), paper, 13.5);
    band(c, body, (54.0, 55.6), ink.accent, 13.5);
    band(c, body, (82.4, 84.0), ink.accent, 13.5);
    emblem(c, ink, (50.0, 64.0), 5.8, false);
    print(c, ink, (50.0, 73.0), 8.0, ink.deep);
    c.fill(ALL, stroke((41.6, 52.0), (41.4, 88.0), 0.7), |_, _| (WHITE, 0.35));
}
