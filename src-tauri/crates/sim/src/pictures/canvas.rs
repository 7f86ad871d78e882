//! A tiny drawing surface: signed-distance shapes filled with shaded colours.
//!
//! Coordinates run from 0 to 100 in both directions whatever the pixel size, `y` downwards. A shape is a function
//! that is negative inside; its edge is softened over one pixel, so no other antialiasing is needed.

use image::{DynamicImage, RgbImage};

/// Red, green, blue in `0.0..=1.0`.
pub(super) type Rgb = [f32; 3];

/// The rectangle that holds a shape: left, top, right, bottom.
pub(super) type Bounds = [f32; 4];

/// Side in pixels of the squares in which a shape is looked for.
const BLOCK: u16 = 10;

/// The surface.
pub(super) struct Canvas {
    side: u16,
    pixels: Vec<Rgb>,
}

impl Canvas {
    /// A square surface of `side` pixels in one colour.
    pub(super) fn new(side: u16, colour: Rgb) -> Self {
        let side = side.max(1);
        Self {
            side,
            pixels: vec![colour; usize::from(side) * usize::from(side)],
        }
    }

    /// Fills `shape` inside `bounds`; `paint` gives colour and opacity at each point.
    pub(super) fn fill(
        &mut self,
        bounds: Bounds,
        shape: impl Fn(f32, f32) -> f32,
        paint: impl Fn(f32, f32) -> (Rgb, f32),
    ) {
        let unit = 100.0 / f32::from(self.side);
        // Most of the frame lies far from most shapes: one look at the middle of a block settles it. The margin is
        // wide because not every shape here tells an exact distance.
        let far = f32::from(BLOCK) * unit * 2.2;
        let [left, top, right, bottom] = bounds.map(|edge| self.pixel(edge));
        for row in (top..bottom).step_by(usize::from(BLOCK)) {
            for column in (left..right).step_by(usize::from(BLOCK)) {
                let end = (
                    column.saturating_add(BLOCK).min(right),
                    row.saturating_add(BLOCK).min(bottom),
                );
                let middle = (
                    f32::from(column.midpoint(end.0)) * unit,
                    f32::from(row.midpoint(end.1)) * unit,
                );
                if shape(middle.0, middle.1) < far {
                    self.fill_block([column, row, end.0, end.1], &shape, &paint);
                }
            }
        }
    }

    fn fill_block(
        &mut self,
        [left, top, right, bottom]: [u16; 4],
        shape: &impl Fn(f32, f32) -> f32,
        paint: &impl Fn(f32, f32) -> (Rgb, f32),
    ) {
        let unit = 100.0 / f32::from(self.side);
        for row in top..bottom {
            let y = (f32::from(row) + 0.5) * unit;
            let start = usize::from(row) * usize::from(self.side);
            for column in left..right {
                let x = (f32::from(column) + 0.5) * unit;
                let inside = 0.5 - shape(x, y) / unit;
                if inside <= 0.0 {
                    continue;
                }
                let (tone, opacity) = paint(x, y);
                if let Some(pixel) = self.pixels.get_mut(start + usize::from(column)) {
                    *pixel = mix(*pixel, tone, inside.min(1.0) * opacity);
                }
            }
        }
    }

    /// Fills `shape` with one opaque colour.
    pub(super) fn flat(&mut self, bounds: Bounds, shape: impl Fn(f32, f32) -> f32, colour: Rgb) {
        self.fill(bounds, shape, |_, _| (colour, 1.0));
    }

    /// A blurred shadow on the ground below a thing that stands at (`x`, `y`).
    pub(super) fn shadow(&mut self, x: f32, y: f32, half_width: f32) {
        let high = (half_width * 0.16).max(2.0);
        let wide = half_width * 1.25;
        self.fill(
            [x - wide, y - high, x + wide, y + high],
            |_, _| -10.0,
            |px, py| {
                let far = ((px - x) / wide).powi(2) + ((py - y) / high).powi(2);
                let dark = (1.0 - far).max(0.0);
                ([0.20, 0.22, 0.28], 0.34 * dark * dark)
            },
        );
    }

    /// The finished picture.
    pub(super) fn finish(self) -> DynamicImage {
        let mut image = RgbImage::new(u32::from(self.side), u32::from(self.side));
        for (pixel, colour) in image.pixels_mut().zip(&self.pixels) {
            pixel.0 = colour.map(byte);
        }
        DynamicImage::ImageRgb8(image)
    }

    fn pixel(&self, at: f32) -> u16 {
        let side = f32::from(self.side);
        whole((at * side / 100.0).clamp(0.0, side))
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value was clamped to the side of the surface"
)]
fn whole(value: f32) -> u16 {
    value.round() as u16
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value is clamped to one byte first"
)]
fn byte(value: f32) -> u8 {
    (value.clamp(0.0, 1.0) * 255.0).round() as u8
}

/// `a` and `b` mixed, all `b` at `t` = 1.
pub(super) fn mix(a: Rgb, b: Rgb, t: f32) -> Rgb {
    [
        a[0] + (b[0] - a[0]) * t,
        a[1] + (b[1] - a[1]) * t,
        a[2] + (b[2] - a[2]) * t,
    ]
}

/// A colour made brighter (above 1) or darker (below 1).
pub(super) fn lit(colour: Rgb, light: f32) -> Rgb {
    colour.map(|part| (part * light).clamp(0.0, 1.0))
}

/// A rectangle with round corners.
pub(super) fn rect(centre: (f32, f32), half: (f32, f32), round: f32) -> impl Fn(f32, f32) -> f32 + Copy {
    move |x, y| {
        let dx = (x - centre.0).abs() - half.0 + round;
        let dy = (y - centre.1).abs() - half.1 + round;
        dx.max(0.0).hypot(dy.max(0.0)) + dx.max(dy).min(0.0) - round
    }
}

/// An ellipse (its distance is exact only for a circle, near enough to soften the edge).
pub(super) fn ellipse(centre: (f32, f32), half: (f32, f32)) -> impl Fn(f32, f32) -> f32 + Copy {
    move |x, y| {
        let far = ((x - centre.0) / half.0).hypot((y - centre.1) / half.1);
        (far - 1.0) * half.0.min(half.1)
    }
}

/// A thick line with round ends.
pub(super) fn stroke(from: (f32, f32), to: (f32, f32), radius: f32) -> impl Fn(f32, f32) -> f32 + Copy {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = (dx * dx + dy * dy).max(0.0001);
    move |x, y| {
        let along = (((x - from.0) * dx + (y - from.1) * dy) / length).clamp(0.0, 1.0);
        (x - from.0 - dx * along).hypot(y - from.1 - dy * along) - radius
    }
}

/// A convex shape with its corners given clockwise on screen.
pub(super) fn corners<const N: usize>(points: [(f32, f32); N]) -> impl Fn(f32, f32) -> f32 + Copy {
    move |x, y| {
        let mut outside = f32::MIN;
        for at in 0..N {
            let (a, b) = (points[at], points[(at + 1) % N]);
            let (dx, dy) = (b.0 - a.0, b.1 - a.1);
            let away = ((x - a.0) * dy - (y - a.1) * dx) / dx.hypot(dy).max(0.0001);
            outside = outside.max(away);
        }
        outside
    }
}

/// A thing turned on a lathe: half widths at heights, joined smoothly, around the middle line `centre`.
pub(super) fn lathe<const N: usize>(centre: f32, points: [(f32, f32); N]) -> impl Fn(f32, f32) -> f32 + Copy {
    move |x, y| {
        let (Some(first), Some(last)) = (points.first(), points.last()) else {
            return 1.0;
        };
        let mut half = last.1;
        for pair in points.windows(2) {
            if y <= pair[1].0 {
                let t = ((y - pair[0].0) / (pair[1].0 - pair[0].0).max(0.0001)).clamp(0.0, 1.0);
                half = pair[0].1 + (pair[1].1 - pair[0].1) * t * t * (3.0 - 2.0 * t);
                break;
            }
        }
        ((x - centre).abs() - half).max(first.0 - y).max(y - last.0)
    }
}

/// The light on something round: dark at both sides, a shine left of the middle.
pub(super) fn round_light(x: f32, centre: f32, half: f32) -> f32 {
    let t = ((x - centre) / half).clamp(-1.0, 1.0);
    let shine = (-((t + 0.48) / 0.13).powi(2)).exp();
    0.74 + 0.32 * (1.0 - t * t) + 0.26 * shine
}
