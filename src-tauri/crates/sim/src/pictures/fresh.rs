//! Fresh and ready-to-eat goods, which have no label of their own.

use super::canvas::{Canvas, Rgb, corners, ellipse, lit, mix, rect, stroke};
use super::label::{Ink, emblem, print};

const WHITE: Rgb = [0.98, 0.98, 0.97];
const LEAF: Rgb = [0.33, 0.62, 0.28];
const ALL: [f32; 4] = [0.0, 0.0, 100.0, 100.0];

/// A ball lit from the upper left.
fn ball(c: &mut Canvas, at: (f32, f32), half: (f32, f32), colour: Rgb) {
    c.fill(ALL, ellipse(at, half), |x, y| {
        let (dx, dy) = ((x - at.0) / half.0, (y - at.1) / half.1);
        let shine = (-((dx + 0.38).powi(2) + (dy + 0.42).powi(2)) / 0.05).exp();
        let light = 1.10 - 0.34 * (dx * 0.6 + dy * 0.8 + 0.3).max(0.0) - 0.10 * (dx * dx + dy * dy);
        (mix(lit(colour, light), WHITE, 0.5 * shine), 1.0)
    });
}

pub(super) fn fruit(c: &mut Canvas, ink: &Ink) {
    let side = mix(ink.main, ink.accent, 0.10);
    if ink.choice(3, 2) == 0 {
        c.shadow(50.0, 84.0, 32.0);
        ball(c, (33.0, 62.0), (20.0, 20.5), lit(side, 0.92));
        ball(c, (67.0, 63.0), (20.5, 20.0), side);
        ball(c, (50.0, 54.0), (23.5, 23.0), ink.main);
        stem(c, (50.0, 33.0));
    } else {
        c.shadow(50.0, 85.0, 27.0);
        ball(c, (50.0, 54.0), (31.0, 31.0), ink.main);
        stem(c, (50.0, 26.0));
    }
}

pub(super) fn grape(c: &mut Canvas, ink: &Ink) {
    c.shadow(50.0, 86.0, 26.0);
    let rows: [(f32, &[f32]); 5] = [
        (38.0, &[36.0, 50.0, 64.0]),
        (53.0, &[31.0, 44.0, 57.0, 69.0]),
        (67.0, &[38.0, 51.0, 63.0]),
        (75.0, &[45.0, 57.0]),
        (80.0, &[51.0]),
    ];
    for (y, columns) in rows {
        for x in columns {
            ball(
                c,
                (*x, y),
                (9.2, 9.2),
                lit(ink.main, 0.88 + 0.2 * (x * 0.31 + y * 0.17).sin().abs()),
            );
        }
    }
    stem(c, (50.0, 27.0));
}

pub(super) fn root(c: &mut Canvas, ink: &Ink) {
    c.shadow(50.0, 80.0, 34.0);
    for (nth, lift) in [(0.0, 0.0), (1.0, 13.0), (2.0, 26.0)] {
        let (from, to) = ((24.0 + nth * 3.0, 72.0 - lift), (70.0 + nth * 3.0, 58.0 - lift));
        let light = 0.84 + 0.12 * nth;
        c.fill(ALL, stroke(from, to, 7.6), |x, y| {
            let across = (y - from.1 + (x - from.0) * 0.30) / 7.6;
            (lit(ink.main, light * (1.14 - 0.22 * (across + 0.4).powi(2))), 1.0)
        });
        c.flat(
            ALL,
            stroke((to.0 + 6.0, to.1 - 2.0), (to.0 + 13.0, to.1 - 6.0), 2.2),
            LEAF,
        );
        c.fill(
            ALL,
            stroke((from.0 + 4.0, from.1 - 4.6), (to.0 - 8.0, to.1 - 1.6), 0.9),
            |_, _| (WHITE, 0.35),
        );
    }
}

pub(super) fn mushroom(c: &mut Canvas, ink: &Ink) {
    c.shadow(50.0, 84.0, 30.0);
    let skin = mix(ink.main, [0.80, 0.66, 0.50], 0.4);
    for (x, y, size) in [(30.0, 62.0, 0.72), (70.0, 64.0, 0.70), (50.0, 54.0, 1.0)] {
        c.fill(
            ALL,
            rect((x, y + 16.0 * size), (7.5 * size, 15.0 * size), 5.0 * size),
            |px, _| (lit([0.96, 0.93, 0.86], 1.04 - (px - x) / 60.0), 1.0),
        );
        let cap = ellipse((x, y), (25.0 * size, 19.0 * size));
        c.fill(
            ALL,
            |px, py| cap(px, py).max(py - y - 4.0 * size),
            |px, py| (lit(skin, 1.14 - (px - x + py - y + 16.0) / (90.0 * size)), 1.0),
        );
        for (dx, dy) in [(-11.0, -6.0), (2.0, -11.0), (10.0, -3.0)] {
            c.fill(
                ALL,
                ellipse((x + dx * size, y + dy * size), (2.4 * size, 1.8 * size)),
                |_, _| (WHITE, 0.5),
            );
        }
    }
}

pub(super) fn eggs(c: &mut Canvas, ink: &Ink) {
    c.shadow(50.0, 84.0, 38.0);
    let shell = mix(ink.main, [0.96, 0.86, 0.74], 0.5);
    for (y, columns) in [(44.0, [28.0, 50.0, 72.0]), (56.0, [22.0, 50.0, 78.0])] {
        for x in columns {
            ball(c, (x, y), (12.0, 14.5), shell);
        }
    }
    let tray = corners([(10.0, 62.0), (90.0, 62.0), (84.0, 84.0), (16.0, 84.0)]);
    c.fill(ALL, tray, |x, y| {
        let dent = 0.10 * ((x - 22.0) / 28.0 * std::f32::consts::TAU).cos();
        (lit([0.66, 0.68, 0.66], 1.06 + dent - (y - 62.0) / 130.0), 1.0)
    });
    c.flat(ALL, rect((50.0, 72.0), (17.0, 7.0), 1.8), WHITE);
    emblem(c, ink, (40.0, 72.0), 4.4, false);
    print(c, ink, (56.0, 70.0), 8.0, ink.deep);
}

fn stem(c: &mut Canvas, at: (f32, f32)) {
    c.flat(
        ALL,
        stroke((at.0, at.1 + 3.0), (at.0 + 2.0, at.1 - 7.0), 1.1),
        [0.44, 0.31, 0.19],
    );
    let left = ellipse((at.0 + 9.0, at.1 - 9.5), (9.0, 8.0));
    let right = ellipse((at.0 + 9.0, at.1 - 2.5), (9.0, 8.0));
    c.fill(
        ALL,
        move |x, y| left(x, y).max(right(x, y)),
        |x, _| (lit(LEAF, 0.9 + (x - at.0) / 60.0), 1.0),
    );
}

pub(super) fn leaf(c: &mut Canvas, ink: &Ink) {
    c.shadow(50.0, 88.0, 26.0);
    let green = mix(LEAF, ink.main, 0.18);
    for (dx, light) in [
        (-20.0, 0.78),
        (20.0, 0.82),
        (-10.0, 0.94),
        (11.0, 0.98),
        (0.0, 1.12),
    ] {
        let top: (f32, f32) = (50.0 + dx * 1.1, 30.0 + f32::abs(dx) * 0.4);
        c.flat(
            ALL,
            stroke((50.0 + dx * 0.25, 88.0), (top.0, top.1 + 12.0), 2.6),
            mix([0.90, 0.95, 0.80], green, 0.25),
        );
        c.fill(
            ALL,
            |x, y| ellipse(top, (12.5, 17.5))(x, y) + 0.8 * ((x * 0.9).sin() + (y * 0.8).sin()),
            |x, y| {
                let vein = ((x - top.0 + (y - top.1) * 0.5).abs() % 6.0 - 0.5).abs();
                (
                    lit(
                        green,
                        light * if vein < 0.5 { 1.14 } else { 1.0 } * (1.06 - (y - top.1) / 160.0),
                    ),
                    1.0,
                )
            },
        );
        c.flat(
            ALL,
            stroke((top.0, top.1 - 12.0), (top.0, top.1 + 15.0), 0.6),
            [0.86, 0.93, 0.74],
        );
    }
    c.flat(ALL, rect((50.0, 77.0), (9.5, 2.6), 1.2), ink.accent);
}

pub(super) fn tray(c: &mut Canvas, ink: &Ink) {
    c.shadow(50.0, 82.0, 38.0);
    c.flat(ALL, rect((50.0, 57.0), (40.0, 26.0), 7.0), [0.18, 0.19, 0.22]);
    c.fill(ALL, rect((50.0, 55.5), (37.0, 23.0), 5.0), |_, y| {
        (lit([0.28, 0.30, 0.33], 1.1 - (y - 40.0) / 200.0), 1.0)
    });
    for (nth, x) in [22.0, 36.0, 50.0, 64.0, 78.0].into_iter().enumerate() {
        let tilt = if nth % 2 == 0 { 1.5 } else { -1.5 };
        let slice = stroke((x + tilt, 42.0), (x - tilt, 69.0), 6.4);
        c.fill(ALL, slice, |px, py| {
            let streak = ((px * 0.5 + py * 0.9) / 3.2).sin();
            (
                mix(
                    lit(ink.main, 1.0 - (px - x) / 60.0),
                    WHITE,
                    if streak > 0.72 { 0.55 } else { 0.06 },
                ),
                1.0,
            )
        });
    }
    c.fill(
        ALL,
        corners([(18.0, 34.0), (40.0, 34.0), (22.0, 78.0), (13.0, 62.0)]),
        |_, _| (WHITE, 0.16),
    );
    c.flat(ALL, rect((69.0, 69.0), (15.0, 8.6), 1.6), WHITE);
    emblem(c, ink, (60.5, 69.0), 4.6, false);
    print(c, ink, (74.0, 66.5), 7.0, ink.deep);
}

pub(super) fn ice(c: &mut Canvas, ink: &Ink) {
    let shell = mix(ink.main, WHITE, 0.10);
    c.shadow(50.0, 93.0, 12.0);
    if ink.choice(3, 2) == 0 {
        c.flat(ALL, rect((50.0, 82.0), (3.6, 11.0), 3.0), [0.86, 0.70, 0.48]);
        let body = rect((50.0, 44.0), (19.0, 34.0), 17.0);
        c.fill(ALL, body, |x, y| {
            (lit(shell, 1.12 - (x - 34.0) / 110.0 - (y - 44.0) / 500.0), 1.0)
        });
        c.fill(
            ALL,
            |x, y| body(x, y).max(y - 42.0 - 3.5 * ((x - 30.0) / 5.0).sin()),
            |x, _| (lit(ink.accent, 1.12 - (x - 34.0) / 110.0), 1.0),
        );
        for x in [42.5, 57.5] {
            c.fill(ALL, stroke((x, 28.0), (x, 62.0), 1.6), |_, _| {
                (lit(ink.deep, 1.0), 0.22)
            });
        }
        c.fill(ALL, stroke((37.0, 26.0), (37.0, 56.0), 1.3), |_, _| (WHITE, 0.55));
    } else {
        let cone = corners([(33.0, 50.0), (67.0, 50.0), (50.0, 93.0)]);
        c.fill(ALL, cone, |x, y| {
            let lattice = ((x + y * 0.6) % 7.0 < 1.0) || ((x - y * 0.6 + 100.0) % 7.0 < 1.0);
            (
                lit(
                    [0.88, 0.66, 0.38],
                    if lattice { 0.82 } else { 1.06 - (x - 40.0) / 120.0 },
                ),
                1.0,
            )
        });
        ball(c, (50.0, 44.0), (21.0, 13.0), shell);
        ball(c, (50.0, 31.0), (15.5, 11.5), mix(shell, WHITE, 0.25));
        ball(c, (50.0, 20.0), (9.0, 8.0), mix(shell, WHITE, 0.45));
        c.flat(ALL, rect((50.0, 54.0), (18.0, 2.6), 1.5), ink.deep);
    }
}

pub(super) fn rice(c: &mut Canvas, ink: &Ink) {
    c.shadow(50.0, 85.0, 32.0);
    let body = |x: f32, y: f32| {
        corners([
            (50.0, 25.0),
            (75.0, 72.0),
            (70.0, 76.0),
            (30.0, 76.0),
            (25.0, 72.0),
        ])(x, y)
            - 8.0
    };
    c.fill(ALL, body, |x, y| {
        let grain = ((x * 1.3 + y * 0.4).sin() * (y * 1.5 - x * 0.3).sin()).abs();
        (
            lit([0.98, 0.97, 0.94], 0.93 + 0.07 * grain - (x + y - 100.0) / 900.0),
            1.0,
        )
    });
    c.fill(
        ALL,
        |x, y| body(x, y).max(rect((50.0, 72.0), (17.0, 20.0), 2.0)(x, y)),
        |x, _| (lit([0.13, 0.19, 0.16], 1.25 - (x - 40.0) / 90.0), 1.0),
    );
    c.flat(ALL, ellipse((50.0, 41.0), (8.0, 6.6)), ink.main);
    for (dx, dy) in [(-3.0, -1.0), (2.5, 1.5), (1.0, -2.6)] {
        c.flat(
            ALL,
            ellipse((50.0 + dx, 41.0 + dy), (1.6, 1.3)),
            lit(ink.main, 1.3),
        );
    }
    c.flat(ALL, rect((50.0, 68.0), (11.0, 6.0), 1.5), ink.accent);
    print(c, ink, (50.0, 66.5), 7.0, WHITE);
}

pub(super) fn bread(c: &mut Canvas, ink: &Ink) {
    let crust = mix([0.80, 0.53, 0.26], ink.main, 0.14);
    let inside = mix([0.97, 0.90, 0.74], ink.main, 0.08);
    c.shadow(50.0, 84.0, 34.0);
    if ink.choice(3, 2) == 0 {
        let loaf = |x: f32, y: f32| {
            rect((50.0, 62.0), (30.0, 21.0), 6.0)(x, y).min(ellipse((50.0, 44.0), (35.0, 16.0))(x, y))
        };
        c.fill(ALL, |x, y| loaf(x - 6.0, y - 1.0), |_, _| (lit(crust, 0.76), 1.0));
        c.flat(ALL, loaf, crust);
        c.fill(
            ALL,
            |x, y| loaf(x, y) + 3.2,
            |x, y| {
                let crumb = ((x * 0.9).sin() * (y * 1.1).sin()).abs();
                (lit(inside, 0.95 + 0.07 * crumb), 1.0)
            },
        );
        c.fill(ALL, ellipse((50.0, 60.0), (13.0, 9.0)), |_, _| (ink.main, 0.55));
    } else {
        ball(c, (50.0, 56.0), (35.0, 24.0), crust);
        c.fill(
            ALL,
            |x, y| ellipse((50.0, 56.0), (35.0, 24.0))(x, y).max(66.0 + 2.0 * (x / 4.0).sin() - y),
            |_, _| (inside, 1.0),
        );
        for (x, lean) in [(36.0, 5.0), (49.0, 4.0), (62.0, 3.0)] {
            c.fill(ALL, stroke((x, 50.0), (x + lean, 40.0), 1.7), |_, _| {
                (mix(inside, ink.main, 0.25), 0.9)
            });
        }
    }
}

pub(super) fn skewer(c: &mut Canvas, ink: &Ink) {
    c.shadow(50.0, 93.0, 14.0);
    c.flat(ALL, stroke((50.0, 60.0), (50.0, 94.0), 1.3), [0.87, 0.74, 0.53]);
    let glaze = mix(ink.main, [0.76, 0.36, 0.22], 0.48);
    if ink.choice(3, 2) == 0 {
        for (y, colour) in [
            (66.0, glaze),
            (46.0, mix(glaze, [0.95, 0.85, 0.62], 0.6)),
            (26.0, glaze),
        ] {
            ball(c, (50.0, y), (14.0, 11.0), colour);
        }
        c.flat(ALL, stroke((50.0, 15.0), (50.0, 10.0), 1.2), [0.87, 0.74, 0.53]);
    } else {
        let body = rect((50.0, 44.0), (11.5, 33.0), 11.0);
        c.fill(ALL, body, |x, _| {
            (lit(glaze, 1.22 - ((x - 46.0) / 15.0).powi(2) * 0.4), 1.0)
        });
        for y in [24.0, 36.0, 48.0, 60.0] {
            c.fill(ALL, stroke((42.5, y + 3.0), (57.5, y - 3.0), 1.1), |_, _| {
                ([0.35, 0.16, 0.10], 0.55)
            });
        }
        c.fill(ALL, stroke((43.0, 22.0), (43.0, 62.0), 1.2), |_, _| (WHITE, 0.4));
    }
}
