//! Product pictures drawn from a name and a category, so that a demo shop has a picture for every product without
//! shipping one.
//!
//! The same [`Look`] always gives the same bytes. A [`Fault`] spoils the file in one of the ways that platforms
//! refuse, so that the picture checks have something to find.

mod canvas;
mod faults;
mod fresh;
mod household;
mod label;
mod look;
mod packed;
mod words;

use std::io;
use std::path::Path;

use image::{DynamicImage, ImageError, imageops::FilterType};

use crate::scenario::ScenarioItem;

use canvas::{Canvas, mix};
pub use faults::Fault;
use label::Ink;
pub(crate) use look::hash;
pub use look::{Kind, Look};

/// The side in pixels of a sound demo picture.
pub const SIDE: u32 = 800;

/// Shapes are drawn at most this large and then enlarged: twice as fine is four times as slow and not seen.
const DRAWN_SIDE: u16 = 400;

/// Why a picture could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The encoder refused; it does so only for sizes no platform uses.
    #[error("could not encode the picture")]
    Encode(#[from] ImageError),
    /// The encoder for printing inks refused, likewise.
    #[error("could not encode the picture in four inks")]
    Inks(#[from] jpeg_encoder::EncodingError),
    /// A file could not be written.
    #[error("could not write {name}")]
    Write {
        /// The file name inside the folder.
        name: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// The backgrounds, one per first-level category: nearly white, so that a row of thumbnails stays calm.
const BACKDROPS: [canvas::Rgb; 8] = [
    [0.945, 0.965, 0.985],
    [0.992, 0.965, 0.925],
    [0.945, 0.975, 0.950],
    [0.985, 0.950, 0.958],
    [0.957, 0.950, 0.982],
    [0.940, 0.972, 0.972],
    [0.982, 0.972, 0.950],
    [0.955, 0.960, 0.968],
];

/// Draws the picture of a product called `seed_text` as a file of `size` pixels a side.
pub fn draw(seed_text: &str, kind: Kind, size: u32, fault: Fault) -> Result<Vec<u8>, PictureError> {
    draw_look(Look::with_kind(seed_text, "", kind), size, fault)
}

/// Draws a look as a file: JPEG, or what `fault` asks for.
pub fn draw_look(look: Look, size: u32, fault: Fault) -> Result<Vec<u8>, PictureError> {
    faults::encode(&paint(look, size.clamp(8, 4000)), look.seed, fault)
}

/// The picture itself, square, `size` pixels a side.
fn paint(look: Look, size: u32) -> DynamicImage {
    let drawn = u16::try_from(size).unwrap_or(DRAWN_SIDE).min(DRAWN_SIDE);
    let ink = Ink::of(look);
    let ground = mix(
        BACKDROPS[usize::from(look.backdrop) % BACKDROPS.len()],
        ink.main,
        0.035,
    );
    let mut canvas = Canvas::new(drawn, ground);
    canvas.fill(
        [0.0, 0.0, 100.0, 100.0],
        |_, _| -10.0,
        |x, y| {
            let near = 1.0 - (((x - 50.0) / 62.0).powi(2) + ((y - 46.0) / 62.0).powi(2)).min(1.0);
            ([1.0, 1.0, 1.0], 0.85 * near)
        },
    );
    let draw = match look.kind {
        Kind::Bottle => packed::bottle,
        Kind::Can => packed::can,
        Kind::Carton => packed::carton,
        Kind::Cup => packed::cup,
        Kind::Bowl => packed::bowl,
        Kind::Bag => packed::bag,
        Kind::Pouch => packed::pouch,
        Kind::Box => packed::boxed,
        Kind::Jar => packed::jar,
        Kind::Jug => packed::jug,
        Kind::Wine => packed::wine,
        Kind::Fruit => fresh::fruit,
        Kind::Grape => fresh::grape,
        Kind::Root => fresh::root,
        Kind::Mushroom => fresh::mushroom,
        Kind::Eggs => fresh::eggs,
        Kind::Leaf => fresh::leaf,
        Kind::Tray => fresh::tray,
        Kind::Ice => fresh::ice,
        Kind::Rice => fresh::rice,
        Kind::Bread => fresh::bread,
        Kind::Tissue => household::tissue,
        Kind::Pump => household::pump,
        Kind::Tube => household::tube,
        Kind::Skewer => fresh::skewer,
        Kind::Card => household::card,
    };
    draw(&mut canvas, &ink);
    let picture = canvas.finish();
    if u32::from(drawn) == size {
        picture
    } else {
        picture.resize_exact(size, size, FilterType::CatmullRom)
    }
}

/// What [`write_demo_pictures`] wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WrittenPictures {
    /// How many files.
    pub files: usize,
    /// Their bytes in all.
    pub bytes: u64,
    /// The files that were spoiled on purpose, with the way.
    pub faulty: Vec<(String, Fault)>,
}

/// One picture file of a demo library, before it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoPicture {
    /// The file name.
    pub name: String,
    /// How it is spoiled.
    pub fault: Fault,
    look: Look,
}

impl DemoPicture {
    /// Draws it into a file in `dir`, which must exist; gives its bytes.
    pub fn write(&self, dir: &Path) -> Result<u64, PictureError> {
        let bytes = draw_look(self.look, SIDE, self.fault)?;
        std::fs::write(dir.join(&self.name), &bytes).map_err(|source| PictureError::Write {
            name: self.name.clone(),
            source,
        })?;
        Ok(u64::try_from(bytes.len()).unwrap_or(u64::MAX))
    }
}

/// The picture files that library rows name, in their order; a name that several rows share comes once, and names that
/// would leave a folder are skipped. Which files are faulty follows from the names.
pub fn demo_pictures(rows: &[ScenarioItem]) -> Vec<DemoPicture> {
    let mut files: Vec<DemoPicture> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for row in rows {
        let name = row.picture.as_str();
        let plain = Path::new(name).file_name().is_some_and(|file| file == name);
        if plain && seen.insert(name) {
            files.push(DemoPicture {
                name: name.to_owned(),
                fault: Fault::None,
                look: Look::of(&row.name, &row.category),
            });
        }
    }
    let faults = faults::spread(files.iter().map(|file| file.name.as_str()));
    for file in &mut files {
        file.fault = faults.get(&file.name).copied().unwrap_or(Fault::None);
    }
    files
}

/// Writes the files of [`demo_pictures`] into `dir`, which must exist.
pub fn write_demo_pictures(rows: &[ScenarioItem], dir: &Path) -> Result<WrittenPictures, PictureError> {
    let files = demo_pictures(rows);
    let (first, second) = files.split_at(files.len() / 2);
    let (left, right) = std::thread::scope(|scope| {
        let other = scope.spawn(|| write_files(second, dir));
        (write_files(first, dir), other.join())
    });
    let right = right.unwrap_or_else(|_| {
        Err(PictureError::Write {
            name: String::new(),
            source: io::Error::other("a drawing thread ended early"),
        })
    });
    let (left, right) = (left?, right?);
    let spoiled = files.iter().filter(|file| file.fault != Fault::None);
    Ok(WrittenPictures {
        files: files.len(),
        bytes: left + right,
        faulty: spoiled.map(|file| (file.name.clone(), file.fault)).collect(),
    })
}

fn write_files(files: &[DemoPicture], dir: &Path) -> Result<u64, PictureError> {
    files.iter().map(|file| file.write(dir)).sum()
}

#[cfg(test)]
mod tests {
    use super::{Fault, Kind, Look, SIDE, draw, draw_look, write_demo_pictures};
    use crate::scenario::ScenarioItem;

    #[test]
    fn the_same_look_gives_the_same_bytes_and_another_name_another_picture() {
        let look = Look::of("晨露冰红茶 500ml", "饮料乳品/茶饮凉茶");
        let first = draw_look(look, 96, Fault::None).unwrap();
        assert_eq!(first, draw_look(look, 96, Fault::None).unwrap());
        assert_ne!(
            first,
            draw_look(Look::of("晨露冰绿茶 500ml", "饮料乳品/茶饮凉茶"), 96, Fault::None).unwrap()
        );
    }

    #[test]
    fn every_shape_fills_a_good_part_of_the_frame_and_leaves_the_corners_free() {
        for kind in Kind::ALL {
            let file = draw("云岭气泡水", kind, 96, Fault::None).unwrap();
            let image = image::load_from_memory(&file).unwrap().to_rgb8();
            assert_eq!(image.dimensions(), (96, 96));
            let far = |a: &image::Rgb<u8>| a.0.iter().map(|part| u32::from(255 - part)).sum::<u32>() > 90;
            let inked = image.pixels().filter(|pixel| far(pixel)).count();
            assert!(inked > 600, "{kind:?} shows hardly anything: {inked}");
            for corner in [(0, 0), (95, 0)] {
                assert!(
                    !far(image.get_pixel(corner.0, corner.1)),
                    "{kind:?} runs into the corner"
                );
            }
        }
    }

    #[test]
    fn picture_files_are_written_once_each_and_stay_in_the_folder() {
        let row = |name: &str, picture: &str| ScenarioItem {
            name: name.to_owned(),
            picture: picture.to_owned(),
            ..ScenarioItem::default()
        };
        let rows = [
            row("水", "a.jpg"),
            row("水 大", "a.jpg"),
            row("茶", "../b.jpg"),
            row("面", ""),
            row("米", "c.jpg"),
        ];
        let dir = std::env::temp_dir().join(format!("sim-pictures-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let written = write_demo_pictures(&rows, &dir).unwrap();
        let mut names: Vec<_> = std::fs::read_dir(&dir)
            .unwrap()
            .map(|file| file.unwrap().file_name())
            .collect();
        std::fs::remove_dir_all(&dir).unwrap();
        names.sort();
        assert_eq!(names, ["a.jpg", "c.jpg"]);
        assert_eq!(written.files, 2);
        assert!(written.faulty.is_empty(), "too few files for a fault");
    }

    #[test]
    fn a_sound_picture_is_square_and_light() {
        let file = draw("谷田稻花香大米 5kg", Kind::Pouch, SIDE, Fault::None).unwrap();
        let image = image::load_from_memory(&file).unwrap();
        assert_eq!((image.width(), image.height()), (SIDE, SIDE));
        assert_eq!(image.color(), image::ColorType::Rgb8);
        assert!(file.len() < 300_000, "{} bytes", file.len());
    }
}
