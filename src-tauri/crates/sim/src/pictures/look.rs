//! What a product looks like, told from its name and category.

use super::canvas::Rgb;
use super::words::{CATEGORY_WORDS, COLOUR_WORDS, NAME_WORDS, SHAPE_COLOURS};

/// The shape of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say what they are")]
pub enum Kind {
    Bottle,
    Can,
    Carton,
    Cup,
    Bowl,
    Bag,
    Pouch,
    Box,
    Jar,
    Jug,
    Wine,
    Fruit,
    Grape,
    Root,
    Mushroom,
    Leaf,
    Tray,
    Eggs,
    Ice,
    Rice,
    Bread,
    Tissue,
    Pump,
    Tube,
    Skewer,
    Card,
}

impl Kind {
    /// Every shape, in the order of their names in picture ids.
    pub const ALL: [Self; 26] = [
        Self::Bottle,
        Self::Can,
        Self::Carton,
        Self::Cup,
        Self::Bowl,
        Self::Bag,
        Self::Pouch,
        Self::Box,
        Self::Jar,
        Self::Jug,
        Self::Wine,
        Self::Fruit,
        Self::Grape,
        Self::Root,
        Self::Mushroom,
        Self::Leaf,
        Self::Tray,
        Self::Eggs,
        Self::Ice,
        Self::Rice,
        Self::Bread,
        Self::Tissue,
        Self::Pump,
        Self::Tube,
        Self::Skewer,
        Self::Card,
    ];

    /// The word for it in picture ids.
    pub fn word(self) -> &'static str {
        match self {
            Self::Bottle => "bottle",
            Self::Can => "can",
            Self::Carton => "carton",
            Self::Cup => "cup",
            Self::Bowl => "bowl",
            Self::Bag => "bag",
            Self::Pouch => "pouch",
            Self::Box => "box",
            Self::Jar => "jar",
            Self::Jug => "jug",
            Self::Wine => "wine",
            Self::Fruit => "fruit",
            Self::Grape => "grape",
            Self::Root => "root",
            Self::Mushroom => "mushroom",
            Self::Leaf => "leaf",
            Self::Eggs => "eggs",
            Self::Tray => "tray",
            Self::Ice => "ice",
            Self::Rice => "rice",
            Self::Bread => "bread",
            Self::Tissue => "tissue",
            Self::Pump => "pump",
            Self::Tube => "tube",
            Self::Skewer => "skewer",
            Self::Card => "card",
        }
    }

    /// The shape that fits a product; the first word that occurs decides, names before categories.
    pub fn of(name: &str, category: &str) -> Self {
        let named = NAME_WORDS
            .iter()
            .find(|(words, _)| words.iter().any(|word| name.contains(word)));
        let filed = || {
            CATEGORY_WORDS
                .iter()
                .find(|(words, _)| words.iter().any(|word| category.contains(word)))
        };
        if let Some((_, kind)) = named.or_else(filed) {
            return *kind;
        }
        // A product that says nothing of itself still gets a steady shape.
        let plain = [Self::Box, Self::Pouch, Self::Bag, Self::Bottle];
        plain[usize::from(hash(name).to_le_bytes()[1]) % plain.len()]
    }
}

/// The main colours a product may have; a picture id names one by its place here.
pub(super) const COLOURS: [Rgb; 18] = [
    [0.86, 0.24, 0.22],
    [0.95, 0.55, 0.17],
    [0.96, 0.78, 0.22],
    [0.62, 0.77, 0.25],
    [0.25, 0.61, 0.35],
    [0.13, 0.60, 0.57],
    [0.31, 0.66, 0.87],
    [0.19, 0.39, 0.72],
    [0.48, 0.32, 0.70],
    [0.93, 0.55, 0.66],
    [0.49, 0.30, 0.19],
    [0.90, 0.81, 0.62],
    [0.19, 0.20, 0.24],
    [0.65, 0.15, 0.24],
    [0.80, 0.61, 0.24],
    [0.50, 0.54, 0.24],
    [0.96, 0.68, 0.52],
    [0.42, 0.50, 0.60],
];

/// What is needed to draw a product: the whole of it is in its id, so a picture address needs no register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Look {
    /// The shape.
    pub kind: Kind,
    /// The place of the main colour in the palette, 0 to 17.
    pub colour: u8,
    /// The tint of the background, 0 to 7; one per first-level category.
    pub backdrop: u8,
    /// Decides emblem, label and proportions.
    pub seed: u32,
}

impl Look {
    /// The look of a product of this name in this category.
    pub fn of(name: &str, category: &str) -> Self {
        Self::with_kind(name, category, Kind::of(name, category))
    }

    /// The same with a given shape.
    pub fn with_kind(name: &str, category: &str, kind: Kind) -> Self {
        let seed = hash(name);
        let told = COLOUR_WORDS
            .iter()
            .find(|(words, _)| words.iter().any(|word| name.contains(word)));
        let pick = seed.to_le_bytes()[2];
        let usual = SHAPE_COLOURS
            .iter()
            .find(|(shape, _)| *shape == kind)
            .map(|(_, colours)| {
                colours
                    .get(usize::from(pick) % colours.len())
                    .copied()
                    .unwrap_or_default()
            });
        let colour = told.map(|(_, colour)| *colour).or(usual).unwrap_or(pick % 18);
        let top = category.split('/').next().unwrap_or_default();
        Self {
            kind,
            colour,
            backdrop: hash(top).to_le_bytes()[0] % 8,
            seed,
        }
    }

    /// The id used in picture addresses, such as `bottle-06-2-1a2b3c4d`: ASCII only.
    pub fn id(&self) -> String {
        format!(
            "{}-{:02}-{}-{:08x}",
            self.kind.word(),
            self.colour,
            self.backdrop,
            self.seed
        )
    }

    /// Reads an id back; `None` when it is not one.
    pub fn parse(id: &str) -> Option<Self> {
        let mut parts = id.split('-');
        let word = parts.next()?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.word() == word)?;
        let colour: u8 = parts
            .next()?
            .parse()
            .ok()
            .filter(|colour| usize::from(*colour) < COLOURS.len())?;
        let backdrop: u8 = parts.next()?.parse().ok().filter(|tint| *tint < 8)?;
        let seed = u32::from_str_radix(parts.next()?, 16).ok()?;
        parts.next().is_none().then_some(Self {
            kind,
            colour,
            backdrop,
            seed,
        })
    }
}

/// FNV-1a: steady across versions and machines, which the standard hasher is not.
pub(crate) fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |sum, byte| {
        (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::{Kind, Look};

    #[test]
    fn names_decide_the_shape_before_categories_do() {
        assert_eq!(Kind::of("江畔啤酒 经典 330ml罐装", "酒水/啤酒预调酒"), Kind::Can);
        assert_eq!(Kind::of("红富士苹果", "生鲜果蔬/新鲜水果"), Kind::Fruit);
        assert_eq!(Kind::of("齿悦牙膏薄荷 120g", "个人护理/口腔护理"), Kind::Tube);
    }

    #[test]
    fn an_id_holds_the_whole_look() {
        let look = Look::of("云岭气泡水青柠 480ml", "饮料乳品/包装水");
        assert_eq!(Look::parse(&look.id()), Some(look));
        for broken in [
            "",
            "bottle",
            "bottle-99-1-00",
            "teapot-01-1-00",
            "can-01-9-00",
            "can-01-1-zz",
            "can-01-1-00-7",
        ] {
            assert_eq!(Look::parse(broken), None, "{broken}");
        }
    }
}
